import { mount } from "./mount.js";
import { Review } from "./review.js";

export default mount(Review, (data) => data.uid);
