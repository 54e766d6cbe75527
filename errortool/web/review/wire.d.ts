/** What goes between the browser and our routes, as JSON. */

export type Kind = "cause" | "label error";
export type Status = "looked at" | "deferred" | "unreadable";

/** Yes, no, or null: not looked at. */
export type Tick = 0 | 1 | null;

/** What changes of an example; `ticks` by category. */
export interface ExampleValues {
  ticks?: Record<string, Tick>;
  status?: Status | null;
  comment?: string;
  corrected_label?: string | null;
  seconds?: number;
}

/** What changes of a category. */
export interface CategoryValues {
  name?: string;
  kind?: Kind;
  description?: string;
  position?: number;
  retired?: 0 | 1;
}

/** What a change makes of a session, or what was there before; examples by position. */
export interface Patch {
  examples?: Record<string, ExampleValues>;
  categories?: Record<string, CategoryValues>;
  /** By category: position, reviewer, value, event; only the server can carry these out. */
  judgements?: Record<string, [number, string, number | null, number | null][]>;
}

/** A change of examples; one that `fills` leaves ticks alone that are there already. */
export interface ExampleChange {
  kind: string;
  examples: Record<string, ExampleValues>;
  fills?: true;
}

export interface CategoryChange {
  kind: string;
  categories: Record<string, CategoryValues>;
}

export interface NewCategory {
  kind: "new category";
  new: { name: string; kind: Kind; position: number };
}

export interface Merge {
  kind: "merge";
  merge: [source: string, target: string];
}

export interface Split {
  kind: "split";
  split: string;
  names: string[];
}

/** Takes back an event: by its number, or as client:seq until the server has numbered it. */
export interface Undo {
  kind: "undo";
  undo: string | number;
}

export type Change = (ExampleChange | CategoryChange | NewCategory | Merge | Split | Undo) & { reviewer: string };

/** A change as it is sent, and kept in the browser's storage until it is acknowledged. */
export type NumberedChange = Change & { seq: number };

/** POST changes: the server answers with what became of them. */
export interface Batch {
  client: string;
  /** The last event that the sender knows. */
  after: number;
  changes: NumberedChange[];
}

export interface Answer {
  /** The categories that changes made, by seq. */
  made: Record<string, number[]>;
  refused: { seq: number; reason: string }[];
  cursor: number;
  news: Event[];
}

/** A change that was carried out. */
export interface Event {
  id: number;
  client: string;
  seq: number;
  reviewer: string;
  kind: string;
  before: Patch;
  after: Patch;
}

/** What the server answers where it can't do what was asked. */
export interface Fault {
  error: string;
}

export interface SessionFacts {
  uid: string;
  id: number;
  name: string;
  dev_examples: number;
  dev_error: number;
  /** How many errors were drawn; the examples after them are correct predictions. */
  sampled: number;
  images: boolean;
}

export interface CategoryFacts {
  id: number;
  name: string;
  kind: Kind;
  position: number;
  description: string;
  retired: boolean;
}

/** The examples in the order of review: one list a column. */
export interface Examples {
  key: string[];
  image: (string | null)[];
  label: string[];
  prediction: string[];
  confidence: (number | null)[];
  extra: Record<string, string[]>;
}

/** GET review: the state of a session, for one reviewer. */
export interface ReviewState {
  session: SessionFacts;
  categories: CategoryFacts[];
  examples: Examples;
  looks: [position: number, status: Status | null, comment: string, corrected_label: string | null, seconds: number][];
  /** By category: the positions with a yes, and those with a no. */
  ticks: Record<string, [yes: number[], no: number[]]>;
  steps: Event[];
  reviewer: string;
  known_names: string[];
  cursor: number;
}

/** GET advice: when to stop, briefly and in full. */
export interface Advice {
  brief: string;
  lines: string[];
}
