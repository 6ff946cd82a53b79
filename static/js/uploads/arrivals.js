// New photos on the page: each has its place from the start, so that nothing jumps when its card comes.
import { preview } from "./previews.js";
import { isOpen } from "./queue.js";

const MOST = 48;
const MOST_OF_ALL_ALBUMS = 24;
const USUAL_PERMILLE = 1333;

export class Arrivals {
  #places = new Map();
  #template;
  #queue;
  #sheet = document.getElementById("sheet");
  #button = document.querySelector("[data-upload][data-arrivals]");

  constructor(queue, progress, template) {
    this.#template = template;
    this.#queue = queue;
    if (!this.#sheet || !this.#button) return;
    this.album = this.#button.dataset.album ?? "";
    this.room = this.album ? MOST : MOST_OF_ALL_ALBUMS;
    queue.addEventListener("change", () => this.#follow(queue, progress));
    this.#follow(queue, progress);
  }

  #isShown(item) {
    return this.#sheet && this.#button && (!this.album || item.album === this.album);
  }

  // In the order in which they were chosen.
  expect(entries) {
    const shown = entries.filter((entry) => this.#isShown(entry) && !this.#places.has(entry.key));
    const places = shown.slice(0, this.room).map((entry) => this.#placeFor(entry));
    this.room -= places.length;
    if (!places.length) return;
    const last = [...this.#sheet.querySelectorAll(".arrival")].at(-1);
    if (last) last.after(...places);
    else if (this.#button.dataset.arrivals === "start") this.#sheet.prepend(...places);
    else this.#sheet.append(...places);
  }

  #placeFor({ id, key, permille, name, file }) {
    const place = this.#template.content.firstElementChild.cloneNode(true);
    place.dataset.permille = permille ?? USUAL_PERMILLE;
    // As photos without a title are called.
    place.querySelector(".photo-card__name").textContent = name.replace(/\.[^.]+$/, "");
    this.#places.set(key, place);
    preview(place, file ?? this.#queue.store.file(id));
    return place;
  }

  #follow(queue, progress) {
    const items = queue.list();
    this.expect(items.filter(isOpen));
    const byKey = new Map(items.map((item) => [item.key, item]));
    const unsaved = new Set(queue.unsaved.map((entry) => entry.key));
    for (const [key, place] of this.#places) {
      const item = byKey.get(key);
      if (!place.classList.contains("arrival") || (item ? isOpen(item) : unsaved.has(key))) continue;
      if (item?.state === "done") this.#fill(place, item.photos, progress);
      else this.#leave(key, place);
    }
  }

  // The pages of one file are photos of their own.
  #fill(place, photos, progress) {
    if (place.dataset.photo || !photos.length) return;
    const rest = photos.slice(1).map((photo) => {
      const further = place.cloneNode(true);
      further.dataset.photo = photo.id;
      return further;
    });
    place.dataset.photo = photos[0].id;
    place.after(...rest);
    for (const one of [place, ...rest]) progress.want(one.dataset.photo, one);
  }

  #leave(key, place) {
    this.#places.delete(key);
    this.room += 1;
    place.remove();
  }
}
