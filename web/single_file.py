"""The map of hotspots as one HTML file: made by Folium, opened without a network.

Whatever the page needs is in it, its policy allows what is in it and nothing else, and no text of
the data passes as anything but JSON or escaped text.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from branca.element import CssLink, Figure, JavascriptLink
from markupsafe import Markup

from geo.boundaries.outlines import STEPS_PER_DEGREE
from geo.errors import Language
from geo.pipeline.hotspot_map import HotspotMap, MapLevel, Place
from geo.wording import day_text, number
from layers.definition import Layer
from layers.registry import LAYERS
from web.assets import Assets
from web.i18n import messages
from web.joined import joined
from web.maps import NATIONAL_BOUNDS, TEMPLATES, MapLayer, NationalMap, PageTemplate, links

# In the order in which they are drawn; none of them has records.
SHOWN = ("surroundings", "hotspots", "border-lines", "border-gates", "place-names")
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
ONE_DAY = timedelta(days=1)
# Pictures of Leaflet's that no element here shows.
PICTURE = re.compile(r"url\((?!#)[^)]*\)")
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


class FileLayer(MapLayer):
    """A layer of the registry, with what it shows."""

    _template = TEMPLATES.from_string(
        """
        {% macro script(this, kwargs) %}
        bienmap.addLayer({{ this._parent.get_name() }}, {{ this.json(this.configuration) }},
            {{ this.json(this.content) }});
        {% endmacro %}
        """
    )

    def __init__(self, definition: Layer, language: Language, content: Any) -> None:
        super().__init__(definition, language)
        self.content = content

    @staticmethod
    def json(value: Any) -> Markup:
        """A value for the script."""
        return compact(value)


class MapFile(Figure):
    """The whole file: Folium's figure with our own template."""

    def __init__(self, found: HotspotMap, assets: Assets) -> None:
        super().__init__()
        self.found = found
        self.assets = assets
        self.language = found.question.language
        self.text = messages(self.language)
        self._template = PageTemplate(TEMPLATES.get_template("map-file.html"))

    @property
    def place(self) -> str:
        """The province, or the country."""
        province = self.found.province
        if province is None:
            return self.text["page_file_country"]
        in_english: str | None = province["name_en"] if self.language == "en" else None
        return in_english or str(province["full_name"])

    @property
    def all_of_it(self) -> str:
        """What the ranking of all units is called."""
        return self.text["page_ranking_all"] if self.found.province is None else self.place

    @property
    def levels(self) -> list[str]:
        """What the levels are called."""
        return [self.text[f"page_file_{one.level}_{one.edition}"] for one in self.found.levels]

    @property
    def period(self) -> str:
        """The days that are counted."""
        first = self.found.levels[0]
        return self._span(first.first, first.last)

    @property
    def notes(self) -> list[str]:
        """Where the file comes from, and how far it may be trusted."""
        found, said = self.found, self.text
        made = said["page_file_made"].format(
            day=day_text(found.question.dated, self.language), version=found.software_version
        )
        return [*self._protection(), said["page_file_records"], said["page_file_method"], made]

    def _protection(self) -> list[str]:
        if self.found.base is None:
            return []
        base = number(self.found.base, self.language, 0)
        return [self.text["page_file_protected"].format(base=base)]

    def _span(self, first: date, last: date) -> str:
        days = [day_text(day, self.language) for day in (first, last - ONE_DAY)]
        return " – ".join(days)

    def notes_of(self, level: MapLevel) -> list[str]:
        """What the legend says of a level."""
        said = self.text
        counted = said["page_file_counted"].format(days=self._span(level.first, level.last))
        if level.hotspots is None:
            return [said["page_file_no_run"], counted]
        run = level.hotspots
        notes = [said["page_file_run"].format(days=self._span(run.first, run.last)), counted]
        return [*notes, said["page_file_stale"]] if run.is_stale else notes

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
        } | {"software": self.text["page_file_software"], "zoom_home": self.place}
        configuration = {"language": self.language, "text": texts, "codeLists": {}}
        parts = [
            *(self._content(url) for url in links(self, JavascriptLink)),
            modules,
            f"bienmap.configure({compact(configuration)});",
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
    contents = _contents(page)
    for identifier in SHOWN:
        FileLayer(LAYERS[identifier], page.language, contents.get(identifier)).add_to(whole)
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
    return {
        "source": level.source,
        "licence": level.licence,
        "approximate": level.is_approximate,
        "notes": page.notes_of(level),
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


def compact(value: Any) -> Markup:
    """JSON for a script: nothing in it ends the script or is read as markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  made safe above


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
