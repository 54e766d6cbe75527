/** @import { Browser } from "./types.d.ts" */

/**
 * The browser that the page is in.
 * @type {Browser}
 */
export const theBrowser = {
  fetch: (url, init) => fetch(url, init),
  get storage() {
    return localStorage;
  },
  get hidden() {
    return document.visibilityState === "hidden";
  },
  now: () => performance.now(),
  setTimeout: (task, milliseconds) => setTimeout(task, milliseconds),
  clearTimeout: (timer) => clearTimeout(/** @type {number} */ (timer)),
  setInterval: (task, milliseconds) => setInterval(task, milliseconds),
  clearInterval: (timer) => clearInterval(/** @type {number} */ (timer)),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
  listen(type, listener) {
    const target = type === "visibilitychange" ? document : window;
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  },
  get base() {
    return `${location.pathname.replace(/\/[^/]*$/, "")}/errortool`;
  },
  // Never from sessionStorage: a duplicated tab would share it, and events would be lost.
  newClient() {
    const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
    return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },
};
