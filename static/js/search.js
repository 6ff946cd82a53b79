// "/" leads to the field for words, wherever the page is scrolled to.
const writes = (element) => element.isContentEditable || element.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-search]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!field || writes(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  field.focus();
  field.select();
});
