import { element } from "./dom.js";

/** Shows one image, large, and lets one look closer; the next ones are already decoded. */
export class Stage {
  static AHEAD = 4;
  static BEHIND = 2;
  static CRISP = 128; // up to this side pixels are enlarged one by one
  static MOST = 16; // times, for larger pixels only hide what there is to see
  static STEP = 80; // pixels that a key pans
  static DEEPEST = 32; // times the fitted size

  constructor(root) {
    this.root = root;
    this.cache = new Map();
    this.fingers = new Map();
    this.view = { scale: 1, x: 0, y: 0 };
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(root);
    root.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.grabbed(event));
    root.addEventListener("pointermove", (event) => this.dragged(event));
    for (const end of ["pointerup", "pointercancel"]) {
      root.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
  }

  close() {
    this.resize.disconnect();
  }

  /** Shows the image at `position`; `fallback` is shown where the session has no images. */
  show(position, { key, url, fallback }) {
    this.position = position;
    this.view = { scale: 1, x: 0, y: 0 };
    if (!url) {
      this.current = null;
      this.root.replaceChildren(fallback());
      return;
    }
    const image = this.load(position, key, url);
    this.current = image;
    this.root.replaceChildren(image.failed ?? image);
    this.fit();
  }

  /** Has the images around `position` decoded, and lets the others go. */
  preload(position, describe, size) {
    const wanted = new Set();
    for (let step = 1; step <= Stage.AHEAD; step += 1) wanted.add(position + step);
    for (let step = 0; step <= Stage.BEHIND; step += 1) wanted.add(position - step);
    for (const known of this.cache.keys()) if (!wanted.has(known)) this.cache.delete(known);
    for (const near of wanted) {
      if (near < 0 || near >= size) continue;
      const { key, url } = describe(near);
      if (url) this.load(near, key, url);
    }
  }

  load(position, key, url) {
    const known = this.cache.get(position);
    if (known) return known;
    const image = new Image();
    image.alt = `example ${key}`;
    image.draggable = false;
    image.src = image.preview = url;
    image.decode().then(
      () => image === this.current && this.fit(),
      () => this.explain(position, image, url),
    );
    this.cache.set(position, image);
    return image;
  }

  /** Says in the image's place why it can't be shown. */
  async explain(position, image, url) {
    let sentence = "the server can't be reached; the image comes when it is back";
    try {
      const response = await fetch(url);
      if (response.ok) return;
      sentence = (await response.json()).error;
      image.unreadable = response.status === 422;
    } catch {
      this.cache.delete(position); // to be asked for again
    }
    image.failed = element(
      "div",
      { class: "broken", role: "img", "aria-label": image.alt },
      element("strong", {}, "No image to show"),
      element("p", {}, sentence),
      image.unreadable
        ? element("p", {}, "Enter leaves it out as unreadable. Or judge it all the same: tick a category.")
        : "",
    );
    if (this.current === image) this.root.replaceChildren(image.failed);
  }

  /** Whether the image on screen can't be shown, now or later. */
  get unreadable() {
    return Boolean(this.current?.unreadable);
  }

  /** Sizes the image: small ones by a whole factor, pixel for pixel, others to fill. */
  fit() {
    const image = this.current;
    if (!image?.naturalWidth || image.failed) return;
    const style = getComputedStyle(this.root);
    const width = this.root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.root.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const side = Math.max(image.naturalWidth, image.naturalHeight);
    const ratio = window.devicePixelRatio || 1;
    let scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    const crisp = side <= Stage.CRISP && scale >= 2;
    if (crisp) scale = Math.floor(Math.min(scale, Stage.MOST) * ratio) / ratio;
    this.fitted = { width: image.naturalWidth * scale, height: image.naturalHeight * scale };
    image.style.width = `${Math.round(this.fitted.width * 100) / 100}px`;
    image.style.height = `${Math.round(this.fitted.height * 100) / 100}px`;
    const pixel = (this.fitted.width * this.view.scale * ratio) / image.naturalWidth;
    image.classList.toggle("crisp", crisp || (this.zoomed && pixel >= 3));
    const { scale: factor, x, y } = this.view;
    image.style.transform = this.zoomed ? `translate(${x}px, ${y}px) scale(${factor})` : "";
    this.root.classList.toggle("zoomed", this.zoomed);
  }

  // --- looking closer ------------------------------------------------------------------------

  get zoomed() {
    return this.view.scale !== 1;
  }

  /** One pixel of the original to one of the screen, and back. */
  async toggleZoom() {
    const image = this.current;
    if (!image || image.failed) return;
    if (this.zoomed) {
      this.look({ scale: 1, x: 0, y: 0 });
      return;
    }
    await this.sharpen(image);
    if (this.current !== image) return;
    const scale = image.naturalWidth / (window.devicePixelRatio || 1) / this.fitted.width;
    this.look({ scale: scale === 1 ? 2 : scale, x: 0, y: 0 });
  }

  /** Puts the original in the place of its preview. */
  async sharpen(image) {
    if (image.sharp) return;
    image.sharp = true;
    const original = new Image();
    original.src = `${image.preview}?size=full`;
    try {
      await original.decode();
    } catch {
      return; // the preview has to do
    }
    if (original.naturalWidth > image.naturalWidth) image.src = original.src;
    if (this.current === image) await image.decode().catch(() => {});
  }

  look(view) {
    this.view = view;
    if (this.zoomed && this.fitted) {
      const roomX = Math.max(0, (this.fitted.width * view.scale - this.root.clientWidth) / 2 + 40);
      const roomY = Math.max(0, (this.fitted.height * view.scale - this.root.clientHeight) / 2 + 40);
      view.x = Math.min(roomX, Math.max(-roomX, view.x));
      view.y = Math.min(roomY, Math.max(-roomY, view.y));
    }
    this.fit();
  }

  pan(right, down) {
    this.look({ ...this.view, x: this.view.x - right * Stage.STEP, y: this.view.y - down * Stage.STEP });
  }

  /** Zooms by a factor around a point of the screen. */
  zoomAt(factor, clientX, clientY) {
    if (!this.current || this.current.failed) return;
    const box = this.root.getBoundingClientRect();
    const atX = clientX - box.left - box.width / 2;
    const atY = clientY - box.top - box.height / 2;
    const { scale, x, y } = this.view;
    const wanted = Math.min(Stage.DEEPEST, Math.max(1, scale * factor));
    const grown = wanted / scale;
    if (wanted > 1.5) this.sharpen(this.current);
    this.look(
      wanted === 1
        ? { scale: 1, x: 0, y: 0 }
        : { scale: wanted, x: atX - (atX - x) * grown, y: atY - (atY - y) * grown },
    );
  }

  wheeled(event) {
    if (!this.current) return;
    event.preventDefault();
    this.zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX, event.clientY);
  }

  grabbed(event) {
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.zoomed) this.root.setPointerCapture(event.pointerId);
  }

  dragged(event) {
    const was = this.fingers.get(event.pointerId);
    if (!was) return;
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(was.x - other.x, was.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (before > 0) this.zoomAt(after / before, (event.clientX + other.x) / 2, (event.clientY + other.y) / 2);
    } else if (this.zoomed) {
      this.look({ ...this.view, x: this.view.x + event.clientX - was.x, y: this.view.y + event.clientY - was.y });
    }
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }
}
