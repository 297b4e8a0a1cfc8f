// The page of a unit: draws its months from the table that the server wrote, and prints.

import "./signed-out.js";

const HEIGHT = 240;
const [BAR, LINE, GRID] = ["#9a420c", "#1c2733", "#dfe3e6"];
// A label of a month needs so many pixels.
const LABEL = 58;
// A canvas is printed as it is on the screen: twice as fine is sharp enough on paper.
const FINEST = Math.max(2, window.devicePixelRatio);

const font = () => `12px ${getComputedStyle(document.body).fontFamily}`;

function options(width, names) {
  const every = Math.ceil(names.length / Math.max(1, Math.floor(width / LABEL)));
  const shown = names.map((_, index) => index).filter((index) => (names.length - 1 - index) % every === 0);
  const axis = { stroke: LINE, font: font(), ticks: { show: false } };
  return {
    width, height: HEIGHT, pxRatio: FINEST, padding: [12, 12, 0, 0],
    cursor: { show: false }, legend: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, names.length - 0.4] },
      y: { range: (_, least, most) => [0, Math.max(4, most * 1.06)] },
    },
    axes: [
      { ...axis, size: 30, grid: { show: false }, splits: () => shown, values: (_, indexes) => indexes.map((index) => names[index]) },
      { ...axis, size: 44, grid: { stroke: GRID, width: 1 }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
    ],
    series: [
      {},
      { fill: BAR, stroke: BAR, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.64, 48] }) },
      { stroke: LINE, width: 2, dash: [6, 4], points: { show: names.length <= 24, size: 6, fill: "#ffffff", stroke: LINE, width: 1.5 } },
    ],
  };
}

function draw(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const names = rows.map((row) => row.querySelector("th").textContent);
  const values = (key) => rows.map((row) => Number(row.dataset[key]));
  const data = [rows.map((_, index) => index), values("value"), values("before")];
  const place = figure.querySelector(".drawn");
  place.hidden = figure.querySelector("figcaption").hidden = false;
  let chart = null;
  const redraw = () => {
    const width = place.clientWidth;
    if (!width || chart?.width === width) return;
    chart?.destroy();
    chart = new uPlot(options(width, names), data, place);
  };
  new ResizeObserver(redraw).observe(place);
  redraw();
  // Beside the drawing the table is for those who want the figures.
  figure.querySelector("details").open = false;
}

for (const figure of document.querySelectorAll(".chart-figure")) draw(figure);
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
