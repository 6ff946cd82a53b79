{% load static %}// Only for pages that cannot be loaded: nothing that belongs to a person is kept.
const PAGE = "{% url 'offline' %}";
const NEEDED = [
  PAGE,
  "{% static 'css/tokens.css' %}",
  "{% static 'css/base.css' %}",
  "{% static 'css/layout.css' %}",
  "{% static 'css/controls.css' %}",
  "{% static 'css/pages.css' %}",
  "{% static 'icons/favicon.svg' %}",
  "{% static 'js/offline.js' %}",
];
// Another release has other names of files.
const CACHE = `offline ${NEEDED.join()}`;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(NEEDED)));
});

async function clean() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
}

self.addEventListener("activate", (event) => event.waitUntil(clean()));

async function load(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return caches.match(PAGE);
  }
}

async function loadOrKept(request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(load(event));
  else if (NEEDED.includes(new URL(request.url).pathname)) event.respondWith(loadOrKept(request));
});
