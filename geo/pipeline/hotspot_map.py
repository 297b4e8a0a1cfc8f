"""What a map of hotspots tells that is taken out of the system: one file, for any reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import shapely
from sqlalchemy import Connection

from geo import __version__
from geo.boundaries.outlines import Ring, as_steps
from geo.boundaries.shapes import band_for
from geo.errors import Language
from geo.pipeline.briefing import Figure, figures_of, province_of
from geo.pipeline.briefing_hotspots import COMMUNES, HotspotSource, source_of, standard_run
from geo.pipeline.hotspot_evidence import sentences
from geo.pipeline.observed import observed
from geo.pipeline.releases import Audience, Releases, of_one_period
from geo.store.database import query
from geo.store.hotspots import run_results
from geo.store.statistics import Selection
from geo.store.units import editions, features, not_loaded

# Edition and level of what can be shown, the first at first.
LAYERS = (COMMUNES, ("2024", "district"))
# The detail of the shapes: of a whole country 300 m, of a province 75 m.
COUNTRY_ZOOM, PROVINCE_ZOOM = 7, 9


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """A province of 2025, or the country, and a period [first, last); `dated` is told as its day.

    Sentences are in one language.
    """

    province: str | None
    first: date
    last: date
    dated: date
    language: Language


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it is drawn: polygons of rings in steps (geo.boundaries.outlines), and its name.

    `lon` and `lat`, in degrees, are where the name stands.
    """

    code: str
    name: str
    full_name: str
    parent_name: str | None
    is_land_border: bool
    lon: float
    lat: float
    outline: Sequence[Sequence[Ring]]


@dataclass(frozen=True, slots=True)
class MapUnit:
    """What is told of a unit: its incidents in the period; class and sentence are of a run.

    `hot_class` is -3 … 3, None without data; `explanation` is empty without a run.
    """

    place: Place
    incidents: Figure
    hot_class: int | None
    explanation: str


@dataclass(frozen=True, slots=True)
class MapLevel:
    """The units of a level; incidents are counted in [first, last), whole months if protected."""

    edition: str
    level: str
    source: str
    licence: str
    is_approximate: bool
    first: date
    last: date
    hotspots: HotspotSource | None
    run_id: str | None
    units: Sequence[MapUnit]


@dataclass(frozen=True, slots=True)
class HotspotMap:
    """All that the file says; the province is as `geo.store.units` gives it.

    `base` is what protected counts are multiples of; `is_exact` whether some are not protected.
    `borders` and `gates` are GeoJSON, as the API gives them.
    """

    question: MapQuestion
    province: Mapping[str, Any] | None
    levels: Sequence[MapLevel]
    provinces: Sequence[Place]
    borders: Mapping[str, Any]
    gates: Mapping[str, Any]
    is_demo: bool
    base: int | None
    is_exact: bool
    software_version: str = __version__


def gather_map(
    connection: Connection, question: MapQuestion, releases: Releases, audience: Audience
) -> HotspotMap:
    """Gather it: no record is read, and every count passes the release for the audience.

    Args:
        audience: of a file that leaves the system: the public one outside of one's own units.

    Raises:
        NotFoundError: there is no such province, or its communes are not loaded.
        InputError: the period has not begun.
    """
    code = question.province
    province = None if code is None else province_of(connection, code)
    first, last = observed(connection, question.first, question.last)
    reader = _Reader(connection, replace(question, first=first, last=last), releases, audience)
    levels = reader.levels()
    figures = [unit.incidents for level in levels for unit in level.units]
    return HotspotMap(
        question=question,
        province=province,
        levels=levels,
        provinces=reader.places(("2025", "province"), None),
        borders=features(connection, "border_lines"),
        gates=features(connection, "border_gates"),
        is_demo=bool(connection.execute(query("store_overview")).one().has_demo),
        base=next((one.base for one in figures if one.base), None),
        is_exact=any(one.base is None for one in figures),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads levels for an audience."""

    connection: Connection
    question: MapQuestion
    releases: Releases
    audience: Audience

    def levels(self) -> list[MapLevel]:
        """Those that can be shown and are loaded."""
        loaded = {
            (edition["name"], layer["level"]): layer
            for edition in editions(self.connection)
            for layer in edition["layers"]
        }
        if COMMUNES not in loaded:
            raise not_loaded(*COMMUNES)
        return [self._level(layer, loaded[layer]) for layer in LAYERS if layer in loaded]

    def _level(self, layer: tuple[str, str], origin: Mapping[str, Any]) -> MapLevel:
        counts = partial(self.releases.counts, audience=self.audience)
        wanted = Selection(*layer, self.question.first, self.question.last)
        selection, released = of_one_period(self.connection, wanted, counts)
        told = figures_of(released)
        run = standard_run(self.connection, layer, "gi_star", border_only=False)
        classes, said = self._findings(layer, run)
        return MapLevel(
            *layer,
            source=origin["source"],
            licence=origin["licence"],
            is_approximate=origin["approximate"],
            first=selection.first,
            last=selection.last,
            hotspots=source_of(self.connection, [run] if run else [], self.releases.index),
            run_id=None if run is None else str(run["id"]),
            units=[
                MapUnit(place, told[place.code], classes.get(place.code), said.get(place.code, ""))
                for place in self.places(layer, self.question.province)
            ],
        )

    def _findings(
        self, layer: tuple[str, str], run: Mapping[str, Any] | None
    ) -> tuple[dict[str, int | None], dict[str, str]]:
        """Class and sentence by code."""
        if run is None:
            return {}, {}
        kinds = tuple(run["parameters"]["kinds"])
        counted = self.releases.counts(
            self.connection,
            Selection(*layer, run["period_from"], run["period_to"], kinds),
            "incidents",
            self.audience,
        )
        columns = run_results(self.connection, run["id"])
        classes = dict(zip(columns["code"], columns["class"], strict=True))
        return classes, sentences(run, columns, counted, self.question.language)

    def places(self, layer: tuple[str, str], province: str | None) -> list[Place]:
        """Units of a level, all or those in a province of 2025."""
        zoom = COUNTRY_ZOOM if self.question.province is None else PROVINCE_ZOOM
        edition, level = layer
        rows = self.connection.execute(
            query("map_units"),
            {"edition": edition, "level": level, "province": province, "band": band_for(zoom)},
        ).mappings()
        return [
            Place(**{**row, "outline": as_steps(shapely.from_wkb(bytes(row["outline"])))})
            for row in rows
        ]
