// Keeps the lessons of a begun course, so that they can be read without a connection. It keeps only what the server
// marks with X-Keep, for one reader at a time, and asks the network first.
"use strict";

const PREFIX = "lessons-";
const FILES = "files-1";
const isFile = (url) => url.pathname.startsWith("/static/") || url.pathname.startsWith("/media/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function lessons() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  return names.length === 1 ? caches.open(names[0]) : null;
}

// By its address alone: browsers differ in the headers that a request shows here, and pages vary by some of them.
async function keep(url, response, cache) {
  if (cache && response.ok && !response.redirected && response.headers.get("X-Keep")) {
    await cache.put(url, response.clone());
  }
  return response;
}

async function kept(url, cache) {
  const how = {ignoreVary: true};
  return (await cache.match(url, how)) || (await cache.match(url, {...how, ignoreSearch: true}));
}

// What is kept belongs to one reader: another one begins anew.
async function keepAll({owner, urls}) {
  const mine = PREFIX + owner;
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== mine) await caches.delete(name);
  }
  const cache = await caches.open(mine);
  for (const url of urls.slice(0, 100)) {
    if (await cache.match(url, {ignoreVary: true})) continue;
    try {
      await keep(url, await fetch(url, {credentials: "same-origin"}), cache);
    } catch {
      return;
    }
  }
}

self.addEventListener("message", (event) => {
  if (event.data && event.data.owner) event.waitUntil(keepAll(event.data));
});

async function page(request) {
  const cache = await lessons();
  try {
    return await keep(request.url, await fetch(request), cache);
  } catch (error) {
    const copy = cache && (await kept(request.url, cache));
    if (!copy) throw error;
    const html = (await copy.text()).replace("<body ", "<body data-copy ");
    return new Response(html, {headers: copy.headers});
  }
}

async function file(request) {
  const cache = await caches.open(FILES);
  const copy = await cache.match(request, {ignoreVary: true});
  if (copy) return copy;
  const response = await fetch(request);
  const size = Number(response.headers.get("Content-Length") || 0);
  if (response.status === 200 && size < 5_000_000) await cache.put(request, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith("/p/")) event.respondWith(page(event.request));
  else if (isFile(url) && !event.request.headers.has("range")) event.respondWith(file(event.request));
});
