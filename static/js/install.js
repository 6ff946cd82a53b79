// The site can be installed, and says what has not been sent yet when there is no line.
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
// Whose uploads the page without a line may tell of. Nobody's after logging out.
try {
  const user = document.getElementById("uploads")?.dataset.user;
  if (user) localStorage.setItem("uploads-user", user);
  else localStorage.removeItem("uploads-user");
} catch {
  // The browser keeps nothing.
}
