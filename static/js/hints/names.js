// What colors are called, for who cannot see them.
const HUES = [
  [15, () => gettext("red")],
  [45, () => gettext("orange")],
  [70, () => gettext("yellow")],
  [165, () => gettext("green")],
  [195, () => gettext("turquoise")],
  [255, () => gettext("blue")],
  [290, () => gettext("purple")],
  [345, () => gettext("pink")],
  [360, () => gettext("red")],
];
const GRAY_BELOW = 0.12;
const BROWN_BELOW = 0.55;

export function nameOf(color) {
  const [red, green, blue] = channelsOf(color).map((value) => value / 255);
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread < GRAY_BELOW) return gettext("gray");
  const hue = hueOf(red, green, blue, most, spread);
  if (hue >= 15 && hue < 45 && most < BROWN_BELOW + spread / 4) return gettext("brown");
  return HUES.find(([end]) => hue <= end)[1]();
}

export const channelsOf = (color) => [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));

export const colorOf = (channels) => `#${channels.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;

function hueOf(red, green, blue, most, spread) {
  if (most === red) return (60 * ((green - blue) / spread) + 360) % 360;
  return most === green ? 60 * ((blue - red) / spread + 2) : 60 * ((red - green) / spread + 4);
}
