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
