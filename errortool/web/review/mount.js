/** @import { MountedPage, Trigger } from "./types.d.ts" */

/**
 * Returns what Streamlit calls as a page appears and whenever it runs again.
 * @template Data
 * @param {new (parent: ShadowRoot, data: Data, trigger: Trigger) => MountedPage<Data>} Page
 * @param {(data: Data) => string} identity another one takes another page
 */
export function mount(Page, identity) {
  /**
   * @typedef {{page: MountedPage<Data>, identity: string, closing?: ReturnType<typeof setTimeout>}} Mounted
   * @type {WeakMap<ShadowRoot, Mounted>}
   */
  const mounted = new WeakMap();

  /** @param {{parentElement: ShadowRoot, data: {json: string}, setTriggerValue: Trigger}} component */
  return function ({ parentElement, data: { json }, setTriggerValue }) {
    /** @type {Data} */
    const data = JSON.parse(json);
    const known = mounted.get(parentElement);
    clearTimeout(known?.closing);
    if (known && known.identity === identity(data)) {
      known.page.update(data);
    } else {
      known?.page.close();
      mounted.set(parentElement, { page: new Page(parentElement, data, setTriggerValue), identity: identity(data) });
    }
    return () => {
      // A rerun cleans up and calls again at once; only when it doesn't is the page gone.
      const leaving = mounted.get(parentElement);
      if (!leaving) return;
      leaving.closing = setTimeout(() => {
        leaving.page.close();
        mounted.delete(parentElement);
      }, 0);
    };
  };
}
