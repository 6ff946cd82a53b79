// Copies many photos part by part, and says how far it is, what went wrong and where it stopped.
import { ask, Problem } from "./uploads/api.js";
import { texts } from "./uploads/words.js";

const ADDRESS = "/api/v1/photos/bulk/";
const AT_ONCE = 20;
const LONGEST_WAIT = 30;
// The site is busy, or still works on the same part: its response was lost on the way.
const BUSY = new Set([0, 409, 429, 502, 503, 504]);

class Copying {
  #done = 0;
  #there;
  // Reasons, with how many photos were not copied for each.
  #refused = new Map();
  #isStopped = false;
  #run = Math.random();
  #number = 0;

  constructor(element, { album, photos }) {
    Object.assign(this, { element, album, left: photos, total: photos.length });
    this.#there = Number(element.dataset.there);
    this.part("stop").addEventListener("click", () => this.#stop());
    this.part("again").addEventListener("click", () => this.start());
    addEventListener("beforeunload", (event) => this.isRunning && event.preventDefault());
  }

  part(name) {
    return this.element.querySelector(`[data-part=${name}]`);
  }

  async start() {
    this.#isStopped = false;
    this.isRunning = true;
    this.#show();
    let problem = null;
    try {
      while (this.left.length && !this.#isStopped) await this.#copyNext();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    } finally {
      this.isRunning = false;
      this.#show(problem);
    }
  }

  // The last come first: copies are shown in the order of their photos.
  async #copyNext() {
    const photos = this.left.slice(-AT_ONCE);
    const outcomes = await this.#send(photos);
    if (!outcomes) return;
    this.left = this.left.slice(0, -photos.length);
    outcomes.forEach((outcome) => this.#count(outcome));
    // There will be no room for the others either.
    const full = outcomes.find(({ code }) => code === "quota_exceeded");
    if (full) this.left.splice(0).forEach(() => this.#count(full));
    this.#show();
  }

  #count({ status, detail }) {
    if (status === "done") this.#done += 1;
    else if (status === "unchanged") this.#there += 1;
    else this.#refused.set(detail, (this.#refused.get(detail) ?? 0) + 1);
  }

  // Until there is a response. Sent again with the same key, a part is copied once.
  async #send(photos) {
    const key = { "Idempotency-Key": `copy-${this.#run}-${(this.#number += 1)}` };
    for (let tries = 1; !this.#isStopped; tries += 1) {
      try {
        return await ask("POST", ADDRESS, { action: "copy", album: this.album, photos }, key);
      } catch (problem) {
        if (!BUSY.has(problem.status)) throw problem;
        await this.#wait(problem, Math.min(2 ** tries / 2, LONGEST_WAIT));
      }
    }
    return null;
  }

  async #wait({ status, retryAfter }, seconds) {
    this.part("wait").textContent = status
      ? gettext("The site is busy. The copying goes on by itself in a moment.")
      : gettext("No connection. The copying goes on by itself when it is back.");
    await new Promise((resolve) => {
      this.goOn = resolve;
      setTimeout(resolve, (retryAfter || seconds) * 1_000);
      if (!status) addEventListener("online", resolve, { once: true });
    });
    this.part("wait").textContent = "";
  }

  #stop() {
    this.#isStopped = true;
    this.goOn?.();
  }

  #show(problem = null) {
    const isOver = !this.isRunning;
    this.part("bar").value = this.total - this.left.length;
    this.part("bar").hidden = isOver && !this.left.length;
    this.part("text").textContent = isOver ? "" : texts(gettext("%s of %s"), this.total - this.left.length, this.total);
    this.part("end").replaceChildren(...(isOver ? this.#end(problem).map(line) : []));
    this.part("stop").hidden = this.part("hint").hidden = isOver;
    this.part("open").hidden = !isOver;
    this.part("again").hidden = !isOver || !this.left.length;
  }

  #end(problem) {
    const { left } = this;
    const lines = [texts(ngettext("%s photo was copied.", "%s photos were copied.", this.#done), this.#done)];
    const there = this.#there;
    if (there) lines.push(texts(ngettext("%s photo is in this album already.", "%s photos are in this album already.", there), there));
    for (const [reason, number] of this.#refused) {
      lines.push(texts(ngettext("%s photo was not copied: %s", "%s photos were not copied: %s", number), number, reason));
    }
    if (problem) lines.push(problem.status === 401 ? gettext("You were logged out. Log in in another tab, then go on here.") : problem.message);
    if (left.length) lines.push(texts(ngettext("%s photo is left.", "%s photos are left.", left.length), left.length));
    return lines;
  }
}

function line(text) {
  const item = document.createElement("p");
  item.textContent = text;
  return item;
}

const marker = document.querySelector("input[name=by_script]");
if (marker) marker.value = "yes";
const element = document.getElementById("copying");
if (element) new Copying(element, JSON.parse(document.getElementById("order").textContent)).start();
