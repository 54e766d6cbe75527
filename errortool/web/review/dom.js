/** @typedef {string | number | boolean | null | undefined | ((event: Event) => void)} Property */

/**
 * Builds an element; text goes in as text, never as HTML.
 *
 * `on...` properties are listeners, true is an attribute without a value, and what is false or
 * missing is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Property>} properties
 * @param {...(Node | string)} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Reads HTML that our server made, in which what is people's is escaped; nothing in it runs.
 * @param {string} html
 */
export function fragmentOf(html) {
  const fragment = document.createDocumentFragment();
  fragment.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  return fragment;
}

/**
 * Changes a text only where it differs: untouched nodes cost no layout.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Finds the parts of a page by an attribute, and checks that each is the element expected.
 * @template {Record<string, new () => HTMLElement>} Types
 * @param {ParentNode} root
 * @param {Types} types by the attribute's value
 * @param {string} attribute
 * @returns {{[Name in keyof Types]: InstanceType<Types[Name]>}}
 */
export function partsOf(root, types, attribute = "data-part") {
  const found = Object.entries(types).map(([name, type]) => {
    const node = root.querySelector(`[${attribute}="${name}"]`);
    if (!(node instanceof type)) throw new Error(`the page has no ${attribute} ${name}`);
    return [name, node];
  });
  return Object.fromEntries(found);
}

/**
 * Returns the first element on an event's way that a selector matches, also inside a shadow tree.
 * @param {Event} event
 * @param {string} selector
 */
export function elementAt(event, selector) {
  for (const node of event.composedPath()) if (node instanceof HTMLElement && node.matches(selector)) return node;
  return null;
}

/**
 * Returns the field that has the keyboard, if one does; its letters are its own.
 * @param {Event} event
 */
export function fieldOf(event) {
  return elementAt(event, "input:not([type=checkbox]), textarea, select, [contenteditable]");
}

/** @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();

/**
 * Replaces an element's children only where what they show has changed.
 * @param {HTMLElement} node
 * @param {unknown} shown what the children show, as JSON can tell it
 * @param {() => Node[]} draw
 */
export function redraw(node, shown, draw) {
  const text = JSON.stringify(shown);
  if (drawn.get(node) === text) return;
  drawn.set(node, text);
  node.replaceChildren(...draw());
}

/**
 * Fills a datalist with what may be typed.
 * @param {HTMLElement} list
 * @param {string[]} names
 */
export function offer(list, names) {
  redraw(list, names, () => names.map((name) => element("option", { value: name })));
}
