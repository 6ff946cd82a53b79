// Another photo whose colors are taken: one of theirs or a file; and, out of its picture, single ones.
import { Problem, ask } from "./asking.js";
import { colorOf } from "./names.js";

const SIDE = 640;
const LEAST_SIDE = 260; // of the small one that is kept
const STEP = 0.02;
const AROUND = 1; // pixels beside the one that is pointed at
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value) => Math.max(0, Math.min(1, value));

export class Reference extends EventTarget {
  #place = [0.5, 0.5];
  #sources = new Map();
  #shown = "";

  constructor(part, addresses) {
    super();
    Object.assign(this, { part, addresses, picture: part("palette") });
    const { picture } = this;
    part("file").addEventListener("change", ({ target }) => this.#upload(target));
    part("mine").addEventListener("click", ({ target }) => this.#chooseMine(target.closest("[data-photo]")));
    picture.addEventListener("pointermove", (event) => this.#point(event));
    picture.addEventListener("pointerleave", () => (part("loupe").hidden = true));
    picture.addEventListener("click", (event) => {
      this.#point(event);
      this.#take();
    });
    picture.addEventListener("keydown", (event) => this.#key(event));
    picture.addEventListener("focus", () => picture.matches(":focus-visible") && this.#showLoupe());
    picture.addEventListener("blur", () => (part("loupe").hidden = true));
  }

  // reference: base64 of the small picture; "" for none. What it was made of is shown where this page knows it.
  async show(reference) {
    this.part("no-reference").hidden = Boolean(reference);
    this.part("reference").hidden = !reference;
    if (reference) this.part("mine").hidden = true;
    if (!reference || reference === this.#shown) return;
    this.#shown = reference;
    const small = `data:image/png;base64,${reference}`;
    const picture = (await loaded(this.#sources.get(reference))) ?? (await loaded(small));
    if (picture && this.#shown === reference) this.#draw(picture);
  }

  toggleMine(button) {
    const mine = this.part("mine");
    mine.hidden = !mine.hidden;
    button.setAttribute("aria-expanded", String(!mine.hidden));
    if (!mine.hidden && !mine.querySelector("[data-photo]")) this.#list();
  }

  async #list() {
    const mine = this.part("mine");
    mine.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.addresses.references, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) throw new Error(`Status ${response.status}`);
      mine.innerHTML = await response.text();
    } catch {
      mine.hidden = true;
      this.#tell("problem", new Problem(navigator.onLine ? 500 : 0));
    }
    mine.removeAttribute("aria-busy");
  }

  async #upload(input) {
    const [file] = input.files;
    if (!file) return;
    const body = new FormData();
    body.append("file", file);
    await this.#send(body, URL.createObjectURL(file));
    input.value = ""; // the same file can be chosen again
  }

  #chooseMine(button) {
    if (!button) return;
    const body = new FormData();
    body.append("photo", button.dataset.photo);
    this.#send(body, button.dataset.picture);
  }

  async #send(body, source) {
    this.#tell("sending", true);
    try {
      const { reference } = await ask(this.addresses.reference, body, "json");
      this.#sources.set(reference, source);
      this.#tell("reference", reference);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#tell("problem", error);
    }
    this.#tell("sending", false);
  }

  #draw(picture) {
    const longer = Math.max(picture.naturalWidth, picture.naturalHeight);
    const share = Math.min(SIDE, Math.max(LEAST_SIDE, longer)) / longer;
    this.picture.width = Math.max(1, Math.round(picture.naturalWidth * share));
    this.picture.height = Math.max(1, Math.round(picture.naturalHeight * share));
    this.context = this.picture.getContext("2d", { willReadFrequently: true });
    this.context.drawImage(picture, 0, 0, this.picture.width, this.picture.height);
  }

  #point({ clientX, clientY }) {
    const { left, top, width, height } = this.picture.getBoundingClientRect();
    this.#place = [clamp((clientX - left) / width), clamp((clientY - top) / height)];
    this.#showLoupe();
  }

  #key(event) {
    if (WAYS[event.key]) {
      this.#place = this.#place.map((share, axis) => clamp(share + WAYS[event.key][axis] * STEP * (event.shiftKey ? 4 : 1)));
      this.#showLoupe();
    } else if (event.key === "Enter" || event.key === " ") this.#take();
    else return;
    event.preventDefault();
  }

  #take() {
    if (this.context) this.#tell("color", this.#color());
  }

  // The mean of a few pixels: a single one may be grain.
  #color() {
    const { width, height } = this.picture;
    const [x, y] = this.#place.map((share, axis) => Math.floor(share * ([width, height][axis] - 1)));
    const left = Math.max(0, x - AROUND);
    const top = Math.max(0, y - AROUND);
    const { data } = this.context.getImageData(left, top, Math.min(width, x + AROUND + 1) - left, Math.min(height, y + AROUND + 1) - top);
    const sums = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) sums.forEach((_, channel) => (sums[channel] += data[at + channel]));
    return colorOf(sums.map((sum) => sum / (data.length / 4)));
  }

  #showLoupe() {
    if (!this.context) return;
    const loupe = this.part("loupe");
    const [x, y] = this.#place;
    loupe.style.setProperty("--x", x);
    loupe.style.setProperty("--y", y);
    loupe.style.setProperty("--color", this.#color());
    loupe.hidden = false;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Null where the browser cannot show it: it knows fewer formats than the site does.
async function loaded(address) {
  if (!address) return null;
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  }
}
