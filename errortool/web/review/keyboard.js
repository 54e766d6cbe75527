import { elementAt, fieldOf } from "./dom.js";
import { findBinding } from "./keys.js";

/** @import { FieldAction, Found, Place } from "./types.d.ts" */

/** Keys of Streamlit's own (clear its caches, run again): never meant on our pages. */
const STREAMLITS = ["c", "r"];

/**
 * Returns the field that a key goes to; one of a dialog that was closed has the focus until the page is drawn.
 * @param {KeyboardEvent} event
 */
function openField(event) {
  const field = fieldOf(event);
  return field?.closest("dialog:not([open])") ? null : field;
}

/** Takes the keys of a page before Streamlit does, and dispatches them. */
export class Keyboard {
  #parent;
  #options;
  #listener = (/** @type {KeyboardEvent} */ event) => this.#pressed(event);

  /**
   * @param {ShadowRoot} parent
   * @param {{ready: () => boolean, places: (event: KeyboardEvent) => Place[], caps: () => Iterable<string>,
   *   run: (found: Found, event: KeyboardEvent) => void,
   *   runInField: (action: FieldAction, field: HTMLElement) => boolean,
   *   runInDialog?: (event: KeyboardEvent) => void}} options `runInField` says whether it did
   *   anything: else the field has its key; `runInDialog` gets the keys of an open dialog
   */
  constructor(parent, options) {
    this.#parent = parent;
    this.#options = options;
    addEventListener("keydown", this.#listener, true);
  }

  close() {
    removeEventListener("keydown", this.#listener, true);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const { ready, places, caps, run } = this.#options;
    if (!ready() || event.altKey || event.isComposing) return;
    const field = openField(event);
    if (this.#parent.querySelector("dialog[open]")) {
      event.stopImmediatePropagation();
      this.#options.runInDialog?.(event);
      return;
    }
    if (field) {
      if (this.#isOurs(event)) this.#pressedIn(field, event);
      return;
    }
    if (document.querySelector("[role=dialog]:not([hidden]), [aria-modal=true]")) return;
    const button = elementAt(event, "button, a[href], summary");
    if (button && (event.key === "Enter" || event.key === " ")) return;
    const found = findBinding(event, places(event), caps());
    if (!found && (event.ctrlKey || event.metaKey || !STREAMLITS.includes(event.key))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (found && (found.repeats || !event.repeat)) run(found, event);
  }

  /** @param {KeyboardEvent} event */
  #isOurs(event) {
    const [target] = event.composedPath();
    return target instanceof Node && this.#parent.contains(target);
  }

  /**
   * Keeps a key of a field from Streamlit.
   * @param {HTMLElement} field
   * @param {KeyboardEvent} event
   */
  #pressedIn(field, event) {
    event.stopImmediatePropagation();
    const found = findBinding(event, ["field"]);
    const action = /** @type {FieldAction | undefined} */ (found?.action);
    if (action && this.#options.runInField(action, field)) event.preventDefault();
  }
}
