/** Measures how long the image on screen is looked at; a long rest is a break, and not counted. */
export class Stopwatch {
  static BREAK = 60_000;

  #now;
  /** @type {number | null} */
  #position = null;
  /** @type {number | null} */
  #since = null;
  #spent = 0;

  /** @param {() => number} now milliseconds of a clock that never goes back */
  constructor(now) {
    this.#now = now;
  }

  /**
   * Begins with another image, or goes on with the same.
   * @param {number} position
   */
  show(position) {
    this.pause();
    if (position !== this.#position) this.#spent = 0;
    this.#position = position;
    this.resume();
  }

  pause() {
    if (this.#since == null) return;
    this.#spent += Math.min(this.#now() - this.#since, Stopwatch.BREAK);
    this.#since = null;
  }

  resume() {
    this.#since ??= this.#now();
  }

  /** Returns the seconds since the image was shown, and begins anew. */
  take() {
    this.pause();
    const seconds = this.#spent / 1000;
    this.#spent = 0;
    this.resume();
    return seconds;
  }
}
