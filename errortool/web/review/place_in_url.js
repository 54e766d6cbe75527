/** Keeps in the page's URL what is on screen: the session, the example, the filters. */
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
   * @param {Record<string, string>} values
   * @param {(name: string) => boolean} ours says which other parameters are no longer so
   */
  remember(values, ours) {
    const now = performance.now();
    this.#changes = this.#changes.filter((then) => now - then < PlaceInUrl.SPAN);
    clearTimeout(this.#timer);
    const wait = this.#changes.length < PlaceInUrl.BURST ? 0 : PlaceInUrl.WAIT;
    this.#timer = setTimeout(() => {
      this.#changes.push(performance.now());
      const url = new URL(location.href);
      for (const name of [...url.searchParams.keys()]) if (ours(name)) url.searchParams.delete(name);
      for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
      history.replaceState(history.state, "", url);
    }, wait);
  }
}
