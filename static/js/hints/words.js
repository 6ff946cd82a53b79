// What the page says: over the picture of previews and references, below the form of saving.
const NAMES = { 0: "offline", 401: "logged-out", 404: "gone", 429: "too-many", 503: "busy" };

export class Words {
  constructor(part) {
    this.part = part;
  }

  // It is shown until a preview has come.
  ofPreview(problem) {
    this.#show(problem.status === 503 ? this.#text("busy") : this.#of(problem));
    this.isPassing = false;
  }

  ofReference(problem) {
    this.#show(problem.status ? problem.detail || this.#of(problem) : this.#text("offline-reference"));
    this.isPassing = true;
  }

  // What to do, until it is done.
  say(name) {
    this.#show(this.#text(name));
    this.isPassing = true;
  }

  done() {
    if (this.isPassing) this.clear();
  }

  clear() {
    this.part("word").hidden = true;
    this.part("word").textContent = "";
  }

  // Only for who listens.
  tell(text) {
    this.part("said").textContent = text;
  }

  sending(isSending) {
    this.part("sending").hidden = !isSending;
    if (isSending) this.clear();
  }

  // What was said of saving holds no longer.
  forgetSaving() {
    this.part("state").querySelector(".failure")?.remove();
  }

  ofSaving(status) {
    const name = { 0: "not-saved-offline", 404: "gone", 429: "not-saved-too-many" }[status] ?? "not-saved";
    const alert = document.createElement("p");
    Object.assign(alert, { role: "alert", className: "failure", textContent: this.#text(name) });
    this.part("state").replaceChildren(alert);
  }

  // The site's own words where it has some that nobody else knows; else those of the page.
  #of({ status, detail }) {
    if (status in NAMES && status !== 503) return this.#text(NAMES[status]);
    return detail || this.#text("failed");
  }

  #show(text) {
    const word = this.part("word");
    if (word.textContent === text && !word.hidden) return;
    word.textContent = text;
    word.hidden = false;
  }

  #text(name) {
    return this.part("texts").querySelector(`[data-text=${name}]`).textContent;
  }
}
