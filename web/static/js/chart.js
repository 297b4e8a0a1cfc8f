// A trend line as an inline picture that is described in words and as a table.

import { el, svg } from "./dom.js";
import { monthText, number, say } from "./text.js";

const WIDTH = 320;
const HEIGHT = 120;
const TOP = 14;
const BOTTOM = 20;
const LEFT = 30;

// Months as text.js counts them, a value for each, and what comes on top of it in part; `tell` writes a
// value as it may be told. Of rounded months the highest says nothing.
export function trendChart(months, values, shared, tell, isExact) {
  const wholes = values.map((value, index) => value + shared[index]);
  const isShared = shared.some((part) => part > 0);
  const peak = Math.max(...wholes, 1);
  const x = (index) => LEFT + (index * (WIDTH - LEFT)) / Math.max(values.length - 1, 1);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / peak);
  const line = (series) => series.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const points = line(values);
  const shown = months.map(monthText);
  const described = (values) => (isExact ? say("trend_text", values) : say("trend_text_rounded", values));
  const description = described({
    first: shown[0], last: shown.at(-1), total: tell(values.reduce((sum, value) => sum + value, 0)),
    peak: tell(Math.max(...values)), month: shown[values.indexOf(Math.max(...values))],
  });
  const picture = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": description },
    svg("line", { class: "axis", x1: LEFT, x2: WIDTH, y1: y(0), y2: y(0) }),
    svg("line", { class: "axis", x1: LEFT, x2: WIDTH, y1: y(peak), y2: y(peak), "stroke-dasharray": "2 3" }),
    svg("polygon", { class: "area", points: `${LEFT},${y(0)} ${points.join(" ")} ${x(values.length - 1)},${y(0)}` }),
    svg("polyline", { class: "curve", points: points.join(" ") }),
    ...(isShared ? [svg("polyline", { class: "curve shared", points: line(wholes).join(" ") })] : []),
    svg("text", { x: LEFT - 6, y: y(peak) + 4, "text-anchor": "end" }, number(peak, 1)),
    svg("text", { x: LEFT - 6, y: y(0) + 4, "text-anchor": "end" }, "0"),
    svg("text", { x: LEFT, y: HEIGHT - 4 }, shown[0]),
    svg("text", { x: WIDTH, y: HEIGHT - 4, "text-anchor": "end" }, shown.at(-1)));
  return [picture, el("p", { class: "hint" }, description), table(shown, values, isShared ? shared : null, tell)];
}

function table(months, values, shared, tell) {
  const cells = (index) => [tell(values[index]), ...(shared ? [number(shared[index], 1)] : [])];
  const heads = [say("month"), say("incidents_label"), ...(shared ? [say("apportioned_label")] : [])];
  const rows = months.map((month, index) =>
    el("tr", {}, el("th", { scope: "row" }, month), ...cells(index).map((cell) => el("td", {}, cell))));
  return el("details", { class: "chart-table" }, el("summary", {}, say("trend_table")),
    el("table", {},
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows)));
}
