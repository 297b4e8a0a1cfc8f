// What others enter shows on the open map: it is asked for again, and the reader keeps his place.

import { Dropped } from "./api.js";
import { listen } from "./changes.js";
import { forgetDecisions, markDecisions } from "./decisions.js";
import { byId } from "./dom.js";
import { bringNewest } from "./runs.js";
import { state } from "./state.js";
import { say, timeText } from "./text.js";
import { themeValues } from "./themes.js";

// In milliseconds: between two rounds of questions, how far apart readers begin theirs, and when to
// try again: while the reader asks for something himself, reads a record, or after a failure.
const GAP = 1_500;
const APART = 400;
const BUSY = 200;
const READING = 1_000;
const FAILED = 30_000;
const COUNTED = ["incident", "outreach_event", "prevention_model"];
const SOURCES = {
  incident: ["/incidents"], outreach_event: ["/outreach-events"], prevention_model: ["/prevention-models"],
  network: ["/networks", "/network-flows"],
};

class Live {
  // `does` holds what the page can do: hasOwnPeriod, paint, showCompared, checkRun, showNewRun, shownRun.
  constructor(page, does) {
    Object.assign(this, { page, does, kinds: new Set(), sources: new Set(), begun: 0 });
  }

  hear(kinds) {
    for (const kind of kinds) this.kinds.add(kind);
    this.plan(Math.max(Math.random() * APART, this.begun + GAP - Date.now()));
  }

  plan(delay) {
    if (this.isAsking) return;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.round();
    }, delay);
  }

  async round() {
    if (byId("map").hasAttribute("aria-busy")) {
      this.plan(BUSY);
      return;
    }
    const kinds = [...this.kinds];
    this.kinds.clear();
    this.begun = Date.now();
    this.isAsking = true;
    const hasFailed = await this.renew(kinds).then(() => false, (error) => !(error instanceof Dropped));
    this.isAsking = false;
    if (hasFailed) for (const kind of kinds) this.kinds.add(kind);
    if (this.kinds.size) this.plan(hasFailed ? FAILED : GAP);
  }

  async renew(kinds) {
    const has = (...names) => names.some((name) => kinds.includes(name));
    for (const kind of kinds) for (const source of SOURCES[kind] ?? []) this.sources.add(source);
    if (has("hotspot_run", "hotspot_review")) forgetDecisions();
    if (has("hotspot_run")) await this.runs();
    if (has(...COUNTED)) await this.theme();
    await this.marks();
    if (has("incident")) await this.does.checkRun();
    if (has("hotspot_review")) await markDecisions(byId("ranking-list"));
    if (has("hotspot_review", ...COUNTED)) await this.unit();
  }

  async runs() {
    const before = this.does.shownRun();
    await bringNewest(this.page.runs);
    if (this.does.shownRun() === before) return;
    this.does.showNewRun();
    sayUpdated();
  }

  // Both sides of the map. Values that come after the reader has made another choice are of no use.
  async theme() {
    const { turn } = this.page;
    const theme = this.page.themes.get(state.theme);
    const answer = this.does.hasOwnPeriod(state.theme) ? null : await themeValues(theme, this.page.runs, { purpose: "live", bounds: this.does.heldBounds() });
    if (turn !== this.page.turn) return;
    if (answer && !isSame(answer, this.page.answer)) {
      this.does.paint(theme, answer);
      sayUpdated();
    }
    await this.does.showCompared();
  }

  // Markers are replaced once nobody reads one or stands on it.
  async marks() {
    if (this.isRead()) {
      this.reading ??= setTimeout(() => {
        this.reading = null;
        this.marks();
      }, READING);
      return;
    }
    const sources = [...this.sources];
    this.sources.clear();
    if (sources.length && await this.page.overlays.renew(sources)) sayUpdated();
  }

  isRead() {
    const { map, overlays } = this.page;
    return map._popup?.isOpen() || overlays.isSpread() || map.getPane("markerPane").contains(document.activeElement);
  }

  async unit() {
    const panel = byId("unit");
    const at = document.activeElement;
    const isUsed = (at !== panel && panel.contains(at)) || panel.querySelector("details[open]") || !getSelection().isCollapsed;
    if (state.unit && this.page.panel && !isUsed) await this.page.panel.show(state.unit, this.does.shownRun());
  }
}

const isSame = (answer, before) => before
  && JSON.stringify([...answer.values]) === JSON.stringify([...before.values]) && answer.unassigned === before.unassigned;

// Once a minute at most: whoever listens to the page is not to hear of each record.
function sayUpdated() {
  const text = say("updated_at", { time: timeText(new Date()).split(" ")[0] });
  const line = byId("updated");
  if (line.textContent === text) return;
  line.textContent = text;
  line.hidden = false;
  byId("announcer").textContent = text;
}

export function startLive(page, does) {
  const live = new Live(page, does);
  listen((kinds) => live.hear(kinds));
}
