// What an area is filled with on a 2D canvas: its colour, or the marks that tell it from others.

const patterns = new Map();
const SIZE = 6;

function pattern(entry) {
  const id = entry.mark + entry.colour + entry.ink;
  if (!patterns.has(id)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = SIZE;
    const context = tile.getContext("2d");
    context.fillStyle = entry.colour;
    context.fillRect(0, 0, SIZE, SIZE);
    context.strokeStyle = context.fillStyle = entry.ink || (entry.mark === "hatched" ? "#a3a7aa" : "#ffffffa0");
    context.lineWidth = entry.mark === "hatched" ? 1 : 1.2;
    mark(context, entry.mark);
    patterns.set(id, context.createPattern(tile, "repeat"));
  }
  return patterns.get(id);
}

function mark(context, name) {
  context.beginPath();
  const slanted = (begin, end) => [-SIZE, 0, SIZE].forEach((shift) => { context.moveTo(shift, begin); context.lineTo(shift + SIZE, end); });
  if (name === "striped" || name === "crossed") slanted(0, SIZE);
  if (name === "hatched" || name === "crossed") slanted(SIZE, 0);
  if (name === "barred") { context.moveTo(0, SIZE / 2); context.lineTo(SIZE, SIZE / 2); }
  if (name === "upright") { context.moveTo(SIZE / 2, 0); context.lineTo(SIZE / 2, SIZE); }
  context.stroke();
  if (name === "dotted") context.fillRect(SIZE / 3, SIZE / 3, SIZE / 3, SIZE / 3);
  if (name === "checked") [0, SIZE / 2].forEach((place) => context.fillRect(place, place, SIZE / 2, SIZE / 2));
}

export const paintOf = (entry) => (entry.mark === "fill" ? entry.colour : pattern(entry));
