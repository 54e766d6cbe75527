/** Types that several modules of the browser share; what goes over the wire is in wire.d.ts. */

import type { About, Answer, Kind, NumberedChange, Patch, Status } from "./wire.d.ts";

type Unnumbered<Form> = Form extends unknown ? Omit<Form, "seq"> : never;

/** A change before the outbox numbers it. */
export type Change = Unnumbered<NumberedChange>;

/** What we use of a browser beside the page itself: tests hand in their own. */
export interface Browser {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Throws on access where the browser forbids it. */
  readonly storage: Storage;
  readonly hidden: boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  setTimeout(task: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  setInterval(task: () => void, milliseconds: number): unknown;
  clearInterval(timer: unknown): void;
  /** A signal that aborts a request after so long. */
  timeout(milliseconds: number): AbortSignal;
  /** Listens to the window, or the document; returns what ends it. */
  listen(type: BrowserEvent, listener: (event: Event) => void): () => void;
  /** Where our routes are, seen from any page, also behind a proxy. */
  readonly base: string;
  /** A new name for this page's changes. */
  newClient(): string;
}

export type BrowserEvent = "online" | "pagehide" | "visibilitychange" | "beforeunload";

/** "saved" exactly when no change is unsent or unacknowledged. */
export type Saving = "saved" | "saving" | "retrying";

/** What a page shows of a change before the server has it. */
export interface Shown {
  patch: Patch;
  /** Whether it can be undone, and under which name; an undo can't. */
  step: { kind: string } | null;
}

/** A change that isn't acknowledged yet, named client:seq. */
export interface PendingChange {
  readonly ref: string;
  readonly change: Change;
  readonly shown: Shown | null;
  /** Whether only the server can work out what it does. */
  readonly reload: boolean;
}

export interface OutboxHooks {
  changed(): void;
  answered(answer: Answer, batch: readonly PendingChange[]): void;
  renew(): void;
}

/** What can be undone. */
export interface Step {
  /** The event's number, once it is known. */
  id?: number;
  ref: string | number;
  /** The event as client:seq, as pending changes call it. */
  name?: string;
  kind: string;
  before: Patch;
  after: Patch;
}

export interface Category {
  /** The id as text, or client:seq until the server has numbered it. */
  key: string;
  id?: number;
  name: string;
  kind: Kind;
  about: About;
  position: number;
  description: string;
  retired: boolean | 0 | 1;
}

export interface Look {
  status: Status | null;
  comment: string;
  corrected_label: string | null;
  seconds: number;
  /** Whether it stands as it was carried from the round before. */
  carried: boolean;
}

export interface Share {
  /** How many carry the tick, of how many looked at. */
  yes: number;
  seen: number;
  /** The same by weight; the numbers again where mistakes have none. */
  part: number;
  whole: number;
}

export interface Progress {
  looked: number;
  size: number;
}

/** `looked`, `size`, `counted`, `shares` and `none` are those of one part: errors, or correct predictions. */
export interface Figures extends Progress {
  parts: { errors: Progress; right: Progress };
  deferred: number;
  /** Images of both parts that are still to be looked at. */
  left: number;
  /** Images of the part that were looked at. */
  counted: number;
  shares: Map<string, Share>;
  /** Errors that were looked at for every category and fit none. */
  none: number;
  /** Errors without a tick that were not looked at for every category. */
  unknown: number;
  /** Seconds an image; null until a few were looked at. */
  pace: number | null;
}

/** Which examples a list shows: values by the names of fields, as the page's URL has them. */
export type Filter = Record<string, string>;

/** A list of examples: its filters, its order ("", "label", "-label") and the columns left out. */
export interface Listing {
  filter: Filter;
  sort: string;
  hidden: string[];
}

export interface Choice {
  value: string;
  words: string;
}

/** Something that examples are filtered and sorted by. */
export interface Field {
  /** As the page's URL has it. */
  name: string;
  title: string;
  /** The heading above it in a menu; "" for none. */
  group: string;
  form: "choice" | "text" | "range";
  /** Whether the menu of filters has it. */
  offered: boolean;
  choices: readonly Choice[];
  /** The lowest and the highest number. */
  bounds: readonly [number, number] | null;
  passing(value: string): (position: number) => boolean;
  /** The value of a filter in words. */
  words(value: string): string;
  /** Whether what it says never changes: the predictions table does. */
  fixed: boolean;
  /** Gives what each example is sorted by; null for what comes last. The same function if it is fixed. */
  keys: (() => (position: number) => number | null) | null;
}

/** What Streamlit hands to a page. */
export interface PageData {
  uid: string;
  token: string;
  /** Who signed in; "" where nobody has to. */
  reviewer: string;
}

/** Beside `example`, what the URL asks for: the filters of the contact sheet, or of the table. */
export interface ReviewData extends PageData {
  example: string;
  query: Record<string, string>;
}

export interface TableData extends PageData {
  query: Record<string, string>;
}

export interface ComparisonData extends PageData {
  /** The session's number. */
  id: string;
  /** What the page's address says. */
  query: Record<string, string>;
  /** Of all sessions: with another one there may be another comparison. */
  cursor: number;
}

export interface ReportData extends PageData {
  /** The session's last event: with another one there is another report. */
  cursor: number;
}

/** What the report shows, as its address says it; `solve` are ids with commas. */
export interface ReportState {
  level: string;
  intervals: string;
  reviewer: string;
  solve: string;
  show: string;
  label: string;
  prediction: string;
}

export interface CourierData {
  tokens: Record<string, string>;
  reviewer: string;
}

export type Trigger = (name: string, value: unknown) => void;

/** A page on screen. */
export interface MountedPage<Data> {
  /** Streamlit ran the page again: there may be a new token. */
  update(data: Data): void;
  close(): void;
}

/** How long a sentence stays: until the next act, for some seconds whatever is done, or until it isn't so. */
export type Stays = "briefly" | "long" | "always";

export interface WorkHooks {
  loaded(): void;
  changed(): void;
  saving(): void;
  say(sentence: string, stays?: Stays): void;
  renew(): void;
}

/** Where a key binding holds. */
export type Place =
  | "image"
  | "zoomed"
  | "dots"
  | "compare"
  | "backfill"
  | "backfilled"
  | "rightLabel"
  | "sheet"
  | "tiles"
  | "category"
  | "field"
  | "table"
  | "cells";

export type ReviewAction =
  | "tick"
  | "next"
  | "forward"
  | "back"
  | "repeat"
  | "defer"
  | "undo"
  | "redo"
  | "comment"
  | "newCategory"
  | "backfill"
  | "yes"
  | "no"
  | "endBackfill"
  | "rightLabel"
  | "zoom"
  | "unzoom"
  | "crisp"
  | "brighter"
  | "darker"
  | "moreContrast"
  | "lessContrast"
  | "autoLevel"
  | "jump"
  | "closeDots"
  | "keep"
  | "compare"
  | "besideRight"
  | "closeCompare"
  | "panRight"
  | "panLeft"
  | "panUp"
  | "panDown"
  | "openSheet"
  | "closeSheet"
  | "openTile"
  | "lookMany"
  | "search"
  | "leaveSelection"
  | "tickFocused"
  | "editFocused"
  | "chooseLabel"
  | "writeLabel"
  | "leaveLabel"
  | "palette"
  | "help";
export type TileAction = "move" | "extend" | "select" | "selectAll";
export type CategoryAction = "tickFocused" | "editFocused" | "moveUp" | "moveDown";
export type FieldAction = "accept" | "acceptOnly" | "acceptAndNext" | "palette" | "leave";
export type TableAction = "undo" | "redo" | "search" | "palette" | "help";
export type CellAction =
  "cellUp" | "cellDown" | "cellLeft" | "cellRight" | "act" | "open" | "enlarge" | "yes" | "no" | "clear";
export type Action = ReviewAction | TileAction | CategoryAction | FieldAction | TableAction | CellAction;

/** One line of the palette; `cap` is its key, if it has one. */
export interface Command {
  name: string;
  cap?: string;
  run(): void;
}

/** The pages, by their place in the URL. */
export type PageName = "sessions" | "review" | "table" | "report" | "compare" | "help";

/** One row of the table of keys. */
export interface Binding {
  where: Place[];
  /** Actions by chord, as `chordOf` writes it: "Enter", "Alt+ArrowUp". */
  keys: Record<string, Action>;
  /** The keys in words, with [caps] in brackets, where a list of them would be too long. */
  label?: string;
  does: string;
  /** What the palette calls it, where that isn't what `does` begins with; "" if it isn't in there. */
  name?: string;
  /** Whether a key that is held down acts again and again. */
  repeats?: boolean;
}

/** What a key does where it was pressed; `cap` says which category's key it is. */
export interface Found {
  action: Action;
  repeats: boolean;
  cap: string;
}
