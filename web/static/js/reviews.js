// Places of records that should be looked at again: each takes the map there, and can be checked.

import { ask, Dropped } from "./api.js";
import { SETTLED_MS, byId, data, el } from "./dom.js";
import { openPanel } from "./sheet.js";
import { currentLanguage, dateText, label, say } from "./text.js";

const PAGE = 50;
const PATHS = { incident: "incidents", outreach_event: "outreach-events", network: "networks", prevention_model: "prevention-models" };
// As the page of entry names its forms.
const SUBJECTS = { incident: "incident", outreach_event: "outreach", network: "network" };

export class Reviews {
  // `go` takes a position to which the map flies, `close` what to do when the list goes; `tools` are what
  // choosing another place needs.
  constructor(go, close, tools) {
    Object.assign(this, { go, close: () => { this.leave(); close(); }, tools, reason: null, next: null, correction: null });
  }

  open() {
    const choices = ["all", "differs", "coarse", "moved"].map((reason) => this.choice(reason));
    this.list = el("ol", { class: "list reviews" });
    this.hint = el("p", { class: "hint", role: "status" });
    this.more = el("button", { type: "button", class: "action", hidden: true, on: { click: () => this.load(this.next) } }, say("reviews_more"));
    byId("reviews").replaceChildren(
      el("div", { class: "unit-top" },
        el("div", {}, el("h2", {}, say("reviews")), el("p", { class: "hint" }, say("reviews_hint"))),
        el("button", { type: "button", class: "plain", "aria-label": say("close"), on: { click: this.close } }, "×")),
      el("div", { class: "segments", role: "radiogroup", "aria-label": say("reviews") }, choices),
      this.hint, this.list, this.more);
    openPanel("reviews", { focus: true });
    this.load();
  }

  choice(reason) {
    const chosen = reason === (this.reason ?? "all");
    const choose = () => { this.reason = reason === "all" ? null : reason; this.load(); };
    const text = { all: say("reviews_all"), differs: say("review_differs"), coarse: say("review_coarse"), moved: say("review_moved") }[reason];
    return el("label", { class: "segment" },
      el("input", { type: "radio", name: "reason", value: reason, checked: chosen, on: { change: choose } }), el("span", {}, text));
  }

  async load(after = null) {
    try {
      if (!after) {
        this.leave();
        this.list.replaceChildren();
      }
      const page = await ask("reviews", "/place-reviews", { reason: this.reason, limit: PAGE, ...after }, { inLanguage: true });
      this.list.append(...page.features.map((feature) => this.row(feature.properties)));
      this.next = page.next ? Object.fromEntries(["after_type", "after", "after_sequence"].map((name) => [name, new URL(page.next, location.href).searchParams.get(name)])) : null;
      this.more.hidden = !this.next;
      this.hint.textContent = this.list.childElementCount ? "" : this.nothing();
    } catch (error) {
      if (!(error instanceof Dropped)) this.hint.textContent = say("failed", { reason: error.message });
    }
  }

  row(place) {
    const kinds = { incident: "incident_kind", outreach_event: "outreach_kind", network: "network_node_role", prevention_model: "prevention_model" };
    const item = el("li", {},
      el("button", { type: "button", on: { click: () => this.fly(place) } },
        el("span", { class: "name" }, data(`${label(kinds[place.record_type], place.kind)} · ${place.external_id}`)),
        el("span", { class: "parent" }, data(whereOf(place)))),
      el("ul", { class: "advice" }, place.reasons.map((reason) => el("li", {}, data(adviceOf(reason, place))))),
      el("p", { class: "row" },
        el("a", { href: pageOf(place), target: "_blank", rel: "noopener" }, say("reviews_record")),
        mayWrite(place.record_type)
          ? el("button", { type: "button", class: "plain", on: { click: () => this.correct(place, item) } }, say("correct")) : null,
        el("button", { type: "button", class: "plain", on: { click: () => this.check(place, item) } }, say("reviews_check"))),
      el("p", { class: "fault", role: "alert", hidden: true }));
    return item;
  }

