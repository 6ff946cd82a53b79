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

// An address says what is searched for, not what is not.
document.querySelector(".filters")?.addEventListener("formdata", ({ formData }) => {
  for (const name of new Set(formData.keys())) {
    const filled = formData.getAll(name).filter(Boolean);
    formData.delete(name);
    for (const value of filled) formData.append(name, value);
  }
});
