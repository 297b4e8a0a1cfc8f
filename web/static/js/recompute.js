// Hotspots are computed for a period and kinds; another choice of the filter can be computed, too.

import { byId } from "./dom.js";
import { computeChosen, isOfAnotherChoice, staleText, whyRefused } from "./runs.js";
import { change, state } from "./state.js";
import { monthText, say } from "./text.js";

// What holds the run shown against what is chosen, and offers to compute what is chosen.
export function startRecompute(page, { shownMethod, shownRun, tell }) {
  const buttons = [...document.querySelectorAll(".recompute button")];

  async function recompute() {
    for (const button of buttons) button.disabled = true;
    tell("recompute", say("recomputing"));
    try {
      change({ run: await computeChosen(page.runs) });
      tell("recompute", null);
    } catch (error) {
      tell("recompute", error.message);
    }
    for (const button of buttons) button.disabled = false;
  }

  for (const button of buttons) button.addEventListener("click", recompute);
  return () => {
    const run = shownRun();
    // What looks back over years has a period of its own, and is computed every night.
    const looksBack = shownMethod() !== "gi_star";
    const isOther = Boolean(run) && !looksBack && isOfAnotherChoice(run);
    tell("own-period", run && looksBack && isOfAnotherChoice(run) ? say("own_period") : null);
    const stale = run && staleText(run);
    const isOffered = !looksBack && (Boolean(stale) || (state.from !== null && (!run || isOther)));
    byId("recompute-box").hidden = state.theme !== "hotspots" || !isOffered;
    const refused = isOffered && whyRefused(page.fewestMonths);
    for (const action of document.querySelectorAll(".recompute .action")) action.hidden = Boolean(refused);
    byId("recompute-text").textContent = [stale, (!run || isOther) && say("run_differs"), refused].filter(Boolean).join(" ");
    byId("ranking-differs-box").hidden = !isOffered;
    const chosen = isOther && say("ranking_differs", { from: monthText(state.from), to: monthText(state.to) });
    byId("ranking-differs-text").textContent = [stale, chosen, refused].filter(Boolean).join(" ");
    if (page.isPainted) page.ranking.compare(isOther);
  };
}
