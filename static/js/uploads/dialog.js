// Asks once for all files of an upload where they go and how they are colored, and remembers it.
import { ask } from "./api.js";
import { shapesOf } from "./shapes.js";
import { chosen } from "./picks.js";
import { texts } from "./words.js";

const SHOWN = 5;
const ALBUMS = "/api/v1/albums/";
const units = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function sizeText(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const style = { style: "unit", unit: units[power], maximumFractionDigits: power > 1 ? 1 : 0 };
  // There is no short form of a byte: it would be "483 byte".
  if (!power) style.unitDisplay = "long";
  return new Intl.NumberFormat(document.documentElement.lang, style).format(bytes / 1000 ** power);
}

const isFilm = ({ type, name }) => type.startsWith("video/") || /\.(mkv|mxf|m2ts|mts|avi|mpg|vob)$/i.test(name);

const remembered = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
};

export class Dialog {
  files = [];
  // By the title of an album that is asked for.
  albumKeys = new Map();

  constructor(element, queue, { album, begin }) {
    this.element = element;
    this.form = element.querySelector("form");
    this.queue = queue;
    this.album = album;
    this.begin = begin;
    this.part = (name) => element.querySelector(`[data-part=${name}]`);
    this.key = `uploads-choices-${queue.user}`;
    element.addEventListener("close", () => this.#empty());
    element.addEventListener("click", ({ target }) => this.#click(target));
    element.addEventListener("change", ({ target }) => this.#change(target));
    this.form.addEventListener("submit", (event) => this.#submit(event));
  }

  async open(files = [], unreadable = []) {
    this.files.push(...files);
    this.#say(unreadable.length ? unreadableText(unreadable) : "");
    this.#show();
    if (!this.element.open) this.element.showModal();
    if (!this.files.length) this.part("picks").querySelector("input").focus();
    this.shapes = shapesOf(this.files);
    // More files may come while the dialog is open: what was chosen in it stays.
    if (!this.part("choices").childElementCount) await this.#loadChoices();
    this.#show();
    if (this.files.length) this.part("begin").querySelector("button").focus();
  }

  // From the site, or as it was when there is no line.
  async #loadChoices() {
    const place = this.part("choices");
    const key = `${this.key}-form`;
    try {
      const html = await ask("GET", place.dataset.url);
      localStorage.setItem(key, html);
      place.innerHTML = html;
    } catch (problem) {
      if (problem.status === 401) this.#say(this.element.dataset.loggedOut);
      place.innerHTML = localStorage.getItem(key) ?? "";
    }
    this.#restore(this.form.elements);
  }

  #restore({ album, variant, render_factor: factor }) {
    if (!album) return;
    const before = remembered(this.key);
    const wanted = this.album || before.album;
    if ([...album.options].some(({ value }) => value === wanted)) album.value = wanted;
    if (before.variant) variant.value = before.variant;
    if (before.renderFactor) {
      factor.value = before.renderFactor;
      factor.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#change(album);
  }

  #show() {
    const number = this.files.length;
    const bytes = this.files.reduce((sum, file) => sum + file.size, 0);
    this.part("title").textContent = number
      ? texts(ngettext("Upload %s photo", "Upload %s photos", number), number)
      : gettext("Upload photos");
    this.part("size").textContent = number ? sizeText(bytes) : "";
    this.part("picks").hidden = number > 0;
    this.part("choices").hidden = this.part("begin").hidden = !number || !this.form.elements.album;
  }

  #say(text) {
    this.part("error").textContent = text;
    this.part("error").hidden = !text;
  }

  #click(target) {
    if (target === this.element || target.closest("[data-close]")) this.element.close();
  }

  #change(target) {
    if (target.type === "file") {
      this.open(chosen(target));
    } else if (target.name === "album") {
      const isNew = target.value === "new";
      const title = this.element.querySelector("[data-new-album]");
      title.hidden = !isNew;
      title.querySelector("input").required = isNew;
      if (isNew && target === document.activeElement) title.querySelector("input").focus();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const { files } = this;
    // Pressed again while the album is being made: it goes on by itself.
    if (this.begun === files) return;
    this.begun = files;
    const { album, variant, render_factor: factor } = this.form.elements;
    const isColored = event.submitter?.value !== "only";
    const renderFactor = Number(factor.value);
    // Before the album is made, which takes a moment: the browser counts what moves just now as wished for.
    const batch = `${Date.now()}`;
    let place;
    try {
      place = await this.#albumOf(album);
    } catch (problem) {
      if (this.files !== files) return;
      this.begun = null;
      this.#say(problem.detail || gettext("The album cannot be created now. Check your connection, or choose another one."));
      return;
    }
    // Who has closed the dialog meanwhile wants nothing of it.
    if (this.files !== files) return;
    const isStored = place.id && place.isNew ? place.id : album.value;
    localStorage.setItem(this.key, JSON.stringify({ album: isStored, variant: variant.value, renderFactor }));
    const choice = { album: place.id, albumTitle: place.title, batch, renderFactor };
    if (isColored) choice.variant = variant.value;
    const shapes = await Promise.race([this.shapes, []]);
    const entries = files.map((file, index) => entryOf(file, index, choice, shapes[index]));
    this.element.close();
    this.begin(entries);
  }

  async #albumOf(select) {
    const title = select.selectedOptions[0].textContent;
    if (select.value !== "new") return { id: select.value || null, title };
    const name = this.form.elements.title.value;
    // Asked for again when the response was lost, it is the same album.
    if (!this.albumKeys.has(name)) this.albumKeys.set(name, { "Idempotency-Key": `album-${Math.random()}` });
    // In the order of its scans, now and after a reload.
    const made = await ask("POST", ALBUMS, { title: name, photo_order: "oldest" }, this.albumKeys.get(name));
    return { id: made.id, title: made.title, isNew: true };
  }

  // The albums are others by the next time: until they have come there is nothing to choose from.
  #empty() {
    this.files = [];
    this.albumKeys.clear();
    this.part("choices").replaceChildren();
  }
}

function unreadableText(names) {
  const text = ngettext("The browser may not read %(names)s.", "The browser may not read %(number)s files or folders: %(names)s.", names.length);
  return interpolate(text, { number: names.length, names: names.slice(0, SHOWN).join(", ") }, true);
}

function entryOf(file, index, choice, permille) {
  const key = `${choice.batch}-${index}-${Math.random().toString(36).slice(2)}`;
  const entry = { ...choice, file, key, permille, name: file.name, size: file.size };
  // People try some seconds of a film before they have all of it colored.
  if (isFilm(file)) delete entry.variant;
  return entry;
}
