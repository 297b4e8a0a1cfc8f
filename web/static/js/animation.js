// The months one after the other: the chosen span of time moves on by a month at a time.

import { byId } from "./dom.js";
import { change, state } from "./state.js";
import { say } from "./text.js";

const FRAME = 900;

// `months` are the first and the last one that there is; `isStill` says whether the colours of a frame
// are there, so that none is skipped on a slow machine.
export function startAnimation(months, showPeriod, isReady) {
  const button = byId("play");
  let timer = null;

  function stop() {
    clearInterval(timer);
    timer = null;
    delete document.body.dataset.playing;
    button.setAttribute("aria-pressed", "false");
    button.querySelector("span").textContent = say("play");
  }

  function next() {
    if (!isReady()) return;
    if (state.to >= months[1]) {
      stop();
      return;
    }
    change({ from: state.from + 1, to: state.to + 1 });
    showPeriod();
  }

  function start() {
    const span = state.to - state.from;
    // From the end it begins anew.
    if (state.to >= months[1]) change({ from: months[0], to: months[0] + span });
    showPeriod();
    document.body.dataset.playing = "yes";
    button.setAttribute("aria-pressed", "true");
    button.querySelector("span").textContent = say("pause");
    timer = setInterval(next, FRAME);
  }

  button.addEventListener("click", () => (timer === null ? start() : stop()));
  // Whoever takes hold of the slider or turns away has seen enough.
  for (const id of ["period-from", "period-to"]) byId(id).addEventListener("pointerdown", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer !== null) stop(); });
}
