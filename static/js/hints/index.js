// Hints on a photo, or on frames of a film, and the colors of another photo: seen as they are set, made on request, and
// lost by no accident. A photo has one moment, which has no name; what is said of moments below is so of it, too.
import { History } from "../adjust/history.js";
import { texts } from "../uploads/words.js";
import { ask } from "./asking.js";
import { Colors } from "./colors.js";
import { Marks } from "./marks.js";
import { Pictures } from "./pictures.js";
import { Reference } from "./reference.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";
import { Words } from "./words.js";

const SHARE = 0.02; // radius of a new hint, of the longer side
const NONE = -1;
const SETTLED = 150; // milliseconds: who drags along the timeline wants frames, and no colors yet
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const rounded = (value) => Math.round(value * 10) / 10;

class Correcting {
  // A place without a color yet: it is no hint, and nothing to be undone.
  #pending = null;
  #chosen = NONE;
  #share = SHARE;
  #isLeaving = false;
  #isSeen = true; // the frame of the moment
  #isChanging = false; // to another frame
  #timer = 0;

  constructor(element) {
    this.element = element;
    this.form = element.querySelector("form");
    this.part = (name) => element.querySelector(`[data-part=${name}]`);
    const before = this.part("before");
    this.size = { width: +before.getAttribute("width"), height: +before.getAttribute("height") };
    this.state = this.#read();
    this.history = new History(this.state);
    this.opened = this.state;
    this.isUnsaved = "unsaved" in element.dataset;
    this.words = new Words(this.part);
    this.stage = new Stage(this.part, this.size);
    this.#makeParts(element.dataset);
    this.#listen();
    this.#watchSaving();
    this.reference.show(this.state.reference);
    if (this.timeline) this.#look(this.timeline.moment);
    else if (!this.stage.made) this.#preview();
    this.#show();
    element.dataset.isReady = "";
  }

