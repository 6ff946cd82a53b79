// Where a picture is left gray: strokes drawn as gray_mask of colorizer/engine/adjusting.py does.
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const f = Math.fround;

export class Mask {
  // width, height: of the picture as it is in full size; only their proportion counts.
  constructor(width, height, engine) {
    const longer = Math.max(width, height);
    const side = (size) => Math.max(1, rounded((size * engine.MASK_SIDE) / longer));
    Object.assign(this, { engine, width: side(width), height: side(height), version: 0 });
    this.pixels = new Uint8Array(this.width * this.height);
    this.drawn = [];
  }

  // Strokes that are drawn already are not drawn again, unless the last of them has grown.
  show(strokes) {
    const goesOn = strokes.length >= this.drawn.length && this.drawn.every((stroke, place) => stroke === strokes[place]);
    if (goesOn && strokes.length === this.drawn.length) return;
    if (!goesOn) this.pixels.fill(0);
    for (const stroke of strokes.slice(goesOn ? this.drawn.length : 0)) this.#draw(stroke);
    this.drawn = [...strokes];
    this.version += 1;
  }

  #draw({ points, radius, erases }) {
    const { width, height, pixels, engine } = this;
    const covers = this.#covers(points, Math.max(1, (radius * engine.MASK_SIDE) / engine.UNIT));
    for (let place = 0; place < width * height; place++) {
      const cover = covers[place];
      if (cover) pixels[place] = erases ? Math.min(pixels[place], 255 - cover) : Math.max(pixels[place], cover);
    }
  }

  #covers(points, radius) {
    const { width, height, engine } = this;
    const covers = new Uint8Array(width * height);
    const places = points.map(([x, y]) => [(x * width) / engine.UNIT - 0.5, (y * height) / engine.UNIT - 0.5]);
    const starts = places.length > 1 ? places.slice(0, -1) : places;
    starts.forEach(([x, y], number) => {
      const [endX, endY] = places[number + 1] ?? [x, y];
      const left = Math.max(0, Math.floor(Math.min(x, endX) - radius));
      const right = Math.min(width, Math.ceil(Math.max(x, endX) + radius) + 1);
      const top = Math.max(0, Math.floor(Math.min(y, endY) - radius));
      const bottom = Math.min(height, Math.ceil(Math.max(y, endY) + radius) + 1);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const distance = distanceTo(column - x, row - y, endX - x, endY - y);
          const cover = this.#soft(distance / radius);
          const place = row * width + column;
          if (cover > covers[place]) covers[place] = cover;
        }
      }
    });
    return covers;
  }

  #soft(distance) {
    const t = clamp((1 - distance) / (1 - this.engine.HARD_SHARE), 0, 1);
    return Math.floor(t * t * (3 - 2 * t) * 255 + 0.5);
  }
}

// Of a place to a line from the origin.
function distanceTo(x, y, alongX, alongY) {
  const square = alongX * alongX + alongY * alongY;
  const share = square > 0 ? clamp((x * alongX + y * alongY) / square, 0, 1) : 0;
  return f(Math.hypot(x - share * alongX, y - share * alongY));
}

// As Python rounds: halves go to the even number.
function rounded(value) {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 ? low + 1 : low;
}
