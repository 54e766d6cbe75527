import { element, partsOf, setText } from "./dom.js";
import { Facts } from "./facts.js";
import { capOf } from "./keys.js";
import { devError, isolated, noneWords } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Figures, Progress } from "./types.d.ts" */

/** Draws what is said of the image on screen, of the selection, and of the review as a whole. */
export class Panel {
  #facts;
  /** @type {string[] | null} the classes that the verdict is laid out for */
  #classes = null;
  #parts;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#facts = new Facts(root);
    this.#parts = partsOf(root, {
      session: HTMLElement,
      errorsPart: HTMLElement,
      progress: HTMLElement,
      rightPart: HTMLElement,
      progressRight: HTMLElement,
      deferred: HTMLButtonElement,
      pace: HTMLButtonElement,
      bar: HTMLElement,
      number: HTMLElement,
      file: HTMLElement,
      status: HTMLElement,
      verdict: HTMLElement,
      label: HTMLElement,
      predicted: HTMLElement,
      prediction: HTMLElement,
      well: HTMLElement,
      picked: HTMLElement,
      none: HTMLButtonElement,
    });
  }

  /**
   * @param {Model} model
   * @param {number} position
   * @param {Figures} figures
   * @param {boolean} paced whether the pace is shown
   */
  draw(model, position, figures, paced) {
    const parts = this.#parts;
    const { session, examples } = model;
    const { errors, right } = figures.parts;
    setText(parts.session, `${session.name} · ${devError(session)}`);
    parts.session.title = parts.session.textContent ?? "";
    setText(parts.progress, progressWords(errors));
    setText(parts.progressRight, progressWords(right));
    parts.errorsPart.hidden = parts.rightPart.hidden = !right.size;
    setText(parts.deferred, figures.deferred ? `${figures.deferred.toLocaleString("en")} deferred` : "");
    setText(parts.pace, paced ? paceWords(figures) : "pace");
    parts.pace.title = paced ? "Hide the pace" : "Show the pace";
    parts.bar.style.transform = `scaleX(${1 - figures.left / model.size})`;
    setText(parts.number, `image ${(position + 1).toLocaleString("en")} of ${model.size.toLocaleString("en")}`);
    setText(parts.file, examples.image[position] ?? examples.key[position]);
    parts.file.title = parts.file.textContent ?? "";
    const carried = model.isCarried(position) ? `carried from ${isolated(model.session.follows)}` : "";
    setText(parts.status, carried || (model.look(position).status ?? ""));
    this.#drawVerdict(model, position);
    parts.well.hidden = !model.isRight(position);
    setText(parts.none, noneWords(figures));
    this.#facts.draw(model, position);
  }

  /**
   * Draws label and prediction, whole: how much room they have is the session's, so that nothing
   * moves from image to image.
   * @param {Model} model
   * @param {number} position
   */
  #drawVerdict({ classes, examples }, position) {
    const { verdict, label, prediction, predicted } = this.#parts;
    if (this.#classes !== classes) {
      this.#classes = classes;
      const { layout, wide, narrow } = verdictLayout(classes);
      verdict.dataset.layout = layout;
      verdict.style.setProperty("--wide", String(wide));
      verdict.style.setProperty("--narrow", String(narrow));
    }
    setText(label, examples.label[position]);
    setText(prediction, examples.prediction[position]);
    label.title = examples.label[position];
    prediction.title = examples.prediction[position];
    const confidence = examples.confidence[position];
    setText(predicted, confidence == null ? "prediction" : `prediction · ${confidence.toFixed(2)}`);
  }

  /**
   * Says what a tick in the contact sheet goes to, and when it counts.
   * @param {Model} model
   * @param {number[]} targets
   * @param {number} selected
   */
  drawPicked(model, targets, selected) {
    const open = targets.some((position) => !model.lookedAt(position));
    setText(this.#parts.picked, pickedWords(selected, open));
  }
}

/**
 * Returns how label and prediction are set for a session's classes: side by side, or one below the
 * other, and in how many lines, in a wide panel and in a narrow one.
 * @param {readonly string[]} classes
 */
export function verdictLayout(classes) {
  const longest = classes.reduce((most, name) => Math.max(most, name.length), 0);
  if (longest <= 11) return { layout: "beside", wide: 1, narrow: 1 };
  if (longest <= 26) return { layout: "smaller", wide: 2, narrow: 2 };
  const lines = (/** @type {number} */ letters) => Math.min(3, Math.ceil(longest / letters));
  return { layout: "stacked", wide: lines(48), narrow: lines(36) };
}

/**
 * Says what a key ticks in the contact sheet.
 * @param {number} selected how many images are; with none it is the one in focus
 * @param {boolean} open whether one of them isn't looked at yet
 */
export function pickedWords(selected, open) {
  if (selected > 1) {
    const those = `Keys tick the ${selected.toLocaleString("en")} selected images.`;
    return open ? `${those} They count after ${capOf("lookMany")} (done).` : those;
  }
  const that = selected ? "Keys tick the selected image." : "Keys tick the image in focus.";
  return open ? `${that} It counts after ${capOf("lookMany")} (done).` : that;
}

/** @param {Progress} progress */
function progressWords({ looked, size }) {
  return `${looked.toLocaleString("en")} of ${size.toLocaleString("en")}`;
}

/** @param {Figures} figures */
function paceWords({ left, pace }) {
  if (!left) return "all looked at";
  if (pace == null) return "";
  const minutes = (left * pace) / 60;
  const rest = minutes < 1 ? "under a minute left" : `about ${Math.round(minutes)} min left`;
  return `${pace < 10 ? pace.toFixed(1) : Math.round(pace)} s each · ${rest}`;
}

/**
 * Draws a row as text, for sessions without images.
 * @param {Model} model
 * @param {number} position
 */
export function rowAsText({ extras, examples }, position) {
  const row = element("dl", { class: "row" });
  for (const name of extras) {
    const value = examples.extra[name][position];
    if (value) row.append(element("dt", {}, name), element("dd", {}, value));
  }
  return row;
}
