// The main way of an app through the API, with nothing but fetch and the types of docs/openapi.yaml:
// node flow.js http://localhost:8000 you@example.org PASSWORD photo.jpg
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { components, operations } from "./schema.js";

type Schemas = components["schemas"];
type Operation = keyof operations;
type Content<Answer> = Answer extends { content: { "application/json": infer Json } } ? Json : undefined;
type Answers<O extends Operation> = operations[O]["responses"];
type Success<O extends Operation> = Content<Answers<O>[keyof Answers<O> & (200 | 201 | 202 | 204)]>;
type Sent<O extends Operation> = NonNullable<operations[O]["requestBody"]> extends { content: { "application/json": infer Json } }
  ? Json
  : undefined;

const PART_BYTES = 256 * 1024;
const TRIES = 10;
const [site, email, password, file] = process.argv.slice(2) as [string, string, string, string];
let token = "";

class Refused extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }
}

// What is sent again after a cut has the same key: it is done once.
async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { "X-Session-Token": token, "Idempotency-Key": randomUUID(), ...(init.headers as Record<string, string>) };
  if (!token) delete (headers as Partial<typeof headers>)["X-Session-Token"];
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(new URL(path, site), { ...init, method, headers });
      if (response.ok) return response;
      throw new Refused(await response.json());
    } catch (error) {
      const passes = error instanceof TypeError || (error instanceof Refused && [409, 429, 503].includes(error.problem.status));
      if (!passes || method === "PATCH" || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * tries));
    }
  }
}

async function call<O extends Operation>(operation: O, method: string, path: string, body?: Sent<O>, more = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...more } };
  const response = await request(method, path, body === undefined ? { headers: more } : sent);
  return (response.status === 204 ? undefined : await response.json()) as Success<O>;
}

async function enter(step: "signup" | "login" | "reauthenticate", body: object) {
  const response = await request("POST", `/_allauth/app/v1/auth/${step}`, {
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  const { meta } = (await response.json()) as Schemas["AuthAuthenticatedResponse"];
  token = meta.session_token ?? token;
}

// By tus 1.0. After a cut the site says how much has come; what was under way may still come after that.
async function upload(bytes: Uint8Array, album: string): Promise<Schemas["Photo"]> {
  const tus = { "Tus-Resumable": "1.0.0" };
  const named = (name: string, value: string) => `${name} ${Buffer.from(value).toString("base64")}`;
  const begun = await request("POST", "/api/v1/uploads/", {
    headers: {
      ...tus,
      "Upload-Length": `${bytes.length}`,
      "Upload-Metadata": [named("filename", basename(file)), named("album", album)].join(","),
    },
  });
  const path = new URL(begun.headers.get("Location")!, site).pathname;
  for (let offset = 0; offset < bytes.length; ) {
    try {
      const headers = { ...tus, "Upload-Offset": `${offset}`, "Content-Type": "application/offset+octet-stream" };
      const response = await request("PATCH", path, { headers, body: bytes.slice(offset, offset + PART_BYTES) });
      offset = Number(response.headers.get("Upload-Offset"));
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof Refused && error.problem.code === "wrong_offset")) throw error;
      offset = Number((await request("HEAD", path, { headers: tus })).headers.get("Upload-Offset"));
    }
  }
  const [photo] = await call("create_upload_photos", "POST", `${path}photos/`);
  return photo!;
}

// The answer comes when something has changed.
async function finished(job_url: string): Promise<void> {
  for (;;) {
    const job = await call("get_job", "GET", new URL(job_url).pathname, undefined, { Prefer: "wait=20" });
    if (job.state === "succeeded") return;
    if (job.finished_at !== null) throw new Error(`${job.error_code}: ${job.error_text}`);
  }
}

await enter("signup", { email, password });
const album = await call("create_album", "POST", "/api/v1/albums/", { title: "Attic" });
const photo = await upload(await readFile(file), album.id);
await call("update_photo", "PATCH", `/api/v1/photos/${photo.id}/`, { title: "On the pier", date_taken: "about 1932" });
const begun = await call("create_photo_colorization", "POST", `/api/v1/photos/${photo.id}/colorizations/`, {
  variant: "stable",
  render_factor: 8,
});
await finished(begun.job_url);
const version = `/api/v1/colorizations/${begun.id}/`;
const adjusted = await call("replace_colorization_adjustments", "PUT", `${version}adjustments/`, { warmth: 30, levels: "auto" });
await finished(adjusted.job_url!);
const done = await call("get_colorization", "GET", version);
const image = `${version}image/`;
const first = await request("GET", image, { headers: { Range: "bytes=0-999" } });
const rest = await request("GET", image, { headers: { Range: "bytes=1000-" } });
const bytes = Buffer.concat([Buffer.from(await first.arrayBuffer()), Buffer.from(await rest.arrayBuffer())]);
const share = await call("create_share", "POST", "/api/v1/shares/", { album: album.id, allows_downloads: true });
const shared = await call("list_shared_photos", "GET", `${new URL(share.shared_url).pathname}photos/`);
await enter("reauthenticate", { password });
const { deletion_due_at } = await call("close_account", "POST", "/api/v1/me/deletion/");
const names = shared.results.map((each) => each.name);
const outcome = { photo, names, statuses: [first.status, rest.status], bytes: bytes.length, done, deletion_due_at };
console.log(JSON.stringify(outcome));
