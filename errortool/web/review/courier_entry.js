import { Courier } from "./courier.js";
import { mount } from "./mount.js";

export default mount(Courier);
