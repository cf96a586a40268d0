// Single keys for buttons that carry data-key. A switch on the page turns them off, for this browser and for good
// (WCAG 2.2, 2.1.4): a stray key, or a word spoken to a computer that listens, must not decide anything.
(() => {
  "use strict";
  const STORED = "uplift-single-keys";
  const isOn = () => localStorage.getItem(STORED) !== "off";
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select") !== null;

  const showHints = () => {
    const isShown = isOn() && matchMedia("(any-hover: hover)").matches;
    document.querySelectorAll("[data-key-hint]").forEach((hint) => { hint.hidden = !isShown; });
  };

  const press = (event) => {
    const isPlain = !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isOn() || !isPlain || isTyping(event.target) || document.querySelector("form.htmx-request")) {
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    const missing = button?.form?.querySelector("[data-key-needs]");
    if (missing && button.value === "same" && missing.value.trim() === "") {
      event.preventDefault();
      missing.focus();
    } else if (button) {
      event.preventDefault();
      button.click();
    }
  };

  const label = document.querySelector("[data-keys-switch]");
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = isOn();
  box.addEventListener("change", () => {
    localStorage.setItem(STORED, box.checked ? "on" : "off");
    showHints();
  });
  document.addEventListener("keydown", press);
  document.addEventListener("htmx:afterSettle", showHints);
  showHints();
})();
