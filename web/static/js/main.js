// The map page: what Folium's elements hand over, put together.

import { startAccount } from "./account.js";
import { startAnimation } from "./animation.js";
import { Dropped, fileOf } from "./api.js";
import { allKinds, allMeasures, readPeriod, showState, startControls, startRankingChoice } from "./controls.js";
import { byId, data, el } from "./dom.js";
import { fly, isOnTheMap, leafletMap } from "./leaflet-map.js";
import { legendWidth, showLegend } from "./legend.js";
import { addControls } from "./map-controls.js";
import { startMapEvents } from "./map-events.js";
import { Overlays } from "./overlays.js";
import { Ranking } from "./ranking.js";
import { startRecompute } from "./recompute.js";
import { placeNames, surroundings } from "./reference.js";
import { openEnds, OUTSIDE } from "./scale.js";
import { isNarrow, isOpen, openPanel, startSheet } from "./sheet.js";
import { change, correct, onChange, otherChoice, readAddress, rememberView, replace, state } from "./state.js";
import { bringRun, currentRun, lastDay, refresh, staleText } from "./runs.js";
import { notesOf, themeValues } from "./themes.js";
import { monthOf, say, setTexts } from "./text.js";
import { Units } from "./units.js";

let compareRun = null;
const page = { themes: new Map(), notices: new Map(), runs: [], map: null, turn: 0, questions: 0 };

export function configure(configuration) {
  const { assets, account, fewestMonths, basemaps } = configuration;
  Object.assign(page, configuration.state, { assets, account, fewestMonths, basemaps });
  setTexts(configuration);
}

export function createMap(id, options) {
  const bounds = L.latLngBounds(options.bounds);
  page.map = leafletMap(id, bounds, {
    minZoom: options.minZoom, maxZoom: options.maxZoom,
    // So far that what a popup says of a place at the edge comes into view.
    maxBounds: bounds.pad(1.2),
  });
  page.home = () => page.map.fitBounds(bounds, { animate: false });
  page.overlays = new Overlays(page.map, page.assets, tell, () => page.answer && showLegends());
  return page.map;
}

export function addLayer(map, layer) {
  if (layer.renderer === "choropleth") page.themes.set(layer.id, layer);
  else if (layer.renderer === "labels") placeNames(map, layer);
  else if (layer.renderer === "land") page.surroundings = layer;
  else page.overlays.add(layer);
}

export function open() {
  const { values, view, ignored } = addressed();
  const usual = usualChoice();
  Object.assign(state, usual, values);
  page.periodChosen = values.from !== undefined;
  page.units = new Units(page.map);
  page.ranking = new Ranking(classesOf, page.levels, openUnit, showPoint, onMap);
  page.sources = addControls(page.map, page.home, isNarrow());
  if (view) page.map.setView([view[1], view[2]], view[0], { animate: false });
  startControls(page.levels, page.themes);
  if (page.months) startAnimation(page.months, showState, followsPeriod, () => page.overlays.afterPlay());
  startRankingChoice();
  startSheet(() => page.map.invalidateSize({ animate: false }));
  if (isNarrow()) byId("legend").open = false;
  showState();
  startMapEvents(page, { closeUnit, nameZoom });
  // Back, or a link to another state put into the address of this one; others are to parts of the page.
  addEventListener("popstate", () => location.hash.includes("=") && showAddress(usual));
  onChange((changed) => {
    tellIgnored([]);
    update(changed);
  });
  compareRun = startRecompute(page, { shownMethod, shownRun, tell });
  byId("open-reviews")?.addEventListener("click", openReviews);
  startAccount(page.account);
  page.map.invalidateSize({ animate: false });
  nameZoom();
  rememberView(page.map);
  update(new Set(["edition", "theme", "unit"]));
  tellIgnored(ignored);
  bringNamedRun();
  // What comes first is the coloured map: the rest would only delay it.
  page.map.once("movestart", dropPicture);
  page.units.ready().then(() => {
    page.isPainted = true;
    dropPicture();
    update(new Set(["overlays", "ranking"]));
    const failed = (error) => tell("surroundings", say("failed", { reason: error.message }));
    fileOf(page.assets.surroundings).then((land) => surroundings(page.map, page.surroundings, land)).catch(failed)
      .then(() => import("./ground.js")).then(({ drawGround }) => drawGround(page, tell))
      .then(() => page.names?.draw()).catch(failed);
    import("./unit-names.js").then(({ UnitNames }) => {
      page.names = new UnitNames(page.map, tell);
      return page.names.show(state);
    }).catch(failed);
    if (page.account) import("./live.js").then(({ startLive }) => startLive(page, { hasOwnPeriod, heldBounds, paint, showCompared, checkRun, showNewRun, shownRun }));
  });
}

