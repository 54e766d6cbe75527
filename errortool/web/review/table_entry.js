import { mount } from "./mount.js";
import { Table } from "./table.js";

export default mount(Table, (data) => data.uid);
