// Before anything is shown: while uploads are open, photos wait for the places of those that are coming,
// and the page has room for the bar at its lower edge.
try {
  if (localStorage.getItem("uploads-open")) document.documentElement.classList.add("is-arriving");
  const dock = Number(localStorage.getItem("uploads-dock"));
  if (dock) document.documentElement.style.setProperty("--dock", `${dock}px`);
} catch {
  // The browser keeps nothing: then nothing is open.
}
