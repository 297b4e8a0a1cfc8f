// Gives the picture the size that the map will show the same in: that of a whole zoom. The style sheet
// keeps it in the middle of the stage.
((bounds) => {
  const picture = document.getElementById("picture");
  if (location.hash) return picture.remove();
  const [[south, west], [north, east]] = bounds;
  const down = (latitude) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
  const width = (east - west) / 360;
  const height = down(south) - down(north);
  const stage = picture.parentElement;
  const zoom = Math.max(Math.floor(Math.log2(Math.min(stage.clientWidth / width, stage.clientHeight / height) / 256)), 4);
  const world = 256 * 2 ** zoom;
  picture.style.width = `${width * world}px`;
  picture.style.height = `${height * world}px`;
  picture.removeAttribute("hidden");
})({{ page.first_data.bounds | tojson }});
