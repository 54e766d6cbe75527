import { element } from "./dom.js";

/**
 * What the stage asks of an example.
 * @typedef {{key: string, url: string | null}} Described
 */

/** An image and what is known of it. */
class Picture {
  /** @type {HTMLElement | null} what stands in its place if it can't be shown */
  failure = null;
  /** Whether the server says that it can't be shown, now or later. */
  unreadable = false;
  node = new Image();
  url;
  #sharpened = false;

  /** @param {{key: string, url: string}} described */
  constructor({ key, url }) {
    this.url = url;
    this.node.alt = `example ${key}`;
    this.node.draggable = false;
    this.node.src = url;
  }

  /** Puts the original in the place of the preview, once. */
  async sharpen() {
    if (this.#sharpened) return;
    this.#sharpened = true;
    const original = new Image();
    original.src = `${this.url}?size=full`;
    try {
      await original.decode();
    } catch {
      return; // the preview has to do
    }
    if (original.naturalWidth > this.node.naturalWidth) this.node.src = original.src;
    await this.node.decode().catch(() => {});
  }

  /** @param {string} sentence */
  fail(sentence) {
    const advice = "Enter leaves it out as unreadable. Or judge it all the same: tick a category.";
    this.failure = element(
      "div",
      { class: "broken", role: "img", "aria-label": this.node.alt },
      element("strong", {}, "No image to show"),
      element("p", {}, sentence),
      ...(this.unreadable ? [element("p", {}, advice)] : []),
    );
  }
}

/** Shows one image, large, and lets one look closer; the next ones are already decoded. */
export class Stage {
  static AHEAD = 4;
  static BEHIND = 2;
  static CRISP = 128; // up to this side pixels are enlarged one by one
  static MOST = 16; // times, for larger pixels only hide what there is to see
  static STEP = 80; // pixels that a key pans
  static DEEPEST = 32; // times the fitted size

  #root;
  /** @type {Map<number, Picture>} */
  #cache = new Map();
  /** @type {Picture | null} */
  #current = null;
  /** @type {{width: number, height: number} | null} */
  #fitted = null;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #resize = new ResizeObserver(() => this.#fit());
  #view = { scale: 1, x: 0, y: 0 };

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#resize.observe(root);
    root.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    root.addEventListener("pointermove", (event) => this.#onPointerMove(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      root.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
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
    this.#view = { scale: 1, x: 0, y: 0 };
    if (!url) {
      this.#current = null;
      this.#root.replaceChildren(fallback());
      return;
    }
    const picture = this.#load(position, { key, url });
    this.#current = picture;
    this.#root.replaceChildren(picture.failure ?? picture.node);
    this.#fit();
  }

  /**
   * Has the images around a position decoded, and lets the others go.
   * @param {number} position
   * @param {(near: number) => Described} describe
   * @param {number} size
   */
  preload(position, describe, size) {
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
    if (known) return known;
    const picture = new Picture(described);
    picture.node.decode().then(
      () => picture === this.#current && this.#fit(),
      () => this.#explain(position, picture),
    );
    this.#cache.set(position, picture);
    return picture;
  }

  /**
   * Says in the image's place why it can't be shown.
   * @param {number} position
   * @param {Picture} picture
   */
  async #explain(position, picture) {
    let sentence = "the server can't be reached; the image comes when it is back";
    try {
      const response = await fetch(picture.url);
      if (response.ok) return;
      sentence = (await response.json()).error;
      picture.unreadable = response.status === 422;
    } catch {
      this.#cache.delete(position); // to be asked for again
    }
    picture.fail(sentence);
    if (this.#current === picture && picture.failure) this.#root.replaceChildren(picture.failure);
  }

