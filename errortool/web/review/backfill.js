import { partsOf, setText } from "./dom.js";
import { isolated, plural } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Figures } from "./types.d.ts" */

/** The queue of images that were looked at before a category was there: yes or no, one by one. */
export class Backfill {
  #parts;
  /** What is asked for, where it was begun, and which images it has shown. */
  /** @type {{key: string, from: number, shown: Set<number>} | null} */
  #asking = null;
  /** @type {string | null} */
  #offered = null;

  /**
   * @param {ParentNode} root
   */
  constructor(root) {
    this.#parts = partsOf(root, {
      root: HTMLElement,
      ask: HTMLElement,
      asked: HTMLElement,
      left: HTMLElement,
      answers: HTMLElement,
      goOn: HTMLElement,
      behind: HTMLElement,
      behindText: HTMLElement,
    });
  }

  /** The category that is asked for; null outside a backfill. */
  get asked() {
    return this.#asking?.key ?? null;
  }

  /** The category that most images are to be looked at for; null where none is. */
  get offered() {
    return this.#offered;
  }

  /**
   * Begins to ask; returns the first image, or null if there is none.
   * @param {Model} model
   * @param {string} key
   * @param {number} from where to go back to
   */
  begin(model, key, from) {
    const [first] = model.toBackfill(key);
    if (first == null) return null;
    this.#asking = { key, from: this.#asking?.from ?? from, shown: new Set() };
    return first;
  }

  /**
   * Whether all images have their answer; an undo takes it back.
   * @param {Model} model
   */
  finished(model) {
    return this.#asking !== null && !model.toBackfill(this.#asking.key).length;
  }

  /**
   * Returns the image to ask for after this one; null if it was the last.
   * @param {Model} model
   * @param {number} position
   */
  after(model, position) {
    const open = this.#asking ? model.toBackfill(this.#asking.key) : [];
    this.#asking?.shown.add(position);
    return open.find((other) => other > position) ?? open[0] ?? null;
  }

  /** Stops asking; returns where it was begun. */
  end() {
    const from = this.#asking?.from ?? null;
    this.#asking = null;
    return from;
  }

  /**
   * @param {Model} model
   * @param {Figures} figures
   * @param {boolean} offering whether there is room for an offer
   */
  draw(model, { counted, shares }, offering) {
    const { root, ask, asked, left, answers, goOn, behind, behindText } = this.#parts;
    const [most] = model.shown
      .map(({ key, name }) => ({
        key,
        name,
        // In a round some looks don't count yet, and are asked for all the same.
        count: model.session.follows ? model.toBackfill(key).length : counted - (shares.get(key)?.seen ?? 0),
      }))
      .filter(({ count }) => count)
      .sort((one, other) => other.count - one.count);
    this.#offered = most?.key ?? null;
    behind.hidden = !most || !offering || this.#asking !== null;
    if (most) setText(behindText, offerWords(most.name, most.count));
    ask.hidden = this.#asking === null;
    root.classList.toggle("asking", this.#asking !== null);
    if (!this.#asking) return;
    const { key, shown } = this.#asking;
    const name = isolated(model.category(key)?.name ?? "");
    const finished = this.finished(model);
    answers.hidden = finished;
    goOn.hidden = !finished;
    const yes = [...shown].filter((position) => model.tick(key, position) === 1).length;
    setText(asked, finished ? `${name}: ${yes} of ${shown.size}` : `${name}?`);
    setText(left, finished ? "Enter goes on" : `${plural(model.toBackfill(key).length, "image")} to go`);
  }
}

/**
 * Says that images were looked at before a category was there.
 * @param {string} name
 * @param {number} count
 */
export function offerWords(name, count) {
  return `${plural(count, "earlier image")} to check for ${isolated(name)}`;
}