// What the address asks for, as far as this page has it.
const addressed = () => readAddress({
  levels: page.levels, themes: [...page.themes.keys()], overlays: page.overlays.ids(), kinds: allKinds(),
  measures: allMeasures(), basemaps: page.basemaps.map(({ name }) => name), months: page.months,
  shows: (...view) => isOnTheMap(page.map, ...view),
});

function usualChoice() {
  const { edition, level } = page.levels[0] ?? {};
  return { edition, level, ...readPeriod(), overlays: page.overlays.ids({ shownAtFirst: true }) };
}

function showAddress(usual) {
  const { values, view, ignored } = addressed();
  if (view) page.map.setView([view[1], view[2]], view[0], { animate: false });
  replace({ ...usual, ...values });
  showState();
  tellIgnored(ignored);
  bringNamedRun();
}

// The hotspot method of the theme shown, that of the first theme for counts and rates.
const shownMethod = () => page.themes.get(state.theme)?.style.method ?? "gi_star";
const shownRun = () => currentRun(page.runs, shownMethod());

// The legend of a hotspot method by key.
function classesOf(method) {
  const themes = [...page.themes.values()];
  const { legend } = themes.find(({ style }) => style.method === method) ?? page.themes.get("hotspots");
  return new Map(legend.map((entry) => [entry.key, entry]));
}

// What the address asked for in vain, in one line until the reader's next choice.
function tellIgnored(parts) {
  page.ignored = parts;
  tell("address", parts.length ? say("address_ignored", { parts: [...new Set(parts)].join(", ") }) : null);
}

// What the server drew stands in for the map until the map is painted.
function dropPicture() {
  byId("picture")?.remove();
}

function update(changed) {
  const has = (...names) => names.some((name) => changed.has(name));
  if (has("from", "to")) page.periodChosen = true;
  if (has("edition", "level")) {
    adoptPeriod();
    showUnits();
  }
  const isChosen = has("from", "to", "kinds", "band", "beyond");
  if (has("edition", "level", "theme", "border", "run", "other") || (isChosen && !hasOwnPeriod(state.theme))) whileBusy(showTheme);
  else if (isChosen) whileBusy(showCompared);
  if (page.isPainted && has("edition", "level", "border", "run", "ranking", "theme")) showRun();
  if (page.isPainted && has("overlays")) {
    page.overlays.show(state.overlays);
    showOutlines();
    if (page.answer) showLegends();
  }
  if (isChosen) page.overlays.refresh();
  if (has("unit", "from", "to", "kinds", "border", "run", "theme")) showUnit(changed.has("unit"));
  if (has("edition", "level", "border", "run", "from", "to", "kinds", "band", "beyond", "theme", "ranking")) compareRun();
}

// Until the reader chooses a period, the map shows that of the hotspot analysis.
function adoptPeriod() {
  const run = currentRun(page.runs);
  if (!run || !page.months || page.periodChosen) return;
  const inside = (month) => Math.min(Math.max(month, page.months[0]), page.months[1]);
  Object.assign(state, { from: inside(monthOf(run.period_from)), to: inside(monthOf(lastDay(run))) });
  showState();
}

// The units shown, and their provinces.
const shownLevels = () => [state.level, "province"].map((name) => page.levels.find(({ edition, level }) => edition === state.edition && level === name));