  /** Sizes the image: small ones by a whole factor, pixel for pixel, others to fill. */
  #fit() {
    const picture = this.#current;
    if (!picture?.node.naturalWidth || picture.failure) return;
    const { node } = picture;
    const style = getComputedStyle(this.#root);
    const width = this.#root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.#root.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const side = Math.max(node.naturalWidth, node.naturalHeight);
    const ratio = window.devicePixelRatio || 1;
    let scale = Math.min(width / node.naturalWidth, height / node.naturalHeight);
    const crisp = side <= Stage.CRISP && scale >= 2;
    if (crisp) scale = Math.floor(Math.min(scale, Stage.MOST) * ratio) / ratio;
    const fitted = { width: node.naturalWidth * scale, height: node.naturalHeight * scale };
    this.#fitted = fitted;
    node.style.width = `${Math.round(fitted.width * 100) / 100}px`;
    node.style.height = `${Math.round(fitted.height * 100) / 100}px`;
    const pixel = (fitted.width * this.#view.scale * ratio) / node.naturalWidth;
    node.classList.toggle("crisp", crisp || (this.zoomed && pixel >= 3));
    const { scale: factor, x, y } = this.#view;
    node.style.transform = this.zoomed ? `translate(${x}px, ${y}px) scale(${factor})` : "";
    this.#root.classList.toggle("zoomed", this.zoomed);
  }

  // --- looking closer ------------------------------------------------------------------------

  get zoomed() {
    return this.#view.scale !== 1;
  }

  /** Shows one pixel of the original as one of the screen, or the whole image again. */
  async toggleZoom() {
    const picture = this.#current;
    if (!picture || picture.failure) return;
    if (this.zoomed) {
      this.#setView({ scale: 1, x: 0, y: 0 });
      return;
    }
    await picture.sharpen();
    if (this.#current !== picture || !this.#fitted) return;
    const scale = picture.node.naturalWidth / (window.devicePixelRatio || 1) / this.#fitted.width;
    this.#setView({ scale: scale === 1 ? 2 : scale, x: 0, y: 0 });
  }

  /** @param {{scale: number, x: number, y: number}} view */
  #setView(view) {
    const { x, y, scale } = view;
    this.#view = view;
    if (this.zoomed && this.#fitted) {
      const roomX = Math.max(0, (this.#fitted.width * scale - this.#root.clientWidth) / 2 + 40);
      const roomY = Math.max(0, (this.#fitted.height * scale - this.#root.clientHeight) / 2 + 40);
      this.#view = { scale, x: Math.min(roomX, Math.max(-roomX, x)), y: Math.min(roomY, Math.max(-roomY, y)) };
    }
    this.#fit();
  }

  /**
   * Moves the zoomed image by one step a unit.
   * @param {number} right
   * @param {number} down
   */
  pan(right, down) {
    const { scale, x, y } = this.#view;
    this.#setView({ scale, x: x - right * Stage.STEP, y: y - down * Stage.STEP });
  }

  /**
   * Zooms by a factor around a point of the screen.
   * @param {number} factor
   * @param {number} clientX
   * @param {number} clientY
   */
  #zoomAt(factor, clientX, clientY) {
    if (!this.#current || this.#current.failure) return;
    const box = this.#root.getBoundingClientRect();
    const atX = clientX - box.left - box.width / 2;
    const atY = clientY - box.top - box.height / 2;
    const { scale, x, y } = this.#view;
    const wanted = Math.min(Stage.DEEPEST, Math.max(1, scale * factor));
    const grown = wanted / scale;
    if (wanted > 1.5) this.#current.sharpen();
    this.#setView(
      wanted === 1
        ? { scale: 1, x: 0, y: 0 }
        : { scale: wanted, x: atX - (atX - x) * grown, y: atY - (atY - y) * grown },
    );
  }

  /** @param {WheelEvent} event */
  #onWheel(event) {
    if (!this.#current) return;
    event.preventDefault();
    this.#zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX, event.clientY);
  }

  /** @param {PointerEvent} event */
  #onPointerDown(event) {
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.zoomed) this.#root.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #onPointerMove(event) {
    const was = this.#pointers.get(event.pointerId);
    if (!was) return;
    const { clientX, clientY } = event;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(was.x - other.x, was.y - other.y);
      const after = Math.hypot(clientX - other.x, clientY - other.y);
      if (before > 0) this.#zoomAt(after / before, (clientX + other.x) / 2, (clientY + other.y) / 2);
    } else if (this.zoomed) {
      const { scale, x, y } = this.#view;
      this.#setView({ scale, x: x + clientX - was.x, y: y + clientY - was.y });
    }
    this.#pointers.set(event.pointerId, { x: clientX, y: clientY });
  }
}
