/** @import { Ends as Answer } from "./wire.d.ts" */

/** From so many images on an interval is shown: of fewer nothing is claimed. */
const FEWEST = 10;
/** So many rows ahead of where the review stands the next ones are asked for. */
const ROWS_AHEAD = 5;

/**
 * The ends of the live shares' intervals, which hold however often one looks.
 *
 * The server computes them: a row for each number of images looked at, with the lower end for each
 * number of ticks. They are asked for ahead, so that a key moves a share and its ends at once.
 */
export class Ends {
  #ask;
  #arrived;
  /** @type {Map<string, number[]>} the lower ends by part and number looked at */
  #rows = new Map();
  /** @type {Set<string>} what was asked for and hasn't come */
  #asked = new Set();

  /**
   * @param {(right: boolean, first: number) => Promise<Answer>} ask
   * @param {() => void} arrived
   */
  constructor(ask, arrived) {
    this.#ask = ask;
    this.#arrived = arrived;
  }

  /**
   * Returns the ends of the share of `yes` of `seen`; null while they aren't known.
   * @param {boolean} right whether it is of the correct predictions
   * @param {number} yes
   * @param {number} seen
   * @returns {{low: number, high: number} | null}
   */
  of(right, yes, seen) {
    if (seen < FEWEST) return null;
    const row = this.#rows.get(`${right} ${seen}`);
    return row ? { low: row[yes], high: 1 - row[seen - yes] } : null;
  }

  /**
   * Sees to it that the ends are there for so many images looked at, and for the next.
   * @param {boolean} right
   * @param {number} seen
   * @param {number} size how many there are at most
   */
  async prepare(right, seen, size) {
    const first = Math.max(seen, FEWEST);
    const missing = [first, Math.min(first + ROWS_AHEAD, size)].find((at) => !this.#rows.has(`${right} ${at}`));
    if (missing == null || missing > size || this.#asked.has(`${right} ${missing}`)) return;
    this.#asked.add(`${right} ${missing}`);
    try {
      const { first: from, rows } = await this.#ask(right, missing);
      rows.forEach((row, at) => this.#rows.set(`${right} ${from + at}`, row));
      this.#arrived();
    } catch {
      // then shares have no ends until the next image
    } finally {
      this.#asked.delete(`${right} ${missing}`);
    }
  }
}
