// One hotspot as a leader judges it: why it waits, the evidence, what was decided and done, the form.

import { ask, Dropped } from "../api.js";
import { byId, data, el } from "../dom.js";
import { swatch } from "../legend.js";
import { say } from "../text.js";
import { unitAddress } from "../unit-address.js";
import { ActionList } from "./actions.js";
import { DecisionForm, pastDecisions } from "./decision.js";
import { evidence } from "./evidence.js";
import { SmallMap } from "./small-map.js";

const pathOf = ({ edition, level, code }) => `${edition}/${level}/${code}`;

export class Case {
  // `legend` are the classes by key; `decided(item, said, isShown)` is called once a decision is stored,
  // `changed` once somebody else's was met.
  constructor(configuration, legend, { decided, changed }) {
    Object.assign(this, { configuration, legend, decided, changed, drafts: new Map(), form: null, actions: null });
    this.map = new SmallMap(configuration, legend);
  }

  clear() {
    this.keepDraft();
    this.form = this.item = null;
    byId("case-body").replaceChildren(el("p", { class: "hint" }, say("desk_nothing")));
  }

  say(text) {
    byId("case-said").textContent = text ?? "";
    byId("case-said").hidden = !text;
  }

  // Who is signed out signs in beside: what was written here stays.
  fail(text, status = null) {
    byId("case-fault").replaceChildren(text ?? "", status === 401 ? " " : "",
      status === 401 ? el("a", { href: `/sign-in?${new URLSearchParams({ next: "/desk" })}`, target: "_blank", rel: "noopener" }, say("desk_sign_in")) : "");
    byId("case-fault").hidden = !text;
  }

  hasUnsaved() {
    this.keepDraft();
    return [...this.drafts.values()].some(({ reason }) => reason.trim());
  }

  async show(item) {
    this.keepDraft();
    this.item = item;
    // The form of the one before is gone at once: nothing is decided on what is not shown.
    this.form = this.actions = null;
    this.say(null);
    this.fail(null);
    byId("case-body").replaceChildren(el("header", { class: "case-top" }, el("h2", {}, data(item.full_name))), el("p", { class: "hint" }, say("desk_loading")));
    byId("case").setAttribute("aria-busy", "true");
    const path = pathOf(item);
    try {
      const [review, unit] = await Promise.all([
        ask("case", `/hotspot-reviews/${path}`, {}, { inLanguage: true }),
        ask("case-unit", `/units/${path}`, { run: item.run_id }, { inLanguage: true }),
      ]);
      this.draw(item, review, unit);
    } catch (error) {
      if (!(error instanceof Dropped)) this.fail(say("failed", { reason: error.message }));
    } finally {
      byId("case").removeAttribute("aria-busy");
    }
  }

  draw(item, review, unit) {
    this.form = review.may_decide
      ? new DecisionForm(review, unit, { draft: this.drafts.get(pathOf(item)), save: (body, version) => this.save(item, body, version) })
      : null;
    const actions = new ActionList(review, unit, { draft: this.actions?.draft, changed: (fresh) => this.refresh(item, fresh, unit) });
    this.actions = actions;
    byId("case-body").replaceChildren(
      this.top(item, review),
      el("div", { class: "columns" },
        el("div", { class: "evidence" }, evidence(item, review, unit, this.legend, this.configuration), this.map.element),
        el("div", { class: "judgement" }, this.form?.element, pastDecisions(review, this.legend), actions.element)));
    this.map.show(item, unit);
  }

  top(item, review) {
    const entry = this.legend.get(String(item.class)) ?? this.legend.get("none");
    const [edition, level] = [item.edition, item.level];
    const link = `/${location.search}#${new URLSearchParams({ e: edition, l: level, t: "hotspots", u: item.code, v: `10/${item.lat.toFixed(4)}/${item.lon.toFixed(4)}` })}`;
    return el("header", { class: "case-top" },
      el("h2", {}, data(item.full_name)),
      el("p", { class: "hint" }, [item.parent_name, `${say("code")} ${item.code}`].filter(Boolean).join(" · ")),
      el("p", { class: "verdict" }, swatch(entry), el("span", {}, entry.label)),
      review.why.length ? el("ul", { class: "advice" }, review.why.map(({ text }) => el("li", {}, data(text)))) : null,
      el("a", { class: "to-map", href: link }, say("desk_on_map")),
      el("a", { class: "to-map", id: "to-page", href: unitAddress(item) }, say("unit_page")),
      // On a telephone the form lies far below.
      this.form && el("button", { type: "button", class: "to-decision plain-action", on: { click: () => this.form.begin() } }, say("desk_to_decision")));
  }

  // Planned or changed: the same hotspot, with what the form holds by now.
  refresh(item, review, unit) {
    if (!this.isShown(item)) return;
    this.keepDraft();
    this.draw(item, review, unit);
    this.actions.focus();
  }

  // Lists that came meanwhile hold the same hotspot anew.
  isShown(item) {
    return Boolean(this.item) && pathOf(this.item) === pathOf(item);
  }

  keepDraft() {
    if (this.form) this.drafts.set(pathOf(this.item), this.form.values());
  }

  // A letter of a decision, where nothing has just changed under the reader's hand.
  take(letter, settled) {
    return Boolean(this.form) && performance.now() > (settled ?? 0) && this.form.take(letter);
  }

  async save(item, body, version) {
    this.fail(null);
    try {
      // Each hotspot is a question of its own: the next decision does not drop one that is on its way.
      await ask(`decide ${pathOf(item)}`, `/hotspot-reviews/${pathOf(item)}`, {}, {
        method: "PUT", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "If-Match": `"${version}"` },
      });
    } catch (error) {
      if (error instanceof Dropped) return;
      const isShown = this.isShown(item);
      if (error.status === 409) {
        await this.changed();
        if (isShown) await this.show(item);
      }
      const reason = error.status === 409 ? say("desk_conflict") : error.message;
      this.fail(`${isShown ? "" : `${item.full_name}: `}${say("desk_not_saved", { reason })}`, error.status);
      byId("case-fault").scrollIntoView({ block: "nearest" });
      return;
    }
    const isShown = this.isShown(item);
    if (isShown) this.form = null;
    this.drafts.delete(pathOf(item));
    await this.decided(item, say("desk_saved", { name: item.full_name }), isShown);
  }
}