  #makeParts({ preview, colors, reference, references, frame }) {
    const names = ["surface", "marks", "cross", "reach"];
    this.marks = new Marks(Object.fromEntries(names.map((name) => [name, this.part(name)])), this.size);
    this.previews = new Pictures((state) => ask(preview, state, "blob"));
    this.frames = new Pictures((seconds) => ask(`${frame}?seconds=${seconds}`, null, "blob"));
    this.timeline = frame ? new Timeline(this.part, this.state.hints) : null;
    this.colors = new Colors(this.part, colors);
    this.reference = new Reference(this.part, { reference, references });
  }

  #read() {
    const { elements } = this.form;
    const hints = JSON.parse(elements.hints.value || "[]");
    const scene = elements.reference_seconds;
    const state = { variant: elements.variant.value, hints, reference: elements.reference.value };
    return scene ? { ...state, reference_seconds: scene.value ? Number(scene.value) : null } : state;
  }

  #listen() {
    const { marks, colors, previews, frames, reference, timeline, form } = this;
    const on = (target, type, does) => target.addEventListener(type, ({ detail }) => does(detail));
    on(marks, "place", (place) => this.#place(place));
    on(marks, "choose", ({ index, isByKey }) => this.#choose(index, isByKey));
    on(marks, "move", (moved) => this.#move(moved));
    on(marks, "moved", () => this.#endMove());
    on(marks, "remove", ({ index }) => this.#remove(index));
    on(marks, "leave", () => this.#leave());
    on(colors, "color", ({ color, isDone }) => this.#color(color, isDone));
    on(colors, "size", ({ share, isDone }) => this.#resize(share, isDone));
    on(reference, "color", (color) => this.#color(color, true));
    on(reference, "reference", (chosen) => this.#take(chosen));
    on(reference, "sending", (isSending) => this.words.sending(isSending));
    on(reference, "problem", (problem) => this.words.ofReference(problem));
    on(previews, "picture", (picture) => this.stage.draw(picture));
    on(previews, "busy", (isBusy) => this.stage.busy(isBusy || this.#isChanging));
    on(previews, "problem", (problem) => this.words.ofPreview(problem));
    on(previews, "fine", () => this.words.clear());
    on(frames, "picture", (picture) => this.#seeFrame(picture));
    on(frames, "busy", (isBusy) => isBusy && this.stage.busy(true));
    on(frames, "problem", (problem) => this.#missFrame(problem));
    on(frames, "fine", () => this.words.clear());
    if (timeline) on(timeline, "moment", (moment) => this.#look(moment));
    form.addEventListener("click", ({ target }) => this.#do(target.closest("[data-do]")));
    form.addEventListener("change", ({ target }) => target.name === "variant" && this.#change({ variant: target.value }));
    this.element.addEventListener("keydown", (event) => this.#escape(event));
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("online", () => [previews, frames].forEach((pictures) => pictures.again()));
    window.addEventListener("beforeunload", (event) => this.#hasUnsaved && event.preventDefault());
  }

  // Another moment: its frame first, then the colors.
  #look(moment) {
    this.moment = moment;
    this.#isSeen = false;
    this.#isChanging = true;
    clearTimeout(this.#timer);
    this.stage.busy(true);
    this.#drop();
    this.previews.forget();
    this.frames.show(moment);
    this.#show();
  }

  #seeFrame(picture) {
    this.stage.drawFrame(picture);
    this.#isSeen = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isChanging = false;
      this.stage.busy(false);
      this.#preview();
    }, SETTLED);
  }

  #missFrame(problem) {
    this.#isChanging = false;
    this.stage.busy(false);
    this.words.ofPreview(problem);
  }

  #preview() {
    if (this.#isSeen) this.previews.show(this.#request(this.state));
  }

  // A place is chosen: what it becomes, its color decides.
  #place({ x, y, isByKey }) {
    if (!this.#isSeen) return;
    if (this.state.hints.length >= Number(this.element.dataset.most)) return this.words.say("full");
    if (this.timeline?.isFull(this.state.hints)) return this.words.say("full-moments");
    this.#compare(false);
    const place = { x: rounded(x), y: rounded(y) };
    this.#pending = { ...place, color: "", radius: this.#radius(this.#share), seconds: this.moment };
    this.#choose(this.#here.length, isByKey);
    if (!isByKey) this.marks.focus(this.#chosen);
  }

  #choose(index, isByKey) {
    if (index < this.#here.length) this.#pending = null;
    this.#chosen = index;
    this.words.done();
    this.#show();
    this.#open();
    this.#bringColors();
    if (isByKey) this.colors.focus();
  }

  #open() {
    const hint = this.#hints[this.#chosen];
    const share = hint.radius / Math.max(this.size.width, this.size.height);
    const now = this.stage.colorAt(hint);
    this.colors.open({ color: hint.color, share, now });
    const others = this.state.hints.filter((each) => each !== hint);
    this.colors.suggest({ ...this.#request({ ...this.state, hints: others }), x: hint.x, y: hint.y });
  }

  // On a phone the colors are below the picture, which stays in view.
  #bringColors() {
    if (matchMedia("(width < 58rem)").matches) this.part("place").scrollIntoView({ block: "start" });
  }

  #leave() {
    const wasPending = Boolean(this.#pending);
    const index = this.#chosen;
    this.#pending = null;
    this.#chosen = NONE;
    this.#show();
    this.marks.focus(wasPending ? NONE : index);
  }

  #move({ index, x, y }) {
    this.#compare(false);
    const moved = { x: rounded(x), y: rounded(y) };
    const isOther = index !== this.#chosen;
    this.#chosen = index;
    if (index === this.#here.length) this.#pending = { ...this.#pending, ...moved };
    else this.#set({ hints: this.#withHint(index, moved) });
    if (isOther) this.#open();
    this.#show();
  }

  #endMove() {
    this.#keep();
    if (this.#hints[this.#chosen]) this.#open();
  }

  #remove(index) {
    if (index === this.#here.length) return this.#leave();
    const hint = this.#here[index];
    this.#chosen = NONE;
    this.#change({ hints: this.state.hints.filter((each) => each !== hint) });
    this.marks.focus(NONE);
    this.words.tell(gettext("Hint deleted."));
  }

  #color(color, isDone) {
    if (this.#chosen === NONE) return this.words.say("no-place");
    this.#compare(false);
    const hints = this.#pending ? [...this.state.hints, { ...this.#pending, color }] : this.#withHint(this.#chosen, { color });
    if (this.#pending) this.words.tell(gettext("Hint added."));
    this.#pending = null;
    this.#set({ hints });
    this.colors.mark(color);
    if (isDone) {
      this.colors.remember(color);
      this.#keep();
    }
  }

  #take(reference) {
    this.words.done();
    this.#change({ reference });
  }

  #resize(share, isDone) {
    this.#share = share;
    const radius = this.#radius(share);
    if (this.#pending) this.#pending = { ...this.#pending, radius };
    else this.#set({ hints: this.#withHint(this.#chosen, { radius }) });
    this.#show();
    if (isDone) this.#keep();
  }

  #radius(share) {
    return Math.max(1, rounded(share * Math.max(this.size.width, this.size.height)));
  }

  #withHint(index, changes) {
    const hint = this.#here[index];
    return this.state.hints.map((each) => (each === hint ? { ...hint, ...changes } : each));
  }

  #do(button) {
    if (!button) return;
    const what = button.dataset.do;
    if (what === "undo") this.#step(this.history.undo());
    else if (what === "redo") this.#step(this.history.redo());
    else if (what === "compare") this.#compare(!this.isComparing);
    else if (what === "reset") this.#reset();
    else if (what === "remove") this.#remove(this.#chosen);
    else if (what === "mine") this.reference.toggleMine(button);
    else if (what === "upload") this.part("file").click();
    else if (what === "no-reference") this.#change(this.#noReference);
    else if (what === "all") this.#change({ reference_seconds: null });
    else if (what === "this-scene") this.#change({ reference_seconds: this.moment });
    else if (what === "scene") this.timeline.go(this.state.reference_seconds);
  }

  // What is undone or done again is seen.
  #step(state) {
    this.#drop();
    const changed = changedHint(this.state.hints, state.hints);
    this.#set(state);
    if (changed && changed.seconds !== this.moment) this.timeline.go(changed.seconds);
  }

  #reset() {
    this.#drop();
    this.#change({ hints: [], ...this.#noReference });
  }

  get #noReference() {
    return { reference: "", ...(this.timeline && { reference_seconds: null }) };
  }

  #drop() {
    this.#pending = null;
    this.#chosen = NONE;
    this.#compare(false);
  }

  #change(changes) {
    this.#set(changes);
    this.#keep();
  }

  #set(changes) {
    const state = { ...this.state, ...changes };
    if (same(state, this.state)) return this.#show();
    this.state = state;
    this.words.forgetSaving();
    const { elements } = this.form;
    elements.variant.value = state.variant;
    elements.hints.value = JSON.stringify(state.hints);
    elements.reference.value = state.reference;
    if (this.timeline) elements.reference_seconds.value = state.reference_seconds ?? "";
    this.reference.show(state.reference);
    this.#show();
    if (this.stage.made && same(state, this.opened)) {
      this.previews.forget();
      this.stage.showMade();
    } else this.#preview();
  }

  #keep() {
    this.history.add(this.state);
    this.#show();
  }

  #request(state) {
    const hints = state.hints.filter(({ seconds }) => seconds === this.moment);
    return { ...state, hints, seconds: this.moment, render_factor: Number(this.form.elements.render_factor.value) };
  }

  #compare(isComparing) {
    this.isComparing = isComparing;
    this.form.querySelector("[data-do=compare]").setAttribute("aria-pressed", String(isComparing));
    this.stage.compare(isComparing);
  }

  // The hints of the moment.
  get #here() {
    return this.state.hints.filter(({ seconds }) => seconds === this.moment);
  }

  get #hints() {
    return this.#pending ? [...this.#here, this.#pending] : this.#here;
  }

  #show() {
    if (!this.#hints[this.#chosen]) this.#chosen = NONE;
    this.marks.show(this.#hints, this.#chosen);
    if (this.#chosen === NONE) this.colors.close();
    this.timeline?.show(this.state);
    const number = this.state.hints.length;
    this.part("number").textContent = number ? texts(ngettext("%s hint", "%s hints", number), number) : "";
    this.form.querySelector("[data-do=undo]").disabled = !this.history.canUndo;
    this.form.querySelector("[data-do=redo]").disabled = !this.history.canRedo;
    this.form.querySelector("[data-do=reset]").disabled = !number && !this.state.reference;
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    this.#step(event.shiftKey ? this.history.redo() : this.history.undo());
  }

  // From the colors back to their place.
  #escape(event) {
    if (event.key !== "Escape" || !this.part("colors").contains(event.target)) return;
    event.preventDefault();
    this.marks.focus(this.#chosen);
  }

  get #hasUnsaved() {
    return !this.#isLeaving && (this.isUnsaved || !same(this.state, this.opened));
  }

  #watchSaving() {
    const { form } = this;
    form.addEventListener("htmx:beforeRequest", () => this.words.forgetSaving());
    form.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
      this.#isLeaving = Boolean(detail.xhr.getResponseHeader("HX-Redirect"));
    });
    form.addEventListener("htmx:beforeSwap", ({ detail }) => {
      // The site's words, where it has some for this form; any other page must not take the form away.
      detail.isError = false;
      detail.shouldSwap = detail.serverResponse.includes('id="hints-state"');
      if (!detail.shouldSwap) this.words.ofSaving(detail.xhr.status);
    });
    form.addEventListener("htmx:sendError", () => this.words.ofSaving(0));
  }
}

// One that only one of the two has.
function changedHint(some, others) {
  const isIn = (hints, hint) => hints.some((each) => same(each, hint));
  return others.find((hint) => !isIn(some, hint)) ?? some.find((hint) => !isIn(others, hint));
}

for (const element of document.querySelectorAll("[data-hints]")) new Correcting(element);
