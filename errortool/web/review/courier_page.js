import { theBrowser } from "./browser.js";
import { Courier } from "./courier.js";
import { partsOf, setText } from "./dom.js";

/** @import { CourierData, MountedPage, Trigger } from "./types.d.ts" */

/**
 * The courier's notice in a corner of the page.
 * @implements {MountedPage<CourierData>}
 */
export class CourierPage {
  #courier;

  /**
   * @param {ShadowRoot} parent
   * @param {CourierData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    const { notice } = partsOf(parent, { notice: HTMLElement });
    const hooks = {
      say: (/** @type {string} */ sentence) => {
        setText(notice, sentence);
        notice.hidden = !sentence;
      },
      renew: () => trigger("renew", Date.now()),
      arrived: () => trigger("arrived", Date.now()),
    };
    this.#courier = new Courier(data, hooks, theBrowser);
  }

  /** @param {CourierData} data */
  update(data) {
    this.#courier.update(data);
  }

  close() {
    this.#courier.close();
  }
}