function showUnits() {
  const [level, provinces] = shownLevels();
  if (!level) return;
  page.units.show(level, provinces);
  page.names?.show(state);
  page.sources.show(level);
  const approximate = byId("approximate");
  if (approximate) approximate.hidden = !level.approximate;
}

// The map is busy as long as any of its questions is open.
async function whileBusy(work) {
  page.questions += 1;
  byId("map").setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    page.questions -= 1;
    if (!page.questions) byId("map").removeAttribute("aria-busy");
  }
}

// While months play all are told by the classes of the first.
const heldBounds = () => (document.body.dataset.playing ? page.answer?.scale.bounds : null);

async function showTheme() {
  const theme = page.themes.get(state.theme);
  page.turn += 1;
  try {
    const answer = await themeValues(theme, page.runs, { bounds: heldBounds() });
    if (!answer) return;
    paint(theme, answer);
    announce(theme, answer);
    document.body.dataset.coloured = `${state.edition}/${state.level}/${state.theme}`;
    await showCompared();
  } catch (error) {
    page.units.colour({ entries: new Map(), fallback: OUTSIDE, ground: OUTSIDE }, false);
    tell("theme", say("failed", { reason: error.message }));
  }
}

function paint(theme, answer) {
  page.answer = answer;
  page.units.colour({ ...answer.scale, entries: answer.entries }, state.border);
  showLegends();
  tell("theme", answer.empty ?? null);
  showClusters(theme, answer.run);
}

// Hotspots are of a period of their own, whatever was chosen.
const hasOwnPeriod = (theme) => page.themes.get(theme).style.scale === "classes";
const otherShown = () => otherChoice(hasOwnPeriod);
const followsPeriod = () => [state.theme, otherShown()?.theme].some((theme) => theme && !hasOwnPeriod(theme));

// Another choice on the right of the map, which the legend tells after the first one.
async function showCompared() {
  const { answer } = page;
  if (!answer || (!state.other && !page.comparison)) return;
  try {
    const { Comparison } = await import("./compare.js");
    page.comparison ??= new Comparison(page);
    page.compared = await page.comparison.show(answer, shownLevels(), otherShown());
    tell("compared", null);
  } catch (error) {
    page.compared = page.comparison?.close() ?? null;
    tell("compared", say("compare_failed", { reason: error.message }));
  }
  showOutlines();
  if (page.answer === answer) showLegends();
}

// Over what covers the units their outlines, and the one that is selected, are drawn once more.
const showOutlines = () => page.units.outline(page.overlays.hidesUnits() || Boolean(page.compared));

async function showClusters(theme, run) {
  if (!theme.style.circles && !page.clusters) return;
  const { Clusters } = await import("./clusters.js");
  page.clusters ??= new Clusters(page.map);
  try {
    // A circle would lie over both sides.
    await page.clusters.show(theme.style.circles && !otherShown() ? run : null);
    page.names?.draw();
  } catch (error) {
    if (!(error instanceof Dropped)) tell("theme", say("failed", { reason: error.message }));
  }
}

function announce(theme, answer) {
  // Units that were left out have no class.
  const values = [...answer.values.values()].filter((value) => value !== null);
  if (document.body.dataset.playing) return;
  if (answer.empty) byId("announcer").textContent = answer.empty;
  else byId("announcer").textContent = theme.style.scale === "classes"
    ? say("loaded_hot", { hot: values.filter((value) => value > 0).length, cold: values.filter((value) => value < 0).length, count: values.length })
    : say("loaded", { count: values.length, theme: theme.title });
}

function showLegends() {
  const { answer, compared } = page;
  const theme = page.themes.get(state.theme);
  const entries = compared?.isAlike ? openEnds(answer.scale) : answer.scale.legend;
  const parts = [{ title: theme.title, entries, notes: notesOf(theme, answer) }, compared, ...page.overlays.legends()];
  showLegend(parts.filter(Boolean));
}

// Problems and limits of layers, one line at a time over the map: text, or an element with a way out.
function tell(source, line) {
  if (line) page.notices.set(source, line);
  else page.notices.delete(source);
  const shown = [...page.notices.values()].at(-1);
  byId("notice").hidden = !shown;
  byId("notice").replaceChildren(shown ?? "");
}

