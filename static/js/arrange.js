// Photos of an album in the order of their owner: dragged, or moved with the arrow keys.
const sheets = document.getElementById("sheets");
const toggle = document.querySelector("[data-arrange]");
const announcer = document.getElementById("announcer");
const token = document.querySelector("#selection [name=csrfmiddlewaretoken]");
let sortables = [];
let sent = Promise.resolve();
let unsaved = 0;

const lists = () => [...sheets.querySelectorAll(".contact-sheet")];
const keyOf = (item) => item?.querySelector("input[name=photos]")?.value ?? "";
const isArranging = () => document.body.classList.contains("is-arranging");

async function start() {
  document.body.classList.add("is-arranging");
  toggle.setAttribute("aria-pressed", "true");
  const { default: Sortable } = await import(sheets.dataset.sortable);
  if (!isArranging() || sortables.length) return;
  sortables = lists().map((list) =>
    Sortable.create(list, {
      group: "photos",
      animation: 160,
      ghostClass: "is-dropped-here",
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from !== to || oldIndex !== newIndex) save(item);
      },
    }),
  );
  sheets.dataset.ready = "yes";
}

function stop() {
  document.body.classList.remove("is-arranging");
  toggle.setAttribute("aria-pressed", "false");
  for (const sortable of sortables) sortable.destroy();
  sortables = [];
  delete sheets.dataset.ready;
}

// One after the other, as they were moved. What could not be saved is shown as it is, and said there.
function save(item) {
  const body = new FormData();
  body.set("photo", keyOf(item));
  body.set("before", keyOf(item.nextElementSibling) || keyAfter(item.parentElement));
  body.set("section", item.parentElement.dataset.section ?? "");
  body.set(token.name, token.value);
  unsaved += 1;
  sent = sent.then(async () => {
    const response = await fetch(sheets.dataset.place, { method: "POST", body }).catch(() => null);
    unsaved = response?.status === 204 ? unsaved - 1 : 0;
    if (response?.status === 204) return;
    sessionStorage.setItem("not-arranged", sheets.dataset.place);
    location.reload();
  });
  for (const button of document.querySelectorAll("[name=photo_order]")) {
    button.setAttribute("aria-pressed", String(button.value === "by_hand"));
  }
}

// At the end of a section on this page, the album may go on: its next photo, if it is known.
function keyAfter(list) {
  const next = lists()[lists().indexOf(list) + 1];
  return list.dataset.section === next?.dataset.section ? keyOf(next.firstElementChild) : list.dataset.after ?? "";
}

function inRow(item, step) {
  const from = item.getBoundingClientRect();
  const middle = from.left + from.width / 2;
  const all = [...item.parentElement.children].map((other) => [other, other.getBoundingClientRect()]);
  const beyond = all.filter(([, { top }]) => (step < 0 ? top < from.top - 4 : top > from.top + 4));
  const row = step < 0 ? Math.max(...beyond.map(([, { top }]) => top)) : Math.min(...beyond.map(([, { top }]) => top));
  const distance = ([, { left, width }]) => Math.abs(left + width / 2 - middle);
  const near = beyond.filter(([, { top }]) => Math.abs(top - row) < 4).sort((a, b) => distance(a) - distance(b));
  return near[0]?.[0];
}

const MOVES = {
  ArrowLeft: (item) => item.previousElementSibling?.before(item),
  ArrowRight: (item) => item.nextElementSibling?.after(item),
  ArrowUp: (item) => inRow(item, -1)?.before(item),
  ArrowDown: (item) => inRow(item, 1)?.after(item),
  Home: (item) => item.parentElement.prepend(item),
  End: (item) => item.parentElement.append(item),
};

function move(item, key) {
  const focused = document.activeElement;
  const before = item.nextElementSibling;
  MOVES[key](item);
  focused.focus();
  if (item.nextElementSibling === before) return;
  const all = [...item.parentElement.children];
  const [place, number] = [all.indexOf(item) + 1, all.length];
  const shown = (value) => value.toLocaleString(document.documentElement.lang);
  announcer.textContent = sheets.dataset.moved.replace("{place}", shown(place)).replace("{number}", shown(number));
  save(item);
}

function sayNotSaved() {
  const list = document.createElement("ul");
  list.className = "notices";
  list.setAttribute("role", "alert");
  document.querySelector("main > div").prepend(list);
  list.append(document.getElementById("not-arranged").content);
}

if (toggle && sessionStorage.getItem("not-arranged") === sheets.dataset.place) {
  sessionStorage.removeItem("not-arranged");
  sayNotSaved();
}

toggle?.addEventListener("click", () => (isArranging() ? stop() : start()));

sheets?.addEventListener("keydown", (event) => {
  const item = event.target.closest(".contact-sheet > li");
  if (!isArranging() || !item || !(event.key in MOVES)) return;
  event.preventDefault();
  move(item, event.key);
});

// While photos are arranged, a click on one does not open it.
sheets?.addEventListener("click", (event) => {
  if (isArranging() && event.target.closest(".print")) event.preventDefault();
});

// On a slow line moves wait for those before them, and would be lost with the page.
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && isArranging()) stop();
});
