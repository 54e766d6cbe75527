import { Review } from "./review.js";
import { mount } from "./mount.js";

export default mount(Review);