// A unit of another level or edition brings its own map along.
function openUnit(unit) {
  const { edition, level, code } = unit;
  const isShown = edition === state.edition && level === state.level;
  change({ unit: code, ...(isShown ? {} : { edition, level, run: null }) });
  if (!isShown) showState();
  // Not before: the view belongs to this choice, and Back leads to that of the one before.
  fly(page.map, unit, legendWidth(page.map));
}

// Where a position lies that somebody asked for, until the next one.
function showPoint({ latitude, longitude }, go) {
  page.point?.remove();
  page.point = L.circleMarker([latitude, longitude], { radius: 9, color: "#0b57d0", weight: 3, fillOpacity: 0.2, interactive: false });
  page.point.addTo(page.map);
  if (go) page.map.setView([latitude, longitude], 9);
}

// For forms that ask for a position: the next click on the map is theirs.
const onMap = {
  take: (handler) => { page.taking = handler; },
  show: (position) => showPoint(position, false),
};

function closeUnit() {
  const code = state.unit;
  change({ unit: null });
  const back = byId("ranking-list").querySelector(`button[data-code="${code}"]`);
  (back ?? byId("map")).focus({ preventScroll: false });
}

async function showUnit(opened) {
  page.units.select(state.unit);
  page.comparison?.select(state.unit);
  page.ranking.mark(state.unit);
  if (!state.unit) {
    if (isOpen("unit")) openPanel("ranking");
    byId("unit").replaceChildren(el("p", { class: "hint" }, say("none_selected")));
    return;
  }
  const { UnitPanel } = await import("./unit.js");
  page.panel ??= new UnitPanel(classesOf, page.months, closeUnit, { map: page.map, coverage: page.themes.get("coverage"), rates: () => page.answer?.rates });
  const unit = await page.panel.show(state.unit, shownRun());
  if (unit === undefined) {
    const others = page.ignored;
    correct({ unit: null });
    tellIgnored([...others, say("address_unit")]);
    return;
  }
  if (opened && state.unit) openPanel("unit", { focus: true });
  if (unit && !document.body.dataset.playing) byId("announcer").textContent = [unit.full_name, unit.hotspot?.explanation].filter(Boolean).join(". ");
}

async function openReviews() {
  const { Reviews } = await import("./reviews.js");
  const close = () => { openPanel("ranking"); byId("account").querySelector("summary").focus(); };
  page.reviews ??= new Reviews((place) => showPoint(place, true), close, { onMap, levels: page.levels });
  byId("account").open = false;
  page.reviews.open();
}

// The ranking by the run shown; then whether the run still holds.
function showRun() {
  page.ranking.show(shownRun());
  tell("stale", null);
  checkRun();
}

// The server must be asked: records come in.
async function checkRun() {
  const run = shownRun();
  const before = run?.stale_reason ?? null;
  try {
    if (run) await refresh(run);
  } catch (error) {
    if (!(error instanceof Dropped)) tell("stale", say("failed", { reason: error.message }));
    return;
  }
  if (!run || run !== shownRun()) return;
  // Classes on polygons that they were not computed for mislead most: that is said over the map.
  if (run.stale_reason === "boundaries") tell("stale", staleText(run));
  if (run.stale_reason === before) return;
  if (page.answer?.run === run) showLegends();
  compareRun();
}

// A standard run came in that takes the place of the one shown.
function showNewRun() {
  adoptPeriod();
  rememberView(page.map);
  page.overlays.refresh();
  update(new Set(["run"]));
}

// A run that the address names and the page was made without.
async function bringNamedRun() {
  const id = state.run;
  if (!id || page.runs.some((run) => run.id === id)) return;
  const isThere = await bringRun(page.runs, id);
  // Back may have led elsewhere meanwhile.
  if (state.run !== id) return;
  if (isThere) return update(new Set(["run"]));
  correct({ run: null });
  return tellIgnored([say("address_run")]);
}

// The style sheet hides the smaller names where there is no room for them.
function nameZoom() {
  page.map.getContainer().dataset.zoom = String(page.map.getZoom());
}
