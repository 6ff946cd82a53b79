// Selecting photos: by click, with shift from the last one on, by long press, with the keyboard.
const LONG_PRESS = 450;

const selection = document.getElementById("selection");
const sheet = document.getElementById("sheet");
const count = selection.querySelector(".selection__count");
let last = null;

const boxes = () => [...sheet.querySelectorAll("input[name=photos]")];

function show() {
  const number = boxes().filter((box) => box.checked).length;
  count.value = number === 1 ? "1 photo" : `${number} photos`;
  selection.classList.toggle("is-open", number > 0);
  sheet.classList.toggle("is-selecting", number > 0);
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
  set(false);
  sheet.classList.remove("is-selecting");
  last = null;
}

const boxOf = (element) => element.closest("li")?.querySelector("input[name=photos]");

sheet.addEventListener("click", (event) => {
  if (event.target.name === "photos") {
    toggle(event.target, event.shiftKey);
  } else if (event.target.closest(".print") && sheet.classList.contains("is-selecting")) {
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

sheet.addEventListener("pointerdown", (event) => {
  const box = event.pointerType === "touch" && event.target.closest(".print") && boxOf(event.target);
  if (!box || sheet.classList.contains("is-selecting")) return;
  press = setTimeout(() => {
    box.checked = true;
    toggle(box, false);
    addEventListener("click", hold, { capture: true, once: true });
    // Some browsers send no click after a long press: the next touch is no part of this one.
    addEventListener("pointerdown", () => removeEventListener("click", hold, { capture: true }), { once: true });
  }, LONG_PRESS);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
  sheet.addEventListener(end, () => clearTimeout(press));
}
sheet.addEventListener("contextmenu", (event) => {
  if (event.pointerType === "touch" && sheet.classList.contains("is-selecting")) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-select]")?.dataset.select;
  if (action === "all") set(true);
  if (action === "none") clear();
  if (action === "start" && sheet.classList.contains("is-selecting")) {
    clear();
  } else if (action === "start") {
    sheet.classList.add("is-selecting");
    boxes()[0]?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (!sheet.classList.contains("is-selecting")) return;
  if (event.key === "Escape") clear();
  if (event.key === "a" && (event.ctrlKey || event.metaKey) && sheet.contains(event.target)) {
    event.preventDefault();
    set(true);
  }
});

// The browser may restore what was checked before the page was left.
addEventListener("pageshow", show);
