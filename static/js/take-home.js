// The download of a file begins when it has been made, for whoever waited on this page.
document.addEventListener("htmx:load", ({ detail }) => {
  detail.elt.querySelector("[data-start]")?.click();
});
