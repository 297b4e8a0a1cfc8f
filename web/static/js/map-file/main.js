// The map in a file of its own: draws what Folium's elements hand over, and asks nobody for anything.

import { byId } from "../dom.js";
import { borderGates } from "../gates.js";
import { fly, leafletMap } from "../leaflet-map.js";
import { legendWidth, showLegend } from "../legend.js";
import { addControls } from "../map-controls.js";
import { borderLines, placeNames, surroundings } from "../reference.js";
import { say, setTexts } from "../text.js";
import { Names } from "../names.js";
import { startPrinting } from "./paper.js";
import { showRanking } from "./ranking.js";
import { Units } from "./units.js";

const narrow = matchMedia("(max-width: 900px)");
const page = { legends: [] };

export function configure(configuration) {
  setTexts(configuration);
  Object.assign(page, { place: configuration.place, contents: configuration.contents });
}

export function createMap(id, { bounds, country, minZoom, maxZoom }) {
  page.bounds = L.latLngBounds(bounds);
  const reach = L.latLngBounds(country).pad(0.6);
  page.map = leafletMap(id, page.bounds, { minZoom, maxZoom, maxBounds: reach });
  page.canvas = areas(page.map, reach);
  return page.map;
}

// One canvas for all areas, the sea first: printed, a canvas covers with white what lies below it.
function areas(map, reach) {
  Object.assign(map.createPane("areas").style, { zIndex: 350 });
  const renderer = L.canvas({ pane: "areas", padding: 0.3 });
  const fillColor = getComputedStyle(document.body).getPropertyValue("--sea").trim();
  L.rectangle(reach.pad(1), { renderer, stroke: false, fillColor, fillOpacity: 1, interactive: false }).addTo(map);
  return renderer;
}

export function addLayer(map, layer) {
  const { title, legend: entries } = layer;
  const content = page.contents[layer.id];
  switch (layer.renderer) {
    case "land": surroundings(map, layer, content, page.canvas); break;
    case "choropleth": page.units = new Units(map, layer, content, page.canvas); break;
    case "lines": borderLines(layer, content).addTo(map); break;
    case "points": borderGates(layer, content).addTo(map); break;
    case "labels": placeNames(map, layer); break;
    default: throw new Error(`no such layer in a file: ${layer.id}`);
  }
  // A layer of one mark needs no title of its own.
  if (entries.length === 1 && page.legends.length) page.legends.at(-1).entries.push(...entries);
  else if (layer.renderer !== "choropleth" && entries.length) page.legends.push({ title, entries: [...entries], inRow: true });
}

export function open() {
  const { map } = page;
  page.names = new Names(map, page.units.provinces);
  // The legend must not cover a province; of the country it covers sea.
  const home = () => map.fitBounds(page.bounds, { animate: false, paddingBottomRight: [page.place ? legendWidth(map) : 0, 0] });
  page.sources = addControls(map, home, narrow.matches, {
    homeName: page.place ?? say("zoom_home"), software: say("file_software"),
  });
  if (narrow.matches) byId("legend").open = false;
  for (const choice of document.querySelectorAll("input[name=level]")) choice.addEventListener("change", showLevel);
  for (const choice of document.querySelectorAll("input[name=ranking]")) choice.addEventListener("change", showHottest);
  const nameZoom = () => { map.getContainer().dataset.zoom = map.getZoom(); };
  map.on("zoomend", nameZoom);
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === event.currentTarget) openAt(map.getCenter());
  });
  nameZoom();
  startPrinting(map);
  home();
  showLevel();
}

const chosen = (name) => document.querySelector(`input[name=${name}]:checked`)?.value;

function showLevel() {
  const level = page.units.show(Number(chosen("level") ?? 0));
  page.names.show(page.units.all);
  page.sources.show(level);
  const approximate = byId("approximate");
  if (approximate) approximate.hidden = !level.approximate;
  const { title, legend: entries } = page.units.layer;
  showLegend([{ title, entries, notes: notesOf(level) }, ...page.legends]);
  showHottest();
}

function notesOf({ days, run, stale }) {
  return [run ? say("file_run", { days: run }) : say("file_no_run"), say("file_counted", { days }), stale && say("file_stale")];
}

function showHottest() {
  showRanking(page.units, chosen("ranking") === "border", (unit) => {
    page.map.getContainer().scrollIntoView({ block: "nearest" });
    fly(page.map, unit, legendWidth(page.map));
    openUnit(unit, unit.middle);
  });
}

function openUnit(unit, place) {
  page.units.open(unit, place);
  byId("announcer").textContent = [unit.name, unit.why].filter(Boolean).join(". ");
}

function openAt(place) {
  const unit = page.units.at(place);
  if (unit) openUnit(unit, place);
}
