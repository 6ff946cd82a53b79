// The page of a photo or film. The stage of a photo comes again when a version is ready: each gets a viewer of its own.
import { Compare } from "./compare.js";
import { Full, rememberFull, takeFull } from "./full.js";
import { followGestures } from "./gestures.js";
import { followKeys, followKeysOfFull, walkByKeys } from "./keys.js";
import "./lost.js";
import { Tiles } from "./tiles.js";
import { View } from "./view.js";

const ZOOM = 1.6;
let last = null; // the viewer before: how somebody looks goes on in the next

function begin(root) {
  const view = new View(root);
  const compare = new Compare(view);
  const full = beginFull(root, () => view.reset());
  new Tiles(view, root.querySelector(".viewer__note"));
  followGestures(view, compare, goTo);
  followKeys(view);
  listenToButtons(view);
  new ResizeObserver(() => view.apply()).observe(view.frame);
  root.dataset.ready = "yes";
  goOn(view, full);
}

// A film has its player's own ways to look closer.
function beginFilm(root) {
  root.dataset.ready = "yes";
  last = { full: beginFull(root) };
}

function beginFull(root, changed) {
  const full = new Full(root, changed);
  followKeysOfFull(full);
  if (last ? last.full.isOn : takeFull()) full.set(true);
  return full;
}

function goOn(view, full) {
  if (last) view.lookAt(last.place);
  const own = { full, place: view.place };
  view.listeners.push(() => {
    // Where it was removed it has no size any more.
    if (view.root.isConnected) own.place = view.place;
  });
  last = own;
}

function listenToButtons(view) {
  const acts = { in: () => view.zoomBy(ZOOM), out: () => view.zoomBy(1 / ZOOM), fit: () => view.reset() };
  for (const button of view.root.querySelectorAll("[data-zoom]")) button.addEventListener("click", acts[button.dataset.zoom]);
  const output = view.root.querySelector(".viewer__scale output");
  const show = () => {
    output.value = `${Math.round(100 * view.k)}%`;
  };
  view.listeners.push(show);
}

// Whether there is one that way.
function goTo(way) {
  const link = document.querySelector(`.viewer__album [rel=${way}]`);
  link?.click();
  return Boolean(link);
}

function beginAll() {
  for (const root of document.querySelectorAll(".viewer:not([data-ready])")) begin(root);
  for (const root of document.querySelectorAll(".film-viewer:not([data-ready])")) beginFilm(root);
}

walkByKeys(goTo);
rememberFull();
document.addEventListener("htmx:afterSwap", beginAll);
beginAll();
