// Sends the files of the queue by tus: several at a time, but their photos are made in the order of the queue.
import { ask, csrfToken, Problem } from "./api.js";
import { checkNew } from "./checksums.js";
import { Pace } from "./pace.js";
import { isOpen } from "./queue.js";

const ADDRESS = "/api/v1/uploads/";
const PERSON = "/api/v1/me/";
const PART_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 3;
// So many may be whole on the site before the first of them has become a photo.
const AHEAD = 8;
const DAMAGED = 460;
const TRIES = 5;
const LONGEST_WAIT = 30;
const SILENCE = 60_000;
const REPORT = 500;
const SHOWN_AFTER_END = 8_000;
// The site is busy, or another request about the same file is under way.
const BUSY = new Set([409, 423, 429, 502, 503, 504]);

export class Sender {
  #queue;
  #active = new Map();
  #isChecking = false;
  #isFinishing = false;
  #hold = null;
  #timer = 0;
  #failures = 0;
  #pace = new Pace();
  #reported = 0;
  #cleaner = 0;

  constructor(queue) {
    this.#queue = queue;
  }

  start() {
    this.#queue.addEventListener("change", () => this.#pump());
    for (const [target, event] of [[this.#queue, "hello"], [window, "focus"]]) {
      target.addEventListener(event, () => this.#hold?.kind === "logged-out" && this.release());
    }
    this.#queue.addEventListener("stranger", () => this.#stopForStranger());
    this.#queue.addEventListener("release", () => this.release());
    addEventListener("online", () => this.#hold?.kind === "offline" && this.release());
    addEventListener("offline", () => this.#trouble(new Problem(0)));
    setInterval(() => this.#stopSilent(), SILENCE / 4);
    this.#report();
    this.#pump();
  }

  // What kept the files may be over. Nothing is sent until it is known who is logged in.
  async release() {
    const hold = this.#hold;
    clearTimeout(this.#timer);
    if (hold) {
      const problem = await this.#problemOfPerson();
      if (this.#hold !== hold) return;
      this.#hold = null;
      if (problem) {
        await this.#trouble(problem);
        return;
      }
    }
    this.#report();
    this.#pump();
  }

  // Whoever logged in meanwhile may be somebody else.
  async #problemOfPerson() {
    try {
      const person = await ask("GET", PERSON);
      return String(person.id) === this.#queue.user ? null : new Problem(401);
    } catch (problem) {
      return problem;
    }
  }

  // Whatever else is waited for, it is not what would let the files of one go to another.
  #stopForStranger() {
    clearTimeout(this.#timer);
    this.#hold = null;
    this.#wait("logged-out");
    this.#stopAll();
  }

  #pump() {
    const open = this.#queue.list().filter(isOpen);
    this.#stopRemoved();
    if (!open.length) this.#end();
    else clearTimeout(this.#cleaner);
    this.#pace.run(open.length > 0 && !this.#queue.isPaused && !this.#hold);
    if (this.#queue.isPaused || this.#hold) {
      if (this.#queue.isPaused) this.#stopAll();
      return;
    }
    if (open.some((item) => item.state === "new")) this.#check();
    this.#sendNext(open);
    this.#finishNext(open);
  }

  async #check() {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      while (!this.#queue.isPaused && !this.#hold && (await checkNew(this.#queue)));
    } catch (problem) {
      this.#trouble(problem);
    }
    this.#isChecking = false;
  }

  #sendNext(open) {
    const whole = open.filter((item) => item.state === "sent").length;
    for (const item of open) {
      if (this.#active.size >= AT_ONCE || whole + this.#active.size >= AHEAD) return;
      if (item.state === "ready" && !this.#active.has(item.id)) this.#send(item);
    }
  }

  async #send(item) {
    const active = { sent: 0, heard: Date.now(), stop() {} };
    this.#active.set(item.id, active);
    try {
      const file = await this.#queue.store.file(item.id);
      if (!file) throw new Problem(410, { code: "file_lost" });
      await import("../../vendor/tus/tus.min.js");
      if (this.#active.get(item.id) !== active) return;
      await this.#transfer(item, file, active);
      this.#failures = 0;
      this.#pace.bytes += file.size;
      await this.#queue.change(item.id, { state: "sent" });
    } catch (problem) {
      if (active.isStopped) return;
      if (problem.status === 404) await this.#lost(item);
      else await this.#trouble(problem, item);
    } finally {
      if (this.#active.get(item.id) === active) this.#active.delete(item.id);
      this.#pump();
    }
  }

  #transfer(item, file, active) {
    return new Promise((resolve, reject) => {
      const upload = new tus.Upload(file, {
        endpoint: ADDRESS,
        uploadUrl: item.url,
        chunkSize: PART_BYTES,
        metadata: metadata(item),
        retryDelays: null,
        storeFingerprintForResuming: false,
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrfToken()),
        onUploadUrlAvailable: () => this.#queue.change(item.id, { url: upload.url }),
        onProgress: (sent) => {
          Object.assign(active, { sent, heard: Date.now() });
          this.#reportSometimes();
        },
        onError: ({ originalResponse: response }) =>
          reject(
            response
              ? Problem.of(response.getStatus(), response.getBody(), response.getHeader("Retry-After"))
              : new Problem(0),
          ),
        onSuccess: () => resolve(),
      });
      active.stall = () => {
        upload.abort().catch(() => {});
        reject(new Problem(0));
      };
      active.stop = () => {
        active.isStopped = true;
        active.stall();
      };
      upload.start();
    });
  }

  // Photos are made one after the other: in this order they are shown and colored.
  #finishNext([first]) {
    if (first?.state === "sent" && !this.#isFinishing) this.#finish(first);
  }

  async #finish(item) {
    this.#isFinishing = true;
    try {
      const photos = await ask("POST", `${new URL(item.url, location.href).pathname}photos/`);
      this.#failures = 0;
      this.#pace.files += 1;
      const made = photos.map((photo) => ({ id: photo.id, album: photo.album_url.match(/[0-9a-f-]{36}/)[0] }));
      await this.#queue.change(item.id, { state: "done", photos: made }, { withoutFile: true });
    } catch (problem) {
      if (problem.status === DAMAGED) await this.#sendAgain(item, problem);
      else if (problem.status === 404) await this.#lost(item);
      else await this.#trouble(problem, item);
    }
    this.#isFinishing = false;
    this.#report();
    this.#pump();
  }

  // The site keeps what has come for a day. If it still has it, the album is gone.
  async #lost(item) {
    const { url } = this.#queue.items.get(item.id) ?? {};
    const isKept = !url || (await ask("GET", url).then(() => true, () => false));
    if (isKept) await this.#fail(item, new Problem(404, { code: "album_deleted" }));
    else await this.#sendAgain(item, new Problem(500));
  }

  async #sendAgain(item, problem) {
    const tries = (item.tries ?? 0) + 1;
    if (tries > TRIES) await this.#fail(item, problem);
    else await this.#queue.change(item.id, { state: "ready", url: null, tries });
  }

  async #trouble(problem, item) {
    const { status, detail, retryAfter } = problem;
    if (!(problem instanceof Problem)) throw problem;
    if (status === 0) {
      this.#failures += 1;
      this.#wait("offline", "", Math.min(2 ** this.#failures / 2, LONGEST_WAIT));
    } else if (status === 401) {
      this.#wait("logged-out");
    } else if (BUSY.has(status)) {
      this.#failures += 1;
      this.#wait("busy", detail, retryAfter || Math.min(2 ** this.#failures, LONGEST_WAIT));
    } else if (status === 507) {
      this.#wait("full", detail);
    } else if (item) {
      await this.#failOrTryAgain(item, problem);
    } else {
      this.#wait("busy", detail, LONGEST_WAIT);
    }
  }

  async #failOrTryAgain(item, problem) {
    const tries = (item.tries ?? 0) + 1;
    if (problem.status < 500 || tries >= TRIES) {
      await this.#fail(item, problem);
    } else {
      await this.#queue.change(item.id, { tries });
      this.#wait("busy", "", 2 ** tries);
    }
  }

  // What the site refused it will refuse again: its bytes need not be kept.
  async #fail(item, { status, code, detail: reason }) {
    const isFinal = status >= 400 && status < 500;
    const failure = { state: "failed", code, reason, language: document.documentElement.lang, isFinal, tries: 0 };
    await this.#queue.change(item.id, failure, { withoutFile: isFinal });
  }

