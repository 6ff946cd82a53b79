// What is seen of the photo or the frame: gray, as a version has it, or as a preview shows it. The preview is small: its
// colors lie over the photo, whose own detail stays.
import { colorOf } from "./names.js";

const BUSY_AFTER = 150; // milliseconds: what is faster is not worth a sign

export class Stage {
  #timer = 0;

  constructor(part, size) {
    Object.assign(this, { part, size, made: part("made"), canvas: part("preview") });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  // Another frame of a film, gray at first.
  drawFrame(picture) {
    const frame = this.part("before");
    this.#put(picture, frame, frame.getContext("2d"));
    this.canvas.hidden = true;
  }

  draw(picture) {
    const { canvas } = this;
    this.#put(picture, canvas, this.context);
    canvas.hidden = false;
    if (this.made) this.made.hidden = true;
    canvas.dataset.shown = Number(canvas.dataset.shown ?? 0) + 1;
  }

  #put(picture, canvas, context) {
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      Object.assign(canvas, { width: picture.width, height: picture.height });
    }
    context.drawImage(picture, 0, 0);
    picture.close();
  }

  // As the version that was taken up has it.
  showMade() {
    this.canvas.hidden = true;
    this.made.hidden = false;
  }

  compare(isComparing) {
    this.part("stage").classList.toggle("is-before", isComparing);
  }

  busy(isBusy) {
    clearTimeout(this.#timer);
    this.part("stage").setAttribute("aria-busy", String(isBusy));
    if (isBusy) this.#timer = setTimeout(() => (this.part("busy").hidden = false), BUSY_AFTER);
    else this.part("busy").hidden = true;
  }

  // The color at a place; "" where only the gray photo is shown.
  colorAt({ x, y }) {
    const source = this.canvas.hidden ? this.made : this.canvas;
    if (!source || source.hidden) return "";
    const [width, height] = [source.naturalWidth ?? source.width, source.naturalHeight ?? source.height];
    if (!width) return "";
    const left = Math.min(width - 1, Math.floor((x / this.size.width) * width));
    const top = Math.min(height - 1, Math.floor((y / this.size.height) * height));
    const dot = new OffscreenCanvas(1, 1).getContext("2d");
    dot.drawImage(source, left, top, 1, 1, 0, 0, 1, 1);
    return colorOf([...dot.getImageData(0, 0, 1, 1).data].slice(0, 3));
  }
}
