/** @import { Browser } from "./types.d.ts" */

const KEY = "errortool-reviewer";

/**
 * Returns who reviews in this browser; "" until somebody said so: then it is the computer's user.
 * @param {Browser} browser
 */
export function rememberedReviewer(browser) {
  try {
    return browser.storage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/**
 * Keeps the reviewer's name for this browser's next pages.
 * @param {Browser} browser
 * @param {string} name
 */
export function rememberReviewer(browser, name) {
  try {
    browser.storage.setItem(KEY, name);
  } catch {
    // then it is known on this page only
  }
}
