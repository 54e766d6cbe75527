/** @import { ReportState } from "./types.d.ts" */

const EMPTY = { level: "", intervals: "", reviewer: "", solve: "", show: "", label: "", prediction: "" };

/** What a tab keeps of a report that it leaves; the images shown stay with the address. */
const KEPT = /** @type {const} */ (["level", "intervals", "reviewer", "solve"]);

/**
 * Reads what an address asks a report to show.
 * @param {string} search
 * @returns {ReportState}
 */
export function stateOf(search) {
  const query = new URLSearchParams(search);
  /** @type {ReportState} */
  const state = { ...EMPTY };
  for (const name of namesOf(state)) state[name] = query.get(name) ?? "";
  return state;
}

/**
 * Returns an address with what a report shows written into it.
 * @param {string} address
 * @param {ReportState} state
 */
export function addressWith(address, state) {
  const url = new URL(address);
  url.searchParams.delete("example");
  for (const name of namesOf(state)) {
    if (state[name]) url.searchParams.set(name, state[name]);
    else url.searchParams.delete(name);
  }
  return url.href;
}

/**
 * Ticks or unticks a category to solve.
 * @param {string} solve ids with commas
 * @param {string} id
 * @param {boolean} wanted
 */
export function solving(solve, id, wanted) {
  const others = solve.split(",").filter((one) => one && one !== id);
  return (wanted ? [...others, id] : others).join(",");
}

/**
 * Returns what is said and not empty, as a query or as parameters.
 * @param {Record<string, string>} values
 */
export function said(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

/**
 * Returns what a report shows that is opened, or come back to.
 * @param {string} search of its address
 * @param {string} kept what the tab left, as a query
 */
export function returnedTo(search, kept) {
  const state = stateOf(search);
  const left = stateOf(kept);
  // Streamlit writes the next page's address into this one's before it leaves.
  if (new URLSearchParams(search).has("example")) return left;
  if (namesOf(state).every((name) => !state[name])) for (const name of KEPT) state[name] = left[name];
  return state;
}

/** Keeps what a report shows in the address, and for this tab while it is on another page. */
export class StateInUrl {
  #key;
  #storage;

  /**
   * @param {string} uid
   * @param {() => Storage} storage throws where the browser forbids it
   */
  constructor(uid, storage) {
    this.#key = `errortool-report:${uid}`;
    this.#storage = storage;
  }

  /** What the address asks for; where it asks for nothing, what this tab left. */
  read() {
    return returnedTo(location.search, this.#kept());
  }

  #kept() {
    try {
      return this.#storage().getItem(this.#key) ?? "";
    } catch {
      return ""; // then the address alone counts
    }
  }

  /** @param {ReportState} state */
  write(state) {
    const address = addressWith(location.href, state);
    if (address !== location.href) history.replaceState(history.state, "", address);
    try {
      this.#storage().setItem(this.#key, new URLSearchParams(said({ ...state })).toString());
    } catch {
      // then the address alone keeps it
    }
  }
}

/** @param {ReportState} state */
function namesOf(state) {
  return /** @type {(keyof ReportState)[]} */ (Object.keys(state));
}
