// The token of a form that was signed in for elsewhere: signing in gives the browser a new one, in its cookie.
// Without this the form is sent all the same; its reader is then asked once more.
(() => {
  "use strict";
  const form = document.querySelector("form[data-cookie]");
  form.addEventListener("submit", () => {
    const prefix = `${form.dataset.cookie}=`;
    const found = document.cookie.split("; ").find((one) => one.startsWith(prefix));
    if (found) {
      form.elements.csrfmiddlewaretoken.value = found.slice(prefix.length);
    }
  });
})();
