// Incidents and outreach events: those in view, gathered into clusters.

import { mayCorrect, signInOffer } from "./account.js";
import { ask, Dropped } from "./api.js";
import { el } from "./dom.js";
import { isStill } from "./leaflet-map.js";
import { popupOf } from "./popup.js";
import { nearBorder, period, state } from "./state.js";
import { currentLanguage, label, number, say } from "./text.js";

const MOST = 4000;
const PAGE = 1000;
let clusterLibrary = null;

function loadOnce(assets) {
  clusterLibrary ??= new Promise((resolve, reject) => {
    document.head.append(
      el("link", { rel: "stylesheet", href: assets.clusterStyle }),
      el("script", { src: assets.clusterScript, on: { load: resolve, error: () => reject(new Error(say("offline"))) } }));
  });
  return clusterLibrary;
}

export async function records(layer, assets, tell) {
  await loadOnce(assets);
  return new Records(layer, tell);
}

class Records {
  constructor(layer, tell) {
    Object.assign(this, { layer, tell });
    this.refresh = this.refresh.bind(this);
    this.group = L.markerClusterGroup({
      showCoverageOnHover: false, chunkedLoading: true, maxClusterRadius: 60,
      animate: !isStill(),
      iconCreateFunction: (cluster) => this.bunch(cluster.getChildCount()),
    });
    this.group.on("spiderfied unspiderfied", ({ type }) => { this.isSpread = type === "spiderfied"; });
  }

  addTo(map) {
    this.map = map;
    this.group.addTo(map);
    map.on("moveend", this.refresh);
    this.refresh();
  }

  remove() {
    this.map.off("moveend", this.refresh);
    this.group.remove();
    this.tell(this.layer.id, null);
  }

  bunch(count) {
    const size = count < 20 ? 36 : count < 200 ? 42 : 50;
    const text = el("span", { class: `bunch ${this.layer.id}`, role: "img", "aria-label": say("cluster", { count }) }, number(count));
    return L.divIcon({ className: "pin", html: text, iconSize: [size, size] });
  }

  marker(feature) {
    const [lon, lat] = feature.geometry.coordinates;
    const mark = this.layer.legend[0].mark;
    const kinds = this.layer.popup[0].code_list;
    const title = label(kinds, feature.properties.kind);
    return L.marker([lat, lon], {
      title, alt: title,
      icon: L.divIcon({ className: `pin ${this.layer.id}`, html: el("span", { class: mark }), iconSize: [28, 28] }),
    }).bindPopup(() => popupOf(title, this.layer.popup.slice(1), feature.properties, this.correction(feature)));
  }

  correction({ id, properties }) {
    if (!mayCorrect(properties)) return null;
    const query = new URLSearchParams({ [this.layer.id === "incidents" ? "incident" : "outreach"]: id });
    if (currentLanguage() === "en") query.set("lang", "en");
    return el("a", { href: `/nhap?${query}` }, say("correct_record"));
  }

  // Those in view; whether they are others than before.
  async refresh() {
    const offer = signInOffer();
    if (offer) {
      this.tell(this.layer.id, offer);
      return false;
    }
    try {
      const { features, truncated } = await this.inView();
      // An open popup keeps its record: replacing the markers would close it under the reader.
      if (this.map._popup?.isOpen() && this.group.getLayers().length) return false;
      this.tell(this.layer.id, truncated ? say("truncated", { shown: number(features.length) }) : null);
      const found = JSON.stringify(features);
      if (found === this.found) return false;
      this.found = found;
      this.group.clearLayers();
      this.group.addLayers(features.filter((feature) => feature.geometry).map((feature) => this.marker(feature)));
      return true;
    } catch (error) {
      if (!(error instanceof Dropped)) this.tell(this.layer.id, say("failed", { reason: error.message }));
      return false;
    }
  }

  async inView() {
    const bounds = this.map.getBounds().pad(0.1);
    const bbox = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => value.toFixed(4)).join(",");
    const kind = this.layer.style.filtered_by_kind ? state.kinds : [];
    const features = [];
    let page = null;
    do {
      const after = page?.features.at(-1).id;
      page = await ask(this.layer.id, this.layer.source, { bbox, kind, ...period(), ...nearBorder(), limit: PAGE, after });
      features.push(...page.features);
    } while (page.next && features.length < MOST);
    return { features, truncated: Boolean(page.next) };
  }
}
