"""Scripts and styles served from this host, under an address that changes with their content."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import folium
from folium import plugins
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geo.errors import ResourceError
from geo.settings import Settings

OWN = Path(__file__).parent / "static"
VENDOR = {
    "vendor/idb.js": "idb/build/index.js",
    "vendor/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "vendor/markercluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "vendor/protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
    "vendor/uplot.js": "uplot/dist/uPlot.iife.min.js",
    "vendor/uplot.css": "uplot/dist/uPlot.min.css",
}
PREFIX = "/static"
# Of a module that is needed at once: import … from "./name.js"; export … from "./name.js";
IMPORTED = re.compile(rb'^(?:import|export)\b[^;"\']*["\'](\.[^"\']+)["\'];', re.MULTILINE)
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as sent to clients with and without gzip."""

    media_type: str
    plain: bytes
    compressed: bytes


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by name; `version` is a digest of them all and part of every address.

    Modules import each other by relative paths, so one version for all keeps them together and
    lets browsers keep each for ever.
    """

    version: str
    files: Mapping[str, Asset]

    def url(self, name: str) -> str:
        """The address of a file on this host."""
        if name not in self.files:
            raise KeyError(name)
        return f"{PREFIX}/{self.version}/{name}"

    def at(self, url: str) -> Asset:
        """The file of an address on this host.

        Raises:
            KeyError: there is none.
        """
        return self.files[url.removeprefix(f"{PREFIX}/{self.version}/")]

    def modules(self, first: str) -> list[str]:
        """Addresses of a module and of all that it cannot begin without.

        A page names them, so that a browser fetches them at once and not in a chain. What a module
        asks for later, by `import()`, is not among them.
        """
        found, waiting = set(), [first]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                folder = posixpath.dirname(name)
                waiting += [
                    posixpath.normpath(posixpath.join(folder, path.decode()))
                    for path in IMPORTED.findall(self.files[name].plain)
                ]
        return [self.url(name) for name in sorted(found)]


def load_assets(settings: Settings) -> Assets:
    """Read all files into memory (under 1 MB).

    Raises:
        ResourceError: the front-end packages are not installed.
    """
    packages = settings.project_root / "node_modules"
    paths = {name: packages / source for name, source in VENDOR.items()}
    for name in ("surroundings.json", "rivers.json", "streams.json"):
        paths[name] = settings.boundaries_directory / name
    paths |= {
        path.relative_to(OWN).as_posix(): path for path in sorted(OWN.rglob("*")) if path.is_file()
    }
    digest = hashlib.sha256()
    files = {}
    for name, path in sorted(paths.items()):
        content = _read(path)
        digest.update(name.encode() + b"\0" + content)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files[name] = Asset(media_type, content, gzip.compress(content, 9, mtime=0))
    return Assets(digest.hexdigest()[:16], files)


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ResourceError(
            "web.packages",
            f"Thiếu {path}. Chạy `make setup` (hoặc `npm ci`) để cài gói giao diện.",
            f"{path} is missing. Run `make setup` (or `npm ci`) to install the front-end packages.",
        ) from error
    # Source maps are not served; a reference to one would make developer tools ask for it.
    return b"\n".join(
        line for line in content.split(b"\n") if not line.startswith(b"//# sourceMappingURL=")
    )


def replace_folium_links(assets: Assets) -> None:
    """Make every Folium map of this process load its scripts and styles from this host.

    Folium's own lists name ten outside hosts; they are class attributes, so they are replaced
    here, once, for all maps.
    """
    folium.Map.default_js = [("leaflet", assets.url("vendor/leaflet.js"))]
    folium.Map.default_css = [("leaflet_css", assets.url("vendor/leaflet.css"))]
    plugins.MarkerCluster.default_js = [("markercluster", assets.url("vendor/markercluster.js"))]
    plugins.MarkerCluster.default_css = [("markercluster", assets.url("vendor/markercluster.css"))]


def serve(assets: Assets, request: Request, version: str, name: str) -> Response:
    """The file, kept for ever by the browser when asked for under the present version."""
    asset = assets.files.get(name)
    if asset is None:
        raise HTTPException(404)
    etag = f'"{assets.version}"'
    cache = FOREVER if version == assets.version else "no-cache"
    headers = {"Cache-Control": cache, "ETag": etag, "Vary": "Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if _accepts_gzip(request.headers):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


def _accepts_gzip(headers: Headers) -> bool:
    offers = [
        offer.replace(" ", "") for offer in headers.get("accept-encoding", "").lower().split(",")
    ]
    return "gzip" in offers or any(
        offer.startswith("gzip;q=") and float(offer[7:] or 0) > 0 for offer in offers
    )
