// A version and its sliders: what they do is seen at once, saved on request, and lost by no accident.
import { Brush } from "./brush.js";
import { History } from "./history.js";
import { findLevels } from "./levels.js";
import { Mask } from "./mask.js";
import { Renderer } from "./renderer.js";

const SLIDERS = ["intensity", "saturation", "warmth", "tint"];
const LEVELS = ["black", "white", "gamma"];
const NOTHING = { intensity: 0, saturation: 0, warmth: 0, tint: 0, levels: null, gray: [] };
// What is said while the site is asked on how far the file is; anything else stays until the next saving.
const PASSING = ["asks-again", "full"];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

class Adjusting {
  #frame = 0;
  #stroke = null;
  #found = null;

  constructor(element) {
    this.element = element;
    this.form = element.querySelector("form");
    this.engine = JSON.parse(element.dataset.engine);
    this.part = (name) => element.querySelector(`[data-part=${name}]`);
    this.history = new History(this.#read());
    this.saved = this.history.now;
    this.#listen();
    this.#watchSaving();
  }

  // Once the picture is there.
  start() {
    const picture = this.part("before");
    const canvas = this.part("canvas");
    try {
      this.renderer = new Renderer(canvas, picture, this.engine);
    } catch (error) {
      console.warn("Changes cannot be shown live:", error);
      this.part("not-live").hidden = false;
      return;
    }
    this.mask = new Mask(+picture.getAttribute("width"), +picture.getAttribute("height"), this.engine);
    this.brush = new Brush(canvas, this.part("cursor"), this.part("size"), this.engine);
    this.brush.addEventListener("stroke", ({ detail }) => this.#continueStroke(detail));
    this.brush.addEventListener("end", ({ detail }) => this.#endStroke(detail));
    this.brush.addEventListener("cancel", () => this.#cancelStroke());
    this.brush.addEventListener("leave", () => this.form.querySelector("[data-tool][aria-pressed=true]").focus());
    canvas.hidden = false;
    for (const part of this.element.querySelectorAll("[data-live]")) part.hidden = false;
    this.#show();
    this.element.dataset.isReady = "";
  }

  // The form as it stands.
  #read() {
    const { elements } = this.form;
    const numbers = (names) => Object.fromEntries(names.map((name) => [name, Number(elements[name].value)]));
    const levels = elements.restores.checked ? numbers(LEVELS) : null;
    return { ...numbers(SLIDERS), levels, gray: JSON.parse(elements.gray.value) };
  }

  #write(state) {
    const { elements } = this.form;
    for (const name of SLIDERS) elements[name].value = state[name];
    elements.restores.checked = Boolean(state.levels);
    if (state.levels) for (const name of LEVELS) elements[name].value = state.levels[name];
    elements.gray.value = JSON.stringify(state.gray);
    this.#show();
  }

  #listen() {
    this.form.addEventListener("input", ({ target }) => this.#input(target));
    this.form.addEventListener("change", () => this.#keep());
    this.form.addEventListener("click", ({ target, detail }) => this.#click(target.closest("[data-do], [data-tool]"), !detail));
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("beforeunload", (event) => this.isUnsaved && event.preventDefault());
  }

  #input(target) {
    const slider = target.closest("[data-slider]");
    if (slider) {
      const [number, range] = slider.querySelectorAll("input");
      // A number that is being typed is not corrected under somebody's fingers.
      if (target === number) range.value = number.value;
    }
    if (target.name === "restores" && target.checked) this.#restore();
    this.#show();
  }

  #restore() {
    this.#found ??= findLevels(this.part("before"), this.engine);
    for (const name of LEVELS) this.form.elements[name].value = this.#found[name];
  }

  #click(button, isByKey) {
    if (!button) return;
    if (!button.dataset.tool) return this.#do(button.dataset.do);
    this.#choose(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.tool);
    if (isByKey && this.brush.tool) this.part("canvas").focus();
  }

  #do(what) {
    if (what === "undo") this.#write(this.history.undo());
    else if (what === "redo") this.#write(this.history.redo());
    else if (what === "reset") this.#change(NOTHING);
    else if (what === "clear") this.#change({ ...this.#read(), gray: [] });
    else this.#compare(!this.isComparing);
  }

