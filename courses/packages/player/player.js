// The page around an item of a package: it holds the interface that the item looks for, and tells the page around
// itself how things stand. The item is shown only when the interface is there.
import { api12, api2004 } from "./api.js";
import { Model } from "./model.js";
import { Saving } from "./saving.js";

const launch = JSON.parse(document.getElementById("launch").textContent);
const state = document.getElementById("state");

function say(word) {
  state.textContent = launch.words[word] || "";
  state.dataset.state = word;
  if (window.parent !== window) window.parent.postMessage({ package: word }, launch.page);
}

const number = (values, name) => (values.has(name) && values.get(name) !== "" ? Number(values.get(name)) : null);

// Where the manifest names a threshold, it decides, not what the item says (SCORM 2004 RTE 4.2.4.1, 4.2.22.1).
function derivedStatus() {
  const made = {};
  if (launch.threshold !== "") {
    made["cmi.completion_status"] = (values) => {
      const measure = number(values, "cmi.progress_measure");
      return measure === null ? undefined : measure >= Number(launch.threshold) ? "completed" : "incomplete";
    };
  }
  if (launch.mastery !== "") {
    made["cmi.success_status"] = (values) => {
      const scaled = number(values, "cmi.score.scaled");
      return scaled === null ? "unknown" : scaled >= Number(launch.mastery) ? "passed" : "failed";
    };
  }
  return made;
}

if (launch.model) {
  const isFirst = launch.standard === "scorm-1.2";
  const model = new Model(launch.model, launch.values, isFirst ? {} : derivedStatus());
  const saving = new Saving(model, launch.commit, launch.sequence, say);
  if (isFirst) window.API = api12(model, saving);
  else window.API_1484_11 = api2004(model, saving);
}
document.getElementById("content").src = launch.content;
