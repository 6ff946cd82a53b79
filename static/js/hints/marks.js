// Hints on the picture: made by a click or the cross-hair of the keyboard, moved by dragging or the arrow keys.
import { texts } from "../uploads/words.js";
import { nameOf } from "./names.js";

const STEP = 0.005; // of the longer side; with Shift
const LARGE_STEP = 0.03;
const DRAG_FROM = 4; // pixels of the screen: a hand is not that still
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value, most) => Math.max(0, Math.min(most, value));

export class Marks extends EventTarget {
  #drag = null;
  #hasMoved = false;

  // size: width and height of the photo, whose pixels all places are in.
  constructor({ surface, marks, cross, reach }, size) {
    super();
    Object.assign(this, { surface, marks, cross, reach, size, hints: [] });
    this.place = { x: size.width / 2, y: size.height / 2 };
    surface.addEventListener("click", (event) => this.#tell("place", { ...this.#placeOf(event), isByKey: false }));
    surface.addEventListener("keydown", (event) => this.#key(event));
    surface.addEventListener("focus", () => surface.matches(":focus-visible") && this.#showCross());
    surface.addEventListener("blur", () => (cross.hidden = true));
    marks.addEventListener("pointerdown", (event) => this.#start(event));
    marks.addEventListener("pointermove", (event) => this.#move(event));
    marks.addEventListener("pointerup", () => this.#end());
    marks.addEventListener("pointercancel", () => this.#end());
    marks.addEventListener("click", (event) => this.#click(event));
    marks.addEventListener("keydown", (event) => this.#keyOfMark(event));
    marks.addEventListener("keyup", (event) => WAYS[event.key] && this.#finish());
    marks.addEventListener("focusout", () => this.#finish()); // before the key came up
  }

  // hints: the last may have no color yet. Buttons stay what they are, with focus and finger.
  show(hints, chosen) {
    this.hints = hints;
    while (this.marks.children.length > hints.length) this.marks.lastElementChild.remove();
    while (this.marks.children.length < hints.length) this.marks.append(newMark());
    hints.forEach((hint, index) => this.#draw(this.marks.children[index], hint, index, index === chosen));
    this.#showReach(hints[chosen]);
  }

  focus(index) {
    (this.marks.children[index] ?? this.surface).focus({ preventScroll: true });
  }

  #draw(mark, { x, y, color }, index, isChosen) {
    this.#put(mark, x, y);
    mark.style.setProperty("--color", color || "transparent");
    mark.classList.toggle("is-empty", !color);
    mark.setAttribute("aria-pressed", String(isChosen));
    const where = [Math.round((100 * x) / this.size.width), Math.round((100 * y) / this.size.height)];
    const label = color
      ? texts(gettext("Hint %s, %s, %s percent from the left, %s percent from the top"), index + 1, nameOf(color), ...where)
      : texts(gettext("New hint without a color, %s percent from the left, %s percent from the top"), ...where);
    if (mark.getAttribute("aria-label") !== label) mark.setAttribute("aria-label", label);
  }

  #put(element, x, y) {
    element.style.setProperty("--x", x / this.size.width);
    element.style.setProperty("--y", y / this.size.height);
  }

  #showReach(hint) {
    this.reach.hidden = !hint;
    if (!hint) return;
    this.#put(this.reach, hint.x, hint.y);
    this.reach.style.setProperty("--reach", (2 * hint.radius) / this.size.width);
  }

  #showCross() {
    this.#put(this.cross, this.place.x, this.place.y);
    this.cross.hidden = false;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (WAYS[event.key]) {
      this.place = this.#moved(this.place, event);
      this.#showCross();
    } else if (event.key === "Enter" || event.key === " ") {
      this.#tell("place", { ...this.place, isByKey: true });
    } else if (event.key === "Escape") {
      this.#tell("leave");
    } else return;
    event.preventDefault();
  }

  #keyOfMark(event) {
    const index = this.#indexOf(event.target);
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (WAYS[event.key]) {
      this.#hasMoved = true;
      this.#tell("move", { index, ...this.#moved(this.hints[index], event) });
    } else if (["Delete", "Backspace"].includes(event.key)) {
      this.#tell("remove", { index });
    } else if (event.key === "Escape") {
      this.#tell("leave");
    } else return;
    event.preventDefault();
  }

  #moved({ x, y }, { key, shiftKey }) {
    const { width, height } = this.size;
    const step = Math.max(width, height) * (shiftKey ? LARGE_STEP : STEP);
    return { x: clamp(x + WAYS[key][0] * step, width), y: clamp(y + WAYS[key][1] * step, height) };
  }

  // A click comes after each pointer, too; a key makes one without any.
  #click(event) {
    const index = this.#indexOf(event.target);
    if (index >= 0) this.#tell("choose", { index, isByKey: !event.detail });
  }

  #start(event) {
    const index = this.#indexOf(event.target);
    if (index < 0 || event.button || !event.isPrimary) return;
    const { x, y } = this.hints[index];
    const at = this.#placeOf(event);
    // Held where the pointer took it: it does not jump to its tip.
    this.#drag = { index, from: [event.clientX, event.clientY], off: [x - at.x, y - at.y], isFar: false };
    event.target.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const drag = this.#drag;
    if (!drag || !event.isPrimary) return;
    drag.isFar ||= Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) > DRAG_FROM;
    if (!drag.isFar) return;
    const { x, y } = this.#placeOf(event);
    const { width, height } = this.size;
    this.#hasMoved = true;
    this.#tell("move", { index: drag.index, x: clamp(x + drag.off[0], width), y: clamp(y + drag.off[1], height) });
  }

  #end() {
    this.#drag = null;
    this.#finish();
  }

  #finish() {
    if (this.#hasMoved) this.#tell("moved");
    this.#hasMoved = false;
  }

  #indexOf(element) {
    return [...this.marks.children].indexOf(element.closest(".mark"));
  }

  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.surface.getBoundingClientRect();
    const x = ((clientX - left) / width) * this.size.width;
    const y = ((clientY - top) / height) * this.size.height;
    return { x: clamp(x, this.size.width), y: clamp(y, this.size.height) };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function newMark() {
  const mark = document.createElement("button");
  Object.assign(mark, { type: "button", className: "mark" });
  return mark;
}
