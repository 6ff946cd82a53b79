// Requests to the site's API. What goes wrong is a Problem, as the API describes it.
const PATIENCE = 120_000;
const CSRF_COOKIE = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/;

export class Problem extends Error {
  // A status of 0: there was no response at all.
  constructor(status, { code = "", detail = "" } = {}, retryAfter = 0) {
    super(detail || `Status ${status}`);
    Object.assign(this, { status, code, detail, retryAfter });
  }

  static of(status, body, retryAfter) {
    let described = {};
    try {
      described = JSON.parse(body);
    } catch {
      // The page of a proxy: it means nothing to people.
    }
    return new Problem(status, described, Number(retryAfter) || 0);
  }
}

// Read each time: a login changes it.
export const csrfToken = () => CSRF_COOKIE.exec(document.cookie)?.[1] ?? "";

export async function ask(method, url, data, more = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...more };
  if (data) headers["Content-Type"] = "application/json";
  const options = { method, headers, body: data && JSON.stringify(data), signal: AbortSignal.timeout(PATIENCE) };
  let response;
  let body;
  try {
    response = await fetch(url, options);
    body = await response.text();
  } catch {
    throw new Problem(0);
  }
  // A page of the site sends who is not logged in to another one.
  if (response.redirected) throw new Problem(401);
  if (!response.ok) throw Problem.of(response.status, body, response.headers.get("Retry-After"));
  return response.headers.get("Content-Type")?.includes("json") ? JSON.parse(body) : body;
}
