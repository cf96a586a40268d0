// Tells the page around that a unit of cmi5 has ended.
const launch = JSON.parse(document.getElementById("launch").textContent);
window.top.postMessage({ package: "ended" }, launch.page);
