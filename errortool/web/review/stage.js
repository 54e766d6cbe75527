import { element } from "./dom.js";
import { levelsOf, Light } from "./light.js";

/**
 * What the stage asks of an example.
 * @typedef {{key: string, url: string | null}} Described
 */

/**
 * What the stage tells: `noted` what stands beside the image while it differs from the whole, plain
 * image; `said` what a key did; `swiped` which way a finger leafed, 1 on and -1 back.
 * @typedef {{noted: (words: string) => void, said: (words: string) => void, swiped: (step: number) => void}} Hooks
 */

/** An image and what is known of it. */
class Picture {
  static PREVIEW = 1600; // the longest side of a preview: a shorter image is the original

  /** Whether it can be put on screen without a wait. */
  decoded = false;
  /** @type {HTMLElement | null} what stands in its place if it can't be shown */
  failure = null;
  /** Resolves once it can be shown, or is known not to be. */
  settled = Promise.resolve();
  /** Whether the server says that it can't be shown, now or later. */
  unreadable = false;
  node = new Image();
  url;
  /** @type {Promise<void> | null} */
  #sharpening = null;
  #sharp = false;

  /** @param {{key: string, url: string}} described */
  constructor({ key, url }) {
    this.url = url;
    this.node.alt = `example ${key}`;
    this.node.draggable = false;
    this.node.src = url;
  }

  /** Whether it is on screen. */
  get shown() {
    return this.decoded && !this.failure;
  }

  /** Whether its pixels are those of the original. */
  get original() {
    const { naturalWidth, naturalHeight } = this.node;
    return this.#sharp || Math.max(naturalWidth, naturalHeight) < Picture.PREVIEW;
  }

  /** Puts the original in the place of the preview, once. */
  sharpen() {
    this.#sharpening ??= this.#sharpen();
    return this.#sharpening;
  }

  async #sharpen() {
    const original = new Image();
    original.src = `${this.url}${this.url.includes("?") ? "&" : "?"}size=full`;
    try {
      await original.decode();
    } catch {
      return; // the preview has to do
    }
    if (original.naturalWidth > this.node.naturalWidth) this.node.src = original.src;
    await this.node.decode().catch(() => {});
    this.#sharp = true;
  }

  /** Returns the greys between which it lies; null where there is nothing to stretch. */
  levels() {
    const side = 96; // pixels are enough for a percentile
    const canvas = element("canvas", { width: side, height: side });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return null;
    context.drawImage(this.node, 0, 0, side, side);
    return levelsOf(context.getImageData(0, 0, side, side).data);
  }

  /** @param {string} sentence */
  fail(sentence) {
    const advice = "Enter skips it as unreadable; or tick a category anyway.";
    this.failure = element(
      "div",
      { class: "broken", role: "img", "aria-label": this.node.alt },
      element("strong", {}, "No image to show"),
      element("p", {}, sentence),
      ...(this.unreadable ? [element("p", {}, advice)] : []),
    );
  }
}

/**
 * Returns the factor that the zoom goes to next: twice the whole image and one pixel to one, the
 * smaller first, then the whole image again. It never makes an image smaller than that.
 * @param {number} scale the factor now; 1 is the whole image
 * @param {number} oneToOne the factor at which a pixel of the original is one of the screen
 */
export function nextZoom(scale, oneToOne) {
  const steps = [2, oneToOne].sort((one, other) => one - other);
  return steps.find((step) => step > scale * 1.05) ?? 1;
}

/**
 * Writes a zoom factor.
 * @param {number} scale
 * @param {number} oneToOne
 */
export function zoomWords(scale, oneToOne) {
  if (scale === 1) return "";
  const exact = Math.abs(scale / oneToOne - 1) < 0.001 ? " · 1:1" : "";
  return `${Math.round(100 * scale)} %${exact}`;
}

/**
 * Returns which way a finger leafed: 1 on, -1 back, 0 where it meant something else.
 * @param {number} right how far it went, in pixels
 * @param {number} down
 * @param {number} milliseconds
 */
export function swipeOf(right, down, milliseconds) {
  if (Math.abs(right) < 50 || Math.abs(right) < 2 * Math.abs(down) || milliseconds > 800) return 0;
  return right < 0 ? 1 : -1;
}

