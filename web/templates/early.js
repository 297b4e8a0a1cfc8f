// Asks for the data of the first view while the scripts are still on their way. The map asks for the
// same addresses a moment later and finds the answers in the browser's cache.
((first) => {
  if (location.hash) return;
  const early = (url) => fetch(url, { priority: "low" }).catch(() => {});
  if (first.results) early(first.results);
  const isWide = innerWidth > 900;
  const [width, height] = isWide ? [innerWidth - 650, innerHeight - 82] : [innerWidth, innerHeight - 125];
  const [[south, west], [north, east]] = first.bounds;
  const across = (longitude) => longitude / 360 + 0.5;
  const down = (latitude) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
  const fits = Math.min(width / (across(east) - across(west)), height / (down(south) - down(north)));
  const zoom = Math.max(Math.floor(Math.log2(fits / 256)), 4) - 1;
  for (const layer of first.layers) {
    for (let x = Math.floor(across(west) * 2 ** zoom); x <= across(east) * 2 ** zoom; x++) {
      for (let y = Math.floor(down(north) * 2 ** zoom); y <= down(south) * 2 ** zoom; y++) {
        early(`${layer}/${zoom}/${x}/${y}.mvt`);
      }
    }
  }
})({{ page.first_data | tojson }});
