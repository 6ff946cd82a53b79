// What htmx could not do, in words. What polls goes on by itself when the line is back.
const box = document.getElementById("lost");
const link = box.querySelector("a");
const text = document.createElement("span");
box.prepend(text);

function say(sentence, hasLink = false) {
  text.textContent = sentence;
  link.hidden = !hasLink;
  box.hidden = false;
}

document.addEventListener("htmx:sendError", () => say(box.dataset.offline));
document.addEventListener("htmx:timeout", () => say(box.dataset.offline));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const isGone = [403, 404].includes(detail.xhr.status);
  say(isGone ? box.dataset.gone : box.dataset.failed, isGone);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) box.hidden = true;
});
addEventListener("offline", () => say(box.dataset.offline));
addEventListener("online", () => {
  box.hidden = true;
});