  #change(state) {
    this.#write(state);
    this.#keep();
  }

  #keep() {
    this.history.add(this.#read());
    this.#show();
  }

  #choose(tool) {
    this.brush.choose(tool);
    for (const button of this.form.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
  }

  #compare(isComparing) {
    this.isComparing = isComparing;
    this.form.querySelector("[data-do=compare]").setAttribute("aria-pressed", String(isComparing));
    this.#show();
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    this.#do(event.shiftKey ? "redo" : "undo");
  }

  #continueStroke(stroke) {
    this.#stroke = this.#asFarAsItFits(stroke);
    this.#show();
  }

  #endStroke(stroke) {
    this.#stroke = null;
    const state = this.#read();
    const fitting = this.#asFarAsItFits(stroke);
    if (fitting) this.#change({ ...state, gray: [...state.gray, fitting] });
  }

  #cancelStroke() {
    this.#stroke = null;
    this.#show();
  }

  // No more is kept than the site takes; null where there is room for nothing.
  #asFarAsItFits(stroke) {
    const { gray } = this.#read();
    const taken = gray.reduce((sum, { points }) => sum + points.length, 0);
    const room = gray.length < this.engine.MAX_STROKES ? this.engine.MAX_POINTS - taken : 0;
    if (stroke.points.length <= room) return stroke;
    this.#say("full");
    return room > 0 ? { ...stroke, points: stroke.points.slice(0, room) } : null;
  }

  get isUnsaved() {
    return !same(this.#read(), this.saved);
  }

  #show() {
    const state = this.#read();
    for (const slider of this.form.querySelectorAll("[data-slider]")) {
      const [number, range] = slider.querySelectorAll("input");
      if (number !== document.activeElement) number.value = range.value;
    }
    this.part("levels").hidden = !state.levels || !this.renderer;
    this.form.querySelector("[data-do=undo]").disabled = !this.history.canUndo;
    this.form.querySelector("[data-do=redo]").disabled = !this.history.canRedo;
    this.form.querySelector("[data-do=clear]").disabled = !state.gray.length;
    if (!this.renderer) return;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const state = this.#read();
    const gray = this.#stroke ? [...state.gray, this.#stroke] : state.gray;
    const strokes = gray.map((stroke) => this.#known(stroke));
    this.mask.show(strokes);
    this.renderer.draw(this.isComparing ? NOTHING : { ...state, gray }, this.mask);
  }

  // Strokes are read from the form anew each time: the same text is the same object.
  #known(stroke) {
    const text = JSON.stringify(stroke);
    this.strokes ??= new Map();
    if (!this.strokes.has(text)) this.strokes.set(text, stroke);
    return this.strokes.get(text);
  }

  #watchSaving() {
    const { form } = this;
    form.addEventListener("htmx:beforeRequest", ({ target }) => {
      if (target === form) this.sent = this.#read();
    });
    form.addEventListener("htmx:beforeSwap", ({ detail }) => {
      // The site's words, where it has some for this form; any other page must not take the form away.
      detail.isError = false;
      detail.shouldSwap = detail.serverResponse.includes('id="adjust-state"');
      if (!detail.shouldSwap) this.#sayOfStatus(detail.xhr.status, detail.requestConfig.verb);
    });
    form.addEventListener("htmx:sendError", ({ detail }) => this.#say(detail.requestConfig.verb === "get" ? "asks-again" : "offline"));
    form.addEventListener("htmx:afterSwap", () => {
      if (form.querySelector("[data-saved]") && this.sent) this.saved = this.sent;
    });
  }

  // What is asked for each second and does not come loses nothing; what is gone is not asked for again.
  #sayOfStatus(status, verb) {
    if (status === 404) this.#say("gone");
    else if (verb === "get") this.#say("asks-again");
    else this.#say(status === 429 ? "too-many" : "failed");
  }

  // htmx asks as long as the element that began with it is there.
  #stopAsking() {
    const state = this.element.querySelector(".adjust__state");
    const quiet = state.cloneNode(true);
    for (const name of ["hx-get", "hx-trigger"]) quiet.removeAttribute(name);
    state.replaceWith(quiet);
  }

  #say(name) {
    if (!PASSING.includes(name)) this.#stopAsking();
    const state = this.element.querySelector(".adjust__state");
    const { textContent } = this.element.querySelector(`[data-text=${name}]`);
    // Said once: a screen reader would read it out each time.
    if (state.querySelector("[role=alert]")?.textContent === textContent) return;
    const alert = document.createElement("p");
    Object.assign(alert, { role: "alert", className: "failure", textContent });
    state.querySelectorAll("p, progress, div").forEach((old) => old.remove());
    state.append(alert);
  }
}

for (const element of document.querySelectorAll("[data-adjust]")) {
  const adjusting = new Adjusting(element);
  const picture = adjusting.part("before");
  picture.decode().then(() => adjusting.start(), () => (adjusting.part("not-live").hidden = false));
}
