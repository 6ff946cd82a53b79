// Pictures of a state, as of what the hints would make: one request at a time, then one for the newest state, never a queue.
import { Problem } from "./asking.js";

const REMEMBERED = 40;
const PATIENCE = 3000; // milliseconds, where the site does not say how long; twice as many after each failure
const MOST_PATIENCE = 60_000;
const PASSING = [0, 429, 500, 502, 503, 504];

export class Pictures extends EventTarget {
  #wanted = null;
  #number = 0;
  #shown = 0;
  #isAsking = false;
  #timer = 0;
  #failures = 0;
  #known = new Map();

  // load: a promise of the picture of a state, as a blob.
  constructor(load) {
    super();
    this.load = load;
  }

  // What has been shown before, as by undoing, comes at once.
  show(state) {
    const key = JSON.stringify(state);
    const number = (this.#number += 1);
    const known = this.#known.get(key);
    this.#wanted = known ? null : { state, key, number };
    if (known) this.#come(number, known);
    else this.#ask();
  }

  // Nothing is wanted anymore: something else is shown.
  forget() {
    this.#number += 1;
    this.#shown = this.#number;
    this.#wanted = null;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#tell("fine");
  }

  // The connection is back: nobody has to wait any longer.
  again() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ask();
  }

  async #ask() {
    if (this.#isAsking || this.#timer || !this.#wanted) return;
    const wanted = this.#wanted;
    this.#wanted = null;
    this.#isAsking = true;
    this.#tell("busy", true);
    const wait = await this.#fetch(wanted).finally(() => (this.#isAsking = false));
    if (wait) {
      this.#wanted ??= wanted;
      this.#timer = setTimeout(() => this.again(), wait);
    }
    if (this.#wanted && !wait) this.#ask();
    else this.#tell("busy", false);
  }

  // Returns after how many milliseconds the same is asked for again; 0 where it is done, or will not get better.
  async #fetch({ state, key, number }) {
    try {
      const blob = await this.load(state);
      this.#failures = 0;
      this.#remember(key, blob);
      await this.#come(number, blob);
      return 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (number <= this.#shown) return 0; // nobody waits for it anymore
      this.#tell("problem", error);
      if (!PASSING.includes(error.status)) return 0;
      return error.retryAfter * 1000 || Math.min(MOST_PATIENCE, PATIENCE * 2 ** this.#failures++);
    }
  }

  #remember(key, blob) {
    this.#known.set(key, blob);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value);
  }

  async #come(number, blob) {
    const picture = await createImageBitmap(blob);
    if (number <= this.#shown) return;
    this.#shown = number;
    this.#tell("fine");
    this.#tell("picture", picture);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
