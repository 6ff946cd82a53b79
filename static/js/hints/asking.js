// Requests for frames, previews, colors and references. What goes wrong is a Problem, as for uploads.
import { Problem, csrfToken } from "../uploads/api.js";

export { Problem };

// body: null of what is only read. as: "blob" or "json". Whoever aborts gets the browser's own error.
export async function ask(url, body, as, signal) {
  const headers = { Accept: "application/json, image/jpeg", "X-CSRFToken": csrfToken() };
  const isJson = body && !(body instanceof FormData);
  if (isJson) headers["Content-Type"] = "application/json";
  try {
    const method = body ? "POST" : "GET";
    const response = await fetch(url, { method, headers, body: isJson ? JSON.stringify(body) : body, signal });
    // A page of the site sends who is not logged in to another one.
    if (response.redirected) throw new Problem(401);
    if (!response.ok) throw Problem.of(response.status, await response.text(), response.headers.get("Retry-After"));
    return await response[as]();
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error;
    throw new Problem(0);
  }
}
