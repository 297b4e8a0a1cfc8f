// What kinds of things were stored, as the server tells it. One tab of a browser listens and tells the
// others, since a browser has few connections to a host; none does that nobody looks at.

const STREAM = "/changes";
const TURN = "bienmap-changes";
const KINDS = ["incident", "outreach_event", "network", "prevention_model", "hotspot_run", "hotspot_review"];
const SHORTEST_WAIT = 2_000;
const LONGEST_WAIT = 5 * 60_000;
// Whoever left must not stay signed in by what his page asks for in his absence.
const LONGEST_UNTOUCHED = 30 * 60_000;
const MOMENT = 500;
const MINUTE = 60_000;
// Over plain http a browser has no locks: then each tab that is looked at listens for itself.
const locks = navigator.locks ?? { request: (_name, _options, hold) => Promise.resolve(hold()) };

class Changes {
  constructor(tell) {
    this.tell = tell;
    this.tabs = new BroadcastChannel(TURN);
    this.touched = Date.now();
    this.toldOfTouch = 0;
    this.tabs.addEventListener("message", ({ data }) => this.fromTab(data));
    for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
      addEventListener(event, () => this.touch(), { capture: true, passive: true });
    }
    for (const event of ["visibilitychange", "freeze", "resume"]) document.addEventListener(event, () => this.look());
    addEventListener("online", () => this.again());
    setInterval(() => this.look(), MINUTE);
    this.look();
  }

  touch() {
    this.touched = Date.now();
    if (this.touched - this.toldOfTouch < MINUTE) return;
    this.toldOfTouch = this.touched;
    this.tabs.postMessage("touched");
    this.look();
  }

  fromTab(data) {
    if (data === "touched") this.touched = Date.now();
    else if (data === "ended") this.end();
    // What comes while nobody looks is asked for when somebody does.
    else if (this.turn) this.tell(data);
    this.look();
  }

  // Begins or ends, as somebody is there or not.
  look() {
    const isWanted = !this.isOver && !document.hidden && Date.now() - this.touched < LONGEST_UNTOUCHED;
    if (isWanted === Boolean(this.turn)) return;
    if (isWanted) this.begin();
    else this.pause();
  }

  begin() {
    const turn = new AbortController();
    this.turn = turn;
    this.wait = SHORTEST_WAIT;
    if (this.hasPaused) this.tell(KINDS);
    const asked = Date.now();
    locks.request(TURN, { signal: turn.signal }, () => new Promise((give) => {
      turn.signal.addEventListener("abort", give);
      // Between another tab's turn and this one something may have been told.
      if (Date.now() - asked > MOMENT) this.isBroken = true;
      this.open();
    })).catch(() => { /* Others had their turn until nobody looked here any more. */ });
  }

  pause() {
    this.hasPaused = true;
    this.close();
    this.turn.abort();
    this.turn = null;
  }

  open() {
    this.retry = null;
    const source = new EventSource(STREAM);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = SHORTEST_WAIT;
      if (this.isBroken) this.tellAll(KINDS);
      this.isBroken = false;
    });
    source.addEventListener("message", ({ data }) => this.tellAll(JSON.parse(data)));
    source.addEventListener("ended", () => {
      this.tabs.postMessage("ended");
      this.end();
    });
    source.addEventListener("error", () => this.broken());
  }

  tellAll(kinds) {
    this.tabs.postMessage(kinds);
    this.tell(kinds);
  }

  // The server is away, has too many listeners, or knows nobody any more: later again, and rarer.
  broken() {
    this.close();
    this.isBroken = true;
    this.retry = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  again() {
    if (!this.retry) return;
    this.close();
    this.open();
  }

  close() {
    clearTimeout(this.retry);
    this.retry = null;
    this.source?.close();
    this.source = null;
  }

  // The session is over: whoever signs in again opens a new page.
  end() {
    this.isOver = true;
    this.look();
  }
}

// Calls `tell` with kinds of what was stored, for as long as somebody looks at the page.
export function listen(tell) {
  return new Changes(tell);
}
