// Sends what an item sets to the server: each commit with its number, again until it has arrived.
const SOON = 1500; // milliseconds after the last value
const LARGEST_KEPT_ALIVE = 60000; // bytes that a browser sends on when its tab closes
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;

export class Saving {
  // say(state): "saving", "saved", "waiting", "ended"; "elsewhere" and "over" where nothing is saved any more.
  constructor(model, address, sequence, say) {
    Object.assign(this, { model, address, sequence, say });
    this.commit = null; // what has not been confirmed
    this.isFinished = this.isFinishSent = this.isOver = this.isLeaving = false;
    this.pause = FIRST_PAUSE;
    addEventListener("online", () => this.again());
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.send());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => (this.isLeaving = false));
    addEventListener("beforeunload", (event) => this.hasTrouble() && event.preventDefault());
  }

  // Whether something would be lost by leaving: a commit has failed and was not confirmed since.
  hasTrouble() {
    return !this.isOver && this.commit !== null && this.pause > FIRST_PAUSE;
  }

  // The page is left before the item in it, which may still report: no timer and no answer comes after that.
  leave() {
    this.isLeaving = true;
    this.send();
  }

  soon() {
    this.say("saving");
    clearTimeout(this.timer);
    if (this.isLeaving) queueMicrotask(() => this.send());
    else this.timer = setTimeout(() => this.now(), SOON);
  }

  // At once, even while a commit is on its way: many items end as their page is closed.
  finish() {
    this.isFinished = true;
    this.send();
  }

  now() {
    if (this.commit === null || this.isLeaving) this.send();
  }

  // Sends what has changed, together with what was not confirmed yet: the server takes the highest number.
  send() {
    clearTimeout(this.timer);
    const isNew = this.model.changed.size > 0 || (this.isFinished && !this.isFinishSent);
    if (this.isOver || !isNew) return;
    this.isFinishSent = this.isFinished;
    this.sequence += 1;
    const values = { ...(this.commit?.values || {}), ...this.model.takeChanges() };
    this.commit = { sequence: this.sequence, values, finished: this.isFinished };
    this.post();
  }

  async post() {
    const { sequence } = this.commit;
    const body = JSON.stringify(this.commit);
    this.say("saving");
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body,
        keepalive: body.length * 3 < LARGEST_KEPT_ALIVE || new Blob([body]).size < LARGEST_KEPT_ALIVE,
        headers: { "Content-Type": "application/json" },
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      if (sequence === this.commit?.sequence) this.arrived(answer.status);
    } catch {
      if (sequence === this.commit?.sequence) this.failed();
    }
  }

  failed() {
    this.say("waiting");
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.again(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  again() {
    clearTimeout(this.retry);
    if (this.commit) this.post();
  }

  arrived(status) {
    clearTimeout(this.retry);
    this.commit = null;
    this.pause = FIRST_PAUSE;
    if (status !== 200) {
      this.isOver = true;
      this.say(status === 409 ? "elsewhere" : "over");
      return;
    }
    this.send();
    if (!this.commit) this.say(this.isFinishSent ? "ended" : "saved");
  }
}
