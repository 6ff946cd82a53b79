// What scripts say of numbers: as the reader's language writes them.
const shown = (value) => (typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value);

export const texts = (text, ...values) => interpolate(text, values.map(shown));
