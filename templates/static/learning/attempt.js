// Saves what is answered a second after it changed, and says how much time is left. The page works without.
"use strict";

const form = document.querySelector("form[data-saves]");
const said = document.querySelector("[data-said]");
let waiting;

function send(headers, more = {}) {
  const body = new FormData(form);
  for (const name of Object.keys(more)) body.set(name, more[name]);
  return fetch(location.pathname, {method: "POST", body, headers, signal: AbortSignal.timeout(30000)});
}

// Only 204 says that the answers are there: who has been signed out is led to another page, which comes with 200.
// 409 says that the attempt was sent, or is over: the page shows how it went.
async function save() {
  let isSaved = false;
  try {
    const {status} = await send({"X-Save": "1"});
    if (status === 409) return void location.reload();
    isSaved = status === 204;
  } finally {
    said.textContent = isSaved ? said.dataset.saved : said.dataset.offline;
    if (!isSaved) saveIn(5000);
  }
}

// Never two at once: on a slow connection the older answers could arrive last.
let saving = Promise.resolve();
function saveIn(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { saving = saving.then(save).catch(() => {}); }, milliseconds);
}

form.addEventListener("input", () => {
  said.textContent = "";
  saveIn(1000);
});

// Without a connection the browser would leave the page for one of its own, and the last answers with it.
form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  saveIn(0);
});

const limit = document.querySelector("[data-seconds-left]");
if (limit) {
  const until = Date.now() + 1000 * Number(limit.dataset.secondsLeft);
  const warn = () => { said.textContent = limit.dataset.warning; };
  const five = until - Date.now() - 5 * 60 * 1000;
  if (five > 0) setTimeout(warn, five);
  setTimeout(finish, until - Date.now());
}

// When the time is over, what is answered is sent as it is, and the result is shown.
async function finish() {
  clearTimeout(waiting);
  await saving;
  try {
    if ((await send({}, {final: "1"})).ok) location.reload();
  } catch {
    said.textContent = said.dataset.offline;
    setTimeout(finish, 5000);
  }
}
