"""Maps built with Folium: its element tree, our page around it, no data in its text paths.

Folium writes texts into JavaScript and HTML without the escaping that hostile data needs, so what
passes through it here is configuration from the layer registry, encoded for a script; records reach
the page only as JSON of the API and are shown with textContent.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Figure, JavascriptLink
from folium.elements import JSCSSMixin
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from geo.dates import month_number
from geo.errors import Language
from geo.pipeline.hotspot_disclosure import FEWEST_MONTHS
from geo.records.code_lists import code_lists
from geo.store.actors import Actor
from geo.store.pictures import Picture
from layers.basemaps import Basemap
from layers.definition import Layer, LegendEntry
from layers.themes import HOTSPOT_CLASSES
from web.assets import Assets
from web.i18n import messages
from web.page_data import NATIONAL_FRAME, MapState

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# What begins an expression, a statement or a comment of Jinja's; in JSON only inside of texts.
OPENING = re.compile(r"\{(?=[{%#])")


def script_json(value: Any) -> Markup:
    """JSON for a script: nothing in it ends the script, or is code to a template that it is.

    Folium takes what its elements render for a template, and renders that once more.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(OPENING.sub(r"\\u007b", text))  # noqa: S704  made safe above


TEMPLATES.filters["script_json"] = script_json
WEST, SOUTH, EAST, NORTH = NATIONAL_FRAME
NATIONAL_BOUNDS = [[SOUTH, WEST], [NORTH, EAST]]
SHOWN_CODE_LISTS = (
    "incident_kind",
    "status",
    "coord_precision",
    "purpose",
    "outreach_kind",
    "audience",
    "network_scope",
    "network_node_role",
    "crossing_type",
    "agency",
    "place_name_kind",
    "prevention_model",
    "model_state",
)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What one request adds to the page: language, the nonce of its inline script, who asks."""

    language: Language
    nonce: str
    account: Actor | None = None


class NationalMap(folium.Map):
    """A Folium map whose markup has no inline style, so that a strict policy can hold."""

    _template = TEMPLATES.from_string(
        """
        {% macro html(this, kwargs) %}
        <div id="map" class="map" tabindex="0" role="application" aria-describedby="map-help">
        </div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = bienmap.createMap("map", {{ this.options|script_json }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__(tiles=None, zoom_control=False)
        self.options = {"bounds": NATIONAL_BOUNDS, "minZoom": 4, "maxZoom": 14}


class MapLayer(JSCSSMixin):
    """A layer of the registry: its configuration, handed to the module that draws it."""

    _template = TEMPLATES.from_string(
        """
        {% macro script(this, kwargs) %}
        bienmap.addLayer({{ this._parent.get_name() }}, {{ this.configuration|script_json }});
        {% endmacro %}
        """
    )

    def __init__(self, definition: Layer, language: Language) -> None:
        super().__init__()
        self._name = "MapLayer"
        self.configuration = definition.configuration(language)


class ChoroplethLayer(MapLayer):
    """Units from vector tiles, coloured on a 2D canvas."""

    def __init__(self, definition: Layer, language: Language, assets: Assets) -> None:
        super().__init__(definition, language)
        # On the element, not on its class: Folium shares the class's list among all maps.
        self.default_js = [("protomaps_leaflet", assets.url("vendor/protomaps-leaflet.js"))]


class MapPage(Figure):
    """The whole page: Folium's figure with our own template."""

    def __init__(
        self,
        request: PageRequest,
        assets: Assets,
        state: MapState,
        layers: tuple[Layer, ...],
        picture: Picture | None,
        basemaps: tuple[Basemap, ...] = (),
    ) -> None:
        super().__init__()
        self.layers = layers
        self.language = request.language
        self.nonce = request.nonce
        self.account = request.account
        self.assets = assets
        self.state = state
        self.picture = picture
        self.basemaps = basemaps
        self.text = messages(request.language)
        self._template = PageTemplate(TEMPLATES.get_template("map.html"))

    @property
    def withheld(self) -> set[str]:
        """Layers that are not for who asks, and of which the page says why."""
        role = self.account.role if self.account else "public"
        return {one.id for one in self.layers if one.closed and role not in one.audience}

    @property
    def scripts(self) -> list[str]:
        """Addresses of the classic scripts that the elements asked for, in order."""
        return links(self, JavascriptLink)

    @property
    def styles(self) -> list[str]:
        """Addresses of the style sheets that the elements asked for, then our own."""
        return [*links(self, CssLink), self.assets.url("css/map.css")]

    @property
    def modules(self) -> list[str]:
        """Addresses of the modules that every visit needs."""
        return self.assets.modules("js/main.js")

    @property
    def editions(self) -> list[str]:
        """Names of the editions that are loaded, newest first."""
        return list(dict.fromkeys(level["edition"] for level in self.state.levels))

    @property
    def kinds(self) -> dict[str, str]:
        """Kinds of incidents and their labels."""
        return {
            code.code: code.label(self.language) for code in code_lists()["incident_kind"].values()
        }

    @property
    def hotspot_legend(self) -> Mapping[str, LegendEntry]:
        """How each class of hotspots is painted."""
        return {entry.key: entry for entry in HOTSPOT_CLASSES}

    @property
    def opening_months(self) -> tuple[int, int] | None:
        """The months of the opening run as far as there are data, else all months with data."""
        if self.state.months is None or self.state.opening_run is None:
            return self.state.months
        begin = date.fromisoformat(self.state.opening_run["period_from"])
        last = date.fromisoformat(self.state.opening_run["period_to"]) - timedelta(days=1)
        first_month, last_month = self.state.months
        return (
            max(first_month, month_number(begin)),
            min(last_month, month_number(last)),
        )

    @property
    def first_data(self) -> Mapping[str, Any]:
        """What the map opens with, to be fetched while the scripts load."""
        run = self.state.opening_run
        layers = [
            f"/api/v1/tiles/{level['edition']}/{level['level']}/{level['tiles']}"
            for level in self.state.levels
            if level is self.state.levels[0]
            or (level["edition"], level["level"]) == (self.state.levels[0]["edition"], "province")
        ]
        return {
            "results": f"/api/v1/hotspot-runs/{run['id']}/results" if run else None,
            "layers": layers,
            "bounds": NATIONAL_BOUNDS,
        }

    @property
    def configuration(self) -> Mapping[str, Any]:
        """What the page's modules need to begin; the only JSON in the page."""
        return {
            "language": self.language,
            "text": {
                key: value
                for key, value in self.text.items()
                if not key.startswith(("page_", "entry_"))
            },
            "account": self.account
            and {
                "role": self.account.role,
                "jurisdictions": [
                    f"{one.level}_{one.edition} {one.code}" for one in self.account.jurisdictions
                ],
            },
            "state": asdict(self.state),
            "fewestMonths": FEWEST_MONTHS,
            "basemaps": [one.configuration(self.language) for one in self.basemaps],
            "codeLists": {
                name: {code.code: code.label(self.language) for code in code_lists()[name].values()}
                for name in SHOWN_CODE_LISTS
            },
            "assets": {
                "clusterScript": self.assets.url("vendor/markercluster.js"),
                "clusterStyle": self.assets.url("vendor/markercluster.css"),
                "compareStyle": self.assets.url("css/compare.css"),
                "layersStyle": self.assets.url("css/layers.css"),
                "surroundings": self.assets.url("surroundings.json"),
                "rivers": self.assets.url("rivers.json"),
                "streams": self.assets.url("streams.json"),
                "groundStyle": self.assets.url("css/ground.css"),
            },
        }


def links(figure: Figure, kind: type[JavascriptLink] | type[CssLink]) -> list[str]:
    """Addresses of the scripts, or of the style sheets, that the elements of a figure asked for."""
    return [child.url for child in figure.header._children.values() if isinstance(child, kind)]


class PageTemplate:
    """Gives branca's `render(this=…, kwargs=…)` a template that escapes by default."""

    def __init__(self, template: Template) -> None:
        self.template = template

    def render(self, this: Any, kwargs: Mapping[str, Any]) -> str:
        """The page; the elements have rendered themselves into the figure before."""
        return self.template.render(page=this, t=this.text, kwargs=kwargs)


def build_map_page(
    request: PageRequest,
    assets: Assets,
    state: MapState,
    layers: tuple[Layer, ...],
    picture: Picture | None = None,
    basemaps: tuple[Basemap, ...] = (),
) -> str:
    """The map page as HTML, with these layers; the picture is seen until they are drawn."""
    page = MapPage(request, assets, state, layers, picture, basemaps)
    national = NationalMap()
    page.add_child(national)
    withheld = page.withheld
    for definition in layers:
        if definition.id in withheld:
            continue
        if definition.renderer == "choropleth":
            ChoroplethLayer(definition, request.language, assets).add_to(national)
        else:
            MapLayer(definition, request.language).add_to(national)
    html: str = page.render()
    return html
