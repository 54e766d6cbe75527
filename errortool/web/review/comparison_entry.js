import { ComparisonPage } from "./comparison_page.js";
import { mount } from "./mount.js";

export default mount(ComparisonPage, (data) => data.uid);
