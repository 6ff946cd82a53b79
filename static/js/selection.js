// Selecting photos: by click, with shift from the last one on, by long press, with the keyboard.
const LONG_PRESS = 450;

const selection = document.getElementById("selection");
const sheets = document.getElementById("sheets");
const count = selection.querySelector(".selection__count");
// Those of the other pages of the album, too: one box says it, instead of ten thousand keys.
const allOf = selection.querySelector("[name=all_of]");
let last = null;

// Those on other pages of the same list: they stay selected while somebody turns its pages.
const STORED = "selection";
const elsewhere = new Set(keptSelection());

function listOf(address) {
  const url = new URL(address);
  url.searchParams.delete("page");
  return url.origin + url.pathname + url.search;
}

function keptSelection() {
  const { list, photos } = JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
  const isTurned = document.referrer && listOf(document.referrer) === listOf(location.href);
  return isTurned && list === listOf(location.href) ? photos : [];
}

function keepSelection(checked) {
  const photos = [...elsewhere, ...checked.map((box) => box.value)];
  sessionStorage.setItem(STORED, JSON.stringify({ list: listOf(location.href), photos }));
}

const boxes = () => [...sheets.querySelectorAll("input[name=photos]")];

function show() {
  const all = boxes();
  const checked = all.filter((box) => box.checked);
  const number = checked.length + elsewhere.size;
  const isWholePage = checked.length > 0 && checked.length === all.length;
  keepSelection(checked);
  if (allOf) {
    allOf.checked &&= isWholePage;
    allOf.closest("label").hidden = !isWholePage;
  }
  count.value = allOf?.checked ? allOf.dataset.count : interpolate(ngettext("%s photo", "%s photos", number), [number.toLocaleString(document.documentElement.lang)]);
  for (const action of selection.querySelectorAll("[data-one]")) action.hidden = number !== 1;
  selection.classList.toggle("is-open", number > 0);
  sheets.classList.toggle("is-selecting", number > 0);
}

function set(checked, some = boxes()) {
  for (const box of some) box.checked = checked;
  show();
}

function toggle(box, extend) {
  const all = boxes();
  const range = extend && last ? [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) : null;
  if (range && range[0] >= 0) set(box.checked, all.slice(range[0], range[1] + 1));
  last = box;
  show();
}

function clear() {
  elsewhere.clear();
  set(false);
  sheets.classList.remove("is-selecting");
  last = null;
}

const boxOf = (element) => element.closest("li")?.querySelector("input[name=photos]");

sheets.addEventListener("click", (event) => {
  if (event.target.name === "photos") {
    toggle(event.target, event.shiftKey);
  } else if (event.target.closest(".print") && sheets.classList.contains("is-selecting")) {
    // While photos are being selected, a click on one selects it instead of opening it.
    event.preventDefault();
    const box = boxOf(event.target);
    box.checked = !box.checked;
    toggle(box, event.shiftKey);
  }
});

// A long press on a touch screen begins to select; what the browser does then is held back.
let press = 0;

function hold(click) {
  click.preventDefault();
  click.stopPropagation();
}

sheets.addEventListener("pointerdown", (event) => {
  // A second finger zooms the page.
  clearTimeout(press);
  if (!event.isPrimary) return;
  const box = event.pointerType === "touch" && event.target.closest(".print") && boxOf(event.target);
  if (!box || sheets.classList.contains("is-selecting")) return;
  press = setTimeout(() => {
    box.checked = true;
    toggle(box, false);
    addEventListener("click", hold, { capture: true, once: true });
    // Some browsers send no click after a long press: the next touch is no part of this one.
    addEventListener("pointerdown", () => removeEventListener("click", hold, { capture: true }), { once: true });
  }, LONG_PRESS);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
  sheets.addEventListener(end, () => clearTimeout(press));
}
sheets.addEventListener("contextmenu", (event) => {
  if (event.pointerType === "touch" && sheets.classList.contains("is-selecting")) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-select]")?.dataset.select;
  if (action === "all") set(true);
  if (action === "none") clear();
  if (action === "start" && sheets.classList.contains("is-selecting")) {
    clear();
  } else if (action === "start") {
    sheets.classList.add("is-selecting");
    boxes()[0]?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (!sheets.classList.contains("is-selecting")) return;
  if (event.key === "Escape") clear();
  if (event.key === "a" && (event.ctrlKey || event.metaKey) && sheets.contains(event.target)) {
    event.preventDefault();
    set(true);
  }
});

// In one field, since a request has only so many. Where all of the album are meant, their keys need not be sent.
selection.addEventListener("formdata", ({ formData }) => {
  const photos = [...formData.getAll("photos"), ...elsewhere];
  if (allOf?.checked) formData.delete("photos");
  else formData.set("photos", photos.join(","));
  sessionStorage.removeItem(STORED);
});
allOf?.addEventListener("change", show);

for (const box of boxes()) {
  if (elsewhere.delete(box.value)) box.checked = true;
}

// The browser may restore what was checked before the page was left.
addEventListener("pageshow", show);
