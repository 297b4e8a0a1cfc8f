"""What a layer is: where its data come from, how they are drawn, explained and read."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from geo.errors import Language

Renderer = Literal[
    "choropleth",
    "clusters",
    "points",
    "flows",
    "merged",
    "lines",
    "areas",
    "labels",
    "land",
    "raster",
    "density",
    "symbols",
    "outlines",
]
Mark = Literal[
    "fill",
    "striped",
    "hatched",
    "veiled",
    "dotted",
    "crossed",
    "barred",
    "upright",
    "checked",
    "line",
    "dashed",
    "dot",
    "diamond",
    "ring",
    "dashed-ring",
]
Audience = Literal["officer", "planner", "leader", "public"]
EVERYBODY: tuple[Audience, ...] = ("officer", "planner", "leader", "public")
STAFF: tuple[Audience, ...] = ("officer", "planner", "leader")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text as the user reads it."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: a colour, how it is drawn, what it stands for, its key in the data.

    `ink` is the colour of a pattern's marks on it; empty is that of the mark.
    """

    key: str
    colour: str
    mark: Mark
    label: Text
    ink: str = ""


@dataclass(frozen=True, slots=True)
class PopupField:
    """A property of the data that is shown on click; `code_list` turns codes into labels."""

    property: str
    label: Text
    code_list: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    `source` is a path below /api/v1 that the browser asks; `style` holds what the renderer needs
    beyond the legend's colours; of several layers with the same `group` "theme" one is shown.
    What a layer with a text `closed` shows is drawn for its audience alone: to others the page says
    this instead of offering it. Other layers say on the map that they ask for a sign-in.
    """

    id: str
    group: Literal["theme", "records", "reference"]
    renderer: Renderer
    title: Text
    hint: Text
    source: str
    legend: tuple[LegendEntry, ...] = ()
    popup: tuple[PopupField, ...] = ()
    style: dict[str, Any] = field(default_factory=dict)
    audience: tuple[Audience, ...] = EVERYBODY
    shown: bool = False
    closed: Text | None = None

    def configuration(self, language: Language) -> dict[str, Any]:
        """The definition in one language, as the page's modules take it; JSON values only."""
        configuration: dict[str, Any] = _in_language(asdict(self), language)
        return configuration


def _in_language(value: Any, language: Language) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"vi", "en"}:
            return value[language]
        return {key: _in_language(item, language) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_language(item, language) for item in value]
    return value
