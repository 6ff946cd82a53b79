// Files that the person has here already are found by their checksums before anything is sent.
import { ask } from "./api.js";

const ADDRESS = "/api/v1/photos/lookup/";
const AT_ONCE = 100;
const PATIENCE = 1_000;
// Browsers compute checksums of what is in memory only.
const LARGEST = 200 * 1024 * 1024;

async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// As many of the next new files as can be read in a second: the first ones shall not wait for all.
async function withChecksums(queue) {
  const begun = Date.now();
  const found = [];
  for (const item of queue.list()) {
    if (item.state !== "new") continue;
    if (found.length === AT_ONCE || Date.now() - begun > PATIENCE) break;
    // Browsers compute checksums on https and on this machine only.
    const isWanted = crypto.subtle && !item.sha256 && item.size <= LARGEST;
    const file = isWanted && (await queue.store.file(item.id).catch(() => null));
    found.push({ ...item, sha256: file ? await sha256(file).catch(() => "") : item.sha256 });
  }
  return found;
}

async function knownPhotos(items) {
  const digests = [...new Set(items.filter((item) => item.sha256 && !item.again).map((item) => item.sha256))];
  const photos = digests.length ? await ask("POST", ADDRESS, { sha256: digests }) : [];
  return new Map(photos.map((photo) => [photo.sha256, { title: photo.album.title, url: photo.web_url }]));
}

function sameBefore(queue, item) {
  const same = (other) => other.id < item.id && other.sha256 === item.sha256 && other.album === item.album;
  return queue.list().find((other) => same(other) && ["ready", "sent", "done"].includes(other.state));
}

// Returns whether there was anything to check.
export async function checkNew(queue) {
  const items = await withChecksums(queue);
  const known = await knownPhotos(items);
  for (const item of items) {
    const { sha256 } = item;
    const before = sha256 && !item.again && (known.get(sha256) ?? (sameBefore(queue, item) && { title: "", url: "" }));
    await queue.change(item.id, before ? { sha256, state: "known", known: before } : { sha256, state: "ready" });
  }
  return items.length > 0;
}
