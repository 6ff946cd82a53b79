// The files that a person has chosen, with what became of each. All tabs of the browser share it and show the same.
import { openStore } from "./store.js";

const OPEN = new Set(["new", "ready", "sent"]);
const SPACE_AGAIN = 5_000;

export const isOpen = (item) => OPEN.has(item.state);

export class Queue extends EventTarget {
  items = new Map();
  isPaused = false;
  // What the tab that sends says of itself: bytes sent, time left, what it waits for.
  status = {};
  // Files that are not kept yet: they would be lost with the page.
  unsaved = [];
  #isSaving = false;

  static async open(user) {
    const queue = new Queue();
    queue.user = user;
    queue.store = await openStore(user);
    queue.channel = new BroadcastChannel("uploads");
    queue.channel.onmessage = ({ data }) => queue.#hear(data);
    await queue.load();
    queue.tell({ hello: true });
    return queue;
  }

  // All of it, as it is kept: after a tab has slept it has missed what the others said.
  async load() {
    this.items = new Map((await this.store.all()).map((item) => [item.id, item]));
    this.isPaused = Boolean(await this.store.get("isPaused"));
    this.#changed();
  }

  list() {
    return [...this.items.values()].sort((a, b) => a.id - b.id);
  }

  get isBusy() {
    return this.unsaved.length > 0 || this.list().some(isOpen);
  }

  add(entries) {
    this.unsaved.push(...entries);
    this.#changed();
    return this.#save();
  }

  async change(id, fields, options) {
    const item = await this.store.change(id, fields, options);
    if (item) this.#share({ items: [item] });
    return item;
  }

  async remove(ids) {
    await this.store.remove(ids);
    this.#share({ removed: ids });
  }

  removeUnsaved() {
    this.unsaved = [];
    this.#changed();
  }

  async pause(isPaused) {
    await this.store.set("isPaused", isPaused);
    this.#share({ isPaused });
  }

  // Whatever is waited for: try now.
  release() {
    this.#share({ release: true });
  }

  report(status) {
    this.#share({ status });
  }

  // To the other tabs.
  tell(message) {
    this.channel.postMessage({ user: this.user, ...message });
  }

  #share(message) {
    if (this.store.lasts) this.tell(message);
    this.#apply(message);
  }

  #hear(message) {
    if (message.user === this.user) this.#apply(message);
    else if (message.hello) this.dispatchEvent(new Event("stranger"));
  }

  #apply({ items = [], removed = [], isPaused, status, hello, release }) {
    for (const item of items) this.items.set(item.id, item);
    for (const id of removed) this.items.delete(id);
    if (isPaused !== undefined) this.isPaused = isPaused;
    if (status) this.status = status;
    if (hello) this.dispatchEvent(new Event("hello"));
    if (release) this.dispatchEvent(new Event("release"));
    this.#changed();
  }

  // One after the other, so that they stay in the order in which they were chosen.
  async #save() {
    if (this.#isSaving) return;
    this.#isSaving = true;
    try {
      while (this.unsaved.length) {
        const { file, ...item } = this.unsaved[0];
        try {
          const added = await this.store.add({ ...item, state: "new" }, file);
          this.unsaved.shift();
          this.#share({ items: [added] });
        } catch (error) {
          await this.#makeSpace(error, item);
        }
      }
    } finally {
      this.#isSaving = false;
    }
  }

  // The browser keeps only so much: the rest follows when some files have been sent.
  async #makeSpace(error, item) {
    if (error.name === "QuotaExceededError" && this.list().some(isOpen)) {
      await new Promise((resolve) => setTimeout(resolve, SPACE_AGAIN));
      return;
    }
    this.unsaved.shift();
    const code = error.name === "QuotaExceededError" ? "no_room" : "file_unreadable";
    const added = await this.store.add({ ...item, state: "failed", isFinal: true, code }, null);
    this.#share({ items: [added] });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
