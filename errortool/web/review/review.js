import { AdviceBox } from "./advice.js";
import { Backfill } from "./backfill.js";
import { theBrowser } from "./browser.js";
import { CategoryList } from "./categories.js";
import { CategoryEditor } from "./category_editor.js";
import { reviewCommands } from "./commands.js";
import { Compare } from "./compare.js";
import { elementAt, partsOf, setText } from "./dom.js";
import { Dots } from "./dots.js";
import { isListing } from "./filters.js";
import { Flash } from "./flash.js";
import { drawCaps, drawHelp } from "./help.js";
import { HiddenCategories } from "./hidden_categories.js";
import { Keyboard } from "./keyboard.js";
import { capOf } from "./keys.js";
import { NewCategoryField } from "./new_category.js";
import { Notice } from "./notice.js";
import { Palette } from "./palette.js";
import { Panel, rowAsText } from "./panel.js";
import { PlaceInUrl } from "./place_in_url.js";
import { ReviewerChoice } from "./reviewer_choice.js";
import { rememberedReviewer, rememberReviewer } from "./reviewer_name.js";
import { RightLabel } from "./right_label.js";
import { Sheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { Stopwatch } from "./stopwatch.js";
import { isolated, plural, savingWords } from "./text.js";
import { Walk } from "./walk.js";
import { Work } from "./work.js";

/** @import { Command, FieldAction, Figures, Found, MountedPage, Place, ReviewAction, ReviewData, Share, Trigger } from "./types.d.ts" */

const COMMENT_PAUSE = 800;
/** Where the keys hold that the help dialog lists. */
/** @type {Place[]} */
const HELP_PLACES = ["image", "zoomed", "dots", "compare", "category", "rightLabel", "backfill", "backfilled", "sheet", "tiles", "field"]; // prettier-ignore
/** How many errors are drawn at once. */
const MORE = 50;

/**
 * One review on screen: keys and clicks in, changes out, everything drawn at once.
 * @implements {MountedPage<ReviewData>}
 */
export class Review {
  #advice;
  #backfill;
  #compare;
  #data;
  #dots;
  #editor;
  /** @type {Figures | null} of the last drawing */
  #figures = null;
  #flash;
  #hidden;
  /** Positions that are kept for comparing. */
  /** @type {number[]} */
  #kept = [];
  #keyboard;
  /** The last image that was looked at. */
  /** @type {number | null} */
  #last = null;
  #list;
  /** The buttons that draw more errors. */
  /** @type {HTMLElement[]} */
  #moreButtons;
  #newCategory;
  #notice;
  #palette;
  #panel;
  #parent;
  #parts;
  #place = new PlaceInUrl();
  /** @type {number | null} */
  #position = null;
  #renamed = false;
  #reviewerChoice;
  #rightLabel;
  #sheet;
  #stage;
  #stopwatch = new Stopwatch(theBrowser.now);
  #stopListening;
  #trigger;
  #walk = new Walk();
  #work;

  /**
   * @param {ShadowRoot} parent
   * @param {ReviewData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    this.#parent = parent;
    this.#trigger = trigger;
    this.#data = data;
    this.#parts = partsOf(parent, {
      root: HTMLElement,
      stage: HTMLElement,
      sheet: HTMLElement,
      categories: HTMLElement,
      comment: HTMLTextAreaElement,
      saved: HTMLElement,
      unsaved: HTMLElement,
      looks: HTMLElement,
      crisp: HTMLElement,
      pace: HTMLElement,
      carried: HTMLElement,
      deferred: HTMLElement,
      none: HTMLElement,
      reading: HTMLElement,
      desk: HTMLElement,
      relabel: HTMLElement,
      done: HTMLElement,
      report: HTMLButtonElement,
      back: HTMLButtonElement,
      editor: HTMLDialogElement,
      keys: HTMLDialogElement,
      keyList: HTMLElement,
      keysClose: HTMLButtonElement,
      palette: HTMLDialogElement,
      somebody: HTMLDialogElement,
    });
    this.#moreButtons = [...parent.querySelectorAll(".draw-more")].filter((node) => node instanceof HTMLElement);
    this.#notice = new Notice(parent);
    this.#work = new Work(
      data,
      {
        loaded: () => this.#loaded(),
        changed: () => this.#draw(),
        saving: () => {
          this.#drawSaving();
          this.#advice.askWhenQuiet();
        },
        say: (sentence, stays) => this.#notice.say(sentence, stays),
        renew: () => trigger("renew", Date.now()),
      },
      theBrowser,
    );
    this.#flash = new Flash(parent);
    this.#stage = new Stage(this.#parts.stage, {
      noted: (words) => setText(this.#parts.looks, words),
      said: (words) => this.#flash.show(words),
      swiped: (step) => this.#swipe(step),
    });
    this.#dots = new Dots(parent, (position) => this.#goTo(position));
    this.#compare = new Compare(parent, {
      open: (position) => this.#openCompared(position),
      url: (position) => this.#work.imageUrl(position),
    });
    this.#panel = new Panel(parent);
    this.#backfill = new Backfill(parent);
    this.#advice = new AdviceBox(parent, this.#work);
    this.#editor = new CategoryEditor(this.#parts.editor, this.#work, (words) => this.#did(words));
    this.#newCategory = new NewCategoryField(
      parent,
      this.#work,
      (sentence) => this.#notice.say(sentence),
      () => this.#targets,
    );
    this.#hidden = new HiddenCategories(parent, ({ key, name }) => this.#restore(key, name));
    this.#reviewerChoice = new ReviewerChoice(parent, (name) => this.#rename(name));
    this.#palette = new Palette(this.#parts.palette, (query) => this.#commands(query));
    this.#rightLabel = new RightLabel(parent, (label) => this.#at((position) => this.#work.relabel(position, label)));
    this.#list = new CategoryList(this.#parts.categories, {
      toggle: (key) => this.#toggle(key),
      edit: (key) => this.#editor.open(key),
      backfill: (key) => this.#beginBackfill(key),
      move: (keys) => this.#work.reorder(keys),
    });
    this.#sheet = new Sheet(this.#parts.sheet, data, {
      open: (position) => this.#closeSheet(position),
      chosen: () => this.#drawTargets(),
      thumb: (position) => this.#work.imageUrl(position, "?size=thumb"),
      filtered: () => this.#remember(),
      table: (query) => trigger("table", { ...query, view: "table" }),
      size: () => this.#work.preferences.get("tile"),
      prefer: (size) => this.#work.preferences.set("tile", size),
    });
    this.#stopListening = theBrowser.listen("visibilitychange", () => {
      if (theBrowser.hidden || this.#sheet.open) this.#stopwatch.pause();
      else this.#stopwatch.resume();
    });
    this.#keyboard = new Keyboard(parent, {
      ready: () => this.#position != null,
      places: (event) => this.#places(event),
      caps: () => this.#work.model?.caps.values() ?? [],
      run: (found, event) => this.#run(found, event),
      runInField: (action, field) => this.#runInField(action, field),
      runInDialog: (event) => this.#runInDialog(event),
    });
    this.#listen();
    drawCaps(parent);
    drawHelp(this.#parts.keyList, HELP_PLACES);
  }

  /** @param {ReviewData} data */
  update(data) {
    this.#data = data;
    this.#work.useToken(data.token);
  }

  close() {
    this.#keyboard.close();
    this.#stopListening();
    this.#work.close();
    this.#flash.close();
    this.#notice.close();
    this.#stage.close();
    this.#dots.close();
    this.#sheet.close();
    this.#place.close();
    this.#advice.close();
  }

  /** The session has been read, for the first time or again. */
  #loaded() {
    const { model } = this.#work;
    if (!model) return;
    if (this.#position != null) {
      this.#goTo(Math.min(this.#position, model.size - 1));
      return;
    }
    const { reviewer, example, query } = this.#data;
    this.#parts.root.classList.add("ready");
    this.#useCrisp(this.#work.preferences.get("crisp"));
    const words = `Reviewing as ${isolated(model.reviewer)}`;
    if (this.#renamed) this.#notice.say(words);
    this.#renamed = false;
    if (!reviewer && !rememberedReviewer(theBrowser)) {
      this.#notice.say(words, "briefly", { label: "change", run: () => this.#reviewerChoice.focus() });
      rememberReviewer(theBrowser, model.reviewer);
    }
    const named = model.examples.key.indexOf(example);
    this.#goTo(named >= 0 ? named : (model.nextOpen(0) ?? 0));
    if (example && named < 0) {
      this.#notice.say(`There is no image ${isolated(example)} in this session: this is the next to look at.`, "long");
    }
    if (query.walk === "carried") this.#beginWalk();
    else this.#sayCarried();
    if (query.view === "sheet" || (query.show && !query.view)) this.#openSheet(); // links say only what to show
    this.#advice.askWhenQuiet();
  }

  /**
   * Does something with the image on screen, once there is one.
   * @param {(position: number) => void} act
   */
  #at(act) {
    if (this.#position != null) act(this.#position);
  }

  // --- moving --------------------------------------------------------------------------------

  /** @param {number} position */
  #goTo(position) {
    const { model } = this.#work;
    if (!model || position < 0 || position >= model.size) return;
    this.#position = position;
    this.#stopwatch.show(position);
    const describe = (/** @type {number} */ near) => ({
      key: model.examples.key[near],
      url: this.#work.imageUrl(near),
    });
    this.#stage.show(position, describe(position), () => rowAsText(model, position));
    this.#draw();
    this.#stage.preload(position, describe, model.size);
    this.#remember();
  }

  /** Keeps in the URL what is on screen, so that it can be shared and comes back. */
  #remember() {
    const { model } = this.#work;
    if (!model || this.#position == null) return;
    const here = { session: String(model.session.id), example: model.examples.key[this.#position] };
    this.#place.remember({ ...here, ...this.#sheet.query }, isListing);
  }

  /**
   * Goes on: to the next image when leafing through, else to the next that is still open.
   * @param {number} position
   * @param {boolean} leafing
   */
  #onward(position, leafing) {
    const { model } = this.#work;
    if (!model) return;
    if (this.#walk.on) {
      const next = this.#walk.beside(position, 1);
      if (next == null) this.#endWalk("All carried images seen");
      else this.#goTo(next);
      return;
    }
    const leaf = leafing && position + 1 < model.size ? position + 1 : null;
    const wanted = leaf ?? model.nextOpen(position + 1);
    if (wanted == null) this.#finish();
    else this.#goTo(wanted);
  }

  #finish() {
    this.#draw();
    this.#parts.done.hidden = false;
    this.#parts.report.focus();
  }

  // --- judging -------------------------------------------------------------------------------

  /** The images that a tick goes to: the one on screen, or what is selected in the sheet. */
  get #targets() {
    if (this.#sheet.open) return this.#sheet.targets;
    return this.#position == null ? [] : [this.#position];
  }

  /** @param {string} key */
  #toggle(key) {
    const { model } = this.#work;
    const targets = this.#targets;
    if (!model || !targets.length) return;
    this.#work.toggle(targets, key);
    const ticked = model.tick(key, targets[0]) === 1 ? "ticked" : "unticked";
    this.#flash.show(`${isolated(model.category(key)?.name ?? "")} ${ticked}`);
  }

  /** @param {string} cap the key that was pressed */
  #tick(cap) {
    const [key] = [...(this.#work.model?.caps ?? [])].find(([, other]) => other === cap) ?? [];
    if (key == null) return;
    if (this.#backfill.asked === key) this.#answer(1);
    else this.#toggle(key);
  }

  /** Looked at, and on to the next image. */
  #next() {
    this.#at((position) => {
      const status = this.#work.model?.look(position).status;
      this.#work.lookAt(position, { seconds: this.#stopwatch.take(), unreadable: this.#stage.unreadable });
      const unreadable = this.#work.model?.look(position).status === "unreadable";
      this.#flash.show(`Image ${position + 1} ${unreadable ? "left out as unreadable" : "looked at"}`);
      this.#last = position;
      this.#onward(position, status === "looked at" || status === "unreadable");
    });
  }

  #defer() {
    this.#at((position) => {
      this.#work.defer(position);
      this.#flash.show("Deferred");
      this.#onward(position, false);
    });
  }

  /** Ticks what the last image had ticked, and nothing else. */
  #repeat() {
    this.#at((position) => {
      const from = this.#last ?? position - 1;
      if (from < 0 || from === position) return;
      this.#work.repeat(position, from);
      this.#flash.show(`Ticks of image ${from + 1} repeated`);
    });
  }

  #undo() {
    this.#turnedBack(this.#work.undo(), "Undone");
  }

  #redo() {
    this.#turnedBack(this.#work.redo(), "Redone");
  }

  /**
   * Shows what undo or redo has put back.
   * @param {ReturnType<Work["undo"]>} done
   * @param {string} briefly
   */
  #turnedBack({ restored, words }, briefly) {
    this.#notice.say(words);
    if (!restored) return;
    this.#flash.show(briefly);
    const [only, ...more] = Object.keys(restored.examples ?? {});
    this.#parts.done.hidden = true;
    if (only != null && !more.length && !this.#sheet.open) this.#goTo(Number(only));
    else this.#draw();
  }

  /**
   * Goes on as somebody else, from where they stand.
   * @param {string} name
   */
  #rename(name) {
    if (!name || name === this.#work.model?.reviewer || this.#data.reviewer) return;
    this.#position = null;
    this.#last = null;
    this.#renamed = true;
    this.#data = { ...this.#data, example: "", query: {} };
    this.#work.rename(name);
  }

  // --- looking closer, jumping, comparing -----------------------------------------------------

  /** @param {number} step */
  #swipe(step) {
    if (this.#places(new Event("swipe")).includes("image")) this.#at((position) => this.#goTo(position + step));
  }

  /** @param {boolean} crisp */
  #useCrisp(crisp) {
    this.#stage.crisp = crisp;
    this.#parts.crisp.setAttribute("aria-pressed", String(crisp));
  }

  #toggleCrisp() {
    const crisp = !this.#work.preferences.get("crisp");
    this.#work.preferences.set("crisp", crisp);
    this.#useCrisp(crisp);
    this.#flash.show(crisp ? "Crisp pixels" : "Smooth");
  }

  #togglePace() {
    this.#work.preferences.set("pace", !this.#work.preferences.get("pace"));
    this.#draw();
  }

  #openDots() {
    const { model } = this.#work;
    if (model && this.#position != null) this.#dots.show(model, this.#position);
  }

  /** Keeps the image for comparing, or lets it go. */
  #keep() {
    this.#at((position) => {
      const kept = this.#kept.includes(position);
      if (!kept && this.#kept.length === Compare.MOST) {
        this.#flash.show(`Only ${Compare.MOST} can be compared`);
        return;
      }
      this.#kept = kept ? this.#kept.filter((other) => other !== position) : [...this.#kept, position];
      this.#flash.show(`${kept ? "Let go" : "Kept for comparing"}: ${this.#kept.length} of ${Compare.MOST}`);
    });
  }

  /** Shows the selected images side by side; in the single view the kept ones with that on screen. */
  #openCompare() {
    const { model } = this.#work;
    if (!model || this.#position == null) return;
    const wanted = this.#sheet.open ? this.#sheet.targets : [...new Set([...this.#kept, this.#position])];
    if (!this.#compare.show(model, wanted)) {
      this.#flash.show(this.#sheet.open ? "Select two to four images" : `Keep another image first (${capOf("keep")})`);
      return;
    }
    this.#stopwatch.pause();
    this.#holdPanel(true);
  }

  #closeCompare() {
    this.#compare.hide();
    this.#holdPanel(false);
    if (this.#sheet.open) this.#sheet.focus();
    else this.#stopwatch.resume();
  }

  /** @param {number} position */
  #openCompared(position) {
    this.#closeCompare();
    if (this.#sheet.open) this.#closeSheet(position);
    else this.#goTo(position);
  }

  /** @param {boolean} held whether nothing can be judged, since several images are on screen */
  #holdPanel(held) {
    this.#parts.reading.inert = this.#parts.desk.inert = held;
  }

  // --- backfill and contact sheet ------------------------------------------------------------

  /** @param {string | null} key */
  #beginBackfill(key) {
    const { model } = this.#work;
    this.#walk.end();
    if (!model || key == null || this.#position == null) return;
    const first = this.#backfill.begin(model, key, this.#position);
    if (first == null) {
      this.#flash.show("No earlier image to check");
      return;
    }
    if (this.#sheet.open) this.#closeSheet(first);
    else this.#goTo(first);
  }

  /** @param {0 | 1} value */
  #answer(value) {
    const { model } = this.#work;
    const { asked } = this.#backfill;
    if (!model || asked == null || this.#position == null) return;
    this.#work.tick(this.#position, asked, value);
    this.#flash.show(value ? "Yes" : "No");
    const onward = this.#backfill.after(model, this.#position);
    if (onward == null) this.#draw();
    else this.#goTo(onward);
  }

  #endBackfill() {
    const from = this.#backfill.end();
    if (from != null) this.#goTo(from);
  }

  // --- what was carried from the round before ------------------------------------------------

  /** Says how far a round is when it is opened. */
  #sayCarried() {
    const { model } = this.#work;
    const carried = model?.carried.length ?? 0;
    if (!model || !carried) return;
    const { left } = model.figures();
    const from = `${carried.toLocaleString("en")} carried from ${isolated(model.session.follows)}`;
    this.#notice.say(`${from}, ${left.toLocaleString("en")} to look at`, "long");
  }

  #beginWalk() {
    const { model } = this.#work;
    if (!model || this.#position == null) return;
    this.#backfill.end();
    const first = this.#walk.begin(model, this.#position);
    if (first == null) this.#flash.show("Nothing stands as it was carried");
    else if (this.#sheet.open) this.#closeSheet(first);
    else this.#goTo(first);
  }

  /** @param {string} words */
  #endWalk(words) {
    const from = this.#walk.end();
    if (words) this.#notice.say(words);
    if (from != null) this.#goTo(from);
  }

  /**
   * Goes to the image beside: of those walked through, else of all.
   * @param {number} position
   * @param {1 | -1} step
   */
  #step(position, step) {
    const wanted = this.#walk.on ? this.#walk.beside(position, step) : position + step;
    if (wanted != null) this.#goTo(wanted);
  }

  /** @param {Record<string, string> | null} query of what it is to show */
  #openSheet(query = null) {
    const { model } = this.#work;
    if (!model || this.#position == null) return;
    if (this.#compare.open) this.#closeCompare();
    this.#dots.hide();
    this.#stopwatch.pause();
    this.#backfill.end();
    this.#walk.end();
    this.#parts.root.classList.add("sheeted");
    this.#sheet.show(model, this.#position, query);
    this.#remember();
    this.#draw();
  }

  #closeSheet(position = this.#position) {
    this.#sheet.hide();
    this.#parts.root.classList.remove("sheeted");
    if (position != null) this.#goTo(position);
  }

  /** Takes the selection back, then leaves the sheet. */
  #leaveSelection() {
    if (this.#sheet.chosen) this.#sheet.clearChosen();
    else this.#closeSheet();
  }

  // --- categories, reviewers, more -----------------------------------------------------------

  /**
   * Says what was done, and offers to undo it.
   * @param {string} words
   */
  #did(words) {
    this.#notice.say(words, "briefly", { label: "undo", run: () => this.#undo() });
  }

  /**
   * @param {string} key
   * @param {string} name
   */
  #restore(key, name) {
    const objection = this.#work.objectionTo(name, key);
    if (objection) {
      this.#notice.say(objection);
      return;
    }
    this.#work.changeCategories("restore", { [key]: { retired: 0 } });
    this.#did(`Restored ${isolated(name)}.`);
  }

  /** What drawing more would do; "" where all errors are drawn. */
  get #moreWords() {
    const undrawn = this.#work.model?.undrawn ?? 0;
    return undrawn ? `Draw ${Math.min(MORE, undrawn)} more` : "";
  }

  async #drawMore() {
    const { first, words } = await this.#work.drawMore(MORE);
    this.#notice.say(words, first == null ? "long" : "briefly");
    if (first == null) return;
    if (this.#sheet.open) this.#closeSheet(first);
    else this.#goTo(first);
  }

  /**
   * Returns all that can be done just now.
   * @param {string} query
   * @returns {Command[]}
   */
  #commands(query) {
    const { model, preferences } = this.#work;
    if (!model) return [];
    /** @type {Place[]} */
    const places = [this.#sheet.open ? "sheet" : "image"];
    const pace = preferences.get("pace");
    return reviewCommands(
      model,
      { query, places, pace, fixed: this.#data.reviewer !== "", more: this.#moreWords },
      {
        act: (action) => this.#run({ action, repeats: false, cap: "" }, null),
        toggle: (key) => this.#toggle(key),
        edit: (key, field) => this.#editor.open(key, field),
        hide: (key) => this.#editor.hide(key),
        restore: (key) => this.#restore(key, model.category(key)?.name ?? ""),
        backfill: (key) => this.#beginBackfill(key),
        show: (show) => this.#openSheet({ show }),
        open: (position) => (this.#sheet.open ? this.#closeSheet(position) : this.#goTo(position)),
        go: (page) => this.#trigger("go", page),
        walk: () => this.#beginWalk(),
        drawMore: () => this.#drawMore(),
        togglePace: () => this.#togglePace(),
        changeReviewer: () => this.#reviewerChoice.focus(),
      },
    );
  }

  // --- keys and clicks -----------------------------------------------------------------------

  /**
   * What each action does; `cap` is the category's key that was pressed.
   * @type {Record<ReviewAction, (cap: string, event: KeyboardEvent | null) => void>}
   */
  #actions = {
    tick: (cap) => this.#tick(cap),
    next: () => this.#next(),
    forward: () => this.#at((position) => this.#step(position, 1)),
    back: () => this.#at((position) => this.#step(position, -1)),
    repeat: () => this.#repeat(),
    defer: () => this.#defer(),
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    comment: () => this.#parts.comment.focus(),
    newCategory: () => this.#newCategory.open(),
    backfill: () => this.#beginBackfill(this.#backfill.offered),
    yes: () => this.#answer(1),
    no: () => this.#answer(0),
    endBackfill: () => this.#endBackfill(),
    rightLabel: () => this.#rightLabel.select(),
    chooseLabel: (_, event) => event && this.#rightLabel.choose(event.key),
    writeLabel: (_, event) => event && this.#rightLabel.write(event.key),
    leaveLabel: () => this.#rightLabel.leave(),
    zoom: () => this.#stage.zoom(),
    unzoom: () => this.#stage.unzoom(),
    crisp: () => this.#toggleCrisp(),
    brighter: () => this.#stage.brighten(1),
    darker: () => this.#stage.brighten(-1),
    moreContrast: () => this.#stage.harden(1),
    lessContrast: () => this.#stage.harden(-1),
    autoLevel: () => this.#stage.autoLevel(),
    jump: () => this.#openDots(),
    closeDots: () => this.#dots.hide(),
    keep: () => this.#keep(),
    compare: () => this.#openCompare(),
    besideRight: () => this.#compare.nextRight(),
    closeCompare: () => this.#closeCompare(),
    panRight: () => this.#stage.pan(1, 0),
    panLeft: () => this.#stage.pan(-1, 0),
    panUp: () => this.#stage.pan(0, -1),
    panDown: () => this.#stage.pan(0, 1),
    openSheet: () => this.#openSheet(),
    closeSheet: () => this.#closeSheet(),
    openTile: () => this.#sheet.inFocus != null && this.#closeSheet(this.#sheet.inFocus),
    search: () => this.#sheet.focusSearch(),
    lookMany: () => this.#lookMany(),
    leaveSelection: () => this.#leaveSelection(),
    tickFocused: (_, event) => event && elementAt(event, "[role=checkbox]")?.click(),
    editFocused: (_, event) => this.#list.editFocused(event),
    palette: () => this.#openPalette(),
    help: () => this.#parts.keys.showModal(),
  };

  /**
   * Where the keys hold just now; the first that binds a key has it.
   * @param {Event} event
   * @returns {Place[]}
   */
  #places(event) {
    if (this.#compare.open) return ["compare"];
    if (elementAt(event, ".chips button")) return ["rightLabel"];
    if (!this.#sheet.open && this.#work.model && this.#backfill.finished(this.#work.model)) return ["backfilled"];
    const onCategory = elementAt(event, "[role=checkbox]") !== null;
    /** @type {[Place, boolean][]} */
    const places = [
      ["category", onCategory],
      ["sheet", this.#sheet.open],
      ["dots", this.#dots.open],
      ["zoomed", !this.#sheet.open && this.#stage.zoomed],
      ["backfill", !this.#sheet.open && this.#backfill.asked !== null],
      ["image", !this.#sheet.open],
    ];
    return places.filter(([, holds]) => holds).map(([place]) => place);
  }

  /**
   * @param {Found} found
   * @param {KeyboardEvent | null} event
   */
  #run({ action, cap }, event) {
    this.#parts.done.hidden = true;
    this.#notice.acted();
    this.#actions[/** @type {ReviewAction} */ (action)](cap, event);
  }

  /**
   * @param {FieldAction} action
   * @param {HTMLElement} field
   */
  #runInField(action, field) {
    if (action === "palette") {
      field.blur();
      this.#openPalette();
      return true;
    }
    if (this.#dots.is(field)) {
      if (action === "accept") this.#dots.accept();
      else this.#dots.hide();
      return true;
    }
    if (this.#newCategory.is(field)) {
      if (action === "leave") this.#newCategory.close();
      else this.#addCategory(action !== "acceptOnly");
      return true;
    }
    const isLine = action === "accept" || action === "acceptOnly";
    if (isLine && !(field instanceof HTMLInputElement)) return false; // a new line, or a list that opens
    field.blur();
    if (action === "acceptAndNext" && !this.#sheet.open) this.#run({ action: "next", repeats: false, cap: "" }, null);
    return true;
  }

  /** @param {boolean} ticked */
  #addCategory(ticked) {
    const name = this.#newCategory.add(ticked);
    if (name) this.#flash.show(`${isolated(name)} added${ticked ? " and ticked" : ""}`);
  }

  #openPalette() {
    this.#parts.keys.close();
    this.#palette.open();
  }

  /** @param {KeyboardEvent} event in an open dialog */
  #runInDialog(event) {
    const { editor, palette, somebody } = this.#parts;
    if (palette.open) this.#palette.pressed(event);
    else if (somebody.open) this.#reviewerChoice.pressed(event);
    else if (editor.open) this.#editor.pressed(event);
  }

  #lookMany() {
    const { targets } = this.#sheet;
    this.#work.lookAtMany(targets);
    this.#flash.show(`${plural(targets.length, "image")} looked at`);
  }

  #listen() {
    const { comment, report, keys, keysClose, pace, carried, deferred, none } = this.#parts;
    for (const button of this.#parent.querySelectorAll("button[data-action]")) {
      const action = this.#actions[/** @type {ReviewAction} */ (button.getAttribute("data-action"))];
      button.addEventListener("click", () => this.#at(() => (this.#notice.acted(), action("", null))));
    }
    for (const button of this.#moreButtons) button.addEventListener("click", () => this.#drawMore());
    pace.addEventListener("click", () => this.#togglePace());
    carried.addEventListener("click", () => {
      carried.blur(); // Enter confirms an image now
      if (this.#walk.on) this.#endWalk("");
      else this.#beginWalk();
    });
    deferred.addEventListener("click", () => this.#openSheet({ show: "deferred" }));
    none.addEventListener("click", () => this.#openSheet({ show: "none" }));
    report.addEventListener("click", () => this.#trigger("go", "report"));
    keysClose.addEventListener("click", () => keys.close());
    comment.addEventListener("input", () =>
      this.#at((position) => this.#work.comment(position, comment.value, COMMENT_PAUSE)),
    );
  }

  // --- drawing -------------------------------------------------------------------------------

  #draw() {
    const { model } = this.#work;
    const position = this.#position;
    if (!model || position == null) return;
    const inSheet = this.#sheet.open;
    const figures = model.figures(inSheet ? -1 : position);
    this.#figures = figures;
    const { comment, root, back, carried } = this.#parts;
    const round = this.#walk.words(model, position, figures.left);
    setText(carried, round);
    carried.hidden = !round;
    carried.title = this.#walk.on ? "Back to where you were" : "Walk through what was carried";
    const look = model.look(position);
    this.#panel.draw(model, position, figures, this.#work.preferences.get("pace"));
    this.#dots.draw(model, position);
    if (comment.value !== look.comment) comment.value = look.comment;
    root.dataset.status = look.status ?? "";
    back.disabled = position === 0;
    const more = this.#moreWords;
    for (const button of this.#moreButtons) {
      setText(button, more);
      button.hidden = !more;
    }
    this.#hidden.draw(model);
    if (inSheet) this.#sheet.update(model);
    else this.#drawTargets();
    this.#rightLabel.draw(model, position, !inSheet && this.#backfill.asked === null && model.labelIsWrong(position));
    this.#backfill.draw(model, figures, !inSheet);
    this.#drawSaving();
  }

  /** Draws what a tick concerns: the image on screen, or what is selected in the sheet. */
  #drawTargets() {
    const { model } = this.#work;
    const position = this.#position;
    const figures = this.#figures;
    if (!model || !figures || position == null) return;
    const inSheet = this.#sheet.open;
    const targets = this.#targets;
    const checked = (/** @type {string} */ key) => {
      const yes = targets.filter((target) => model.tick(key, target) === 1).length;
      return yes === 0 ? "false" : yes === targets.length ? "true" : "mixed";
    };
    const right = !inSheet && model.isRight(position);
    const endsOf = (/** @type {Share} */ { yes, seen }) =>
      model.weighted ? null : this.#work.ends.of(right, yes, seen);
    this.#list.draw(model.shown, model.caps, checked, figures, endsOf, right ? "correct predictions" : "errors");
    this.#prepareEnds(right, figures);
    const wrong = model.shown.find(({ key, kind }) => kind === "label error" && model.tick(key, position) === 1);
    if (wrong && !inSheet) this.#list.place(this.#parts.relabel, wrong.key);
    if (inSheet) this.#panel.drawPicked(model, targets, this.#sheet.chosen);
  }

  /**
   * Has the ends of the shares ready for what the next keys may make of them.
   * @param {boolean} right
   * @param {Figures} figures
   */
  async #prepareEnds(right, { shares, size }) {
    if (this.#work.model?.weighted) return; // their intervals hold for a fixed number only
    await this.#stage.settled; // the server's first answer takes long: the image comes before it
    for (const seen of new Set([...shares.values()].map((share) => share.seen))) {
      this.#work.ends.prepare(right, seen, size);
    }
  }

  #drawSaving() {
    const { saved, unsaved, root } = this.#parts;
    const { saving, model, reviewers, canRedo } = this.#work;
    root.dataset.saved = saving;
    root.classList.toggle("redoable", canRedo);
    setText(saved, savingWords(saving));
    setText(unsaved, savingWords("retrying"));
    unsaved.hidden = saving !== "retrying";
    if (model) this.#reviewerChoice.draw(model.reviewer, reviewers, this.#data.reviewer !== "");
  }
}
