import { theBrowser } from "./browser.js";
import { elementAt, fragmentOf, partsOf } from "./dom.js";
import { closeMenus, download, PageNotice } from "./page_notice.js";
import { said, solving, StateInUrl } from "./report_state.js";
import { rememberedReviewer } from "./reviewer_name.js";
import { sentenceOf, Server } from "./server.js";
import { plural } from "./text.js";

/** @import { MountedPage, ReportData, ReportState, Trigger } from "./types.d.ts" */

const UNREACHED = "The report can't be reached.";

/**
 * The report, made by the server, alive: what-if, level, whose ticks, the images behind a number.
 * @implements {MountedPage<ReportData>}
 */
export class ReportPage {
  /** Which request for a part of the document is the last. */
  /** @type {Record<string, number>} */
  #asked = {};
  #data;
  /** The part that the sentence on screen speaks of, if it couldn't be had. */
  /** @type {string | null} */
  #failing = null;
  #html = "";
  #notice;
  #parts;
  #server;
  /** @type {ReportState} */
  #state;
  #stopListening;
  #trigger;
  #url;

  /**
   * @param {ShadowRoot} parent
   * @param {ReportData} data
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
    this.#url = new StateInUrl(data.uid, () => sessionStorage);
    this.#state = this.#url.read();
    const { root, panel, close } = this.#parts;
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("change", (event) => this.#onChange(event));
    root.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(root, null));
    close.addEventListener("click", () => panel.close());
    panel.addEventListener("close", () => this.#keep({ show: "", label: "", prediction: "" }));
    this.#stopListening = theBrowser.listen("visibilitychange", () => {
      if (!theBrowser.hidden) this.#load();
    });
    this.#load();
    if (this.#state.show) this.#showImages();
  }

  /** @param {ReportData} data */
  update(data) {
    const changed = data.cursor !== this.#data.cursor;
    this.#data = data;
    this.#server.useToken(data.token);
    if (changed) this.#load();
  }

  close() {
    this.#stopListening();
    this.#notice.close();
    this.#asked = {};
  }

  // --- what is shown -------------------------------------------------------------------------

