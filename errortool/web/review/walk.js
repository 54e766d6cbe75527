/** @import { Model } from "./model.js" */

/** A walk through the images whose ticks were carried from the round before, one after the other. */
export class Walk {
  /** Where it was begun, and the images that it goes through. */
  /** @type {{from: number, positions: number[]} | null} */
  #walking = null;

  /** Whether one is under way. */
  get on() {
    return this.#walking !== null;
  }

  /**
   * Begins one; returns the first image, or null where none was carried.
   * @param {Model} model
   * @param {number} from where to go back to
   */
  begin(model, from) {
    const positions = model.carried;
    if (!positions.length) return null;
    this.#walking = { from, positions };
    return positions[0];
  }

  /**
   * Returns the image so many steps from one; null beyond the last and before the first.
   * @param {number} position
   * @param {1 | -1} step
   */
  beside(position, step) {
    const positions = this.#walking?.positions ?? [];
    const at = positions.indexOf(position);
    if (at >= 0) return positions[at + step] ?? null;
    const next = positions.findIndex((other) => other > position); // it was jumped to
    return positions[step > 0 ? next : next - 1] ?? null;
  }

  /** Ends it; returns where it was begun. */
  end() {
    const from = this.#walking?.from ?? null;
    this.#walking = null;
    return from;
  }

  /**
   * Says how far a round is: what was carried and what is to be looked at, or where the walk is.
   * @param {Model} model
   * @param {number} position
   * @param {number} left images that are open
   */
  words(model, position, left) {
    if (this.#walking) {
      const { positions } = this.#walking;
      return `carried ${(positions.indexOf(position) + 1).toLocaleString("en")} of ${positions.length.toLocaleString("en")} · stop`;
    }
    const { length } = model.carried;
    return length ? `${length.toLocaleString("en")} carried · ${left.toLocaleString("en")} to look at` : "";
  }
}
