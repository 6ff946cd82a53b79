// Where one looks: how much larger than the whole picture (k), and from which corner (x, y, in pixels of a pane).
// Both panes follow the same numbers, so the pictures move together.
export class View {
  constructor(root) {
    this.root = root;
    this.frame = root.querySelector(".viewer__frame");
    this.pane = root.querySelector(".viewer__pane--before");
    this.width = Number(root.dataset.width);
    this.height = Number(root.dataset.height);
    this.listeners = [];
    this.reset();
  }

  reset() {
    [this.k, this.x, this.y] = [1, 0, 0];
    this.apply();
  }

  // The picture inside its pane, not zoomed.
  get box() {
    const { clientWidth, clientHeight } = this.pane;
    const scale = Math.min(clientWidth / this.width, clientHeight / this.height);
    const [width, height] = [this.width * scale, this.height * scale];
    return { width, height, left: (clientWidth - width) / 2, top: (clientHeight - height) / 2, scale };
  }

  // A pixel of the photo is two of the screen at most, and a small photo grows to the fourfold all the same.
  get largest() {
    return Math.max(4, 2 / (this.box.scale * devicePixelRatio));
  }

  get isZoomed() {
    return this.k > 1.001;
  }

  // What is in sight of the picture, across the pane, in pixels of the pane.
  get seen() {
    const { left, width } = this.box;
    const from = Math.max(0, this.x + left * this.k);
    const to = Math.min(this.pane.clientWidth, this.x + (left + width) * this.k);
    return { from, span: Math.max(0, to - from) };
  }

  zoomTo(k, at = this.middle) {
    const next = Math.min(Math.max(k, 1), this.largest);
    this.x = at.x - ((at.x - this.x) * next) / this.k;
    this.y = at.y - ((at.y - this.y) * next) / this.k;
    this.k = next;
    this.apply();
  }

  zoomBy(factor, at) {
    this.zoomTo(this.k * factor, at);
  }

  moveBy(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.apply();
  }

  // What is in the middle, as a part of the picture: the same in a pane of another size.
  get place() {
    const { left, top, width, height } = this.box;
    const { x, y } = this.middle;
    return { k: this.k, across: ((x - this.x) / this.k - left) / width, down: ((y - this.y) / this.k - top) / height };
  }

  lookAt({ k, across, down }) {
    const { left, top, width, height } = this.box;
    const { x, y } = this.middle;
    this.k = Math.min(k, this.largest);
    this.x = x - (left + across * width) * this.k;
    this.y = y - (top + down * height) * this.k;
    this.apply();
  }

  get middle() {
    return { x: this.pane.clientWidth / 2, y: this.pane.clientHeight / 2 };
  }

  // A point of the screen in pixels of the pane that it is in.
  pointOf({ clientX, clientY }) {
    const panes = [...this.root.querySelectorAll(".viewer__pane")].map((pane) => pane.getBoundingClientRect());
    const rect = panes.find((one) => clientX >= one.left && clientX <= one.right && clientY >= one.top && clientY <= one.bottom) ?? panes[0];
    return { x: clientX - rect.left, y: clientY - rect.top };
  }

  apply() {
    const { left, top, width, height } = this.box;
    this.x = kept(this.x, left * this.k, width * this.k, this.pane.clientWidth);
    this.y = kept(this.y, top * this.k, height * this.k, this.pane.clientHeight);
    const { from, span } = this.seen;
    const values = { "--x": `${this.x}px`, "--y": `${this.y}px`, "--k": this.k, "--from": `${from}px`, "--span": `${span}px` };
    for (const [name, value] of Object.entries(values)) this.frame.style.setProperty(name, value);
    this.root.classList.toggle("is-zoomed", this.isZoomed);
    for (const listener of this.listeners) listener();
  }
}

// Without a gap where the picture is larger than the pane, in the middle where it is smaller.
function kept(offset, start, length, room) {
  if (length <= room) return (room - length) / 2 - start;
  return Math.min(-start, Math.max(room - length - start, offset));
}
