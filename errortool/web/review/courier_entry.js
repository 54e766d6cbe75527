import { CourierPage } from "./courier_page.js";
import { mount } from "./mount.js";

export default mount(CourierPage, () => "courier");