  /** Who reads the report. */
  get #reader() {
    return this.#data.reviewer || rememberedReviewer(theBrowser);
  }

  /** @param {Partial<ReportState>} changed */
  #keep(changed) {
    Object.assign(this.#state, changed);
    this.#url.write(this.#state);
  }

  /**
   * Asks for a part of the report; the answer counts unless the part was asked for again meanwhile.
   * @param {string} part "" for the whole document
   * @param {Record<string, string>} query beside what all parts rest on
   * @param {(html: string) => void} use
   * @param {() => void} retry
   */
  async #ask(part, query, use, retry) {
    const number = (this.#asked[part] ?? 0) + 1;
    this.#asked[part] = number;
    const { level, intervals, reviewer } = this.#state;
    try {
      const html = await this.#server.report(part, said({ level, intervals, reviewer, who: this.#reader, ...query }));
      if (this.#asked[part] !== number) return;
      if (this.#failing === part) this.#say("");
      use(html);
    } catch (error) {
      if (this.#asked[part] !== number) return;
      this.#say(sentenceOf(error) || UNREACHED, retry);
      this.#failing = part;
    }
  }

  #load() {
    const { document } = this.#parts;
    const retry = () => this.#load();
    return this.#ask("", { solve: this.#state.solve }, (html) => this.#drawDocument(html), retry).finally(() =>
      document.removeAttribute("aria-busy"),
    );
  }

  /** @param {string} html */
  #drawDocument(html) {
    if (html === this.#html) return;
    this.#html = html;
    const { document } = this.#parts;
    keepingFocus(document, () => document.replaceChildren(fragmentOf(html)));
    // A copied address then shows the same to people who prefer another level.
    this.#keep({ level: document.querySelector("article")?.dataset.level ?? "" });
  }

  /** @param {string} name */
  #part(name) {
    return this.#parts.document.querySelector(`[data-part="${name}"]`);
  }

  #askWhatIf() {
    const draw = (/** @type {string} */ html) => {
      const card = this.#part("plan");
      if (card) keepingFocus(card, () => card.replaceChildren(fragmentOf(html)));
      this.#html = ""; // the document differs from the one that came
    };
    this.#ask("what-if", { solve: this.#state.solve }, draw, () => this.#askWhatIf());
  }

  /** @param {string} gap */
  #askLabels(gap) {
    const draw = (/** @type {string} */ html) => this.#part("verdict")?.replaceChildren(fragmentOf(html));
    this.#ask("labels", { gap }, draw, () => this.#askLabels(gap));
  }

  // --- the images behind a number ------------------------------------------------------------

  #showImages() {
    const { show, label, prediction } = this.#state;
    const { panel, images } = this.#parts;
    const draw = (/** @type {string} */ html) => {
      images.replaceChildren(fragmentOf(html));
      if (!panel.open) panel.showModal();
      panel.scrollTop = 0;
    };
    this.#ask("images", { show, label, prediction }, draw, () => this.#showImages());
  }

  // --- clicks and choices --------------------------------------------------------------------

  /** @param {Event} event */
  #onChange(event) {
    const { target } = event;
    if (target instanceof HTMLInputElement && target.dataset.solve) {
      this.#keep({ solve: solving(this.#state.solve, target.dataset.solve, target.checked) });
      this.#askWhatIf();
    } else if (target instanceof HTMLInputElement && target.dataset.part === "gap") {
      this.#askLabels(target.value);
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "level") {
      this.#keep({ level: target.value });
      this.#load();
      const chosen = { reviewer: this.#reader, name: "level", value: Number(target.value) };
      this.#server.prefer(chosen).catch(() => undefined); // it holds on this page
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "intervals") {
      this.#keep({ intervals: target.value });
      this.#load();
    } else if (target instanceof HTMLSelectElement && target.dataset.part === "reviewer") {
      this.#keep({ reviewer: target.value });
      this.#load();
    }
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    closeMenus(this.#parts.root, event);
    if (event.target === this.#parts.panel) this.#parts.panel.close(); // beside it
    const link = elementAt(event, "a, button");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const { show, go, example, copy, file, more } = link.dataset;
    if (show == null && !go && example == null && !copy && !file && !more) return;
    event.preventDefault();
    if (show != null) {
      this.#keep({ show, label: link.dataset.label ?? "", prediction: link.dataset.prediction ?? "" });
      this.#showImages();
    } else if (example != null) this.#leave({ example });
    else if (go === "sheet") {
      const { show: shown, label, prediction } = this.#state;
      this.#leave({ show: shown, label, prediction });
    } else if (go) this.#leave({});
    else if (copy) this.#copy(copy);
    else if (file && link instanceof HTMLAnchorElement) download(this.#server, this.#notice, link.href, file);
    else if (more) this.#drawMore(Number(more));
  }

  /**
   * Goes to the review; what the report shows goes along in the address.
   * @param {Record<string, string>} parameters
   */
  #leave(parameters) {
    const { level, intervals, reviewer, solve } = this.#state;
    this.#trigger("go", said({ level, intervals, reviewer, solve, ...parameters }));
  }

  /** @param {string} what */
  async #copy(what) {
    const field = this.#parts.document.querySelector(`[data-text="${what}"]`);
    const text = field instanceof HTMLTextAreaElement ? field.value : location.href;
    try {
      await navigator.clipboard.writeText(text);
      closeMenus(this.#parts.root, null);
      this.#say(what === "link" ? "Link copied." : "Text copied.");
    } catch {
      // Without leave to write there, or over plain http: the text is shown, to be copied by hand.
      if (field instanceof HTMLTextAreaElement) {
        field.hidden = false;
        field.select();
        field.scrollIntoView({ block: "center" });
        this.#say("Press Ctrl+C to copy the text.");
      } else this.#say("Copy the address from the browser's address bar.");
    }
  }

  /** @param {number} number */
  async #drawMore(number) {
    try {
      const { drawn, warnings = [] } = await this.#server.more(number, this.#reader);
      await this.#load();
      this.#say([`${plural(drawn, "more error")} drawn.`, ...warnings].join(" "));
    } catch (error) {
      this.#say(sentenceOf(error) || "The server can't be reached: nothing was drawn.", () => this.#drawMore(number));
    }
  }

  /**
   * Says something; with a way to try again it stays.
   * @param {string} sentence
   * @param {(() => void) | null} retry
   */
  #say(sentence, retry = null) {
    this.#failing = null;
    this.#notice.say(sentence, retry);
  }
}

/**
 * Leaves open what was opened, and the keyboard with what had it, in what is drawn anew.
 * @param {Element} root
 * @param {() => void} draw
 */
function keepingFocus(root, draw) {
  const tree = root.getRootNode();
  const active = tree instanceof ShadowRoot ? tree.activeElement : null;
  const { solve, part } = active instanceof HTMLElement && root.contains(active) ? active.dataset : {};
  const open = [...root.querySelectorAll("details")].map((details) => details.open);
  draw();
  const drawn = root.querySelectorAll("details");
  if (drawn.length === open.length) drawn.forEach((details, at) => (details.open = open[at]));
  const selector = solve ? `[data-solve="${solve}"]` : part ? `[data-part="${part}"]` : "";
  const again = selector ? root.querySelector(selector) : null;
  if (again instanceof HTMLElement) again.focus();
}
