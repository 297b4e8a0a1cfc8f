"""The map of hotspots as one HTML file: made by Folium, opened without a network.

Whatever the page needs is in it, and its policy allows nothing else. Folium renders what passes
through it as a template of Jinja's, so that its elements carry configuration of the registry alone;
data are put beside them, as JSON.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from branca.element import CssLink, Figure, JavascriptLink
from markupsafe import Markup

from geo.boundaries.outlines import STEPS_PER_DEGREE
from geo.pipeline.hotspot_map import HotspotMap, MapLevel, Place
from layers.registry import LAYERS
from web.assets import Assets
from web.i18n import messages
from web.joined import joined
from web.maps import (
    NATIONAL_BOUNDS,
    TEMPLATES,
    MapLayer,
    NationalMap,
    PageTemplate,
    links,
    script_json,
)
from web.unit_view import Words

# In the order in which they are drawn; none of them has records.
SHOWN = ("surroundings", "hotspots", "border-lines", "border-gates", "place-names")
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
# Pictures of Leaflet's that no element here shows.
PICTURE = re.compile(r"url\((?!#)[^)]*\)")
# Of texts that scripts compose the names of.
DYNAMIC = ("neighbour_",)


class FileMap(NationalMap):
    """A Folium map that opens on the province of its file, named alike every time."""

    def __init__(self, found: HotspotMap) -> None:
        super().__init__()
        # Folium names it at random; the same input shall give the same bytes.
        self._id = "file"
        self.options |= {"country": NATIONAL_BOUNDS}
        if found.province is not None:
            west, south, east, north = found.province["bounds"]
            self.options |= {"bounds": [[south, west], [north, east]]}


class MapFile(Figure):
    """The whole file: Folium's figure with our own template."""

    def __init__(self, found: HotspotMap, assets: Assets) -> None:
        super().__init__()
        self.found = found
        self.assets = assets
        self.language = found.question.language
        self.text = messages(self.language)
        self.words = Words(self.language)
        self._template = PageTemplate(TEMPLATES.get_template("map-file.html"))

    @property
    def place(self) -> str | None:
        """The province; None for the country."""
        province = self.found.province
        if province is None:
            return None
        in_english: str | None = province["name_en"] if self.language == "en" else None
        return in_english or str(province["full_name"])

    def days(self, first: date, last: date) -> str:
        """A period [first, last) by its days."""
        return f"{self.words.day(first)} – {self.words.last_day(last)}"

    @property
    def has_border(self) -> bool:
        """Whether any unit lies on the land border."""
        return any(unit.place.is_land_border for unit in self.found.levels[0].units)

    @property
    def is_approximate(self) -> bool:
        """Whether boundaries of any level are."""
        return any(one.is_approximate for one in self.found.levels)

    @cached_property
    def program(self) -> Markup:
        """The one script: Leaflet, our modules, and what Folium's elements hand over."""
        modules = joined(self.assets, "js/map-file/main.js", "bienmap")
        texts = {
            key: value
            for key, value in self.text.items()
            if f'"{key}"' in modules or key.startswith(DYNAMIC)
        }
        configuration = {
            "language": self.language,
            "text": texts,
            "codeLists": {},
            "place": self.place,
            "contents": _contents(self),
        }
        parts = [
            *(self._content(url) for url in links(self, JavascriptLink)),
            modules,
            f"bienmap.configure({script_json(configuration)});",
            self.script.render(),
            "bienmap.open();",
        ]
        return _inline("\n".join(parts))

    @cached_property
    def style(self) -> Markup:
        """The one style sheet."""
        urls = [*links(self, CssLink), *map(self.assets.url, ("css/map.css", "css/map-file.css"))]
        return _inline(PICTURE.sub("none", "\n".join(map(self._content, urls))))

    @property
    def policy(self) -> str:
        """Allows this script and this style sheet, and no address."""
        return POLICY.format(script=_digest(self.program), style=_digest(self.style))

    @property
    def icon(self) -> str:
        """The picture of the tab, as an address."""
        content = self.assets.files["icon.svg"].plain
        return f"data:image/svg+xml;base64,{b64encode(content).decode()}"

    def _content(self, url: str) -> str:
        # A browser reads line ends so, and takes its digest of that.
        return self.assets.at(url).plain.decode().replace("\r\n", "\n")


def build_map_file(found: HotspotMap, assets: Assets) -> str:
    """The file as HTML.

    Folium's links must have been replaced by those of `assets`.
    """
    page = MapFile(found, assets)
    whole = FileMap(found)
    page.add_child(whole)
    for identifier in SHOWN:
        MapLayer(LAYERS[identifier], page.language).add_to(whole)
    html: str = page.render()
    return html


def _contents(page: MapFile) -> dict[str, Any]:
    """What each layer shows, by layer; JSON values only."""
    found = page.found
    return {
        "surroundings": json.loads(page.assets.files["surroundings.json"].plain),
        "border-lines": found.borders,
        "border-gates": found.gates,
        "hotspots": {
            "steps": STEPS_PER_DEGREE,
            "provinces": _places(found.provinces),
            "levels": [_level(one, page) for one in found.levels],
        },
    }


def _level(level: MapLevel, page: MapFile) -> dict[str, Any]:
    """The units as columns; names of provinces and sentences once each, and their numbers."""
    places = [unit.place for unit in level.units]
    parents, parent = _numbered([place.parent_name or "" for place in places])
    sentences, said = _numbered([unit.explanation for unit in level.units])
    figures = [unit.incidents for unit in level.units]
    run = level.hotspots
    return {
        "source": level.source,
        "licence": level.licence,
        "approximate": level.is_approximate,
        "days": page.days(level.first, level.last),
        "run": run and page.days(run.first, run.last),
        "stale": run is not None and run.is_stale,
        "parents": parents,
        "sentences": sentences,
        "units": _places(places)
        | {
            "name": [place.full_name for place in places],
            "border": [int(place.is_land_border) for place in places],
            "parent": parent,
            "hot": [unit.hot_class for unit in level.units],
            "said": said,
            "count": [figure.value for figure in figures],
            "base": [figure.base for figure in figures],
            "under": [figure.under for figure in figures],
        },
    }


def _places(places: Sequence[Place]) -> dict[str, list[Any]]:
    return {
        "code": [place.code for place in places],
        "short": [place.name for place in places],
        "lat": [round(place.lat, 4) for place in places],
        "lon": [round(place.lon, 4) for place in places],
        "outline": [place.outline for place in places],
    }


def _numbered(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """The texts once each, and the number of that of each place."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return list(numbers), [numbers[text] for text in texts]


def _inline(text: str) -> Markup:
    """The content of an element, as the browser's digest of it is taken.

    Raises:
        ValueError: it would end the element.
    """
    if re.search(r"</(?:script|style)|<!--|\r|\0", text, re.IGNORECASE):
        raise ValueError("what is put inline would end its element")
    return Markup(text)  # noqa: S704  our own files, and JSON made safe


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
