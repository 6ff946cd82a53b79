// Before anything is shown: while uploads are open, photos wait for the places of those that are coming.
try {
  if (localStorage.getItem("uploads-open")) document.documentElement.classList.add("is-arriving");
} catch {
  // The browser keeps nothing: then nothing is open.
}
