// Outlines of units as lists of rings, each corner as a step from the one before (geo/boundaries/outlines.py).

function cornersOf(steps) {
  let [x, y] = [0, 0];
  const corners = [];
  for (let i = 0; i < steps.length; i += 2) corners.push([x += steps[i], y += steps[i + 1]]);
  return corners;
}

function crosses(steps, x, y) {
  const corners = cornersOf(steps);
  let isWithin = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [corners[i], corners[j]];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isWithin = !isWithin;
  }
  return isWithin;
}

// Whether a place, in steps from 0 degrees, lies inside. A hole turns the answer of the ring around it, so
// one count over all rings will do.
export const isInside = (polygons, x, y) => polygons.flat().filter((ring) => crosses(ring, x, y)).length % 2 === 1;

// The same polygons with corners as [latitude, longitude] in degrees.
export function inDegrees(polygons, stepsPerDegree) {
  return polygons.map((rings) => rings.map((ring) => cornersOf(ring).map(([x, y]) => [y / stepsPerDegree, x / stepsPerDegree])));
}
