import { setText } from "./dom.js";
import { Outbox } from "./outbox.js";

/** On pages without a review: sends what reviews in this browser left unsent, and says so. */
export class Courier {
  static PAUSE = 2_000;

  constructor(parent, data, trigger) {
    this.told = parent.querySelector("[data-part=told]");
    this.trigger = trigger;
    this.update(data);
  }

  /** Streamlit ran the page again: there may be new tokens, and sessions. */
  update(data) {
    this.data = data;
    this.go();
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
  }

  get waiting() {
    const { tokens, reviewer } = this.data;
    const mine = (key) => !reviewer || !Outbox.byOthers(localStorage.getItem(key), reviewer);
    const keys = Outbox.keys();
    return Object.keys(tokens).filter((uid) => keys.some((key) => key.startsWith(`errortool:${uid}:`) && mine(key)));
  }

  async go() {
    clearTimeout(this.timer);
    if (this.closed || this.busy || !this.waiting.length) return;
    this.busy = true;
    this.say("Changes made in this browser are not saved yet: sending them.");
    const told = [];
    for (const uid of this.waiting) told.push(await this.bring(uid));
    this.busy = false;
    this.say(told.join(" ").trim());
    if (this.waiting.length) this.timer = setTimeout(() => this.go(), Courier.PAUSE);
    else if (!this.closed) this.trigger("arrived", Date.now()); // what the page shows rests on them
  }

  /** Sends what waits for one session; returns what is to be said of it. */
  async bring(uid) {
    const outbox = new Outbox({
      uid,
      url: `${Outbox.base}/changes/${uid}`,
      token: this.data.tokens[uid],
      reviewer: this.data.reviewer,
      signedIn: Boolean(this.data.reviewer),
      changed() {},
    });
    try {
      await outbox.recover();
      return outbox.tellAside();
    } catch (error) {
      if (error.status === 403) this.trigger("renew", Date.now());
      return `Changes made in this browser are not saved yet: ${error.sentence || "the server can't be reached"}.`;
    } finally {
      outbox.close();
    }
  }

  say(sentence) {
    setText(this.told, sentence);
    this.told.hidden = !sentence;
  }
}
