/**
 * What goes between the browser and our routes, as JSON.
 *
 * Generated from errortool/web/protocol.py and errortool/changes.py by tests/js/wire_types.py.
 */

/**
 * What a tick of a category speaks of: the image, or the mistake that one model made on it.
 *
 * A tick about the image holds for every model, one about the mistake while that is the same.
 */
export type About = "image" | "mistake";

/** GET advice: when to stop, briefly and in full. */
export interface Advice {
  brief: string;
  lines: string[];
}

/** The answer to a batch: the categories that changes made, by seq, refusals, and news. */
export interface Answer {
  made: Record<string, number[]>;
  refused: Rejected[];
  cursor: number;
  news: Event[];
}

/**
 * POST changes: the answer comes when they are on disk.
 *
 * `after` is the last event that the sender knows.
 */
export interface Batch {
  client: string;
  after: number;
  changes: NumberedChange[];
}

/** The answer to part: the number of the session. */
export interface Begun {
  session: number;
}

/** New values for categories. */
export interface CategoryChange {
  seq: number;
  reviewer?: string;
  kind: string;
  categories: Record<string, CategoryValues>;
}

/** A category, retired or not. */
export interface CategoryFacts {
  id: number;
  name: string;
  kind: Kind;
  about: About;
  position: number;
  description: string;
  retired: boolean;
}

/** New values for a category; what is unset stays as it is. */
export interface CategoryValues {
  name?: string;
  kind?: Kind;
  about?: About;
  description?: string;
  position?: number;
  retired?: 0 | 1;
}

/**
 * The answer to ends: lower ends of shares, however often one looks.
 *
 * The first row is for `first` images looked at, the next for one more and so on; each has the
 * lower end for each number of ticks, from none to all.
 */
export interface Ends {
  first: number;
  rows: number[][];
}

/** A change that was applied. */
export interface Event {
  id: number;
  client: string;
  seq: number;
  reviewer: string;
  kind: string;
  before: Patch;
  after: Patch;
}

/** New values for examples, by position; one that `fills` never overrides a tick. */
export interface ExampleChange {
  seq: number;
  reviewer?: string;
  kind: string;
  examples: Record<string, ExampleValues>;
  fills?: boolean;
}

/** New values for one example, by one reviewer; what is unset stays as it is. */
export interface ExampleValues {
  ticks?: Record<string, Tick>;
  status?: Status | null;
  comment?: string;
  corrected_label?: string | null;
  seconds?: number;
}

/**
 * The examples in the order of review: a list a column is half the size of objects.
 *
 * `right` are the positions of the correct predictions; all others are errors. `weight` is empty
 * where all count alike.
 */
export interface Examples {
  key: string[];
  image: (string | null)[];
  label: string[];
  prediction: string[];
  confidence: (number | null)[];
  right: number[];
  weight: number[];
  extra: Record<string, string[]>;
}

/** The answer to what can't be done. */
export interface Fault {
  error: string;
}

/** What a category blames: a cause in the data, or the label itself. */
export type Kind = "cause" | "label error";

/** Merge a category, the first, into another. */
export interface Merge {
  seq: number;
  reviewer?: string;
  kind: "merge";
  merge: [string, string];
}

/** A new category; later changes may call it client:seq of this one. */
export interface NewCategory {
  seq: number;
  reviewer?: string;
  kind: string;
  new: CategoryValues;
}

/** The answer to a poll: `cursor` is the session's last event. */
export interface NewsAnswer {
  cursor: number;
  news: Event[];
}

/** A change as it is sent, and kept in the browser's storage until then. */
export type NumberedChange = ExampleChange | CategoryChange | NewCategory | Merge | Split | Undo;

/** POST part: begin a session on a part of a round; `a` is the number of the one before. */
export interface Part {
  a: string;
  subset: Subset;
  reviewer?: string;
}

/**
 * What a change makes of a session, or what was there before; examples by position.
 *
 * `judgements` are by category: position, reviewer, value, event. Only the server can apply them.
 */
export interface Patch {
  examples?: Record<string, ExampleValues>;
  categories?: Record<string, CategoryValues>;
  judgements?: Record<string, [number, string, Tick, number | null][]>;
}

/** POST preferences: one choice of a reviewer, by a field of Preferences. */
export interface Preference {
  name: string;
  value: number | number | boolean;
  reviewer?: string;
}

/**
 * What a reviewer chose for the pages.
 *
 * `level` is the intervals' confidence level, `crisp` shows enlarged pixels as squares, `tile` is
 * the width of the contact sheet's tiles in pixels, `pace` shows the seconds that an image takes.
 */
export interface Preferences {
  level?: number;
  crisp?: boolean;
  tile?: number;
  pace?: boolean;
}

/** A change that was refused, and why. */
export interface Rejected {
  seq: number;
  reason: string;
}

/**
 * GET review: the state of a session for one reviewer.
 *
 * `looks` are position, status, comment, right label, seconds, and whether it stands as it was
 * carried from the round before; `ticks` are by category the positions with a yes, and those with
 * a no. `steps` can be undone, the last first; `undone` are
 * undos that can be taken back, also the last first, each with the kind of what it undid.
 * `reviewers` have touched the session.
 */
export interface ReviewState {
  session: SessionFacts;
  categories: CategoryFacts[];
  examples: Examples;
  looks: [number, Status | null, string, string | null, number, boolean][];
  ticks: Record<string, [number[], number[]]>;
  steps: Event[];
  undone: Event[];
  reviewer: string;
  reviewers: string[];
  known_names: string[];
  preferences: Preferences;
  cursor: number;
}

/**
 * A session, of which `sampled` examples are errors; the dev set has `errors`.
 *
 * So many more as are `drawable` can be drawn. `follows` is the name of the session of the round
 * before, "" without one. `version` stands in the addresses of its images: they change when the
 * image folder does.
 */
export interface SessionFacts {
  uid: string;
  id: number;
  name: string;
  dev_examples: number | null;
  dev_error: number | null;
  errors: number;
  sampled: number;
  drawable: number;
  follows: string;
  images: boolean;
  version: string;
}

/** Split a category into several, by name. */
export interface Split {
  seq: number;
  reviewer?: string;
  kind: "split";
  split: string;
  names: string[];
}

/**
 * What a reviewer said of an example as a whole; none yet is `None`.
 *
 * UNREADABLE is one whose image can't be shown: excluded from every figure, reported separately.
 */
export type Status = "deferred" | "looked at" | "unreadable";

/** Which part of another session's predictions a session reviews. */
export type Subset = "newly wrong" | "unseen";

/** Yes, no, or null: not looked at. */
export type Tick = 0 | 1 | null;

/**
 * Undo an event: by its number, or as client:seq until that is known.
 *
 * Undoing an undo does again what was undone.
 */
export interface Undo {
  seq: number;
  reviewer?: string;
  kind: "undo";
  undo: number | string;
}
