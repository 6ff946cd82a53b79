// The brush that leaves regions gray: by mouse, one finger, pen, or the arrow keys and the space bar. A second finger
// makes a pinch of it, which the browser zooms by: what the first had begun to draw is taken back.
const STEP = 0.02;
const PERCENT = 100;

export class Brush extends EventTarget {
  #points = null;
  #pointer = null;
  #place = [0.5, 0.5];

  constructor(canvas, cursor, size, engine) {
    super();
    Object.assign(this, { canvas, cursor, size, engine, tool: "" });
    canvas.addEventListener("pointerdown", (event) => this.#start(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => event.pointerId === this.#pointer && this.#end());
    canvas.addEventListener("pointercancel", () => this.#cancel());
    canvas.addEventListener("pointerleave", () => (cursor.hidden = true));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#showCursor());
    canvas.addEventListener("blur", () => (cursor.hidden = true));
    size.addEventListener("input", () => this.tool && this.#showCursor());
  }

  // "brush", "erase" or "" for none.
  choose(tool) {
    this.tool = tool;
    this.canvas.tabIndex = tool ? 0 : -1;
    this.canvas.classList.toggle("is-brushed", Boolean(tool));
    if (!tool) this.cursor.hidden = true;
  }

  get #radius() {
    const radius = Math.round((this.size.value / PERCENT / 2) * this.engine.UNIT);
    return Math.max(this.engine.MIN_RADIUS, radius);
  }

  #start(event) {
    if (!this.tool || event.button) return;
    if (!event.isPrimary) return this.#cancel();
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#points = [];
    this.#add(event);
  }

  #move(event) {
    if (!this.tool || !event.isPrimary) return;
    this.#place = this.#placeOf(event);
    this.#showCursor();
    if (this.#points) this.#add(event);
  }

  #add(event) {
    const point = this.#placeOf(event).map((share) => Math.round(share * this.engine.UNIT));
    const last = this.#points.at(-1);
    const isFar = !last || Math.hypot(point[0] - last[0], point[1] - last[1]) > this.#radius / 4;
    if (!isFar) return;
    this.#points.push(point);
    this.#tell("stroke");
  }

  #end() {
    if (!this.#points) return;
    this.#tell("end");
    this.#points = null;
  }

  #cancel() {
    this.cursor.hidden = true;
    if (!this.#points) return;
    this.#points = null;
    this.dispatchEvent(new Event("cancel"));
  }

  #key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (!this.tool || (![" ", "Escape"].includes(event.key) && !moves[event.key])) return;
    event.preventDefault();
    if (event.key === "Escape") this.dispatchEvent(new Event("leave"));
    else if (event.key === " ") {
      this.#points = [this.#place.map((share) => Math.round(share * this.engine.UNIT))];
      this.#tell("stroke");
      this.#end();
    } else {
      this.#place = this.#place.map((share, axis) => Math.max(0, Math.min(1, share + moves[event.key][axis])));
      this.#showCursor();
    }
  }

  #tell(type) {
    const stroke = { points: [...this.#points], radius: this.#radius, erases: this.tool === "erase" };
    this.dispatchEvent(new CustomEvent(type, { detail: stroke }));
  }

  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height].map((share) => Math.max(0, Math.min(1, share)));
  }

  #showCursor() {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.canvas;
    const side = 2 * (this.#radius / this.engine.UNIT) * Math.max(offsetWidth, offsetHeight);
    const [x, y] = this.#place;
    this.cursor.style.setProperty("--side", `${side}px`);
    this.cursor.style.setProperty("--x", `${offsetLeft + x * offsetWidth}px`);
    this.cursor.style.setProperty("--y", `${offsetTop + y * offsetHeight}px`);
    this.cursor.hidden = false;
  }
}
