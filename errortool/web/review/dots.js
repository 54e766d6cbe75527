import { partsOf, setText } from "./dom.js";

/** @import { Model } from "./model.js" */

/** How a state is called under the dots; `null` is an image that nobody has looked at. */
const STATES = { "looked at": "looked at", deferred: "deferred", unreadable: "unreadable" };

/**
 * Lays dots out in rows, as large as there is room for; the correct predictions begin a row. A dot
 * goes by its place among all, errors first.
 * @param {number} errors
 * @param {number} right
 * @param {number} width in pixels
 * @param {number} height in pixels, that dots shrink for
 */
export function dotLayout(errors, right, width, height) {
  let cell = 18;
  let columns = 1;
  let first = 0;
  let rows = 0;
  for (; cell > 3; cell -= 1) {
    columns = Math.max(1, Math.floor(width / cell));
    first = Math.ceil(errors / columns); // rows of errors
    rows = first + Math.ceil(right / columns);
    if (rows * cell + cell / 2 <= height) break;
  }
  const gap = right && first ? cell / 2 : 0;
  /** @param {number} dot */
  const placeOf = (dot) => {
    const apart = dot >= errors;
    const index = apart ? dot - errors : dot;
    const row = Math.floor(index / columns) + (apart ? first : 0);
    return { x: (index % columns) * cell, y: row * cell + (apart ? gap : 0) };
  };
  /**
   * @param {number} x
   * @param {number} y
   */
  const dotAt = (x, y) => {
    const column = Math.floor(x / cell);
    const apart = y >= first * cell + gap;
    const row = Math.floor(apart ? (y - gap) / cell : y / cell) - (apart ? first : 0);
    const index = row * columns + column;
    if (x < 0 || y < 0 || column >= columns || index >= (apart ? right : errors)) return null;
    return apart ? errors + index : index;
  };
  return { cell, height: rows * cell + gap, placeOf, dotAt };
}

/**
 * Reads a number that was typed: the position of that image, or null where there is none.
 * @param {string} text
 * @param {number} size
 */
export function positionTyped(text, size) {
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= size ? number - 1 : null;
}

/** All images as dots by state, to jump to one by a click or by its number. */
export class Dots {
  #parts;
  #jump;
  /** @type {ReturnType<typeof dotLayout> | null} */
  #layout = null;
  /** @type {Model | null} */
  #model = null;
  #position = 0;
  #resize = new ResizeObserver(() => this.#paint());

