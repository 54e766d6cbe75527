import { mount } from "./mount.js";
import { ReportPage } from "./report_page.js";

export default mount(ReportPage, (data) => data.uid);
