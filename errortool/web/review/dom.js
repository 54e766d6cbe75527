/** Builds an element; text goes in as text, never as HTML. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Changes a text only where it differs: untouched nodes cost no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function keycap(label) {
  return element("kbd", { "aria-hidden": "true" }, label);
}

/** Writes a part as a whole per cent, the way the report does. */
export function perCent(part, whole) {
  return whole ? `${Math.round((100 * part) / whole)} %` : "–";
}

/** Writes the dev error with the decimals that its number of examples can have. */
export function devError({ dev_error, dev_examples }) {
  return `${(100 * dev_error).toFixed(dev_examples <= 1000 ? 1 : 2)} % dev error`;
}

export function plural(count, thing) {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** The field that has the keyboard, if one does; its letters are its own. */
export function fieldOf(event) {
  const fields = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  return event.composedPath().find((node) => node.matches?.(fields)) ?? null;
}

/** Fills a datalist with what may be typed. */
export function offer(list, names) {
  const known = names.join("\n");
  if (list.dataset.known === known) return;
  list.dataset.known = known;
  list.replaceChildren(...names.map((name) => element("option", { value: name })));
}
