// How long the rest will take: by what has been sent so far, in bytes and in files.
import { texts } from "./words.js";

const ENOUGH = 5_000;

export class Pace {
  bytes = 0;
  files = 0;
  #elapsed = 0;
  #runsSince = null;

  // While nothing can be sent the clock stands still.
  run(isRunning) {
    if (isRunning === (this.#runsSince !== null)) return;
    if (!isRunning) this.#elapsed += Date.now() - this.#runsSince;
    this.#runsSince = isRunning ? Date.now() : null;
  }

  secondsLeft(bytesLeft, filesLeft) {
    const elapsed = this.#elapsed + (this.#runsSince === null ? 0 : Date.now() - this.#runsSince);
    if (elapsed < ENOUGH || !this.files) return null;
    const byBytes = this.bytes ? (bytesLeft * elapsed) / this.bytes : 0;
    const byFiles = (filesLeft * elapsed) / this.files;
    return Math.max(byBytes, byFiles) / 1000;
  }
}

export function timeLeft(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 50) return gettext("less than a minute left");
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return texts(ngettext("%s minute left", "%s minutes left", minutes), minutes);
  const hours = Math.ceil(minutes / 60);
  return texts(ngettext("%s hour left", "%s hours left", hours), hours);
}
