import { theBrowser } from "./browser.js";
import { elementAt, fragmentOf, partsOf } from "./dom.js";
import { closeMenus, download, PageNotice } from "./page_notice.js";
import { said } from "./report_state.js";
import { rememberedReviewer } from "./reviewer_name.js";
import { sentenceOf, Server } from "./server.js";

/** @import { ComparisonData, MountedPage, Trigger } from "./types.d.ts" */
/** @import { Subset } from "./wire.d.ts" */

/** By how many points worse a model may be, unless the address says otherwise. */
const MARGIN = "0.5";

/**
 * A comparison of two rounds, made by the server, alive: which rounds, margin, level, images.
 * @implements {MountedPage<ComparisonData>}
 */
export class ComparisonPage {
  /** Which request for the document is the last. */
  #asked = 0;
  #data;
  #html = "";
  #notice;
  #parts;
  #server;
  /** What is shown: the session before, the margin in points, the level, the images. */
  #state;
  #stopListening;
  #trigger;

  /**
   * @param {ShadowRoot} parent
   * @param {ComparisonData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    this.#data = data;
    this.#trigger = trigger;
    this.#parts = partsOf(parent, {
      root: HTMLElement,
      document: HTMLElement,
      notice: HTMLElement,
      sentence: HTMLElement,
      retry: HTMLButtonElement,
      panel: HTMLDialogElement,
      close: HTMLButtonElement,
      images: HTMLElement,
    });
    this.#notice = new PageNotice(this.#parts);
    this.#server = new Server(data.uid, data.token, theBrowser);
    const { a = "", margin = MARGIN, level = "", show = "" } = data.query;
    this.#state = { a, margin, level, show };
    const { root, panel, close } = this.#parts;
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("change", (event) => this.#onChange(event));
    root.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(root, null));
    close.addEventListener("click", () => panel.close());
    panel.addEventListener("close", () => this.#keep({ show: "" }));
    this.#stopListening = theBrowser.listen("visibilitychange", () => {
      if (!theBrowser.hidden) this.#load();
    });
    this.#load();
    if (show) this.#showImages(0);
  }

  /** @param {ComparisonData} data */
  update(data) {
    const changed = data.cursor !== this.#data.cursor;
    this.#data = data;
    this.#server.useToken(data.token);
    if (changed) this.#load();
  }

  close() {
    this.#stopListening();
    this.#notice.close();
    this.#asked = 0;
  }

  /** Who reads the comparison. */
  get #reader() {
    return this.#data.reviewer || rememberedReviewer(theBrowser);
  }

  /**
   * Keeps what is shown, also in the address.
   * @param {Partial<{a: string, margin: string, level: string, show: string}>} changed
   */
  #keep(changed) {
    Object.assign(this.#state, changed);
    const url = new URL(location.href);
    url.searchParams.delete("example");
    for (const [name, value] of Object.entries(this.#state)) {
      if (value && !(name === "margin" && value === MARGIN)) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url.href);
  }

  get #query() {
    const { a, margin, level } = this.#state;
    return said({ a, margin, level, who: this.#reader });
  }

  async #load() {
    const { document } = this.#parts;
    const number = (this.#asked += 1);
    try {
      const html = await this.#server.comparison("", this.#query);
      if (this.#asked !== number) return;
      this.#notice.say("");
      if (html !== this.#html) document.replaceChildren(fragmentOf(html));
      this.#html = html;
    } catch (error) {
      if (this.#asked !== number) return;
      this.#notice.say(sentenceOf(error) || "The comparison can't be reached.", () => this.#load());
    }
    document.removeAttribute("aria-busy");
  }

  /**
   * Shows the images behind a number, from the one numbered `first` on.
   * @param {number} first
   */
  async #showImages(first) {
    const { panel, images } = this.#parts;
    const { show } = this.#state;
    try {
      const html = await this.#server.comparison("/images", { ...this.#query, show, first: String(first) });
      if (show !== this.#state.show) return;
      const fragment = fragmentOf(html);
      if (first) {
        images.querySelector("[data-from]")?.closest("p")?.remove();
        images.append(fragment);
      } else images.replaceChildren(fragment);
      if (!panel.open) panel.showModal();
      if (!first) panel.scrollTop = 0;
    } catch (error) {
      this.#notice.say(sentenceOf(error) || "The images can't be reached.", () => this.#showImages(first));
    }
  }

  // --- clicks and choices --------------------------------------------------------------------

  /** @param {Event} event */
  #onChange({ target }) {
    if (target instanceof HTMLInputElement && target.dataset.part === "margin") {
      if (!target.checkValidity()) target.reportValidity();
      else {
        this.#keep({ margin: target.value });
        this.#load();
      }
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "level") {
      this.#keep({ level: target.value });
      this.#load();
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "a") {
      this.#keep({ a: target.value });
      this.#load();
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "b") {
      this.#trigger("go", { page: "compare", session: target.value });
    }
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    closeMenus(this.#parts.root, event);
    if (event.target === this.#parts.panel) this.#parts.panel.close(); // beside it
    const link = elementAt(event, "a, button");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const { show, from, session, subset, file, go, opens } = link.dataset;
    if (!show && !from && !session && !subset && !file && !go && !opens) return;
    event.preventDefault();
    if (show) {
      this.#keep({ show });
      this.#showImages(0);
    } else if (from) this.#showImages(Number(from));
    else if (session) this.#trigger("go", { page: "review", session });
    else if (subset && link instanceof HTMLButtonElement) this.#begin(/** @type {Subset} */ (subset), link);
    else if (opens) {
      this.#trigger("go", { page: "review", ...Object.fromEntries(new URL(opens, location.href).searchParams) });
    } else if (go) this.#trigger("go", { page: "new" });
    else if (file && link instanceof HTMLAnchorElement) download(this.#server, this.#notice, link.href, file);
  }

  /**
   * Begins the review of a part of the round, and goes there.
   * @param {Subset} subset
   * @param {HTMLButtonElement} button
   */
  async #begin(subset, button) {
    const chosen = this.#parts.document.querySelector('[data-part="a"]');
    const a = chosen instanceof HTMLSelectElement ? chosen.value : "";
    button.disabled = true; // twice would ask twice
    this.#notice.say("Drawing …");
    try {
      const { session } = await this.#server.beginPart({ a, subset, reviewer: this.#reader });
      this.#trigger("go", { page: "review", session: String(session) });
    } catch (error) {
      button.disabled = false;
      this.#notice.say(sentenceOf(error) || "The server can't be reached: nothing was begun.", () =>
        this.#begin(subset, button),
      );
    }
  }
}
