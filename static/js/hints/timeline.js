// The moments of a film: one is looked at, those with hints are marked. Each frame has one moment, in seconds.
import { texts } from "../uploads/words.js";

const KEYS = { ",": -1, ".": 1 };
const STEPS = { "frame-back": -1, "frame-on": 1 };
const WRITTEN = ["text", "number", "search"];
const LITTLE = 1e-6; // of a frame

export class Timeline extends EventTarget {
  #moments = [];

  constructor(part, hints) {
    super();
    const element = part("timeline");
    Object.assign(this, { part, element, slider: part("moment"), marks: part("moments") });
    const { seconds, rate, moment, most } = element.dataset;
    Object.assign(this, { seconds: Number(seconds), rate: Number(rate), most: Number(most) });
    this.slider.max = Math.max(0, Math.ceil(this.seconds * this.rate - LITTLE) - 1);
    this.#moments = momentsOf(hints);
    this.#put(this.#frameOf(Number(moment)));
    this.slider.addEventListener("input", () => this.#tell(this.slider.valueAsNumber));
    this.marks.addEventListener("click", ({ target }) => this.#jump(target.closest("[data-moment]")));
    element.addEventListener("click", ({ target }) => this.#step(STEPS[target.closest("[data-step]")?.dataset.step], false));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  go(seconds) {
    this.#tell(this.#frameOf(seconds));
  }

  // Another moment with hints would be one too many.
  isFull(hints) {
    const moments = momentsOf(hints);
    return moments.length >= this.most && !moments.includes(this.moment);
  }

  // What of the state belongs to moments.
  show({ hints, reference, reference_seconds: scene }) {
    this.#moments = momentsOf(hints, reference ? scene : null);
    const labels = this.#moments.map((moment) => this.#label(moment, hints, moment === scene));
    while (this.marks.children.length > labels.length) this.marks.lastElementChild.remove();
    while (this.marks.children.length < labels.length) this.marks.append(newMark());
    this.#moments.forEach((moment, index) => this.#draw(this.marks.children[index], moment, labels[index], moment === scene));
    this.#showScope(reference && scene !== null, scene);
  }

  #label(moment, hints, hasReference) {
    const number = hints.filter(({ seconds }) => seconds === moment).length;
    const words = number ? [texts(ngettext("%s hint", "%s hints", number), number)] : [];
    if (hasReference) words.push(gettext("colors of another photo"));
    return texts(gettext("Go to %s: %s"), clock(moment), words.join(", "));
  }

  #draw(mark, moment, label, hasReference) {
    mark.dataset.moment = moment;
    mark.style.setProperty("--at", this.#frameOf(moment) / Math.max(1, Number(this.slider.max)));
    mark.classList.toggle("is-reference", hasReference);
    mark.title = label;
    mark.setAttribute("aria-label", label);
    mark.setAttribute("aria-current", String(moment === this.moment));
  }

  #showScope(isScene, scene) {
    this.part(isScene ? "scope-scene" : "scope-film").checked = true;
    this.part("scene-note").hidden = !isScene;
    this.part("scene-moment").textContent = clock(scene ?? 0);
  }

  #jump(mark) {
    if (mark) this.go(Number(mark.dataset.moment));
  }

  #key(event) {
    const isWriting = event.target.matches("textarea, select") || WRITTEN.includes(event.target.type);
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = KEYS[event.key] ?? { "<": -1, ">": 1 }[event.key];
    this.#step(way, event.shiftKey);
    if (way) event.preventDefault();
  }

  // By a frame, or by a second.
  #step(way, isFar) {
    if (way) this.#tell(this.slider.valueAsNumber + way * (isFar ? Math.max(1, Math.round(this.rate)) : 1));
  }

  #tell(frame) {
    const before = this.moment;
    this.#put(frame);
    if (this.moment !== before) this.dispatchEvent(new CustomEvent("moment", { detail: this.moment }));
  }

  #put(frame) {
    this.slider.value = frame;
    this.moment = this.#momentOf(this.slider.valueAsNumber);
    const time = clock(this.moment);
    this.slider.setAttribute("aria-valuetext", time);
    this.part("time").textContent = time;
  }

  #frameOf(seconds) {
    return Math.floor(seconds * this.rate + LITTLE);
  }

  // One that has hints, as it was said when they were set; else the middle of the frame.
  #momentOf(frame) {
    const known = this.#moments.find((moment) => this.#frameOf(moment) === frame);
    return known ?? Math.min(this.seconds, Math.round(1000 * ((frame + 0.5) / this.rate)) / 1000);
  }
}

function momentsOf(hints, scene = null) {
  const moments = new Set(hints.map(({ seconds }) => seconds));
  if (scene !== null) moments.add(scene);
  return [...moments].sort((one, other) => one - other);
}

// As players show it, with hundredths: 1:07.40.
function clock(seconds) {
  const hundredths = Math.floor(seconds * 100 + LITTLE);
  const digits = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60, hundredths % 6000];
  const end = `${digits(Math.floor(rest / 100))}.${digits(rest % 100)}`;
  return hours ? `${hours}:${digits(minutes)}:${end}` : `${minutes}:${end}`;
}

function newMark() {
  const mark = document.createElement("button");
  Object.assign(mark, { type: "button", className: "moments__mark" });
  return mark;
}
