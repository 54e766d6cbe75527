import { theBrowser } from "./browser.js";
import { setText } from "./dom.js";
import { sentenceOf } from "./server.js";

/** @import { Server } from "./server.js" */

/** What a page that the server makes says beside its document: what is wrong, and a way to try again. */
export class PageNotice {
  /** How long a sentence stays that needs no answer. */
  static SHOWN = 4_000;

  #parts;
  /** @type {() => void} */
  #retry = () => undefined;
  /** @type {unknown} */
  #timer;

  /** @param {{notice: HTMLElement, sentence: HTMLElement, retry: HTMLButtonElement}} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.retry.addEventListener("click", () => this.#retry());
  }

  /**
   * Says something; with a way to try again it stays.
   * @param {string} words
   * @param {(() => void) | null} again
   */
  say(words, again = null) {
    const { notice, sentence, retry } = this.#parts;
    theBrowser.clearTimeout(this.#timer);
    setText(sentence, words);
    notice.classList.toggle("shown", words !== "");
    retry.hidden = again === null;
    this.#retry = again ?? (() => undefined);
    if (words && !again) this.#timer = theBrowser.setTimeout(() => this.say(""), PageNotice.SHOWN);
  }

  close() {
    theBrowser.clearTimeout(this.#timer);
  }
}

/**
 * Closes the menus that lie open beside the place of a click.
 * @param {HTMLElement} root
 * @param {Event | null} event
 */
export function closeMenus(root, event) {
  const open = root.querySelectorAll("details[open]:is(.menu, .why)");
  for (const details of open) if (!event?.composedPath().includes(details)) details.removeAttribute("open");
}

/**
 * Saves a file that the server makes.
 * @param {Server} server
 * @param {PageNotice} notice
 * @param {string} address
 * @param {string} name
 */
export async function download(server, notice, address, name) {
  notice.say(`Making ${name} …`);
  try {
    const url = URL.createObjectURL(await server.file(address));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    notice.say("");
  } catch (error) {
    notice.say(sentenceOf(error) || `${name} can't be made: the server can't be reached.`, () =>
      download(server, notice, address, name),
    );
  }
}
