// What raster layers say of a unit: a line for each.

import { ask, Dropped } from "./api.js";
import { data, el } from "./dom.js";
import { currentLanguage, number, say } from "./text.js";

// Numbers in a few digits: more would say more than a raster knows.
function rounded(value, unit) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : Math.abs(value) >= 0.01 ? 3 : 5;
  return `${number(value, digits)} ${unit}`.trim();
}

function told({ style, unit, mean, least, most, total, covered }) {
  const value = style === "population"
    ? say("raster_total", { value: rounded(total, unit) })
    : say("raster_mean", { value: rounded(mean, unit), least: rounded(least, ""), most: rounded(most, unit) });
  const share = Math.round(covered * 100);
  return share < 99 ? `${value} (${say("raster_covered", { percent: number(share) })})` : value;
}

// A section, or null where no layer says anything of the unit.
export async function rasterSection({ edition, level, code }) {
  if (edition !== "2025") return null;
  try {
    const { figures } = await ask("raster-figures", `/raster-layers/figures/${level}/${code}`);
    if (!figures.length) return null;
    const title = (one) => data(currentLanguage() === "vi" ? one.title_vi : one.title_en);
    return el("section", { class: "raster-figures" }, el("h3", {}, say("raster_figures")),
      el("dl", { class: "facts" }, figures.map((one) => [el("dt", {}, title(one)), el("dd", {}, data(told(one)))])));
  } catch (error) {
    if (error instanceof Dropped) throw error;
    return el("p", { class: "hint" }, say("failed", { reason: error.message }));
  }
}
