// What has not been sent yet, from the queue that the pages keep (uploads/store.js).
const OPEN = ["new", "ready", "sent"];
const MOST = 30;
const shown = (number) => number.toLocaleString(document.documentElement.lang);

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function unsent() {
  const name = `uploads-${localStorage.getItem("uploads-user")}`;
  // Opening what is not there would make it.
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return [];
  const database = await done(indexedDB.open(name));
  const items = await done(database.transaction("items").objectStore("items").getAll());
  database.close();
  return items.filter((item) => OPEN.includes(item.state));
}

function show(items) {
  const part = document.getElementById("unsent");
  const texts = part.dataset;
  part.querySelector("h2").textContent = (items.length === 1 ? texts.one : texts.many).replace("{number}", shown(items.length));
  const names = items.slice(0, MOST).map(({ name }) => Object.assign(document.createElement("li"), { textContent: name }));
  part.querySelector("ul").replaceChildren(...names);
  part.querySelector("[data-more]").textContent = items.length > MOST ? texts.more.replace("{number}", shown(items.length - MOST)) : "";
  part.hidden = items.length === 0;
}

unsent().then(show, () => {});
addEventListener("online", () => location.reload());
document.querySelector("button").addEventListener("click", () => location.reload());
