// New photos on the page: each has its place from the start, so that nothing jumps when its card comes.
import { preview } from "./previews.js";
import { isOpen } from "./queue.js";
import { texts } from "./words.js";

const MOST = 48;
const MOST_OF_ALL_ALBUMS = 24;
const USUAL_PERMILLE = 1333;

export class Arrivals {
  #places = new Map();
  // Of files whose photos came with the page, and of those that have no place on it.
  #known = new Set();
  #beyond = new Set();
  #elsewhere = new Set();
  #template;
  #queue;
  room = 0;
  #sheet = document.getElementById("sheet");
  #button = document.querySelector("[data-upload]");

  constructor(queue, progress, template) {
    this.#template = template;
    this.#queue = queue;
    if (!this.#sheet || !this.#button) return;
    this.album = this.#button.dataset.album ?? "";
    // On some pages of an album there is no place for new ones.
    if (this.#button.dataset.arrivals) this.room = this.album ? MOST : MOST_OF_ALL_ALBUMS;
    this.#find(queue.list());
    queue.addEventListener("change", () => this.#follow(queue, progress));
    this.#follow(queue, progress);
  }

  #isShown(item) {
    return this.#sheet && this.#button && (!this.album || item.album === this.album);
  }

  // In the order in which they were chosen, as after a reload: those of one batch follow each other.
  expect(entries) {
    const isNew = (entry) => this.#isShown(entry) && !this.#places.has(entry.key) && !this.#elsewhere.has(entry.batch);
    for (const entry of entries.filter(isNew).slice(0, this.room)) {
      this.room -= 1;
      this.#insert(this.#placeFor(entry));
    }
  }

  #insert(place) {
    const before = [...this.#sheet.children].findLast((other) => other.dataset.batch === place.dataset.batch);
    if (before) before.after(place);
    else if (this.#button.dataset.arrivals === "start") this.#sheet.prepend(place);
    else this.#sheet.append(place);
  }

  // Of batches that had begun before the page came. Where the last of one is not on this page, the next are not either.
  #find(items) {
    for (const { key, batch, photos } of items.filter((item) => item.photos?.length && this.#isShown(item))) {
      const card = this.#sheet.querySelector(`input[value="${photos.at(-1).id}"]`)?.closest("li");
      this.#known.add(key);
      if (card) card.dataset.batch = batch;
      if (card) this.#elsewhere.delete(batch);
      else this.#elsewhere.add(batch);
    }
  }

  #placeFor({ id, key, batch, permille, name, file }) {
    const place = this.#template.content.firstElementChild.cloneNode(true);
    Object.assign(place.dataset, { batch, permille: permille ?? USUAL_PERMILLE });
    // As photos without a title are called.
    place.querySelector(".photo-card__name").textContent = name.replace(/\.[^.]+$/, "");
    this.#places.set(key, place);
    preview(place, file ?? this.#queue.store.file(id));
    return place;
  }

  #follow(queue, progress) {
    const items = queue.list();
    this.expect(items.filter(isOpen));
    this.#showMore(items);
    const byKey = new Map(items.map((item) => [item.key, item]));
    const unsaved = new Set(queue.unsaved.map((entry) => entry.key));
    for (const [key, place] of this.#places) {
      const item = byKey.get(key);
      if (!place.classList.contains("arrival") || (item ? isOpen(item) : unsaved.has(key))) continue;
      // Without photos: they were deleted before the response came.
      if (item?.state === "done" && item.photos.length) this.#fill(place, item.photos, progress);
      else this.#leave(key, place);
    }
  }

  // The pages of one file are photos of their own.
  #fill(place, photos, progress) {
    if (place.dataset.photo) return;
    const rest = photos.slice(1).map((photo) => {
      const further = place.cloneNode(true);
      further.dataset.photo = photo.id;
      return further;
    });
    place.dataset.photo = photos[0].id;
    place.after(...rest);
    for (const one of [place, ...rest]) progress.want(one.dataset.photo, one);
  }

  // They are on the page, or on the next ones, when it is loaded again.
  #showMore(items) {
    const more = document.querySelector("[data-beyond]");
    if (!more) return;
    const isBeyond = ({ key }) => !this.#places.has(key) && !this.#known.has(key);
    for (const item of items) if (item.photos?.length && this.#isShown(item) && isBeyond(item)) this.#beyond.add(item.key);
    const number = this.#beyond.size;
    more.hidden = !number;
    more.firstElementChild.textContent = texts(ngettext("%s more photo has arrived.", "%s more photos have arrived.", number), number);
  }

  #leave(key, place) {
    this.#places.delete(key);
    this.room += 1;
    place.remove();
  }
}
