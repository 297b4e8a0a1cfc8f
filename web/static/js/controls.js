// The filters: form to state and back.

import { byId } from "./dom.js";
import { change, opacityOf, state, USUAL_OPACITY } from "./state.js";
import { monthText, say } from "./text.js";

const form = byId("filters");
const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];
const sliders = () => [...form.querySelectorAll("input[data-layer]")];
const measures = () => form.querySelector('select[name="support"]');
const checked = (name) => boxes(name).filter((box) => box.checked).map((box) => box.value);
const [low, high] = [byId("period-from"), byId("period-to")];
const rankings = () => [...document.querySelectorAll('input[name="ranking"]')];
let waiting = null;
let themes = new Map();

// Levels that the edition does not have cannot be chosen; the finest one it has is taken instead.
function offerLevels() {
  const labels = [...byId("levels").children];
  for (const label of labels) {
    label.hidden = label.dataset.edition !== state.edition;
    const input = label.querySelector("input");
    input.disabled = label.hidden;
    input.checked = !label.hidden && input.value === state.level;
  }
  // An edition may lack its communes: then it is said why, and how they are loaded.
  byId("no-communes").hidden = labels.some((label) => !label.hidden && label.querySelector("input").value === "commune");
}

function levelsOf(levels, edition) {
  return levels.filter((level) => level.edition === edition).map((level) => level.level);
}

function showPeriod() {
  if (!low) return;
  const span = Math.max(Number(high.max) - Number(low.min), 1);
  const fill = byId("period-fill");
  fill.style.left = `${((low.value - low.min) / span) * 100}%`;
  fill.style.right = `${((high.max - high.value) / span) * 100}%`;
  byId("period-text").textContent = `${monthText(Number(low.value))} – ${monthText(Number(high.value))}`;
  for (const thumb of [low, high]) thumb.setAttribute("aria-valuetext", monthText(Number(thumb.value)));
  // Where both thumbs meet at the end, the lower one must be the one that can be taken.
  low.style.zIndex = Number(low.value) > Number(low.min) + span / 2 ? 2 : 1;
}

function showKinds() {
  byId("kinds-text").textContent = state.kinds.length ? say("some_kinds", { count: state.kinds.length }) : say("all_kinds");
}

function movePeriod(event) {
  if (Number(low.value) > Number(high.value)) {
    if (event.target === low) low.value = high.value;
    else high.value = low.value;
  }
  showPeriod();
  // The first movement is followed at once, those right behind it when they have come to rest.
  const choose = () => change({ from: Number(low.value), to: Number(high.value) });
  if (waiting === null) choose();
  clearTimeout(waiting);
  waiting = setTimeout(() => { waiting = null; choose(); }, 150);
}

function showOpacity(slider) {
  slider.setAttribute("aria-valuetext", `${slider.value} %`);
  slider.nextElementSibling.textContent = `${slider.value} %`;
}

function changeOpacity({ target }) {
  if (!target.dataset.layer) return;
  showOpacity(target);
  const others = sliders().filter(({ value }) => Number(value) !== USUAL_OPACITY);
  change({ opacity: others.map(({ dataset, value }) => `${dataset.layer}:${value}`).join(",") });
}

export function showState() {
  for (const box of boxes("edition")) box.checked = box.value === state.edition;
  for (const box of boxes("theme")) box.checked = box.value === state.theme;
  for (const box of boxes("basemap")) box.checked = box.value === state.basemap;
  for (const box of boxes("overlay")) box.checked = state.overlays.includes(box.value);
  for (const box of boxes("kind")) box.checked = state.kinds.includes(box.value);
  form.querySelector('input[name="border"]').checked = state.border;
  byId("near-band").value = state.band;
  byId("near-beyond").value = state.beyond;
  measures().value = state.support || allMeasures()[0];
  if (low && state.from !== null) [low.value, high.value] = [state.from, state.to];
  for (const slider of sliders()) {
    slider.value = opacityOf(slider.dataset.layer);
    showOpacity(slider);
  }
  for (const box of rankings()) box.checked = box.value === state.ranking;
  offerLevels();
  showPeriod();
  showKinds();
  showOther();
}

// What is compared: a theme, and when.
function showOther() {
  const [theme, ago] = state.other.split("@");
  [byId("other-theme").value, byId("other-when").value] = [theme, ago ?? "year"];
  // Hotspots have a period of their own, and are not held against themselves.
  const hasOwnPeriod = (name) => themes.get(name)?.style.scale === "classes";
  byId("other-when-part").hidden = !theme || hasOwnPeriod(theme);
  for (const option of byId("other-theme").options) option.disabled = option.value === state.theme && hasOwnPeriod(option.value);
}

// The same at the same time would be the same map.
function changeOther() {
  const [theme, when] = [byId("other-theme").value, byId("other-when").value];
  const isSame = theme === state.theme && when === "same";
  change({ other: theme ? `${theme}@${isSame ? "year" : when}` : "" });
  showOther();
}

export function startControls(levels, all) {
  themes = all;
  byId("compare").open = Boolean(state.other);
  for (const id of ["other-theme", "other-when"]) byId(id).addEventListener("change", changeOther);
  form.addEventListener("submit", (event) => event.preventDefault());
  low?.addEventListener("input", movePeriod);
  high?.addEventListener("input", movePeriod);
  form.addEventListener("input", changeOpacity);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "edition") {
      const offered = levelsOf(levels, target.value);
      const level = offered.includes(state.level) ? state.level : offered[0];
      change({ edition: target.value, level, unit: null, run: null });
      offerLevels();
    } else if (target.name === "level") change({ level: target.value, unit: null, run: null });
    else if (target.name === "theme") {
      change({ theme: target.value });
      showOther();
    } else if (target.name === "border") change({ border: target.checked, run: null });
    else if (target.name === "band") change({ band: target.value });
    else if (target.name === "beyond") change({ beyond: target.value });
    // The first one is what is meant without a word.
    else if (target.name === "support") change({ support: target.value === allMeasures()[0] ? "" : target.value });
    else if (target.name === "basemap") change({ basemap: target.value });
    else if (target.name === "overlay") change({ overlays: checked("overlay") });
    else if (target.name === "kind") {
      change({ kinds: checked("kind") });
      showKinds();
    }
  });
}

export function startRankingChoice() {
  for (const box of rankings()) box.addEventListener("change", () => change({ ranking: box.value }));
}

export const readPeriod = () => (low ? { from: Number(low.value), to: Number(high.value) } : {});
export const allMeasures = () => [...measures().options].map(({ value }) => value);
export const allKinds = () => boxes("kind").map((box) => box.value);
