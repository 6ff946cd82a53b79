// Menus are details elements: they open and close without a script, which closes those that were left.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
    // What is open on top is closed first: a selection stays.
    event.stopImmediatePropagation();
  }
  // These the browser closes itself.
  if (document.querySelector("dialog[open], :popover-open")) event.stopImmediatePropagation();
}, { capture: true });
