// Reading on without a connection: keeps the lessons of this course, and what was done until it can be sent.
// Every form has a key, and the server records each key once: sending again does no harm.
"use strict";

const bar = document.getElementById("offline");
const owner = bar.dataset.owner;
const isCopy = document.body.hasAttribute("data-copy");

function store(mode, act) {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("uplift", 1);  // throws where a browser keeps nothing: then this fails
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", {keyPath: "id", autoIncrement: true});
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const change = asked.result.transaction("outbox", mode);
      const result = act(change.objectStore("outbox"));
      change.oncomplete = () => { asked.result.close(); done(result && result.result); };
      change.onerror = () => fail(change.error);
    };
  });
}

async function waiting() {
  const kept = await store("readonly", (box) => box.getAll()).catch(() => []);
  return kept.filter((one) => one.owner === owner);
}

async function say() {
  const number = (await waiting()).length;
  const isOffline = isCopy || !navigator.onLine;
  bar.hidden = !isOffline && !number;
  bar.textContent = [isOffline ? bar.dataset.offline : "", number ? bar.dataset.waiting.replace("{0}", number) : ""].join(" ").trim();
}

function keep(form) {
  const body = new URLSearchParams(new FormData(form)).toString();
  return store("readwrite", (box) => box.add({owner, url: new URL(form.action, location).pathname, body}));
}

// The token of this page belongs to its reader's session: signing in makes another one. So what was kept can be sent after
// signing in again, and a page that is still open never sends it in the name of who signed in next.
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

function post({url, body}) {
  const said = new URLSearchParams(body);
  said.set("csrfmiddlewaretoken", token());
  return fetch(url, {method: "POST", body: said, headers: {"X-Kept": "1"}, signal: AbortSignal.timeout(20000)});
}

// Whether there is no use in sending it again: it is recorded, or it has no place in this course (any more).
function isSettled(answer) {
  if (answer.redirected) return new URL(answer.url).pathname.startsWith("/p/");
  return [204, 400, 404, 405, 410, 413, 422].includes(answer.status);
}

// Sends in order; what the server stumbles over stays for the next time, and does not hold up the rest.
async function send() {
  const failed = new Set();
  for (;;) {
    const one = (await waiting()).find(({id}) => !failed.has(id));
    if (!one) return;
    const answer = await post(one);
    if (isSettled(answer)) await store("readwrite", (box) => box.delete(one.id));
    else if (answer.status >= 500) failed.add(one.id);
    else return;
  }
}

// One sending after the other, so that the last one finds what was kept meanwhile.
let sending = Promise.resolve();
function sendAll() {
  sending = sending
    .then(() => (navigator.locks ? navigator.locks.request("uplift-outbox", send) : send()))
    .catch(() => {})
    .then(say);
  return sending;
}

// "Done": sent in the background, so that a connection that breaks just now loses nothing.
async function done(event) {
  event.preventDefault();
  const form = event.target;
  const next = document.querySelector("a[rel=next]");
  try {
    await keep(form);
  } catch {
    return void form.submit();
  }
  await sendAll();
  const isThere = next && (navigator.onLine || !next.href.includes("/assessment/"));
  location.href = isThere ? next.href : bar.dataset.course;
}

for (const form of document.querySelectorAll("form[data-offline=done]")) form.addEventListener("submit", done);

// What is said about an answer comes into the place that screen readers listen to, and the focus stays on the button;
// what is wrong with an answer is read with the question, which gets the focus.
function judge(form, judged, isJudged) {
  const question = judged.querySelector("fieldset");
  form.querySelector("fieldset").replaceWith(question);
  form.elements.form_key.value = judged.elements.form_key.value;
  form.querySelector("[aria-live]").innerHTML = judged.querySelector("[aria-live]").innerHTML;
  (isJudged ? form.querySelector("button") : question).focus();
}

// Practice: the form is swapped for itself, judged; where there is no connection, the answer is kept and said to be.
async function practise(event) {
  const form = event.target.closest("form[data-key]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form)).toString();
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, credentials: "same-origin",
      headers: {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token(), "HX-Request": "true"},
    });
    if (answer.redirected || ![200, 422].includes(answer.status)) return void await askAgain(form);
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    judge(form, part.content.querySelector("form"), answer.ok);
  } catch {
    try {
      await keep(form);
    } catch {
      return void form.submit();
    }
    form.querySelector("[aria-live]").textContent = bar.dataset.kept;
    await say();
  }
}

// The session is over, or the page is too old: the answer is kept, and sent by the page as it is now.
async function askAgain(form) {
  await keep(form);
  location.reload();
}

// Signing out removes from the device what was kept there: it is sent before, and what cannot be sent is said once.
let isWarned = false;
async function signOut(event) {
  if (isWarned || !event.target.matches("header form[action$='/logout/']")) return;
  event.preventDefault();
  isWarned = true;
  await sendAll();
  if (!(await waiting()).length) return void event.target.submit();
  bar.hidden = false;
  bar.textContent = bar.dataset.losing;
  bar.scrollIntoView({block: "center"});
}

document.addEventListener("submit", practise);
document.addEventListener("submit", signOut);

window.addEventListener("online", sendAll);
window.addEventListener("offline", say);

async function begin() {
  await sendAll();
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js");
  const worker = (await navigator.serviceWorker.ready).active;
  if (isCopy || !navigator.onLine) return;
  const urls = [location.href, new URL(bar.dataset.course, location).href, ...[...document.querySelectorAll("ol.lessons a")].map((link) => link.href)];
  worker.postMessage({owner, urls: [...new Set(urls)].filter((url) => !url.includes("/assessment/"))});
}

begin().catch(() => {}).finally(say);
