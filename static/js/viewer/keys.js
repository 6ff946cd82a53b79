// The keyboard, wherever nothing else needs it: + - 0 zoom, arrow keys move what is zoomed or go through the album,
// F fills the screen.
const STEP = 80;
const ZOOM = 1.5;
const WAYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function followKeys(view) {
  follow(view.root, ({ key }) => {
    if (key === "+" || key === "=") view.zoomBy(ZOOM);
    else if (key === "-") view.zoomBy(1 / ZOOM);
    else if (key === "0") view.reset();
    else if (key in WAYS && view.isZoomed) view.moveBy(...WAYS[key].map((way) => way * STEP));
    else return false;
    return true;
  });
}

export function followKeysOfFull(full) {
  follow(full.root, ({ key }) => {
    if (key !== "f" && !(key === "Escape" && full.isOn)) return false;
    full.toggle();
    return true;
  });
}

// As long as the viewer is on the page. `act` says whether the key was for it.
function follow(root, act) {
  const controller = new AbortController();
  document.addEventListener("keydown", (event) => {
    if (!root.isConnected) return controller.abort();
    if (!isTaken(event) && act(event)) event.preventDefault();
  }, { signal: controller.signal });
}

// Of photos and films alike. The window hears a key last: what moves a zoomed picture goes nowhere else.
export function walkByKeys(goTo) {
  const ways = { ArrowLeft: "prev", ArrowRight: "next" };
  addEventListener("keydown", (event) => {
    if (event.key in ways && !isTaken(event) && goTo(ways[event.key])) event.preventDefault();
  });
}

// Fields write; choices, dividers and players move by arrow keys. The divider lets + - 0 through.
function isTaken({ key, target, defaultPrevented, ctrlKey, metaKey, altKey }) {
  if (defaultPrevented || ctrlKey || metaKey || altKey) return true;
  if (target.closest("dialog, [popover], .menu[open], textarea, select, video, [contenteditable]")) return true;
  const input = target.closest("input");
  if (!input) return false;
  return !["range", "radio", "checkbox"].includes(input.type) || key in WAYS;
}
