// Zoom buttons, scale bar and attribution of the map.

import { el } from "./dom.js";
import { say } from "./text.js";

function zoomButtons(home, position, homeName) {
  return L.Control.extend({
    options: { position },
    onAdd(map) {
      const button = (text, name, action) => el("button", { type: "button", "aria-label": name, title: name, on: { click: action } }, text);
      const box = el("div", { class: "leaflet-bar leaflet-control-zoom" },
        button("+", say("zoom_in"), () => map.zoomIn()), button("−", say("zoom_out"), () => map.zoomOut()), button("⌂", homeName, home));
      L.DomEvent.disableClickPropagation(box);
      return box;
    },
  });
}

// Leaflet's own attribution writes markup; sources are texts that somebody typed in.
const Sources = L.Control.extend({
  initialize(software) {
    L.Util.setOptions(this, { position: "bottomright" });
    this.software = software;
  },
  onAdd() {
    this.summary = el("summary");
    this.text = el("p");
    const box = el("details", { class: "sources" }, this.summary, this.text, el("p", {}, this.software));
    L.DomEvent.disableClickPropagation(box);
    return box;
  },
  show(level) {
    const named = [level.source, level.licence].filter(Boolean).join(" · ");
    this.own = named.includes("OpenStreetMap") ? say("osm") : say("sources");
    this.text.textContent = `${say("attribution")}: ${named}`;
    this.name();
  },
  // Whose basemap is shown, said without being asked; empty for the built-in one.
  credit(attribution) {
    this.credited = attribution;
    this.name();
  },
  name() {
    this.summary.textContent = [this.own, this.credited].filter(Boolean).join(" · ");
  },
});

// Adds the controls; what is returned names the sources of the boundaries and of the basemap shown.
export function addControls(map, home, isNarrow, { homeName = say("zoom_home"), software = say("software") } = {}) {
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  new (zoomButtons(home, isNarrow ? "bottomleft" : "topleft", homeName))().addTo(map);
  return new Sources(software).addTo(map);
}
