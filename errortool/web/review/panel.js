import { element, partsOf, redraw, setText } from "./dom.js";
import { devError, plural } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Figures } from "./types.d.ts" */

/** Draws what is said of the image on screen, of the selection, and of the review as a whole. */
export class Panel {
  #parts;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#parts = partsOf(root, {
      session: HTMLElement,
      progress: HTMLElement,
      pace: HTMLElement,
      bar: HTMLElement,
      number: HTMLElement,
      file: HTMLElement,
      status: HTMLElement,
      label: HTMLElement,
      predicted: HTMLElement,
      prediction: HTMLElement,
      well: HTMLElement,
      facts: HTMLElement,
      picked: HTMLElement,
      none: HTMLElement,
    });
  }

  /**
   * @param {Model} model
   * @param {number} position
   * @param {Figures} figures
   */
  draw(model, position, figures) {
    const parts = this.#parts;
    const { session, examples } = model;
    setText(parts.session, `${session.name} · ${devError(session)}`);
    setText(parts.progress, `${figures.looked} of ${figures.size}`);
    setText(parts.pace, paceWords(figures));
    parts.bar.style.transform = `scaleX(${1 - figures.left / figures.size})`;
    setText(parts.number, `image ${position + 1}`);
    setText(parts.file, examples.image[position] ?? examples.key[position]);
    setText(parts.status, model.look(position).status ?? "");
    setText(parts.label, examples.label[position]);
    setText(parts.prediction, examples.prediction[position]);
    const confidence = examples.confidence[position];
    setText(parts.predicted, confidence == null ? "prediction" : `prediction · ${confidence.toFixed(2)}`);
    parts.well.hidden = !model.isRight(position);
    setText(parts.none, `none of these: ${figures.none}`);
    this.#drawFacts(model, position);
  }

  /**
   * Draws the table's other columns; with no image they are the stage, and not repeated here.
   * @param {Model} model
   * @param {number} position
   */
  #drawFacts({ session, extras, examples }, position) {
    const { facts } = this.#parts;
    const names = session.images ? extras : [];
    redraw(facts, names, () => names.flatMap((name) => [element("dt", {}, name), element("dd")]));
    names.forEach((name, index) => setText(facts.children[index * 2 + 1], examples.extra[name][position] || "–"));
  }

  /**
   * Says what a tick in the contact sheet goes to.
   * @param {Model} model
   * @param {number[]} targets
   * @param {number} selected
   */
  drawPicked(model, targets, selected) {
    const some = selected ? `${plural(selected, "image")} selected` : "the image in focus";
    const open = targets.some((position) => !model.lookedAt(position));
    setText(this.#parts.picked, `A tick goes to ${some}${open ? ", and counts once looked at" : ""}.`);
  }
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
