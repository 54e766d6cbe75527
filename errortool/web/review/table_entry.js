import { TablePage } from "./table.js";
import { mount } from "./mount.js";

export default mount(TablePage);
