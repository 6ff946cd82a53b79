// Uploads and the progress of coloring, for members, on every page.
import { Arrivals } from "./arrivals.js";
import { Dialog } from "./dialog.js";
import { watchHeight } from "./dock.js";
import { whenLeading } from "./leader.js";
import { Panel } from "./panel.js";
import { chosen, watchPage } from "./picks.js";
import { Progress } from "./progress.js";
import { isOpen, Queue } from "./queue.js";
import { renewReasons } from "./reasons.js";
import { Sender } from "./sender.js";

const panel = document.getElementById("uploads");
const queue = await Queue.open(panel.dataset.user);
const progress = new Progress(queue.user);
const arrivals = new Arrivals(queue, progress, panel.querySelector("template[data-arrival]"));
document.documentElement.classList.remove("is-arriving");
const album = document.querySelector("[data-upload]")?.dataset.album;
const dialog = new Dialog(document.getElementById("upload-dialog"), queue, { album, begin });

// The places first: the browser counts what moves right after a click as wished for.
function begin(entries) {
  arrivals.expect(entries);
  if (entries.some((entry) => entry.variant)) progress.expect();
  queue.add(entries);
}

let done = 0;
queue.addEventListener("change", () => {
  const items = queue.list().filter((item) => item.variant);
  const doneNow = items.filter((item) => item.state === "done").length;
  if (doneNow > done) progress.expect(1_000);
  done = doneNow;
  if (queue.store.lasts && queue.isBusy) localStorage.setItem("uploads-open", "yes");
  else localStorage.removeItem("uploads-open");
  progress.isFilling = queue.unsaved.length > 0 || items.some(isOpen);
});
queue.addEventListener("hello", () => progress.resume());
// Somebody else has logged in, in another tab: what this one shows is not theirs. Files that are not kept yet stay.
queue.addEventListener("stranger", () => queue.unsaved.length || location.reload());

watchHeight(panel);
new Panel(panel, queue, progress);
whenLeading(queue, () => {
  new Sender(queue).start();
  renewReasons(queue);
});

const take = (files, unreadable = []) => files.length + unreadable.length && dialog.open(files, unreadable);
watchPage(document.getElementById("upload-overlay"), take);
document.addEventListener("click", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!isPlain || !event.target.closest("[data-upload]")) return;
  event.preventDefault();
  dialog.open();
});
for (const input of document.querySelectorAll("form.uploader input[type=file]")) {
  input.addEventListener("change", () => take(chosen(input)));
}

// Only while something would be lost: what is in the queue goes on when the site is opened again.
addEventListener("beforeunload", (event) => {
  if (queue.unsaved.length || (!queue.store.lasts && queue.isBusy)) event.preventDefault();
});
addEventListener("pageshow", ({ persisted }) => persisted && queue.load());
document.addEventListener("visibilitychange", () => document.hidden || (queue.store.lasts && queue.load()));
panel.dataset.ready = "true";
