// Selecting things in the trash: how many there are, all of them, and with shift from the last one on.
const bar = document.getElementById("trash-selection");
const boxes = [...document.querySelectorAll(".trash-grid input[name=things]")];
let last = null;

function show() {
  const number = boxes.filter((box) => box.checked).length;
  const count = bar.querySelector("output");
  count.value = number === 1 ? count.dataset.one : count.dataset.many.replace("{}", number);
  bar.classList.toggle("is-open", number > 0);
}

function check(checked, some = boxes) {
  for (const box of some) box.checked = checked;
  show();
}

function pick({ target, shiftKey }) {
  if (target.name !== "things") return;
  if (shiftKey && last) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(target)].sort((a, b) => a - b);
    check(target.checked, boxes.slice(from, to + 1));
  }
  last = target;
  show();
}

if (bar) {
  bar.querySelector("[data-scripted]").hidden = false;
  document.querySelector(".trash-grid").addEventListener("click", pick);
  bar.addEventListener("click", ({ target }) => {
    const wanted = target.closest("[data-check]")?.dataset.check;
    if (wanted) check(wanted === "all");
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") check(false);
  });
  // The browser may restore what was checked before the page was left.
  addEventListener("pageshow", show);
}
