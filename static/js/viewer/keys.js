// The keyboard, wherever no field needs it: + - 0 zoom, arrow keys move what is zoomed or go through the album.
const STEP = 80;
const ZOOM = 1.5;
const WAYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function followKeys(view, full, goTo) {
  const controller = new AbortController();
  document.addEventListener("keydown", (event) => {
    if (!view.root.isConnected) return controller.abort();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    if (act(event)) event.preventDefault();
  }, { signal: controller.signal });

  function act({ key }) {
    if (key === "+" || key === "=") view.zoomBy(ZOOM);
    else if (key === "-") view.zoomBy(1 / ZOOM);
    else if (key === "0") view.reset();
    else if (key === "f") full.toggle();
    else if (key === "Escape" && full.isOn) full.toggle();
    else if (key in WAYS && view.isZoomed) view.moveBy(...WAYS[key].map((way) => way * STEP));
    else if (key === "ArrowLeft") return goTo("prev");
    else if (key === "ArrowRight") return goTo("next");
    else return false;
    return true;
  }
}

// Fields write, choices and the divider move by arrow keys. The divider lets + - 0 through.
function isTaken({ key, target }) {
  if (target.closest("dialog, [popover], .menu[open], textarea, select, [contenteditable]")) return true;
  const input = target.closest("input");
  if (!input) return false;
  return !["range", "radio", "checkbox"].includes(input.type) || key in WAYS;
}
