"""Basemaps that administrators configure: what the map may be drawn on beside the built-in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geo.errors import Language
from layers.definition import Text


@dataclass(frozen=True, slots=True)
class Basemap:
    """One of them; `url` has {z}, {x} and {y}, and begins with a host or is a path of our own.

    `bounds` are south, west, north, east in degrees (EPSG:4326).
    """

    name: str
    title: Text
    attribution: str
    url: str
    zooms: tuple[int, int]
    bounds: tuple[float, float, float, float]

    @property
    def host(self) -> str | None:
        """Scheme, host and port that browsers ask for its tiles; None where it is this server."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None

    def configuration(self, language: Language) -> dict[str, Any]:
        """As the page's modules take it; JSON values only."""
        return {
            "name": self.name,
            "title": self.title.in_language(language),
            "attribution": self.attribution,
            "url": self.url,
            "zooms": self.zooms,
            "bounds": self.bounds,
        }


def basemap(row: Mapping[str, Any]) -> Basemap:
    """That of a row of the store."""
    return Basemap(
        name=row["name"],
        title=Text(row["title_vi"], row["title_en"]),
        attribution=row["attribution"],
        url=row["url"] or f"/api/v1/basemaps/{row['id']}/tiles/{{z}}/{{x}}/{{y}}",
        zooms=(row["min_zoom"], row["max_zoom"]),
        bounds=(row["south"], row["west"], row["north"], row["east"]),
    )
