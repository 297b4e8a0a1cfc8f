"""What the map page must know before it asks the API: editions, newest runs, period of the data."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from geo.store.actors import Actor
from geo.store.basemaps import list_basemaps
from geo.store.database import acting, query, transaction
from geo.store.pictures import Picture, run_picture
from geo.store.rasters import list_rasters
from geo.store.tables.boundaries import BoundaryEdition, BoundaryLayer
from geo.store.tables.hotspots import HotspotRun
from geo.store.tiles import tile_keys
from layers.basemaps import Basemap, basemap
from layers.definition import Layer
from layers.rasters import raster_overlay

# All of Vietnam: the mainland, Hoàng Sa and Trường Sa (west, south, east, north in degrees).
NATIONAL_FRAME = (102.1, 7.1, 116.9, 23.4)


@dataclass(frozen=True, slots=True)
class MapState:
    """What is in the store, as the page shows it; JSON values only.

    `months` are the first and last month with countable incidents, counted as year * 12 + month - 1
    in Vietnamese time, or None while the store is empty.
    """

    levels: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    months: tuple[int, int] | None
    is_demo: bool

    @property
    def is_approximate(self) -> bool:
        """True while any level that can be shown is only approximate."""
        return any(level["approximate"] for level in self.levels)

    @property
    def opening_run(self) -> dict[str, Any] | None:
        """The hotspot run that the map opens with: the finest level, all of the country."""
        first = self.levels[0] if self.levels else {"edition": None, "level": None}
        return next(
            (
                run
                for run in self.runs
                if (run["edition"], run["level"]) == (first["edition"], first["level"])
                and run["method"] == "gi_star"
                and not run["parameters"]["border_only"]
            ),
            None,
        )


class OpeningPicture:
    """The first view of the map as a drawing, seen before any script has run; the newest is kept.

    To draw it takes a tenth of a second, and it is the same until a run or boundaries come.
    """

    def __init__(self, engine: Engine) -> None:
        """Nothing is drawn until the first page."""
        self._engine = engine
        self._kept: tuple[object, Picture | None] | None = None

    def of(self, state: MapState) -> Picture | None:
        """That of the run that the map opens with; None where there is none.

        Raises:
            ResourceError: the database is away.
        """
        if state.opening_run is None:
            return None
        drawn_from = state.opening_run["id"], [level["tiles"] for level in state.levels]
        kept = self._kept
        if kept is None or kept[0] != drawn_from:
            with transaction(self._engine) as connection:
                run = UUID(state.opening_run["id"])
                kept = drawn_from, run_picture(connection, run, NATIONAL_FRAME)
            self._kept = kept
        return kept[1]


def read_added(
    engine: Engine, account: Actor | None
) -> tuple[tuple[Layer, ...], tuple[Basemap, ...]]:
    """What administrators added: raster layers that the account, or everybody, may see; basemaps.

    Raises:
        ResourceError: the database is away.
    """
    with acting(engine, account.account_id if account else None) as connection:
        rasters = tuple(map(raster_overlay, list_rasters(connection)))
        return rasters, tuple(map(basemap, list_basemaps(connection)))


def read_map_state(engine: Engine, *, also_restricted: bool = False) -> MapState:
    """Read it in one transaction: four small questions, all answered by indexes.

    Args:
        also_restricted: whether it is for somebody who sees all counts.

    Raises:
        ResourceError: the database is away.
    """
    with transaction(engine) as connection:
        first, last, has_demo = connection.execute(query("store_overview")).one()
        return MapState(
            levels=_levels(connection),
            runs=_newest_runs(connection, also_restricted=also_restricted),
            months=None if first is None else (first, last),
            is_demo=has_demo,
        )


def _levels(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(
            BoundaryLayer.edition,
            BoundaryLayer.level,
            BoundaryLayer.approximate,
            BoundaryLayer.source,
            BoundaryLayer.licence,
            BoundaryLayer.unit_count,
        )
        .join(BoundaryEdition, BoundaryEdition.name == BoundaryLayer.edition)
        .order_by(BoundaryLayer.edition.desc(), BoundaryLayer.unit_count.desc())
    )
    keys = tile_keys(connection)
    return [dict(row) | {"tiles": keys[row["edition"], row["level"]]} for row in rows.mappings()]


def _newest_runs(connection: Connection, *, also_restricted: bool) -> list[dict[str, Any]]:
    """The newest standard run of each method and level, and that for its border units alone.

    Runs that readers asked for are not what the next one opens with.
    """
    border_only = HotspotRun.parameters["border_only"].as_boolean()
    rows = connection.execute(
        select(
            HotspotRun.id,
            HotspotRun.method,
            HotspotRun.edition,
            HotspotRun.level,
            HotspotRun.period_from,
            HotspotRun.period_to,
            HotspotRun.parameters,
        )
        .where(HotspotRun.standard_at.is_not(None))
        .where(~HotspotRun.is_restricted | also_restricted)
        .distinct(HotspotRun.method, HotspotRun.edition, HotspotRun.level, border_only)
        .order_by(
            HotspotRun.method,
            HotspotRun.edition,
            HotspotRun.level,
            border_only,
            HotspotRun.standard_at.desc(),
        )
    )
    return [
        dict(row)
        | {
            "id": str(row["id"]),
            "period_from": _iso(row["period_from"]),
            "period_to": _iso(row["period_to"]),
        }
        for row in rows.mappings()
    ]


def _iso(day: date) -> str:
    return day.isoformat()
