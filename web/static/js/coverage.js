// The coverage gap: colours of units by their class, and what is said of one.

import { ask } from "./api.js";
import { byId, data, el } from "./dom.js";
import { swatch } from "./legend.js";
import { classScale } from "./scale.js";
import { period, state } from "./state.js";
import { dateText, say } from "./text.js";

const question = (choice = state) => ({
  edition: choice.edition, level: choice.level, border_only: choice.border || null, kind: choice.kinds, ...period(choice),
});

// The key in the legend; where nobody ever went has its own.
const keyOf = (gapClass, lastSession) => (gapClass !== null && lastSession === null ? `never${Math.max(gapClass, 0)}` : gapClass);

export async function coverageValues(theme, { choice, purpose }) {
  const result = await ask(purpose, "/coverage", question(choice));
  const values = new Map(result.codes.map((code, index) => [code, keyOf(result.classes[index], result.last_session[index])]));
  const of = { from: dateText(result.period_from), to: dateText(result.period_to) };
  const notes = [say("coverage_period", of), (state.band || state.beyond) && say("coverage_no_band")];
  return { scale: classScale(theme.legend), values, protection: result.protection, notes };
}

export async function coverageSection(map, code, classes) {
  const found = await ask("unit-coverage", `/coverage/${code}`, question(), { inLanguage: true });
  const entry = classes.get(String(keyOf(found.class, found.last_session) ?? "none"));
  return el("section", {}, el("h3", {}, say("coverage_title")),
    el("p", { class: "verdict", id: "coverage-verdict" }, swatch(entry), el("span", {}, data(found.explanation))),
    byId("account") && (await import("./plan.js")).planForm(map, code, question));
}
