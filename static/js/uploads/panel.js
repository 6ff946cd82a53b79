// The panel that says how far uploads and coloring are, on every page.
import { sizeText } from "./dialog.js";
import { timeLeft } from "./pace.js";
import { isOpen } from "./queue.js";
import { reasonText } from "./reasons.js";
import { giveUp } from "./sender.js";
import { texts } from "./words.js";

// The list stays short, however many files there are: first what needs somebody.
const ROWS = 60;
const ORDER = ["failed", "known", "sent", "ready", "new"];
const FRAME = 150;

export class Panel {
  #timer = 0;
  #rows = new Map();

  constructor(element, queue, progress) {
    Object.assign(this, { element, queue, progress });
    this.part = (name) => element.querySelector(`[data-part=${name}]`);
    this.template = element.querySelector("template[data-row]");
    element.addEventListener("click", ({ target }) => this.#click(target.closest("button")));
    for (const source of [queue, progress]) source.addEventListener("change", () => this.#soon());
    this.#show();
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#show();
    }, FRAME);
  }

  #show() {
    const { queue } = this;
    const items = queue.list();
    const counts = { unsaved: queue.unsaved.length, total: items.length + queue.unsaved.length };
    for (const state of [...ORDER, "done"]) counts[state] = items.filter((item) => item.state === state).length;
    counts.open = counts.unsaved + counts.new + counts.ready + counts.sent;
    const coloring = this.#coloringText(items);
    this.element.hidden = !counts.total && !coloring;
    setText(this.part("uploads"), counts.total ? this.#uploadText(counts) : "");
    setText(this.part("coloring"), coloring);
    this.#showBar(items, counts);
    this.#showHold(counts);
    this.#showActions(items, counts);
    this.#announce(counts);
    if (!this.part("details").hidden) this.#showRows(items, counts);
  }