/** Shows one image, large, and lets one look closer; the next ones are already decoded. */
export class Stage {
  static AHEAD = 4;
  static BEHIND = 2;
  static SMALL = 128; // up to this side an image is enlarged by a whole factor
  static MOST = 16; // times, for larger pixels only hide what there is to see
  static STEP = 80; // pixels that a key pans
  static DEEPEST = 32; // times the fitted size

  #root;
  #hooks;
  /** @type {Map<number, Picture>} */
  #cache = new Map();
  #crisp = false;
  /** @type {Picture | null} */
  #current = null;
  /** @type {{width: number, height: number} | null} */
  #fitted = null;
  #light = new Light();
  /** Where the mouse is, while it is over the image. */
  /** @type {{x: number, y: number} | null} */
  #mouse = null;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #resize = new ResizeObserver(() => this.#fit());
  /** Where and when a finger came down, alone, on the whole image. */
  /** @type {{x: number, y: number, time: number} | null} */
  #swipe = null;
  #view = { scale: 1, x: 0, y: 0 };

  /**
   * @param {HTMLElement} root
   * @param {Hooks} hooks
   */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    this.#resize.observe(root);
    root.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    root.addEventListener("dblclick", (event) => this.zoom({ x: event.clientX, y: event.clientY }));
    root.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    root.addEventListener("pointermove", (event) => this.#onPointerMove(event));
    root.addEventListener("pointerleave", () => (this.#mouse = null));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      root.addEventListener(end, (event) => this.#onPointerEnd(event));
    }
  }

  close() {
    this.#resize.disconnect();
  }

  /**
   * Shows the image at a position; `fallback` is shown where there is none.
   * @param {number} position
   * @param {Described} described
   * @param {() => HTMLElement} fallback
   */
  show(position, { key, url }, fallback) {
    const picture = url ? this.#load(position, { key, url }) : null;
    if (picture !== this.#current) this.#light = new Light();
    this.#view = { scale: 1, x: 0, y: 0 };
    this.#current = picture;
    this.#root.classList.remove("gliding");
    if (picture) this.#put(picture);
    else this.#root.replaceChildren(fallback());
    this.#note();
  }

  /**
   * Puts an image on screen, once it is decoded: until then nothing stands there, least of all
   * another image.
   * @param {Picture} picture
   */
  #put(picture) {
    if (picture !== this.#current) return;
    const node = picture.failure ?? (picture.decoded ? picture.node : null);
    this.#root.replaceChildren(...(node ? [node] : []));
    this.#fit();
  }

  /**
   * Has the images around a position decoded, and lets the others go; the one on screen comes first.
   * @param {number} position
   * @param {(near: number) => Described} describe
   * @param {number} size
   */
  async preload(position, describe, size) {
    const shown = this.#current;
    if (shown && !shown.decoded) {
      await shown.settled;
      if (this.#current !== shown) return;
    }
    const wanted = new Set();
    for (let step = 1; step <= Stage.AHEAD; step += 1) wanted.add(position + step);
    for (let step = 0; step <= Stage.BEHIND; step += 1) wanted.add(position - step);
    for (const known of this.#cache.keys()) if (!wanted.has(known)) this.#cache.delete(known);
    for (const near of wanted) {
      if (near < 0 || near >= size) continue;
      const { key, url } = describe(near);
      if (url) this.#load(near, { key, url });
    }
  }

  /** Resolves once the image on screen can be shown, or is known not to be. */
  get settled() {
    return this.#current?.settled ?? Promise.resolve();
  }

  /** Whether the image on screen can't be shown, now or later. */
  get unreadable() {
    return Boolean(this.#current?.unreadable);
  }

  /**
   * @param {number} position
   * @param {{key: string, url: string}} described
   */
  #load(position, described) {
    const known = this.#cache.get(position);
    if (known?.url === described.url) return known;
    const picture = new Picture(described);
    const decoded = () => {
      picture.decoded = true;
      this.#put(picture);
    };
    picture.settled = picture.node.decode().then(decoded, () => this.#explain(position, picture, decoded));
    this.#cache.set(position, picture);
    return picture;
  }

  /**
   * Says in the image's place why it can't be shown.
   * @param {number} position
   * @param {Picture} picture
   * @param {() => void} decoded
   */
  async #explain(position, picture, decoded) {
    let sentence = "the server can't be reached; the image comes when it is back";
    try {
      const response = await fetch(picture.url);
      if (response.ok) {
        decoded();
        return;
      }
      sentence = (await response.json()).error;
      picture.unreadable = response.status === 422;
    } catch {
      this.#cache.delete(position); // to be asked for again
    }
    picture.fail(sentence);
    this.#put(picture);
  }

  /** Returns the room for an image, and the middle of it, from the stage's corner. */
  #room() {
    const style = getComputedStyle(this.#root);
    const [left, right] = [parseFloat(style.paddingLeft), parseFloat(style.paddingRight)];
    const [top, bottom] = [parseFloat(style.paddingTop), parseFloat(style.paddingBottom)];
    const width = this.#root.clientWidth - left - right;
    const height = this.#root.clientHeight - top - bottom;
    return { width, height, middleX: left + width / 2, middleY: top + height / 2 };
  }

  /** Sizes the image: small ones by a whole factor, others to fill. */
  #fit() {
    const picture = this.#current;
    if (!picture?.node.naturalWidth || !picture.shown) return;
    const { node } = picture;
    const { width, height } = this.#room();
    const side = Math.max(node.naturalWidth, node.naturalHeight);
    const ratio = window.devicePixelRatio || 1;
    let scale = Math.min(width / node.naturalWidth, height / node.naturalHeight);
    if (side <= Stage.SMALL && scale >= 2) scale = Math.floor(Math.min(scale, Stage.MOST) * ratio) / ratio;
    const fitted = { width: node.naturalWidth * scale, height: node.naturalHeight * scale };
    this.#fitted = fitted;
    node.style.width = `${Math.round(fitted.width * 100) / 100}px`;
    node.style.height = `${Math.round(fitted.height * 100) / 100}px`;
    const { scale: factor, x, y } = this.#view;
    node.classList.toggle("crisp", this.#crisp && scale * factor * ratio > 1);
    node.style.transform = this.zoomed ? `translate(${x}px, ${y}px) scale(${factor})` : "";
    node.style.filter = this.#light.filter;
    this.#root.classList.toggle("zoomed", this.zoomed);
  }

  /** Says how the image differs from the whole, plain one. */
  #note() {
    this.#hooks.noted([this.#zoomWords, this.#light.words].filter(Boolean).join(" · "));
  }

  // --- light and pixels ----------------------------------------------------------------------

  /** @param {boolean} crisp whether enlarged pixels keep their edges */
  set crisp(crisp) {
    this.#crisp = crisp;
    this.#fit();
  }

  /** @param {number} step 1 for brighter, -1 for darker */
  brighten(step) {
    if (this.#current?.shown) this.#relight(() => this.#light.brighten(step));
  }

  /** @param {number} step 1 for more contrast, -1 for less */
  harden(step) {
    if (this.#current?.shown) this.#relight(() => this.#light.harden(step));
  }

  /** Stretches the image's greys from black to white, or takes that back. */
  autoLevel() {
    const picture = this.#current;
    if (!picture?.shown) return;
    const levels = this.#light.stretched ? null : picture.levels();
    if (!levels && !this.#light.stretched) this.#hooks.said("Already from black to white");
    else this.#relight(() => this.#light.stretch(levels));
  }

  /** @param {() => void} change */
  #relight(change) {
    change();
    this.#fit();
    this.#note();
    this.#hooks.said(this.#light.words || "As in the file");
  }

  // --- looking closer ------------------------------------------------------------------------

  get zoomed() {
    return this.#view.scale !== 1;
  }

  /** The factor at which a pixel of the original is one of the screen; 0 while that isn't known. */
  get #oneToOne() {
    const picture = this.#current;
    if (!picture?.original || !this.#fitted) return 0;
    return picture.node.naturalWidth / (this.#fitted.width * (window.devicePixelRatio || 1));
  }

  get #zoomWords() {
    return zoomWords(this.#view.scale, this.#oneToOne);
  }

  /**
   * Goes to the next zoom, at a point of the screen: where the mouse is, else the middle.
   * @param {{x: number, y: number} | null} at
   */
  async zoom(at = this.#mouse) {
    const picture = this.#current;
    if (!picture?.shown) return;
    const sharpened = picture.sharpen();
    if (this.zoomed) await sharpened; // only the original says what one to one is
    if (picture !== this.#current) return;
    this.#zoomTo(nextZoom(this.#view.scale, this.#oneToOne), at, true);
    this.#hooks.said(this.#zoomWords || "Whole image");
  }

  /** Shows the whole image again. */
  unzoom() {
    this.#zoomTo(1, null, true);
    this.#hooks.said("Whole image");
  }

  /**
   * @param {{scale: number, x: number, y: number}} view
   * @param {boolean} gliding whether the image moves there, as after a key, or is there at once
   */
  #setView({ scale, x, y }, gliding) {
    if (!this.#fitted) return;
    const roomX = Math.max(0, (this.#fitted.width * scale - this.#root.clientWidth) / 2 + 40);
    const roomY = Math.max(0, (this.#fitted.height * scale - this.#root.clientHeight) / 2 + 40);
    const bounded = (/** @type {number} */ at, /** @type {number} */ room) => Math.min(room, Math.max(-room, at));
    this.#view = scale === 1 ? { scale, x: 0, y: 0 } : { scale, x: bounded(x, roomX), y: bounded(y, roomY) };
    this.#root.classList.toggle("gliding", gliding);
    this.#fit();
    this.#note();
  }

  /**
   * Moves the zoomed image by one step a unit.
   * @param {number} right
   * @param {number} down
   */
  pan(right, down) {
    const { scale, x, y } = this.#view;
    this.#setView({ scale, x: x - right * Stage.STEP, y: y - down * Stage.STEP }, true);
  }

  /**
   * Zooms to a factor around a point of the screen, or the middle.
   * @param {number} wanted
   * @param {{x: number, y: number} | null} at
   * @param {boolean} gliding
   */
  #zoomTo(wanted, at, gliding) {
    const box = this.#root.getBoundingClientRect();
    const { middleX, middleY } = this.#room();
    const atX = at ? at.x - box.left - middleX : 0;
    const atY = at ? at.y - box.top - middleY : 0;
    const { scale, x, y } = this.#view;
    const grown = wanted / scale;
    this.#setView({ scale: wanted, x: atX - (atX - x) * grown, y: atY - (atY - y) * grown }, gliding);
  }

  /**
   * Zooms by a factor around a point of the screen.
   * @param {number} factor
   * @param {{x: number, y: number}} at
   */
  #zoomBy(factor, at) {
    if (!this.#current?.shown) return;
    const wanted = Math.min(Stage.DEEPEST, Math.max(1, this.#view.scale * factor));
    if (wanted > 1.5) this.#current.sharpen();
    this.#zoomTo(wanted, at, false);
  }

  /** @param {WheelEvent} event */
  #onWheel(event) {
    if (!this.#current) return;
    event.preventDefault();
    const at = { x: event.clientX, y: event.clientY };
    this.#zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), at);
  }

  /** @param {PointerEvent} event */
  #onPointerDown(event) {
    const at = { x: event.clientX, y: event.clientY };
    const alone = this.#pointers.size === 0 && event.pointerType === "touch" && !this.zoomed;
    this.#swipe = alone ? { ...at, time: event.timeStamp } : null;
    this.#pointers.set(event.pointerId, at);
    if (this.zoomed) this.#root.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #onPointerMove(event) {
    const at = { x: event.clientX, y: event.clientY };
    if (event.pointerType === "mouse") this.#mouse = at;
    const was = this.#pointers.get(event.pointerId);
    if (!was) return;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(was.x - other.x, was.y - other.y);
      const after = Math.hypot(at.x - other.x, at.y - other.y);
      if (before > 0) this.#zoomBy(after / before, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    } else if (this.zoomed) {
      const { scale, x, y } = this.#view;
      this.#setView({ scale, x: x + at.x - was.x, y: y + at.y - was.y }, false);
    }
    this.#pointers.set(event.pointerId, at);
  }

  /** @param {PointerEvent} event */
  #onPointerEnd(event) {
    this.#pointers.delete(event.pointerId);
    const from = this.#swipe;
    this.#swipe = null;
    if (!from || event.type === "pointercancel" || this.zoomed) return;
    const step = swipeOf(event.clientX - from.x, event.clientY - from.y, event.timeStamp - from.time);
    if (step) this.#hooks.swiped(step);
  }
}
