// Sends a file as a page does, by tus-js-client, and prints the address of the upload and what its photos are.
// node tus_client.cjs SITE TOKEN FILE CHUNK_BYTES

const fs = require("node:fs");
const path = require("node:path");
const tus = require(path.join(__dirname, "../node_modules/tus-js-client/dist/tus.js"));

const [site, token, file, chunkBytes] = process.argv.slice(2);
const headers = { "X-Session-Token": token };

// The package's own stack for browsers needs an XMLHttpRequest.
class Request {
  constructor(method, url) {
    Object.assign(this, { method, url, headers: {}, aborter: new AbortController() });
  }
  getMethod() {
    return this.method;
  }
  getURL() {
    return this.url;
  }
  setHeader(name, value) {
    this.headers[name] = value;
  }
  getHeader(name) {
    return this.headers[name];
  }
  setProgressHandler() {}
  async send(body) {
    const signal = this.aborter.signal;
    const options = { method: this.method, headers: this.headers, body, signal };
    const response = await fetch(this.url, options);
    const text = await response.text();
    return {
      getStatus: () => response.status,
      getHeader: (name) => response.headers.get(name),
      getBody: () => text,
      getUnderlyingObject: () => response,
    };
  }
  async abort() {
    this.aborter.abort();
  }
  getUnderlyingObject() {
    return null;
  }
}

const upload = new tus.Upload(new Blob([fs.readFileSync(file)]), {
  endpoint: `${site}/api/v1/uploads/`,
  headers,
  chunkSize: Number(chunkBytes),
  retryDelays: Array(20).fill(10),
  httpStack: { createRequest: (method, url) => new Request(method, url), getName: () => "fetch" },
  metadata: { filename: path.basename(file) },
  onShouldRetry: () => true,
  onError: (error) => {
    throw error;
  },
  onSuccess: async () => {
    const response = await fetch(`${upload.url}photos/`, { method: "POST", headers });
    const photos = await response.json();
    console.log(JSON.stringify({ status: response.status, url: upload.url, photos }));
  },
});
upload.start();
