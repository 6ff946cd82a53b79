// Black, white and brightness of a faded print: find_levels of colorizer/engine/adjusting.py.
export function findLevels(picture, engine) {
  const histogram = lumaHistogram(picture, engine.LUMA_OF_RGB);
  const total = Math.max(1, histogram.reduce((sum, number) => sum + number));
  let sum = 0;
  const below = histogram.map((number) => (sum += number) / total);
  const black = below.findIndex((share) => share > engine.CLIPPED_SHARE);
  const white = below.findIndex((share) => share >= 1 - engine.CLIPPED_SHARE);
  if (white - black < engine.MIN_CONTRAST) return { black: 0, white: 255, gamma: 100 };
  const position = (below.findIndex((share) => share >= 0.5) - black) / (white - black);
  if (!(position > 0 && position < 1)) return { black, white, gamma: 100 };
  const [least, most] = engine.AUTO_GAMMAS;
  const gamma = Math.round((100 * Math.log(position)) / Math.log(engine.MIDDLE_LUMA));
  return { black, white, gamma: Math.max(least, Math.min(most, gamma)) };
}

function lumaHistogram(picture, [red, green, blue]) {
  const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const histogram = new Array(256).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    histogram[Math.floor(data[at] * red + data[at + 1] * green + data[at + 2] * blue + 0.5)] += 1;
  }
  return histogram;
}
