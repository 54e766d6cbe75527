import { element, keycap, perCent, setText } from "./dom.js";

/** The list of categories: each with its key, its name and its live share. */
export class CategoryList {
  // Letters after the digits, without those that mean something else: c d g l n r u y z.
  static KEYS = "123456789abefhijkmopqstvwx";

  /**
   * @param {HTMLElement} root
   * @param {{toggle: (key: string) => void, edit: (key: string) => void,
   *   backfill: (key: string) => void, move: (keys: string[]) => void}} hooks
   */
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.rows = new Map();
  }

  static keyOf(index) {
    return CategoryList.KEYS[index] ?? "";
  }

  /** Draws all rows; `checkedOf` says "true", "false" or "mixed" for a category's key. */
  draw(categories, checkedOf, figures) {
    this.keys = categories.map(({ key }) => key);
    const order = this.keys.join("\n");
    if (order !== this.order) {
      this.order = order;
      for (const key of this.keys) if (!this.rows.has(key)) this.rows.set(key, this.row(key));
      this.root.replaceChildren(...this.keys.map((key) => this.rows.get(key).node));
    }
    categories.forEach((category, index) => {
      const row = this.rows.get(category.key);
      const { yes, seen } = figures.shares.get(category.key);
      const behind = figures.counted - seen;
      const cap = CategoryList.keyOf(index);
      setText(row.cap, cap);
      row.cap.classList.toggle("none", !cap);
      setText(row.name, category.name);
      setText(row.about, category.description);
      row.kind.hidden = category.kind !== "label error";
      setText(row.note, behind > 0 ? `${seen} of ${figures.counted} looked at` : "");
      row.note.hidden = behind <= 0;
      row.note.title = `Look at the other ${behind}`;
      setText(row.count, String(yes));
      setText(row.share, perCent(yes, seen));
      row.bar.style.transform = `scaleX(${seen ? yes / seen : 0})`;
      row.box.setAttribute("aria-checked", checkedOf(category.key));
      row.box.setAttribute("aria-label", category.name);
      row.box.setAttribute("aria-keyshortcuts", cap);
      row.edit.setAttribute("aria-label", `Edit ${category.name}`);
    });
  }

  row(key) {
    const cap = keycap("");
    const name = element("span", { class: "name" });
    const about = element("span", { class: "about" });
    const kind = element("span", { class: "kind" }, "label error");
    const bar = element("i");
    const count = element("span", { class: "count" });
    const share = element("span", { class: "share" });
    const words = element("span", { class: "words" }, name, " ", kind, " ", about);
    const track = element("span", { class: "track", "aria-hidden": "true" }, bar);
    const box = element(
      "div",
      { class: "box", role: "checkbox", tabindex: "0", onclick: () => this.hooks.toggle(key) },
      cap,
      words,
      track,
      count,
      share,
    );
    box.addEventListener("keydown", (event) => this.moved(event, key));
    const note = element("button", { type: "button", class: "note", onclick: () => this.hooks.backfill(key) });
    const edit = element("button", { type: "button", class: "edit", onclick: () => this.hooks.edit(key) }, "⋯");
    const node = element("div", { class: "category", draggable: "true" }, box, edit, note);
    this.draggable(node, key);
    return { node, box, cap, name, about, kind, note, bar, count, share, edit };
  }

  /** Alt and an arrow move a category. */
  moved(event, key) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !step) return;
    event.preventDefault();
    this.move(key, this.keys.indexOf(key) + step);
    this.rows.get(key).box.focus();
  }

  move(key, index) {
    const keys = this.keys.filter((other) => other !== key);
    keys.splice(Math.min(keys.length, Math.max(0, index)), 0, key);
    if (keys.join("\n") !== this.order) this.hooks.move(keys);
  }

  draggable(node, key) {
    node.addEventListener("dragstart", (event) => {
      this.dragging = key;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    node.addEventListener("dragover", (event) => {
      if (!this.dragging) return;
      event.preventDefault();
      const { top, height } = node.getBoundingClientRect();
      node.dataset.drop = event.clientY < top + height / 2 ? "before" : "after";
    });
    node.addEventListener("dragleave", () => delete node.dataset.drop);
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      const after = node.dataset.drop === "after";
      delete node.dataset.drop;
      const others = this.keys.filter((other) => other !== this.dragging);
      if (this.dragging !== key) this.move(this.dragging, others.indexOf(key) + (after ? 1 : 0));
      this.dragging = null;
    });
    node.addEventListener("dragend", () => (this.dragging = null));
  }
}

