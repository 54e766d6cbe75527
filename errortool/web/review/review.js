import { AdviceBox } from "./advice.js";
import { Backfill } from "./backfill.js";
import { theBrowser } from "./browser.js";
import { CategoryList } from "./categories.js";
import { CategoryEditor } from "./category_editor.js";
import { elementAt, partsOf, setText } from "./dom.js";
import { drawCaps, drawHelp } from "./help.js";
import { Keyboard } from "./keyboard.js";
import { NewCategoryField } from "./new_category.js";
import { Panel, rowAsText } from "./panel.js";
import { PlaceInUrl } from "./place_in_url.js";
import { rememberedReviewer, rememberReviewer } from "./reviewer_name.js";
import { RightLabel } from "./right_label.js";
import { Sheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { Stopwatch } from "./stopwatch.js";
import { savingWords } from "./text.js";
import { Work } from "./work.js";

/** @import { FieldAction, Figures, Found, MountedPage, Place, ReviewAction, ReviewData, Trigger } from "./types.d.ts" */

const COMMENT_PAUSE = 800;

/**
 * One review on screen: keys and clicks in, changes out, everything drawn at once.
 * @implements {MountedPage<ReviewData>}
 */
export class Review {
  #advice;
  #backfill;
  #data;
  #editor;
  /** @type {Figures | null} of the last drawing */
  #figures = null;
  #keyboard;
  /** The last image that was looked at. */
  /** @type {number | null} */
  #last = null;
  #list;
  #newCategory;
  #panel;
  #parent;
  #parts;
  #place = new PlaceInUrl();
  /** @type {number | null} */
  #position = null;
  #renamed = false;
  #rightLabel;
  #sheet;
  #stage;
  #stopwatch = new Stopwatch(theBrowser.now);
  #stopListening;
  #trigger;
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
      whoName: HTMLInputElement,
      notice: HTMLElement,
      saved: HTMLElement,
      done: HTMLElement,
      report: HTMLButtonElement,
      back: HTMLButtonElement,
      editor: HTMLDialogElement,
      keys: HTMLDialogElement,
      keyList: HTMLElement,
    });
    this.#work = new Work(
      data,
      {
        loaded: () => this.#loaded(),
        changed: () => this.#draw(),
        saving: () => {
          this.#drawSaving();
          this.#advice.askWhenQuiet();
        },
        say: (sentence) => this.#say(sentence),
        renew: () => trigger("renew", Date.now()),
      },
      theBrowser,
    );
    this.#stage = new Stage(this.#parts.stage);
    this.#panel = new Panel(parent);
    this.#backfill = new Backfill(parent);
    this.#advice = new AdviceBox(parent, this.#work);
    this.#editor = new CategoryEditor(this.#parts.editor, this.#work);
    this.#newCategory = new NewCategoryField(parent, this.#work, (sentence) => this.#say(sentence));
    this.#rightLabel = new RightLabel(parent, (label) => this.#at((position) => this.#work.relabel(position, label)));
    this.#list = new CategoryList(this.#parts.categories, {
      toggle: (key) => this.#toggle(key),
      edit: (key) => this.#editor.open(key),
      backfill: (key) => this.#beginBackfill(key),
      move: (keys) => this.#work.reorder(keys),
    });
    this.#sheet = new Sheet(this.#parts.sheet, {
      open: (position) => this.#closeSheet(position),
      chosen: () => this.#drawTargets(),
      thumb: (position) => this.#work.imageUrl(position, "?size=thumb"),
    });
    this.#stopListening = theBrowser.listen("visibilitychange", () => {
      if (theBrowser.hidden || this.#sheet.open) this.#stopwatch.pause();
      else this.#stopwatch.resume();
    });
    this.#keyboard = new Keyboard(parent, {
      ready: () => this.#position != null,
      places: (event) => this.#places(event),
      categories: () => this.#work.model?.shown.length ?? 0,
      run: (found, event) => this.#run(found, event),
      runInField: (action, field) => this.#runInField(action, field),
    });
    this.#listen();
    drawCaps(parent);
    drawHelp(this.#parts.keyList, ["image", "zoomed", "backfill", "sheet", "tiles", "category", "field"]);
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
    this.#stage.close();
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
    const { root, whoName } = this.#parts;
    const { reviewer, example, show } = this.#data;
    root.classList.add("ready");
    whoName.readOnly = reviewer !== ""; // signed in: nobody else
    this.#say(this.#renamed ? `You review as ${model.reviewer}.` : "");
    this.#renamed = false;
    if (!reviewer && !rememberedReviewer(theBrowser)) {
      this.#say(`You review as ${model.reviewer}. If that isn't you, change the name below.`);
      rememberReviewer(theBrowser, model.reviewer);
    }
    const named = model.examples.key.indexOf(example);
    this.#goTo(named >= 0 ? named : (model.nextOpen(0) ?? 0));
    if (show) this.#openSheet(this.#data);
    this.#advice.ask();
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
    this.#place.remember(model.session.id, model.examples.key[position]);
  }

  /**
   * Goes on: to the next image when leafing through, else to the next that is still open.
   * @param {number} position
   * @param {boolean} leafing
   */
  #onward(position, leafing) {
    const { model } = this.#work;
    if (!model) return;
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

  /** @param {string} key */
  #toggle(key) {
    this.#at((position) => this.#work.toggle(this.#sheet.open ? this.#sheet.targets : [position], key));
  }

  /** @param {number} index of a category, whose key was pressed */
  #tick(index) {
    const category = this.#work.model?.shown[index];
    if (!category) return;
    if (this.#backfill.asked === category.key) this.#answer(1);
    else this.#toggle(category.key);
  }

  /** Looked at, and on to the next image. */
  #next() {
    this.#at((position) => {
      const status = this.#work.model?.look(position).status;
      this.#work.lookAt(position, { seconds: this.#stopwatch.take(), unreadable: this.#stage.unreadable });
      this.#last = position;
      this.#onward(position, status === "looked at" || status === "unreadable");
    });
  }

  #defer() {
    this.#at((position) => {
      this.#work.defer(position);
      this.#onward(position, false);
    });
  }

  /** Ticks what the last image had ticked, and nothing else. */
  #repeat() {
    this.#at((position) => {
      const from = this.#last ?? position - 1;
      if (from >= 0 && from !== position) this.#work.repeat(position, from);
    });
  }

  #undo() {
    const { restored, words } = this.#work.undo();
    this.#say(words);
    if (!restored) return;
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
    this.#data = { ...this.#data, example: "", show: "" };
    this.#work.rename(name);
  }

  // --- backfill and contact sheet ------------------------------------------------------------

  /** @param {string | null} key */
  #beginBackfill(key) {
    const { model } = this.#work;
    if (!model || key == null || this.#position == null) return;
    const first = this.#backfill.begin(model, key, this.#position);
    if (first == null) return;
    if (this.#sheet.open) this.#closeSheet(first);
    else this.#goTo(first);
  }

  /** @param {0 | 1} value */
  #answer(value) {
    const { model } = this.#work;
    const { asked } = this.#backfill;
    if (!model || asked == null || this.#position == null) return;
    this.#work.tick(this.#position, asked, value);
    const onward = this.#backfill.after(model, this.#position);
    if (onward == null) this.#endBackfill();
    else this.#goTo(onward);
  }

  #endBackfill() {
    const from = this.#backfill.end();
    if (from != null) this.#goTo(from);
  }

  /** @param {Partial<ReviewData>} filter */
  #openSheet(filter = {}) {
    const { model } = this.#work;
    if (!model || this.#position == null) return;
    this.#stopwatch.pause();
    this.#backfill.end();
    this.#parts.root.classList.add("sheeted");
    this.#sheet.show(model, this.#position, filter);
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

  // --- keys and clicks -----------------------------------------------------------------------

  /**
   * What each action does; `index` says which category's key was pressed.
   * @type {Record<ReviewAction, (index: number, event: KeyboardEvent | null) => void>}
   */
  #actions = {
    tick: (index) => this.#tick(index),
    next: () => this.#next(),
    forward: () => this.#at((position) => this.#goTo(position + 1)),
    back: () => this.#at((position) => this.#goTo(position - 1)),
    repeat: () => this.#repeat(),
    defer: () => this.#defer(),
    undo: () => this.#undo(),
    comment: () => this.#parts.comment.focus(),
    newCategory: () => this.#newCategory.open(),
    backfill: () => this.#beginBackfill(this.#backfill.offered),
    yes: () => this.#answer(1),
    no: () => this.#answer(0),
    endBackfill: () => this.#endBackfill(),
    rightLabel: () => this.#rightLabel.select(),
    zoom: () => this.#stage.toggleZoom(),
    panRight: () => this.#stage.pan(1, 0),
    panLeft: () => this.#stage.pan(-1, 0),
    panUp: () => this.#stage.pan(0, -1),
    panDown: () => this.#stage.pan(0, 1),
    openSheet: () => this.#openSheet(),
    closeSheet: () => this.#closeSheet(),
    openTile: () => this.#sheet.inFocus != null && this.#closeSheet(this.#sheet.inFocus),
    lookMany: () => this.#work.lookAtMany(this.#sheet.targets),
    leaveSelection: () => this.#leaveSelection(),
    tickFocused: (_, event) => event && elementAt(event, "[role=checkbox]")?.click(),
    help: () => this.#parts.keys.showModal(),
  };

  /**
   * Where the keys hold just now; the first that binds a key has it.
   * @param {KeyboardEvent} event
   * @returns {Place[]}
   */
  #places(event) {
    const onCategory = elementAt(event, "[role=checkbox]") !== null;
    /** @type {[Place, boolean][]} */
    const places = [
      ["category", onCategory],
      ["sheet", this.#sheet.open],
      ["zoomed", !this.#sheet.open && this.#stage.zoomed],
      ["backfill", !this.#sheet.open && this.#backfill.asked !== null],
      ["image", !this.#sheet.open],
    ];
    return places.filter(([, holds]) => holds).map(([place]) => place);
  }

  /**
   * @param {Found} found
   * @param {KeyboardEvent} event
   */
  #run({ action, index }, event) {
    this.#parts.done.hidden = true;
    this.#actions[/** @type {ReviewAction} */ (action)](index, event);
  }

  /**
   * @param {FieldAction} action
   * @param {HTMLElement} field
   */
  #runInField(action, field) {
    if (this.#newCategory.is(field)) {
      if (action === "accept") this.#newCategory.add();
      else this.#newCategory.close();
      return true;
    }
    if (action === "accept" && !(field instanceof HTMLInputElement)) return false; // a new line
    field.blur();
    return true;
  }

  #listen() {
    const { comment, whoName, report, keys } = this.#parts;
    for (const button of this.#parent.querySelectorAll("button[data-action]")) {
      const action = this.#actions[/** @type {ReviewAction} */ (button.getAttribute("data-action"))];
      button.addEventListener("click", () => this.#at(() => action(-1, null)));
    }
    report.addEventListener("click", () => this.#trigger("go", "report"));
    keys.querySelector("button")?.addEventListener("click", () => keys.close());
    comment.addEventListener("input", () =>
      this.#at((position) => this.#work.comment(position, comment.value, COMMENT_PAUSE)),
    );
    whoName.addEventListener("change", () => this.#rename(whoName.value.trim()));
  }

  // --- drawing -------------------------------------------------------------------------------

  #draw() {
    const { model } = this.#work;
    const position = this.#position;
    if (!model || position == null) return;
    const inSheet = this.#sheet.open;
    const figures = model.figures(inSheet ? -1 : position);
    this.#figures = figures;
    const { comment, root, back } = this.#parts;
    const look = model.look(position);
    this.#panel.draw(model, position, figures);
    if (comment.value !== look.comment) comment.value = look.comment;
    root.dataset.status = look.status ?? "";
    back.disabled = position === 0;
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
    const targets = inSheet ? this.#sheet.targets : [position];
    const checked = (/** @type {string} */ key) => {
      const yes = targets.filter((target) => model.tick(key, target) === 1).length;
      return yes === 0 ? "false" : yes === targets.length ? "true" : "mixed";
    };
    this.#list.draw(model.shown, checked, figures);
    if (inSheet) this.#panel.drawPicked(model, targets, this.#sheet.chosen);
  }

  #drawSaving() {
    const { saved, root, whoName } = this.#parts;
    const { saving, model } = this.#work;
    root.dataset.saved = saving;
    setText(saved, savingWords(saving));
    if (model && whoName !== this.#parent.activeElement) whoName.value = model.reviewer;
  }

  /** @param {string} sentence */
  #say(sentence) {
    setText(this.#parts.notice, sentence);
  }
}
