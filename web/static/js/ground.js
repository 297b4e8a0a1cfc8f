// What lies beneath and beside the units once they are coloured: rivers, and another basemap if one is
// configured and chosen. The land around the country stays below it, where its tiles fail.

import { fileOf } from "./api.js";
import { el } from "./dom.js";
import { onChange, state } from "./state.js";
import { say } from "./text.js";

// Over the land around (150), under the units (200).
const BASEMAP_PANE = { zIndex: 160, pointerEvents: "none" };
// Over the units of both sides of a comparison (200, 210), under rasters (250) and outlines (260).
const RIVER_PANE = { zIndex: 220, pointerEvents: "none" };
// Below this zoom the great rivers alone are drawn.
const DETAILED = 8;

export async function drawGround(page, tell) {
  document.head.append(el("link", { rel: "stylesheet", href: page.assets.groundStyle }));
  if (page.basemaps.length) startBasemaps(page, tell);
  await drawRivers(page, tell);
}

async function drawRivers({ map, surroundings, assets }, tell) {
  Object.assign(map.createPane("rivers").style, RIVER_PANE);
  const renderer = L.canvas({ pane: "rivers", padding: 0.5 });
  const lines = (content, weight) => L.geoJSON(content, {
    pane: "rivers", renderer, interactive: false, smoothFactor: 1.5,
    style: { color: surroundings.style.river, weight, opacity: 0.65 },
  });
  const rivers = await fileOf(assets.rivers);
  lines(rivers, 1.1).addTo(map);
  for (const { properties } of rivers.features) {
    for (const [lon, lat] of properties.labels) {
      const name = el("div", { lang: "vi" }, el("span", {}, properties.name));
      L.marker([lat, lon], {
        pane: "places", interactive: false, keyboard: false,
        icon: L.divIcon({ className: "place river", html: name, iconSize: null }),
      }).addTo(map);
    }
  }
  // All others are asked for by the first view that shows them.
  let streams = null;
  const show = async () => {
    if (map.getZoom() >= DETAILED) streams ??= fileOf(assets.streams).then((content) => lines(content, 0.7));
    const drawn = await streams;
    if (map.getZoom() >= DETAILED) drawn.addTo(map);
    else drawn?.remove();
  };
  const tried = () => show().then(() => tell("surroundings", null)).catch((error) => {
    // The next view asks again.
    streams = null;
    tell("surroundings", say("failed", { reason: error.message }));
  });
  map.on("zoomend", tried);
  await tried();
}

function startBasemaps({ map, basemaps, sources }, tell) {
  Object.assign(map.createPane("basemap").style, BASEMAP_PANE);
  let shown = null;
  const show = () => {
    shown?.remove();
    tell("basemap", null);
    const chosen = basemaps.find(({ name }) => name === state.basemap);
    shown = chosen ? tilesOf(chosen, tell) : null;
    // From its first tile on the units let it through.
    shown?.once("tileload", () => map.getContainer().classList.add("on-basemap"));
    shown?.addTo(map);
    map.getContainer().classList.remove("on-basemap");
    map.getContainer().classList.toggle("credited", Boolean(chosen));
    sources.credit(chosen?.attribution ?? "");
  };
  onChange((changed) => { if (changed.has("basemap")) show(); });
  show();
}

function tilesOf({ name, title, url, zooms, bounds: [south, west, north, east] }, tell) {
  const tiles = L.tileLayer(url, {
    pane: "basemap", minZoom: zooms[0], maxNativeZoom: zooms[1], bounds: [[south, west], [north, east]], attribution: "",
  });
  tiles.on("loading", () => tell("basemap", null));
  tiles.on("tileerror", () => tell("basemap", say("basemap_failed", { title })));
  tiles.on("load", () => { tiles.getContainer().dataset.loaded = name; });
  return tiles;
}