  fly(place) {
    if (place.near_latitude === null) this.hint.textContent = say("reviews_no_unit");
    else this.go({ latitude: place.near_latitude, longitude: place.near_longitude });
  }

  nothing() {
    return this.reason ? say("reviews_none_of_them") : say("reviews_empty");
  }

  drop(item, said) {
    this.dropped = performance.now();
    const following = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (following?.querySelector("button") ?? byId("reviews")).focus();
    this.hint.textContent = this.list.childElementCount ? said : this.nothing();
  }

  // One form at a time, below the row that it is for.
  async correct(place, item) {
    const { correctionForm } = await import("./correction.js");
    this.leave();
    const done = async () => {
      this.leave();
      // What moved with the boundaries may stay listed: the server knows.
      if (place.reasons.includes("moved")) {
        await this.load();
        this.hint.textContent = say("corrected");
        (this.list.querySelector("button") ?? byId("reviews")).focus();
      } else this.drop(item, say("corrected"));
    };
    const close = () => { this.leave(); item.querySelector("button").focus(); };
    const path = `/${PATHS[place.record_type]}/${place.record_id}`;
    this.correction = correctionForm(path, place.sequence, { ...this.tools, hasPoint: ["exact", "village"].includes(place.precision), done, close });
    item.append(this.correction.form);
    this.fly(place);
    this.correction.start();
    // On a telephone the form is taller than the sheet: the row's buttons stay above it.
    item.querySelector(".row").scrollIntoView({ block: "start" });
  }

  leave() {
    this.correction?.end();
    this.correction?.form.remove();
    this.correction = null;
  }

  async check(place, item) {
    // The row below comes up where this one was: a second tap was not meant for it.
    if (performance.now() - (this.dropped ?? 0) < SETTLED_MS || item.ariaBusy === "true") return;
    item.ariaBusy = "true";
    const fault = item.querySelector(".fault");
    try {
      await ask(`check ${place.record_id}/${place.sequence}`, `/place-reviews/${place.record_type}/${place.record_id}`,
        { place_digest: place.place_digest, sequence: place.sequence }, { method: "PUT" });
      this.drop(item, say("reviews_checked"));
    } catch (error) {
      item.ariaBusy = "false";
      if (error instanceof Dropped) return;
      fault.textContent = error.message;
      fault.hidden = false;
    }
  }
}

// Planners write outreach events only.
const mayWrite = (type) => byId("account").dataset.role !== "planner" || type === "outreach_event";

// Where the whole record is read: in its form for who may write it, else as the service tells it.
function pageOf({ record_type: type, record_id: id }) {
  if (!SUBJECTS[type] || !mayWrite(type)) return `/api/v1/${PATHS[type]}/${id}`;
  const query = new URLSearchParams({ [SUBJECTS[type]]: id });
  if (currentLanguage() === "en") query.set("lang", "en");
  return `/nhap?${query}`;
}

// A text such as "only the district is known" needs the district's name beside it.
function whereOf({ precision, stated_name: stated, place_text: text, unit_name: unit }) {
  const named = precision === "legacy_district" && stated && !text?.includes(stated) ? stated : null;
  return [text, named].filter(Boolean).join(" · ") || unit || say("reviews_no_unit");
}

function adviceOf(reason, place) {
  const unit = place.unit_name || say("reviews_no_unit");
  if (reason === "differs") return say("advice_differs", { stated: place.worded_name ?? place.stated_name ?? place.stated_code, unit });
  if (reason === "moved") return say("advice_moved", { before: place.moved_from, unit: place.moved_to || say("reviews_no_unit"), date: dateText(place.moved_at) });
  return say("advice_coarse", { precision: label("coord_precision", place.precision) });
}