/** What can be done to a category: name, describe, blame, move, merge, split, retire, restore. */
export class CategoryEditor {
  constructor(dialog, work) {
    this.dialog = dialog;
    this.work = work;
    this.part = (name) => dialog.querySelector(`[data-edit="${name}"]`);
    this.part("save").addEventListener("click", () => this.save());
    this.part("up").addEventListener("click", () => this.step(-1));
    this.part("down").addEventListener("click", () => this.step(1));
    this.part("merge").addEventListener("click", () => this.merge());
    this.part("split").addEventListener("click", () => this.split());
    this.part("retire").addEventListener("click", () => this.retire());
    this.part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches?.("input")) this.save();
    });
  }

  open(key) {
    this.key = key;
    const { model } = this.work;
    const category = model.category(key);
    setText(this.part("title"), category.name);
    this.part("name").value = category.name;
    this.part("description").value = category.description;
    this.part("kind").checked = category.kind === "label error";
    const others = model.shown.filter((other) => other.key !== key);
    this.part("target").replaceChildren(...others.map((other) => element("option", { value: other.key }, other.name)));
    this.part("merge").disabled = this.part("target").disabled = !others.length;
    this.part("names").value = "";
    this.say("");
    this.drawRetired();
    this.dialog.showModal();
    this.part("name").select();
  }

  drawRetired() {
    const retired = this.work.model.categories.filter((category) => category.retired);
    this.part("retired").hidden = !retired.length;
    this.part("list").replaceChildren(
      ...retired.map(({ key, name }) =>
        element(
          "li",
          {},
          element("span", {}, name),
          element("button", { type: "button", onclick: () => this.restore(key, name) }, "Restore"),
        ),
      ),
    );
  }

  say(sentence) {
    setText(this.part("told"), sentence);
  }

  /** Whether a name is free for a category; says so if not. */
  free(name, key) {
    const taken = this.work.model.named(name);
    if (!taken || taken.key === key) return true;
    this.say(`There is already a category ${taken.name}.`);
    return false;
  }

  save() {
    const category = this.work.model.category(this.key);
    const name = this.part("name").value.trim().replace(/\s+/g, " ");
    if (!name) return this.say("A category needs a name.");
    if (!this.free(name, this.key)) return;
    const wanted = {
      name,
      description: this.part("description").value.trim(),
      kind: this.part("kind").checked ? "label error" : "cause",
    };
    const changed = Object.entries(wanted).filter(([field, value]) => category[field] !== value);
    const kinds = { name: "rename", description: "describe", kind: "mark" };
    if (changed.length) {
      const kind = changed.length === 1 ? kinds[changed[0][0]] : "edit";
      this.work.changeCategories(kind, { [this.key]: Object.fromEntries(changed) });
    }
    this.dialog.close();
  }

  step(by) {
    const keys = this.work.model.shown.map(({ key }) => key);
    const from = keys.indexOf(this.key);
    const to = from + by;
    if (to < 0 || to >= keys.length) return;
    keys.splice(to, 0, ...keys.splice(from, 1));
    CategoryEditor.reorder(this.work, keys);
  }

  static reorder(work, keys) {
    const positions = Object.fromEntries(keys.map((key, position) => [key, { position }]));
    work.changeCategories("reorder", positions);
  }

  merge() {
    this.work.merge(this.key, this.part("target").value);
    this.dialog.close();
  }

  split() {
    const names = this.part("names")
      .value.split(/[,\n]/)
      .map((name) => name.trim())
      .filter(Boolean);
    if (!names.length) return this.say("Name the parts, with commas between them.");
    if (!names.every((name) => this.free(name, this.key))) return;
    this.work.split(this.key, names);
    this.dialog.close();
  }

  retire() {
    this.work.changeCategories("retire", { [this.key]: { retired: 1 } });
    this.dialog.close();
  }

  restore(key, name) {
    if (!this.free(name, key)) return;
    this.work.changeCategories("restore", { [key]: { retired: 0 } });
    this.drawRetired();
  }
}
