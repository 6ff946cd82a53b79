// Full resolution, as much of it as is in sight: tiles lie over the picture of display size, and move with it.
const SETTLED_AFTER = 150; // milliseconds
const ASKED_EVERY = 700;
const PATIENCE = 120_000;

export class Tiles {
  constructor(view, note) {
    this.view = view;
    this.note = note;
    this.layers = [...view.root.querySelectorAll("[data-tiles]")].map((element) => ({ element, plan: null, shown: new Map() }));
    view.listeners.push(() => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.update(), SETTLED_AFTER);
    });
  }

  // Pixels of the whole picture on the screen, across its longer side.
  get wanted() {
    const { width, height } = this.view.box;
    return Math.max(width, height) * this.view.k * devicePixelRatio;
  }

  update() {
    if (!this.view.root.isConnected) return;
    const longest = Math.max(this.view.width, this.view.height);
    const isBack = this.wasZoomed && !this.view.isZoomed;
    this.wasZoomed = this.view.isZoomed;
    const isEnough = this.wanted <= Number(this.view.root.dataset.side) || longest <= Number(this.view.root.dataset.side);
    if (isEnough || isBack) this.forgive();
    for (const layer of this.layers) {
      if (isEnough) this.clear(layer);
      else if (layer.plan) this.show(layer);
      else this.ask(layer);
    }
  }

  // What failed is asked for again when somebody zooms in again.
  forgive() {
    this.note.textContent = "";
    for (const layer of this.layers) layer.hasFailed = false;
  }

  clear(layer) {
    for (const tile of layer.shown.values()) tile.remove();
    layer.shown.clear();
  }

  // Who asks first has them made, which takes some seconds for a large picture.
  async ask(layer) {
    if (layer.hasFailed) return;
    this.note.textContent = this.note.dataset.loading;
    if (layer.isAsking) return;
    layer.isAsking = true;
    const until = performance.now() + PATIENCE;
    while (!layer.plan && !layer.hasFailed && this.view.root.isConnected) {
      const answer = await fetch(layer.element.dataset.tiles).then((response) => (response.ok ? response.json() : { state: "failed" }), () => null);
      if (answer?.state === "succeeded") layer.plan = answer;
      else if (answer?.state === "failed" || answer?.state === "cancelled" || performance.now() > until) layer.hasFailed = true;
      else await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY));
    }
    layer.isAsking = false;
    const isOver = this.layers.every((one) => one.plan || one.hasFailed);
    if (isOver) this.note.textContent = this.layers.some((one) => one.hasFailed) ? this.note.dataset.failed : "";
    this.update();
  }

  show(layer) {
    const { plan } = layer;
    const { width, height } = this.view;
    const level = Math.min(plan.highest, plan.highest - Math.floor(Math.log2(Math.max(width, height) / this.wanted)));
    const part = 2 ** (level - plan.highest);
    const wanted = new Map(inSight(this.view, plan.side / part).map(([x, y]) => [`${level}/${x}_${y}`, [x, y]]));
    for (const [name, [x, y]] of wanted) if (!layer.shown.has(name)) this.add(layer, name, placed(this.view, plan, part, x, y));
    this.dropOthers(layer, wanted);
  }

  // What is not wanted any more goes when what takes its place has come, so that nothing flickers.
  dropOthers(layer, wanted) {
    const news = [...layer.shown].filter(([name]) => wanted.has(name)).map(([, tile]) => tile.decode().catch(() => {}));
    Promise.all(news).then(() => {
      for (const [name, tile] of layer.shown) {
        if (wanted.has(name)) continue;
        tile.remove();
        layer.shown.delete(name);
      }
    });
  }

  add(layer, name, { left, top, width, height }) {
    const tile = new Image();
    tile.className = "viewer__tile";
    tile.alt = "";
    tile.draggable = false;
    tile.decoding = "async";
    Object.assign(tile.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    tile.addEventListener("error", () => {
      // Deleted meanwhile: asked for again when somebody looks at another place.
      tile.remove();
      layer.shown.delete(name);
      layer.plan = null;
    });
    tile.src = `${layer.element.dataset.tiles}tile/?name=${name}`;
    layer.shown.set(name, tile);
    layer.element.append(tile);
  }
}

// Numbers of the tiles in sight; `side` is how many pixels of the photo a tile is wide.
function inSight(view, side) {
  const { box, k, pane } = view;
  const range = (offset, start, room, length) => {
    const from = Math.max(0, (-offset / k - start) / box.scale);
    const to = Math.min(length, ((room - offset) / k - start) / box.scale);
    return [Math.floor(from / side), Math.ceil(to / side)];
  };
  const [left, right] = range(view.x, box.left, pane.clientWidth, view.width);
  const [top, bottom] = range(view.y, box.top, pane.clientHeight, view.height);
  const found = [];
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) found.push([x, y]);
  return found;
}

// Where a tile lies in the pane, not zoomed. It overlaps its neighbors.
function placed({ box, width, height }, { side, overlap }, part, x, y) {
  const along = (number, length) => {
    const whole = Math.ceil(length * part);
    const from = Math.max(0, number * side - overlap);
    return [from / part, (Math.min(whole, (number + 1) * side + overlap) - from) / part];
  };
  const [left, across] = along(x, width);
  const [top, down] = along(y, height);
  return {
    left: box.left + left * box.scale,
    top: box.top + top * box.scale,
    width: across * box.scale,
    height: down * box.scale,
  };
}
