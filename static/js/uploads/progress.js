// One request tells how far the coloring of everything on the page is. None is sent while nothing is open.
import { ask } from "./api.js";

const ADDRESS = "/progress/";
const SOON = 1_000;
const USUAL = 2_000;
const AFTER_TROUBLE = 8_000;
const MOST = 100;
// Of forms: it is another one each time.
const TOKEN = /name="csrfmiddlewaretoken" value="\w+"/g;
const SHOWN_AFTER_END = 8_000;
// The site makes the notice of a batch a minute after its end.
const NOTICE_AFTER_END = 80_000;

export class Progress extends EventTarget {
  coloring = null;
  #wanted = new Map();
  #shown = new Map();
  #timer = 0;
  #due = Infinity;
  #isAsking = false;
  #isFilling = false;
  #isNoticeDue = false;
  #key;

  constructor(user) {
    super();
    this.#key = `uploads-coloring-${user}`;
    document.addEventListener("visibilitychange", () => this.#go(0));
    addEventListener("online", () => this.#go(0));
    // Going back shows a page as it was.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#go(0));
    this.#go(0);
  }

  // The card of a new photo, in place of an element.
  want(photo, place) {
    this.#wanted.set(photo, place);
    this.#go(100);
  }

  // Something is queued, or about to be.
  expect(milliseconds = 0) {
    this.#remember({ since: "", ...this.#remembered() });
    this.#go(milliseconds);
  }

  // After a login in another tab.
  resume() {
    this.#go(0);
  }

  // While files are sent, more photos will follow.
  set isFilling(isFilling) {
    const isOver = this.#isFilling && !isFilling;
    this.#isFilling = isFilling;
    if (isOver) this.#go(SOON);
  }

  #openCards() {
    return [...document.querySelectorAll("[data-open]")].slice(0, MOST);
  }

  // Other pages, and this one after a reload, go on counting.
  #remembered() {
    try {
      return JSON.parse(localStorage.getItem(this.#key));
    } catch {
      return null;
    }
  }

  #remember(state) {
    if (state) localStorage.setItem(this.#key, JSON.stringify(state));
    else localStorage.removeItem(this.#key);
  }

  // At the earliest of all times that were asked for: photos may arrive faster than the pause is long.
  #go(milliseconds) {
    const isNeeded = this.#wanted.size || this.#openCards().length || this.#remembered() || this.#isNoticeDue;
    const due = Date.now() + milliseconds;
    if (document.hidden || !isNeeded) this.#stop();
    else if (due < this.#due) {
      clearTimeout(this.#timer);
      this.#due = due;
      this.#timer = setTimeout(() => this.#ask(), milliseconds);
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }

  async #ask() {
    this.#stop();
    if (this.#isAsking) {
      this.#go(SOON);
      return;
    }
    this.#isAsking = true;
    this.#isNoticeDue = false;
    let pause = 0;
    const wanted = [...this.#wanted.keys()].slice(0, MOST);
    try {
      const found = await ask("GET", `${ADDRESS}?${this.#question(wanted)}`);
      this.#show(found, wanted);
      const open = found.queued + found.running;
      if (open || this.#wanted.size || this.#openCards().length) pause = open < 4 ? SOON : USUAL;
    } catch (problem) {
      if (problem.status !== 401) pause = AFTER_TROUBLE;
    }
    this.#isAsking = false;
    if (pause) this.#go(pause);
  }

  #question(wanted) {
    const question = new URLSearchParams();
    const since = this.#remembered()?.since;
    if (since) question.append("since", since);
    for (const card of this.#openCards()) question.append("photo", card.dataset.open);
    for (const photo of wanted) question.append("new", photo);
    const albums = [...document.querySelectorAll("[data-photo-count]")].map((text) => text.dataset.photoCount);
    for (const album of [...new Set(albums)].slice(0, MOST)) question.append("album", album);
    if (document.querySelector("[data-storage]")) question.append("storage", "1");
    return question;
  }

  #show(found, wanted) {
    for (const photo of wanted) this.#place(photo, found.new[photo]);
    for (const [photo, html] of Object.entries(found.cards)) this.#renew(photo, html);
    for (const photo of found.gone) document.querySelector(`[data-open="${photo}"]`)?.closest("li")?.remove();
    for (const text of document.querySelectorAll("[data-photo-count]")) {
      const count = found.albums[text.dataset.photoCount];
      if (count && count !== text.textContent) text.textContent = count;
    }
    const storage = document.querySelector("[data-storage]");
    if (storage && found.storage) storage.outerHTML = found.storage;
    this.#showNotices(found.notices);
    this.#count(found);
  }

  // The link itself stays: it may have the focus.
  #showNotices(html) {
    const link = document.getElementById("notices");
    const renewed = document.createRange().createContextualFragment(html).firstElementChild;
    if (link.textContent !== renewed.textContent) link.replaceChildren(...renewed.childNodes);
  }

  #place(photo, html) {
    const place = this.#wanted.get(photo);
    this.#wanted.delete(photo);
    // It was deleted meanwhile.
    if (!html) place.remove();
    if (!place.isConnected) return;
    const { permille, batch } = place.dataset;
    const next = place.nextElementSibling;
    const parent = place.parentElement;
    htmx.swap(place, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    const card = next ? next.previousElementSibling : parent.lastElementChild;
    Object.assign(card.dataset, { permille, batch });
  }

  #count({ now, queued, running, succeeded, failed }) {
    const before = this.#remembered();
    const open = queued + running;
    const since = before?.since || now;
    this.coloring = { open, running, ended: succeeded + failed, failed, since: Date.parse(since), now: Date.parse(now) };
    if (open || (before && this.#isFilling)) this.#remember({ since });
    else if (before) this.#end();
    this.dispatchEvent(new Event("change"));
  }

  #end() {
    this.#remember(null);
    // Once more, and no polling.
    setTimeout(() => {
      this.#isNoticeDue = true;
      this.#go(0);
    }, NOTICE_AFTER_END);
    setTimeout(() => {
      if (this.#remembered()) return;
      this.coloring = null;
      this.dispatchEvent(new Event("change"));
    }, SHOWN_AFTER_END);
  }

  // A card that says the same as before stays: pictures would flicker.
  #renew(photo, html) {
    const card = document.querySelector(`[data-open="${photo}"]`);
    const shown = html.replaceAll(TOKEN, "");
    if (!card || this.#shown.get(photo) === shown) return;
    this.#shown.set(photo, shown);
    htmx.swap(card, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  }
}