  /**
   * @param {ParentNode} root
   * @param {(position: number) => void} jump
   */
  constructor(root, jump) {
    this.#jump = jump;
    this.#parts = partsOf(root, {
      strip: HTMLElement,
      dots: HTMLCanvasElement,
      dotsRoom: HTMLElement,
      goTo: HTMLInputElement,
      goToOf: HTMLElement,
      under: HTMLElement,
    });
    const { dots, dotsRoom } = this.#parts;
    this.#resize.observe(dotsRoom);
    dots.addEventListener("pointermove", (event) => this.#say(this.#at(event)));
    dots.addEventListener("pointerleave", () => this.#say(null));
    dots.addEventListener("click", (event) => {
      const position = this.#at(event);
      if (position != null) this.#leave(position);
    });
  }

  close() {
    this.#resize.disconnect();
  }

  get open() {
    return !this.#parts.strip.hidden;
  }

  /**
   * Whether this field is the one for a number.
   * @param {HTMLElement} field
   */
  is(field) {
    return field === this.#parts.goTo;
  }

  /**
   * Shows the dots, and asks for a number.
   * @param {Model} model
   * @param {number} position
   */
  show(model, position) {
    const { strip, goTo, goToOf } = this.#parts;
    strip.hidden = false;
    goTo.value = String(position + 1);
    setText(goToOf, `of ${model.size.toLocaleString("en")}`);
    this.#say(null);
    this.draw(model, position);
    goTo.select();
  }

  hide() {
    const { strip, goTo } = this.#parts;
    goTo.blur();
    strip.hidden = true;
  }

  /** Goes to the number that was typed; a wrong one is said, and can be mended. */
  accept() {
    const size = this.#model?.size ?? 0;
    const position = positionTyped(this.#parts.goTo.value, size);
    if (position == null) setText(this.#parts.under, `Type a number from 1 to ${size.toLocaleString("en")}.`);
    else this.#leave(position);
  }

  /**
   * @param {Model} model
   * @param {number} position
   */
  draw(model, position) {
    this.#model = model;
    this.#position = position;
    if (this.open) this.#paint();
  }

  /** @param {number} position */
  #leave(position) {
    this.hide();
    this.#jump(position);
  }

  /** @param {MouseEvent} event */
  #at({ offsetX, offsetY }) {
    const dot = this.#layout?.dotAt(offsetX, offsetY);
    return dot == null ? null : (this.#model?.inParts[dot] ?? null);
  }

  /** @param {number | null} position */
  #say(position) {
    const status = position == null ? null : this.#model?.look(position).status;
    const state = status ? STATES[status] : "not looked at";
    setText(this.#parts.under, position == null ? "" : `image ${position + 1}: ${state}`);
  }

  #paint() {
    const { dots, dotsRoom } = this.#parts;
    const model = this.#model;
    const width = dotsRoom.clientWidth;
    if (!model || !width) return;
    const layout = dotLayout(model.errors, model.size - model.errors, width, Math.max(120, innerHeight * 0.4));
    this.#layout = layout;
    const ratio = window.devicePixelRatio || 1;
    dots.width = width * ratio;
    dots.height = layout.height * ratio;
    dots.style.height = `${layout.height}px`;
    const pen = dots.getContext("2d");
    if (!pen) return;
    const style = getComputedStyle(dots);
    const colours = {
      open: style.color,
      done: style.getPropertyValue("--accent"),
      ink: style.getPropertyValue("--ink"),
    };
    pen.scale(ratio, ratio);
    for (const [dot, position] of model.inParts.entries()) {
      const { x, y } = layout.placeOf(dot);
      drawDot(pen, model.look(position).status, x + layout.cell / 2, y + layout.cell / 2, layout.cell * 0.3, colours);
    }
    const { x, y } = layout.placeOf(model.inParts.indexOf(this.#position));
    pen.strokeStyle = colours.ink;
    pen.lineWidth = Math.max(1, layout.cell / 9);
    pen.strokeRect(x + 0.5, y + 0.5, layout.cell - 1, layout.cell - 1);
    dots.setAttribute("aria-label", dotsInWords(model));
  }
}

/**
 * Draws one dot: full for looked at, half for deferred, a cross for unreadable, a ring for open.
 * @param {CanvasRenderingContext2D} pen
 * @param {keyof typeof STATES | null} status
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {{open: string, done: string, ink: string}} colours
 */
function drawDot(pen, status, x, y, radius, colours) {
  pen.beginPath();
  pen.lineWidth = Math.max(1, radius / 4);
  if (status === "unreadable") {
    pen.strokeStyle = colours.ink;
    pen.moveTo(x - radius, y - radius);
    pen.lineTo(x + radius, y + radius);
    pen.moveTo(x + radius, y - radius);
    pen.lineTo(x - radius, y + radius);
    pen.stroke();
    return;
  }
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (status === "looked at") {
    pen.fillStyle = colours.done;
    pen.fill();
    return;
  }
  pen.strokeStyle = status ? colours.ink : colours.open;
  pen.stroke();
  if (!status) return;
  pen.beginPath();
  pen.fillStyle = colours.ink;
  pen.arc(x, y, radius, Math.PI / 2, 1.5 * Math.PI);
  pen.fill();
}

/**
 * Counts the dots by state, for those who can't see them.
 * @param {Model} model
 */
export function dotsInWords(model) {
  const counts = { "looked at": 0, deferred: 0, unreadable: 0, "not looked at": 0 };
  for (let position = 0; position < model.size; position += 1) {
    counts[model.look(position).status ?? "not looked at"] += 1;
  }
  return Object.entries(counts)
    .filter(([, count]) => count)
    .map(([state, count]) => `${count.toLocaleString("en")} ${state}`)
    .join(", ");
}
