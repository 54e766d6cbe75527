/** Keeps the session and the example on screen in the page's URL. */
export class PlaceInUrl {
  // Browsers allow about 200 changes in 30 s: bursts wait.
  static SPAN = 30_000;
  static BURST = 100;
  static WAIT = 500;

  /** @type {number[]} when it was changed lately */
  #changes = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  close() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {number} session
   * @param {string} example
   */
  remember(session, example) {
    const now = performance.now();
    this.#changes = this.#changes.filter((then) => now - then < PlaceInUrl.SPAN);
    clearTimeout(this.#timer);
    const wait = this.#changes.length < PlaceInUrl.BURST ? 0 : PlaceInUrl.WAIT;
    this.#timer = setTimeout(() => {
      this.#changes.push(performance.now());
      const url = new URL(location.href);
      url.searchParams.set("session", String(session));
      url.searchParams.set("example", example);
      for (const name of ["show", "label", "prediction"]) url.searchParams.delete(name);
      history.replaceState(history.state, "", url);
    }, wait);
  }
}
