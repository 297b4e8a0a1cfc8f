// The density of incidents: one picture of the reader's own units, made for the period and kinds.

import { seesAll } from "./account.js";
import { ask, Dropped } from "./api.js";
import { byId } from "./dom.js";
import { rasterPane } from "./rasters.js";
import { onChange, opacityOf, period, state } from "./state.js";
import { number, say } from "./text.js";

// The whole country takes four times as long in cells of half the width, and looks the same.
const CELLS_OF_COUNTRY = 2000;
// How long a choice must stand before the server is asked, which works for seconds on each.
const SETTLED = 500;
const SIDE = 256;

// Tiles cut from a picture whose pixels are those of a zoom: an image of the whole would have to be
// scaled to a million pixels where the reader looks closely.
const Cut = L.GridLayer.extend({
  createTile({ x, y, z }) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [SIDE, SIDE];
    const { image, left, top, zoom } = this.options;
    const scale = 2 ** (z - zoom);
    const width = SIDE / scale;
    // A pixel more on each side, or what is smoothed would break off at the edges of tiles.
    canvas.getContext("2d").drawImage(image,
      x * width - left - 1, y * width - top - 1, width + 2, width + 2, -scale, -scale, SIDE + 2 * scale, SIDE + 2 * scale);
    return canvas;
  },
});

async function decoded(png) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  return image;
}

export class Density {
  // `changed` is called when there is another legend.
  constructor(map, layer, tell, changed) {
    Object.assign(this, { map, layer, tell, changed });
    onChange((names) => { if (names.has("opacity")) this.tiles?.setOpacity(opacityOf(layer.id) / 100); });
  }

  addTo() {
    this.isOn = true;
    this.refresh();
  }

  remove() {
    this.isOn = false;
    clearTimeout(this.waiting);
    this.clear();
    this.tell(this.layer.id, null);
  }

  clear() {
    this.tiles?.remove();
    this.asked = this.answer = this.tiles = null;
    delete byId("map").dataset.density;
  }

  refresh() {
    const question = { ...period(), kind: state.kinds, cell: seesAll() ? CELLS_OF_COUNTRY : null };
    const asked = JSON.stringify(question);
    if (!this.isOn || asked === this.asked) return;
    clearTimeout(this.waiting);
    this.clear();
    // Each month would take seconds: the last one is asked for when the play has ended.
    if (document.body.dataset.playing) {
      this.tell(this.layer.id, say("density_playing"));
      return;
    }
    this.asked = asked;
    this.tell(this.layer.id, say("density_computing"));
    this.waiting = setTimeout(() => this.compute(question, asked), SETTLED);
  }

  afterPlay() {
    this.refresh();
  }

  async compute(question, asked) {
    try {
      const answer = await ask(this.layer.id, this.layer.source, question, { inLanguage: true });
      const image = answer.picture && await decoded(answer.picture.png);
      if (asked === this.asked) this.draw(answer, image);
    } catch (error) {
      if (error instanceof Dropped || asked !== this.asked) return;
      this.asked = null;
      this.tell(this.layer.id, say("failed", { reason: error.message }));
    }
  }

  draw(answer, image) {
    this.answer = answer;
    const nothing = answer.needed ? say("density_few", { count: answer.needed }) : say("density_nothing", { smallest: answer.smallest });
    this.tell(this.layer.id, image ? null : nothing);
    if (image) {
      const { left, top, zoom } = answer.picture;
      this.tiles = new Cut({ pane: rasterPane(this.map), image, left, top, zoom, opacity: opacityOf(this.layer.id) / 100 });
      this.tiles.addTo(this.map);
    }
    byId("map").dataset.density = image ? "shown" : "empty";
    this.changed();
  }

  legend() {
    if (!this.answer?.picture) return null;
    const { legend, bandwidth_m: width, smallest, left_out: left } = this.answer;
    const missed = left.reduce((sum, { incidents }) => sum + incidents, 0);
    const notes = [
      say("density_unit"), say("density_made", { kilometres: number(width / 1000, 1), smallest: number(smallest) }),
      missed ? say("density_left_out", { count: number(missed) }) : null,
      state.band || state.beyond ? say("coverage_no_band") : null, say("density_private"),
    ];
    return { entries: legend, inRow: true, notes };
  }
}
