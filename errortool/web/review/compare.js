import { element, partsOf, redraw } from "./dom.js";

/** @import { Model } from "./model.js" */

/** Shows two to four images side by side. */
export class Compare {
  static MOST = 4;

  #hooks;
  #parts;
  /** @type {Model | null} */
  #model = null;
  /** @type {number[]} */
  #shown = [];

  /**
   * @param {ParentNode} root
   * @param {{open: (position: number) => void, url: (position: number) => string | null}} hooks
   */
  constructor(root, hooks) {
    this.#hooks = hooks;
    this.#parts = partsOf(root, {
      compare: HTMLElement,
      compared: HTMLElement,
      besideRight: HTMLButtonElement,
    });
  }

  get open() {
    return !this.#parts.compare.hidden;
  }

  /**
   * Shows images side by side; one alone gets a correct prediction beside it.
   * @param {Model} model
   * @param {number[]} positions
   * @returns {boolean} whether there were two to show
   */
  show(model, positions) {
    this.#model = model;
    this.#shown = positions.slice(0, Compare.MOST);
    if (this.#shown.length === 1) this.#shown.push(...rightOnesLike(model, this.#shown[0]).slice(0, 1));
    if (this.#shown.length < 2) return false;
    this.#parts.compare.hidden = false;
    this.#draw();
    this.#parts.compare.focus({ preventScroll: true });
    return true;
  }

  hide() {
    this.#parts.compare.hidden = true;
    this.#parts.compared.replaceChildren();
    redraw(this.#parts.compared, null, () => []);
  }

  /** Puts the next correct prediction of the first image's predicted class beside the others, in the place of the last one. */
  nextRight() {
    const model = this.#model;
    if (!model) return;
    const [first, ...others] = this.#shown;
    const all = rightOnesLike(model, first);
    const last = others.findLast((position) => all.includes(position));
    const next = all[(last == null ? 0 : all.indexOf(last) + 1) % all.length];
    if (next == null) return;
    const kept = this.#shown.filter((position) => position !== last && position !== next);
    this.#shown = [...kept.slice(0, Compare.MOST - 1), next];
    this.#draw();
  }

  #draw() {
    const model = this.#model;
    if (!model) return;
    const { compared, besideRight } = this.#parts;
    const right = rightOnesLike(model, this.#shown[0]);
    besideRight.hidden = !right.length;
    besideRight.title = `Correct predictions of ${model.examples.prediction[this.#shown[0]]}: ${right.length}`;
    compared.dataset.count = String(this.#shown.length);
    redraw(compared, this.#shown, () => this.#shown.map((position) => this.#figure(model, position)));
  }

  /**
   * @param {Model} model
   * @param {number} position
   */
  #figure(model, position) {
    const { key, label, prediction, confidence } = model.examples;
    const url = this.#hooks.url(position);
    const picture = url
      ? element("img", { alt: `compared example ${key[position]}`, src: url, draggable: "false" })
      : element("div", { class: "broken" }, "No image to show");
    picture.addEventListener("error", () =>
      picture.replaceWith(element("div", { class: "broken" }, "No image to show")),
    );
    const sure = confidence[position] == null ? "" : ` ${confidence[position].toFixed(2)}`;
    const said = model.isRight(position)
      ? `correct: ${label[position]}`
      : `${label[position]} → ${prediction[position]}`;
    const ticks = model.shown.filter((category) => model.tick(category.key, position) === 1).map(({ name }) => name);
    const open = { type: "button", class: "plain", onclick: () => this.#hooks.open(position) };
    return element(
      "figure",
      {},
      element("div", { class: "frame" }, picture),
      element(
        "figcaption",
        {},
        element("button", open, `image ${position + 1}`),
        element("span", { class: "said" }, `${said}${sure}`),
        ...(ticks.length ? [element("span", { class: "ticked" }, ticks.join(", "))] : []),
      ),
    );
  }
}

/**
 * Returns the correct predictions of the class that was predicted at a position, without itself.
 * @param {Model} model
 * @param {number} position
 */
export function rightOnesLike(model, position) {
  const { prediction } = model.examples;
  const found = [];
  for (let other = 0; other < model.size; other += 1) {
    if (!model.isRight(other) || other === position) continue;
    if (prediction[other] === prediction[position]) found.push(other);
  }
  return found;
}
