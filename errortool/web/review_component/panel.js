/** Builds an element; text goes in as text, never as HTML. */
function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Changes a text only where it differs: untouched nodes cost no layout. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Writes a fraction as a whole per cent, the way the report does. */
function perCent(part, whole) {
  return whole ? `${Math.round((100 * part) / whole)} %` : "–";
}

/** Writes the dev error with the decimals that its number of examples can have. */
function devError({ errors, dev_examples }) {
  return `${((100 * errors) / dev_examples).toFixed(dev_examples <= 1000 ? 1 : 2)} % dev error`;
}

function keycap(label) {
  return element("kbd", { "aria-hidden": "true" }, label);
}

/** The list of categories: each with its key, its name and its live share. */
class CategoryList {
  static KEYS = "123456789abefhijklmopqrstvwxy"; // without c d g n u z, which mean something else

  constructor(root, toggle) {
    this.root = root;
    this.toggle = toggle;
    this.rows = new Map();
  }

  static keyOf(index) {
    return CategoryList.KEYS[index] ?? "";
  }

  draw(categories, valueOf, figures) {
    const order = categories.map(({ key }) => key).join("\n");
    if (order !== this.order) {
      this.order = order;
      for (const { key } of categories) if (!this.rows.has(key)) this.rows.set(key, this.row(key));
      this.root.replaceChildren(...categories.map(({ key }) => this.rows.get(key).node));
    }
    categories.forEach((category, index) => {
      const row = this.rows.get(category.key);
      const { yes, seen } = figures.shares.get(category.key);
      const behind = figures.counted - seen;
      const checked = valueOf(category.key) === 1;
      setText(row.cap, CategoryList.keyOf(index));
      row.cap.classList.toggle("none", !CategoryList.keyOf(index));
      setText(row.name, category.name);
      setText(
        row.note,
        behind > 0 ? `${seen} of ${figures.counted} looked at` : category.description ?? "",
      );
      setText(row.count, String(yes));
      setText(row.share, perCent(yes, seen));
      row.bar.style.transform = `scaleX(${seen ? yes / seen : 0})`;
      row.node.setAttribute("aria-checked", String(checked));
      row.node.setAttribute("aria-label", category.name);
      row.node.setAttribute("aria-keyshortcuts", CategoryList.keyOf(index));
    });
  }

  row(key) {
    const cap = keycap("");
    const name = element("span", { class: "name" });
    const note = element("span", { class: "note" });
    const bar = element("i");
    const count = element("span", { class: "count" });
    const share = element("span", { class: "share" });
    const node = element(
      "div",
      { class: "category", role: "checkbox", tabindex: "0", onclick: () => this.toggle(key) },
      cap,
      element("span", { class: "words" }, name, note),
      element("span", { class: "track", "aria-hidden": "true" }, bar),
      count,
      share,
    );
    return { node, cap, name, note, bar, count, share };
  }
}
