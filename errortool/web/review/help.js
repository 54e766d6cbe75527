import { element, setText } from "./dom.js";
import { capOf, helpSections } from "./keys.js";

/** @import { Place } from "./types.d.ts" */

/**
 * Builds the list of keys of a help dialog.
 * @param {HTMLElement} root
 * @param {Place[]} places where the page's keys hold
 */
export function drawHelp(root, places) {
  const sections = [...helpSections(places)].map(([title, rows]) =>
    element(
      "section",
      {},
      element("h3", {}, title),
      element(
        "dl",
        {},
        ...rows.flatMap(({ keys, does }) => [
          element("dt", {}, ...keys.map(({ cap, text }) => (cap ? element("kbd", {}, text) : text))),
          element("dd", {}, does),
        ]),
      ),
    ),
  );
  root.replaceChildren(...sections);
}

/**
 * Writes on each cap of a page the key of the action that it names.
 * @param {ParentNode} root
 */
export function drawCaps(root) {
  for (const cap of root.querySelectorAll("kbd[data-key]")) {
    setText(cap, capOf(cap.getAttribute("data-key") ?? ""));
  }
}
