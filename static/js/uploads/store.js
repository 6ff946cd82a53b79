// Where the queue of uploads is kept: in IndexedDB, so that it outlives the page; else in memory.
import { openDB } from "../../vendor/idb/index.js";

export const DATABASE = "uploads-";

class DatabaseStore {
  lasts = true;

  constructor(database) {
    this.database = database;
  }

  static async open(user) {
    const database = await openDB(DATABASE + user, 1, {
      upgrade(created) {
        created.createObjectStore("items", { keyPath: "id", autoIncrement: true });
        created.createObjectStore("files");
        created.createObjectStore("state");
      },
    });
    return new DatabaseStore(database);
  }

  all() {
    return this.database.getAll("items");
  }

  file(id) {
    return this.database.get("files", id);
  }

  // Either both are kept or none.
  async add(item, file) {
    const transaction = this.database.transaction(["items", "files"], "readwrite");
    const id = await transaction.objectStore("items").add(item);
    await Promise.all([transaction.objectStore("files").put(file, id), transaction.done]);
    return { ...item, id };
  }

  // Nothing comes back that another tab has removed.
  async change(id, fields, { withoutFile = false } = {}) {
    const transaction = this.database.transaction(["items", "files"], "readwrite");
    const items = transaction.objectStore("items");
    const item = await items.get(id);
    if (item) await items.put(Object.assign(item, fields));
    if (item && withoutFile) await transaction.objectStore("files").delete(id);
    await transaction.done;
    return item;
  }

  async remove(ids) {
    const transaction = this.database.transaction(["items", "files"], "readwrite");
    for (const id of ids) {
      transaction.objectStore("items").delete(id);
      transaction.objectStore("files").delete(id);
    }
    await transaction.done;
  }

  get(key) {
    return this.database.get("state", key);
  }

  set(key, value) {
    return this.database.put("state", value, key);
  }

  // For browsers without locks: true for whoever holds the lease, which has to be renewed.
  async lease(holder, milliseconds) {
    const transaction = this.database.transaction("state", "readwrite");
    const current = await transaction.store.get("lease");
    const isFree = !current || current.holder === holder || current.until < Date.now();
    if (isFree) await transaction.store.put({ holder, until: Date.now() + milliseconds }, "lease");
    await transaction.done;
    return isFree;
  }
}

class MemoryStore {
  lasts = false;
  items = new Map();
  files = new Map();
  state = new Map();
  nextId = 1;

  async all() {
    return [...this.items.values()];
  }

  async file(id) {
    return this.files.get(id);
  }

  async add(item, file) {
    const added = { ...item, id: this.nextId++ };
    this.items.set(added.id, added);
    this.files.set(added.id, file);
    return added;
  }

  async change(id, fields, { withoutFile = false } = {}) {
    const item = this.items.get(id);
    if (item) this.items.set(id, { ...item, ...fields });
    if (withoutFile) this.files.delete(id);
    return this.items.get(id);
  }

  async remove(ids) {
    for (const id of ids) {
      this.items.delete(id);
      this.files.delete(id);
    }
  }

  async get(key) {
    return this.state.get(key);
  }

  async set(key, value) {
    this.state.set(key, value);
  }

  async lease() {
    return true;
  }
}

export async function openStore(user) {
  try {
    return await DatabaseStore.open(user);
  } catch {
    return new MemoryStore();
  }
}
