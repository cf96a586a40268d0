"""Pages of packages as authors write them: they look for the interface, go on where they were, report and end."""

from pathlib import Path

SCORM_12 = """<!doctype html><meta charset="utf-8"><title>SCO</title>
<p id="page"></p><button id="next">Next</button><button id="pass">Pass</button>
<script>
  function search(win) { for (var i = 0; win && i < 10; i++) { try { if (win.API) return win.API; } catch (e) {}
    if (win.parent === win) break; win = win.parent; } return null; }
  var api = search(window) || (window.opener && search(window.opener));
  var ready = api.LMSInitialize("");
  var page = Number(api.LMSGetValue("cmi.suspend_data") || 1);
  function show() { document.getElementById("page").textContent =
    "Page " + page + ", " + api.LMSGetValue("cmi.core.entry") + ", " + api.LMSGetValue("cmi.core.student_name"); }
  document.getElementById("next").onclick = function () { page += 1; api.LMSSetValue("cmi.suspend_data", String(page));
    api.LMSSetValue("cmi.core.lesson_status", "incomplete"); api.LMSCommit(""); show(); };
  document.getElementById("pass").onclick = function () { api.LMSSetValue("cmi.core.score.raw", "92");
    api.LMSSetValue("cmi.core.lesson_status", "passed"); api.LMSSetValue("cmi.core.session_time", "00:05:00");
    api.LMSFinish(""); };
  show();
</script>"""

SCORM_2004 = """<!doctype html><meta charset="utf-8"><title>SCO</title>
<p id="page"></p><button id="next">Next</button><button id="pass">Complete</button>
<script>
  var api = null, win = window;
  while (!(api = win.API_1484_11 || null) && win.parent && win.parent !== win) win = win.parent;
  api.Initialize("");
  var place = api.GetValue("cmi.location"), error = api.GetLastError();
  var page = error === "403" ? 1 : Number(place);
  function show() { document.getElementById("page").textContent = "Page " + page + ", " + api.GetValue("cmi.entry"); }
  document.getElementById("next").onclick = function () { page += 1; api.SetValue("cmi.location", String(page));
    api.SetValue("cmi.completion_status", "incomplete"); api.Commit(""); show(); };
  document.getElementById("pass").onclick = function () { api.SetValue("cmi.score.scaled", "0.75");
    api.SetValue("cmi.success_status", "passed"); api.SetValue("cmi.completion_status", "completed");
    api.SetValue("cmi.exit", "normal"); api.Terminate(""); };
  show();
</script>"""

# A player that opens the course in a window of its own, which looks for the interface in its opener.
OPENER = """<!doctype html><title>Launcher</title><button id="open">Open</button>
<script>document.getElementById("open").onclick = function () { window.open("course.html", "course"); };</script>"""

CMI5 = """<!doctype html><meta charset="utf-8"><title>AU</title><p id="page"></p>
<button id="next">Next</button><button id="pass">Pass</button>
<script type="module">
  const given = new URLSearchParams(location.search);
  const actor = JSON.parse(given.get("actor"));
  const endpoint = given.get("endpoint"), registration = given.get("registration"), activity = given.get("activityId");
  const fetched = await (await fetch(given.get("fetch"), { method: "POST" })).json();
  const headers = { Authorization: `Basic ${fetched["auth-token"]}`, "X-Experience-API-Version": "1.0.3",
    "Content-Type": "application/json" };
  const place = (name) => `${endpoint}activities/state?` + new URLSearchParams({ activityId: activity,
    agent: JSON.stringify(actor), registration, stateId: name });
  const launch = await (await fetch(place("LMS.LaunchData"), { headers })).json();
  await fetch(`${endpoint}agents/profile?` + new URLSearchParams({ agent: JSON.stringify(actor),
    profileId: "cmi5LearnerPreferences" }), { headers });
  const CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/";
  async function say(verb, result, isResult) {
    const context = structuredClone(launch.contextTemplate);
    context.registration = registration;
    context.contextActivities.category = [{ id: CATEGORY + "cmi5" }];
    if (isResult) context.contextActivities.category.push({ id: CATEGORY + "moveon" });
    const statement = { id: crypto.randomUUID(), actor, verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` },
      object: { id: activity }, context, timestamp: new Date().toISOString(), ...(result ? { result } : {}) };
    const answer = await fetch(`${endpoint}statements`, { method: "POST", headers, body: JSON.stringify([statement]) });
    document.title = `${verb} ${answer.status}`;
    return answer.status;
  }
  await say("initialized");
  const kept = await fetch(place("bookmark"), { headers });
  let page = kept.status === 200 ? (await kept.json()).page : 1;
  const show = () => { document.getElementById("page").textContent = `Page ${page}, ${launch.launchMode}`; };
  document.getElementById("next").onclick = async () => { page += 1;
    await fetch(place("bookmark"), { method: "PUT", headers, body: JSON.stringify({ page }) }); show(); };
  document.getElementById("pass").onclick = async () => {
    await say("completed", { completion: true, duration: "PT1M" }, true);
    await say("passed", { success: true, score: { scaled: 0.9 }, duration: "PT1M" }, true);
    await say("terminated", { duration: "PT1M" });
    location.href = launch.returnURL; };
  show();
</script>"""

# Tries whatever could reach the pages or the session of the learner, and notes how it went.
HOSTILE = (Path(__file__).parent / "hostile.html").read_text()
