// What a package in the frame has saved is asked of the server; the message from the frame only says when to ask.
(() => {
  "use strict";
  const frame = document.querySelector("iframe[data-package]");
  if (!frame) {
    return;
  }
  const origin = new URL(frame.src).origin;
  const fit = () => {
    const height = Math.max(320, Math.round(window.innerHeight * 0.85));
    Object.assign(frame.style, { width: "100%", height: `${height}px`, border: "0" });
  };
  fit();
  window.addEventListener("resize", fit);
  window.addEventListener("message", (event) => {
    if (event.origin === origin && ["saved", "ended"].includes(event.data?.package)) {
      document.body.dispatchEvent(new Event("package-changed"));
    }
  });
})();
