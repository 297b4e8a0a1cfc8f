// The months one after the other: the chosen span of time moves on by a month at a time.

import { byId } from "./dom.js";
import { change, onChange, state } from "./state.js";
import { say } from "./text.js";

const FRAME = 900;
// Fewer months than these ahead are nothing to watch: it begins anew.
const FEWEST = 3;

// `months` are the first and the last one that there is; `showPeriod` brings the sliders along,
// `follows` says whether what is shown is of the chosen months at all, and `ended` is called when
// the last month stays.
export function startAnimation(months, showPeriod, follows, ended) {
  const button = byId("play");
  let timer = null;

  function stop() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    delete document.body.dataset.playing;
    button.querySelector("span").textContent = say("play");
    ended();
  }

  // No month is skipped on a slow machine.
  function next() {
    if (byId("map").hasAttribute("aria-busy")) return;
    if (state.to >= months[1]) stop();
    else go(state.from + 1);
  }

  function go(from) {
    change({ from, to: from + state.to - state.from });
    showPeriod();
  }

  function start() {
    document.body.dataset.playing = "yes";
    button.querySelector("span").textContent = say("pause");
    timer = setInterval(next, FRAME);
    if (months[1] - state.to < FEWEST) go(months[0]);
  }

  const offer = () => { button.hidden = !follows() || state.to - state.from >= months[1] - months[0]; };
  button.addEventListener("click", () => (timer === null ? start() : stop()));
  // Whoever takes hold of the slider, chooses something else or turns away has seen enough.
  for (const id of ["period-from", "period-to"]) byId(id).addEventListener("input", stop);
  addEventListener("popstate", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  onChange((changed) => {
    if (timer !== null && [...changed].some((name) => !["from", "to", "unit"].includes(name))) stop();
    offer();
  });
  offer();
}
