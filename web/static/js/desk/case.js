// One hotspot as a leader judges it: why it waits, the evidence, what was decided and done, the form.

import { ask, Dropped } from "../api.js";
import { byId, data, el } from "../dom.js";
import { swatch } from "../legend.js";
import { say } from "../text.js";
import { ActionList } from "./actions.js";
import { DecisionForm, pastDecisions } from "./decision.js";
import { evidence } from "./evidence.js";
import { SmallMap } from "./small-map.js";

export class Case {
  // `legend` are the classes by key; `decided(item, said)` is called once a decision is stored.
  constructor(configuration, legend, { decided }) {
    Object.assign(this, { configuration, legend, decided, drafts: new Map(), form: null });
    this.map = new SmallMap(configuration, legend);
  }

  clear() {
    this.form = null;
    byId("case-body").replaceChildren(el("p", { class: "hint" }, say("desk_nothing")));
  }

  say(text) {
    byId("case-said").textContent = text ?? "";
    byId("case-said").hidden = !text;
  }

  fail(text) {
    byId("case-fault").textContent = text ?? "";
    byId("case-fault").hidden = !text;
  }

  async show(item) {
    this.keepDraft();
    this.item = item;
    this.say(null);
    this.fail(null);
    byId("case").setAttribute("aria-busy", "true");
    const path = `${item.edition}/${item.level}/${item.code}`;
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
      ? new DecisionForm(review, unit, { draft: this.drafts.get(item.code), save: (body, version) => this.save(item, body, version) })
      : null;
    const actions = new ActionList(review, unit, (fresh) => this.refresh(item, fresh, unit));
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
      // On a telephone the form lies far below.
      this.form && el("button", { type: "button", class: "to-decision plain-action", on: { click: () => this.form.begin() } }, say("desk_to_decision")));
  }

  // Planned or changed: the same hotspot, with what the form holds by now.
  refresh(item, review, unit) {
    this.keepDraft();
    this.draw(item, review, unit);
  }

  keepDraft() {
    if (this.form) this.drafts.set(this.item.code, this.form.values());
  }

  // A letter of a decision, where nothing has just changed under the reader's hand.
  take(letter, settled) {
    return Boolean(this.form) && performance.now() > (settled ?? 0) && this.form.take(letter);
  }

  async save(item, body, version) {
    this.fail(null);
    try {
      await ask("decide", `/hotspot-reviews/${item.edition}/${item.level}/${item.code}`, {}, {
        method: "PUT", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "If-Match": `"${version}"` },
      });
    } catch (error) {
      if (error instanceof Dropped) return;
      if (error.status === 409) await this.show(item);
      this.fail(say("desk_not_saved", { reason: error.message }));
      byId("case-fault").scrollIntoView({ block: "nearest" });
      return;
    }
    this.form = null;
    this.drafts.delete(item.code);
    await this.decided(item, say("desk_saved", { name: item.full_name }));
  }
}
