/** Shows one image, large; the next ones are already decoded. */
class Stage {
  static AHEAD = 4;
  static BEHIND = 2;
  static CRISP = 128; // up to this side pixels are enlarged one by one
  static MOST = 16; // times, for larger pixels only hide what there is to see

  constructor(root, urlOf) {
    this.root = root;
    this.urlOf = urlOf;
    this.cache = new Map();
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(root);
  }

  close() {
    this.resize.disconnect();
  }

  /** Shows the image at `position`; `fallback` is shown where the session has no images. */
  show(position, { key, url, fallback }) {
    this.position = position;
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
    image.src = url;
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
    } catch {
      this.cache.delete(position); // to be asked for again
    }
    const box = document.createElement("div");
    box.className = "broken";
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", image.alt);
    const title = document.createElement("strong");
    title.textContent = "No image to show";
    const text = document.createElement("p");
    text.textContent = sentence;
    box.append(title, text);
    image.failed = box;
    if (this.current === image) this.root.replaceChildren(box);
  }

  /** Sizes the image: small ones by a whole factor, pixel for pixel, others to fill. */
  fit() {
    const image = this.current;
    if (!image?.naturalWidth || image.failed) return;
    const style = getComputedStyle(this.root);
    const width = this.root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.root.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const side = Math.max(image.naturalWidth, image.naturalHeight);
    let scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    const crisp = side <= Stage.CRISP && scale >= 2;
    if (crisp) {
      const ratio = window.devicePixelRatio || 1;
      scale = Math.floor(Math.min(scale, Stage.MOST) * ratio) / ratio;
    }
    image.classList.toggle("crisp", crisp);
    image.style.width = `${Math.round(image.naturalWidth * scale * 100) / 100}px`;
    image.style.height = `${Math.round(image.naturalHeight * scale * 100) / 100}px`;
  }
}
