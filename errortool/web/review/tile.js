import { element, redraw, setText } from "./dom.js";

/** @import { Model } from "./model.js" */

/** What a tile says of an example's status. */
const STATUS_MARKS = { "looked at": "✓", deferred: "Deferred", unreadable: "Unreadable" };

/** One thumbnail of the contact sheet, and what is known of its example. */
export class Tile {
  #marks = element("span", { class: "marks" });
  #position;
  #state = element("span", { class: "state" });

  /**
   * @param {Model} model
   * @param {number} position
   * @param {string | null} url of the thumbnail
   */
  constructor(model, position, url) {
    this.#position = position;
    const { label, prediction, confidence, extra } = model.examples;
    const texts = model.extras.map((name) => extra[name][position]).filter(Boolean);
    const correct = model.isRight(position) ? [element("span", { class: "correct" }, "correct")] : [];
    const sure = confidence[position]?.toFixed(2) ?? "";
    const pair = `${label[position]} → ${prediction[position]}`;
    this.node = element(
      "div",
      { class: "tile", id: `tile-${position}`, role: "option" },
      element("div", { class: "picture" }, picture(url, texts.join(" · ")), ...correct),
      element(
        "div",
        { class: "caption-line", title: `${pair} ${sure}`.trim() },
        element("bdi", { class: "name" }, label[position]),
        element("span", { class: "to" }, "→"),
        element("bdi", { class: "name" }, prediction[position]),
        element("span", { class: "sure" }, sure),
      ),
      element("div", { class: "foot" }, element("span", { class: "number" }, String(position + 1)), this.#marks, this.#state), // prettier-ignore
    );
  }

  /**
   * @param {Model} model
   * @param {{focused: boolean, selected: boolean}} state
   */
  draw(model, { focused, selected }) {
    const position = this.#position;
    const ticked = model.shown
      .map(({ key, name }) => ({ key, name, cap: model.caps.get(key) ?? "•" }))
      .filter(({ key }) => model.tick(key, position) === 1);
    const { status } = model.look(position);
    const names = ticked.map(({ name }) => name).join(", ");
    redraw(this.#marks, ticked, () => [
      ...ticked.map(({ cap, name }) => element("kbd", { title: name }, cap)),
      element("bdi", { class: "names" }, names), // instead of keys, where there are none
    ]);
    setText(this.#state, status ? STATUS_MARKS[status] : "");
    this.node.classList.toggle("focus", focused);
    this.node.setAttribute("aria-selected", String(selected));
    const { key, label, prediction } = model.examples;
    const pair = `${label[position]} → ${prediction[position]}`;
    const words = [`example ${key[position]}`, pair, model.isRight(position) && "correct", names, status];
    this.node.setAttribute("aria-label", words.filter(Boolean).join(", "));
  }
}

/**
 * Returns a thumbnail, or the words that stand in its place.
 * @param {string | null} url
 * @param {string} text shown where there is no image
 */
function picture(url, text) {
  const words = (/** @type {string} */ shown) => element("div", { class: "words" }, shown);
  if (!url) return words(text);
  const image = element("img", { alt: "", src: url, decoding: "async", draggable: "false" });
  image.addEventListener("error", () => image.replaceWith(words("no image to show")));
  return image;
}
