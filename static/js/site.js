// Small helpers on every page. Everything works without them, only less smoothly.

// A new result fades in once it has been decoded, and is announced to screen readers.
document.addEventListener("htmx:load", ({ detail }) => {
  for (const picture of detail.elt.querySelectorAll(".is-fresh")) {
    document.getElementById("announcer").textContent = picture.dataset.announce;
    const show = () => picture.classList.add("is-developed");
    picture.decode().then(show, show);
  }
});

// What somebody has opened stays open when it is renewed. "toggle" does not bubble.
const opened = new Set();
document.addEventListener(
  "toggle",
  ({ target }) => target.id && target.isConnected && opened[target.open ? "add" : "delete"](target.id),
  true,
);
document.addEventListener("htmx:load", ({ detail }) => {
  for (const details of detail.elt.querySelectorAll("details[id]")) details.open ||= opened.has(details.id);
});

// What is polled for may have been deleted in another tab. Buttons stay: their page says what became of it.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 404 && detail.requestConfig.verb === "get") detail.elt.remove();
});

// On a slow line the page of a form stays while its response is on the way: its button, pressed again, would do the same twice.
// Where no other page came, as for who stopped it, the form can be sent again after a while.
const SENT_FOR = 20_000; // milliseconds
let sent = null;
document.addEventListener("submit", (event) => {
  const { target, submitter, timeStamp } = event;
  if (event.defaultPrevented || target.method !== "post") return;
  const button = submitter ?? target;
  if (sent?.button === button && timeStamp - sent.timeStamp < SENT_FOR) event.preventDefault();
  else sent = { button, timeStamp };
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sent = null;
});

// Times are shown by the clock of this device, from the next page on.
const zone = `timezone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
if (!document.cookie.split("; ").includes(zone)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// A tab that nobody sees asks nothing: what it missed comes with the first poll when it is looked at again.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.requestConfig.verb === "get") event.preventDefault();
});

document.addEventListener("input", ({ target }) => {
  const output = target.closest(".detail, .adjust__slider")?.querySelector("output");
  if (output) output.value = target.value;
});

// A page that answers a POST: to reload it would do the same again, and to go back to it is an error of the browser.
// Both lead to another page instead.
const answer = document.querySelector("[data-reload]");
if (answer) {
  const form = answer.closest("form");
  if (form) form.action = location.href;
  history.replaceState(null, "", answer.dataset.reload);
}
