// The colors of a hint: what the network would believe there, those used last, any other, and how far it reaches.
import { texts } from "../uploads/words.js";
import { Problem, ask } from "./asking.js";
import { nameOf } from "./names.js";

const RECENT = "recent-hint-colors";
const MOST_RECENT = 8;
const COLOR = /^#[0-9a-f]{6}$/;
const MOST_SUGGESTED = 6; // a row of them; places are held for so many

export class Colors extends EventTarget {
  #asking = null;
  #known = new Map();

  constructor(part, address) {
    super();
    Object.assign(this, { part, address, color: "" });
    for (const name of ["suggested", "recent"]) {
      part(name).addEventListener("click", ({ target }) => this.#choose(target.closest("[data-color]")));
    }
    part("own").addEventListener("input", ({ target }) => this.#tell("color", { color: target.value, isDone: false }));
    part("own").addEventListener("change", ({ target }) => this.#tell("color", { color: target.value, isDone: true }));
    part("reach-size").addEventListener("input", ({ target }) => this.#tell("size", { share: target.value / 1000, isDone: false }));
    part("reach-size").addEventListener("change", ({ target }) => this.#tell("size", { share: target.value / 1000, isDone: true }));
  }

  // now: the color that the picture has there; share: the radius, of the longer side.
  open({ color, share, now }) {
    Object.assign(this, { now });
    this.part("no-place").hidden = true;
    this.part("colors").hidden = false;
    this.part("reach-size").value = Math.round(share * 1000);
    this.#showRecent();
    this.mark(color);
  }

  close() {
    this.#asking?.abort();
    this.part("no-place").hidden = false;
    this.part("colors").hidden = true;
  }

  // In the row itself where its colors are still on their way: they take the focus over.
  focus() {
    (this.part("suggested").querySelector("[data-color]") ?? this.part("suggested")).focus();
  }

  // The color that the hint has.
  mark(color) {
    this.color = color;
    if (color || this.now) this.part("own").value = color || this.now;
    for (const swatch of this.part("colors").querySelectorAll("[data-color]")) {
      swatch.setAttribute("aria-pressed", String(swatch.dataset.color === color));
    }
  }

  // request: the place, and everything beside the hint itself.
  async suggest(request) {
    this.#asking?.abort();
    const key = JSON.stringify(request);
    if (this.#known.has(key)) return this.#showSuggested(this.#known.get(key));
    const asking = (this.#asking = new AbortController());
    this.#showWaiting();
    try {
      const { colors } = await ask(this.address, request, "json", asking.signal);
      this.#known.set(key, colors);
      if (!asking.signal.aborted) this.#showSuggested(colors);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      this.#showSuggested([]);
    }
  }

  // Taken: it comes first among the recent ones, the next time that they are shown.
  remember(color) {
    const colors = [color, ...recentColors().filter((each) => each !== color)].slice(0, MOST_RECENT);
    try {
      localStorage.setItem(RECENT, JSON.stringify(colors));
    } catch {
      // A browser that keeps nothing: there are none, then.
    }
  }

  #showWaiting() {
    const places = Array.from({ length: MOST_SUGGESTED }, () => {
      const place = document.createElement("span");
      place.className = "swatch is-waiting";
      return place;
    });
    this.part("suggested").setAttribute("aria-busy", "true");
    this.#replace(this.part("suggested"), places);
  }

  #showSuggested(colors) {
    const swatches = colors.slice(0, MOST_SUGGESTED).map((color, index) => newSwatch(color, texts(gettext("Suggested color %s: %s"), index + 1, nameOf(color))));
    if (this.now) swatches.push(this.#asItIs());
    this.part("suggested").removeAttribute("aria-busy");
    this.#replace(this.part("suggested"), swatches);
    this.mark(this.color);
  }

  #asItIs() {
    const swatch = newSwatch(this.now, texts(gettext("Keep the color as it is now: %s"), nameOf(this.now)));
    swatch.classList.add("is-now");
    swatch.title = gettext("As it is now");
    return swatch;
  }

  // Who stands in a row that is exchanged goes on in the new one.
  #replace(row, children) {
    const hadFocus = row.contains(document.activeElement);
    row.replaceChildren(...children);
    if (hadFocus) (row.querySelector("[data-color]") ?? this.part("own")).focus();
  }

  #showRecent() {
    const colors = recentColors();
    this.part("recent-row").hidden = !colors.length;
    const swatches = colors.map((color) => newSwatch(color, texts(gettext("Recent color: %s"), nameOf(color))));
    this.#replace(this.part("recent"), swatches);
  }

  #choose(swatch) {
    if (swatch) this.#tell("color", { color: swatch.dataset.color, isDone: true });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function recentColors() {
  try {
    const colors = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(colors) ? colors.filter((color) => COLOR.test(color)) : [];
  } catch {
    return [];
  }
}

function newSwatch(color, label) {
  const swatch = document.createElement("button");
  Object.assign(swatch, { type: "button", className: "swatch", ariaLabel: label });
  swatch.dataset.color = color;
  swatch.style.setProperty("--color", color);
  swatch.setAttribute("aria-pressed", "false");
  return swatch;
}