  #uploadText({ total, done, known, failed, open }) {
    const wanted = total - known;
    const parts = wanted ? [texts(gettext("%s of %s uploaded"), done, wanted)] : [];
    if (known) parts.push(texts(ngettext("%s already there", "%s already there", known), known));
    if (failed) parts.push(texts(ngettext("%s failed", "%s failed", failed), failed));
    const { secondsLeft, hold } = this.queue.status;
    if (open && this.queue.isPaused) parts.push(gettext("paused"));
    else if (open && !hold) parts.push(timeLeft(secondsLeft));
    return parts.filter(Boolean).join(gettext(", "));
  }

  #coloringText(items) {
    const coloring = this.progress.coloring;
    if (!coloring) return "";
    const { open, ended, failed, since, now } = coloring;
    const colored = items.filter((item) => item.variant && (isOpen(item) || item.state === "done"));
    const coming = colored.filter(isOpen).length;
    // What has just arrived is not counted by the site yet.
    const total = Math.max(open + ended + coming, colored.length);
    if (!open && !coming) return ended ? this.#coloredText(ended, failed) : "";
    const parts = [texts(gettext("%s of %s colored"), ended, total)];
    if (failed) parts.push(texts(ngettext("%s failed", "%s failed", failed), failed));
    if (ended > 2 && !coming) parts.push(timeLeft((((now - since) / ended) * open) / 1000));
    return parts.join(gettext(", "));
  }

  #coloredText(ended, failed) {
    const done = ended - failed;
    const text = texts(ngettext("%s photo is in color", "%s photos are in color", done), done);
    return failed ? [text, texts(ngettext("%s failed", "%s failed", failed), failed)].join(gettext(", ")) : text;
  }

  #showBar(items, { total, done, known, failed, open }) {
    const bar = this.part("bar");
    const coloring = this.progress.coloring;
    if (open) {
      const sent = Object.entries(this.queue.status.sent ?? {});
      const partly = sent.reduce((sum, [id, bytes]) => sum + bytes / (this.queue.items.get(Number(id))?.size || Infinity), 0);
      const whole = items.filter((item) => item.state === "sent").length;
      bar.value = (done + known + failed + 0.9 * (whole + partly)) / total;
    } else if (coloring) {
      bar.value = coloring.ended / Math.max(coloring.open + coloring.ended, 1);
    }
    bar.hidden = !open && !coloring?.open;
  }

  #showHold({ open }) {
    const { hold } = this.queue.status;
    const kind = open && !this.queue.isPaused ? hold?.kind : undefined;
    for (const notice of this.element.querySelectorAll("[data-hold]")) {
      notice.hidden = notice.dataset.hold !== kind;
      if (!notice.hidden) setText(notice.querySelector("[data-detail]"), hold.detail);
    }
  }

  #showActions(items, counts) {
    const retriable = items.some((item) => item.state === "failed" && !item.isFinal);
    const shown = {
      pause: counts.open && !this.queue.isPaused,
      resume: counts.open && this.queue.isPaused,
      "retry-all": retriable,
      "again-all": counts.known > 0,
      "cancel-all": counts.open,
      dismiss: !counts.open && counts.total,
    };
    for (const [action, isShown] of Object.entries(shown)) {
      const button = this.element.querySelector(`[data-action=${action}]`);
      if (!isShown && button === document.activeElement) this.part("toggle").focus();
      button.hidden = !isShown;
    }
    this.part("activity").hidden = !this.progress.coloring;
  }

  // Once, when all is over: not each file.
  #announce({ total, open }) {
    if (this.wasOpen && !open && total) setText(this.part("announcer"), this.part("uploads").textContent);
    this.wasOpen = open > 0;
  }

  #showRows(items, { unsaved }) {
    const shown = items
      .filter((item) => item.state !== "done")
      .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.id - b.id);
    const rows = shown.slice(0, ROWS).map((item) => this.#row(item));
    const list = this.part("list");
    const kept = new Set(rows);
    for (const [id, row] of this.#rows) {
      if (kept.has(row)) continue;
      this.#rows.delete(id);
      row.remove();
    }
    rows.forEach((row, index) => {
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    const more = shown.length - rows.length + unsaved;
    setText(this.part("more"), more > 0 ? texts(ngettext("and %s more", "and %s more", more), more) : "");
  }

  #row(item) {
    const row = this.#rows.get(item.id) ?? this.template.content.firstElementChild.cloneNode(true);
    this.#rows.set(item.id, row);
    row.dataset.id = item.id;
    row.dataset.state = item.state;
    const part = (name) => row.querySelector(`[data-part=${name}]`);
    setText(part("name"), item.name);
    setText(part("size"), sizeText(item.size));
    const { hold, sent: allSent } = this.queue.status;
    const sent = hold ? undefined : allSent?.[item.id];
    const bar = row.querySelector("progress");
    bar.hidden = sent === undefined || item.state !== "ready";
    bar.value = sent / item.size || 0;
    bar.setAttribute("aria-label", texts(gettext("Progress of %s"), item.name));
    setText(part("state"), stateText(item, sent));
    const link = part("link");
    link.hidden = item.state !== "known" || !item.known.url;
    if (!link.hidden) link.href = item.known.url;
    const shown = { retry: item.state === "failed" && !item.isFinal, again: item.state === "known", cancel: true };
    for (const [action, isShown] of Object.entries(shown)) {
      const button = row.querySelector(`[data-action=${action}]`);
      button.hidden = !isShown;
      setText(button.querySelector(".visually-hidden"), buttonText(action, item));
    }
    return row;
  }

  async #click(button) {
    const { queue } = this;
    const action = button?.dataset.action;
    const item = queue.items.get(Number(button?.closest("[data-id]")?.dataset.id));
    const all = (state) => queue.list().filter((one) => one.state === state);
    const retriable = (one) => !one.isFinal;
    if (action === "toggle") this.#toggle(button);
    if (action === "pause" || action === "resume") await queue.pause(action === "pause");
    if (action === "release") queue.release();
    if (action === "retry") await again([item], queue);
    if (action === "retry-all") await again(all("failed").filter(retriable), queue);
    if (action === "again") await again([item], queue, { again: true });
    if (action === "again-all") await again(all("known"), queue, { again: true });
    if (action === "cancel") await this.#remove([item], button);
    if (action === "cancel-all") await this.#cancelAll();
    if (action === "dismiss") await queue.remove(queue.list().map(({ id }) => id));
  }

  #toggle(button) {
    const details = this.part("details");
    details.hidden = !details.hidden;
    button.setAttribute("aria-expanded", String(!details.hidden));
    this.#show();
  }

  // The focus goes on to the next row, not back to the start of the page.
  async #remove(items, button) {
    const row = button.closest("li");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    (next?.querySelector("[data-action=cancel]") ?? this.part("toggle")).focus();
    items.forEach(giveUp);
    await this.queue.remove(items.map(({ id }) => id));
  }

  async #cancelAll() {
    const dialog = this.part("confirm");
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "cancel-all") return;
    const items = this.queue.list().filter(isOpen);
    this.queue.removeUnsaved();
    await this.queue.remove(items.map(({ id }) => id));
    items.forEach(giveUp);
    await this.queue.pause(false);
  }
}

async function again(items, queue, fields = {}) {
  for (const { id } of items) await queue.change(id, { state: "new", reason: "", tries: 0, ...fields });
  queue.release();
}

function setText(element, text = "") {
  if (element && element.textContent !== text) element.textContent = text;
}

function stateText(item, sent) {
  const { state, known } = item;
  if (state === "failed") return reasonText(item);
  if (state === "known") return known.title ? texts(gettext("Already in “%s”"), known.title) : gettext("Chosen twice");
  if (state === "sent") return gettext("Checking");
  return sent === undefined ? gettext("In queue") : gettext("Uploading");
}

function buttonText(action, { name, state }) {
  if (action === "retry") return texts(gettext("Try again with %s"), name);
  if (action === "again") return texts(gettext("Add %s again"), name);
  const isOver = state === "failed" || state === "known";
  return isOver ? texts(gettext("Remove %s from the list"), name) : texts(gettext("Cancel %s"), name);
}