  // Nothing is sent until what keeps all of them is over.
  #wait(kind, detail = "", seconds = 0) {
    if (this.#hold) return;
    this.#hold = { kind, detail };
    this.#pace.run(false);
    if (seconds) this.#timer = setTimeout(() => this.release(), seconds * 1000);
    this.#report();
  }

  #stopRemoved() {
    this.#stop([...this.#active.keys()].filter((id) => !this.#queue.items.has(id)));
  }

  #stopAll() {
    this.#stop([...this.#active.keys()]);
  }

  #stop(ids) {
    for (const id of ids) {
      this.#active.get(id).stop();
      this.#active.delete(id);
    }
  }

  // A line may be dead without anybody saying so.
  #stopSilent() {
    for (const active of this.#active.values()) {
      if (Date.now() - active.heard > SILENCE) active.stall?.();
    }
  }

  #reportSometimes() {
    if (Date.now() - this.#reported > REPORT) this.#report();
  }

  #report() {
    this.#reported = Date.now();
    const open = this.#queue.list().filter(isOpen);
    const sent = Object.fromEntries([...this.#active].map(([id, active]) => [id, active.sent]));
    const unsent = open.filter((item) => item.state !== "sent");
    const bytesLeft = unsent.reduce((sum, item) => sum + item.size - (sent[item.id] ?? 0), 0);
    const secondsLeft = this.#pace.secondsLeft(bytesLeft, open.length + this.#queue.unsaved.length);
    this.#queue.report({ sent, secondsLeft, hold: this.#hold });
  }

  // What went well is forgotten; the rest stays until somebody has read it.
  #end() {
    clearTimeout(this.#cleaner);
    this.#pace = new Pace();
    const items = this.#queue.list();
    if (!items.length || items.some((item) => item.state !== "done")) return;
    this.#cleaner = setTimeout(() => this.#queue.remove(items.map((item) => item.id)), SHOWN_AFTER_END);
  }
}

function metadata({ name, sha256, album, variant, renderFactor, batch }) {
  const known = { filename: name, sha256, album, variant, render_factor: variant && renderFactor, batch };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value).map(([key, value]) => [key, `${value}`]));
}

// Told to the site as well, so that it keeps nothing of it.
export function giveUp(item) {
  if (item.url) ask("DELETE", item.url, null, { "Tus-Resumable": "1.0.0" }).catch(() => {});
}
