// A Leaflet map as every page has it: own buttons, no fading, and no movement for who wants none.

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function leafletMap(element, bounds, options) {
  const map = L.map(element, {
    zoomControl: false, attributionControl: false, fadeAnimation: false, zoomAnimation: !isStill(), ...options,
  });
  // The library moves a popup into view with an animation, whatever the map's options say.
  if (isStill()) map.panBy = (offset, how) => L.Map.prototype.panBy.call(map, offset, { ...how, animate: false });
  return map.fitBounds(bounds, { animate: false });
}

// Goes to a place, its whole extent in view; `covered` is what lies over the right of the map, in pixels.
export function fly(map, { bounds: [west, south, east, north] }, covered) {
  map.flyToBounds([[south, west], [north, east]], {
    maxZoom: 10, animate: !isStill(), duration: 0.9, paddingTopLeft: [60, 60], paddingBottomRight: [60 + covered, 60],
  });
}

// Whether it is a view that the map can show: a whole zoom, and a centre near the country.
export function isOnTheMap(map, zoom, latitude, longitude) {
  const { minZoom, maxZoom, maxBounds } = map.options;
  return Number.isInteger(zoom) && zoom >= minZoom && zoom <= maxZoom && maxBounds.contains([latitude, longitude]);
}
