"""Which communes are hot by the standard runs, for the printed briefing."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from geo.analysis.space_time_explanation import since_month
from geo.pipeline.hotspots import with_staleness
from geo.store.hotspots import list_runs, run_classes, run_results
from geo.store.unit_sets import UnitIndex

EDITION = "2025"
COMMUNES = (EDITION, "commune")


@dataclass(frozen=True, slots=True)
class HotspotSource:
    """The run whose classes are told; its period is [first, last), its data may be older."""

    first: date
    last: date
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Hotspots:
    """Classes among all of the country and along the border, and since when own units are hot."""

    source: HotspotSource | None
    classes: Mapping[str, int | None]
    border_classes: Mapping[str, int | None]
    since: Mapping[str, str | None]


def read_hotspots(connection: Connection, own: Set[str], index: UnitIndex) -> Hotspots:
    """The newest standard runs of today's communes.

    Args:
        own: codes of the communes of which it may be told since when they are hot.
    """
    runs = [
        standard_run(connection, COMMUNES, "gi_star", border_only=only) for only in (False, True)
    ]
    classes = [_classes(connection, run) for run in runs]
    shown = [run for run in runs if run]
    source = source_of(connection, shown, index)
    begun = _since(connection, border_only=True) | _since(connection, border_only=False)
    since = {code: month for code, month in begun.items() if code in own}
    return Hotspots(source, classes[0], classes[1], since)


def _classes(connection: Connection, run: Mapping[str, Any] | None) -> dict[str, int | None]:
    return {} if run is None else run_classes(connection, run["id"])


def _since(connection: Connection, *, border_only: bool) -> dict[str, str | None]:
    """Since which month units are hot, of emerging hotspots."""
    run = standard_run(connection, COMMUNES, "emerging", border_only=border_only)
    if run is None:
        return {}
    found = run_results(connection, run["id"])
    step = run["parameters"]["step_months"]
    return {
        code: since_month(states, run["period_to"], step)
        for code, states in zip(found["code"], found["states"], strict=True)
        if states and states[-1] > 0
    }


def standard_run(
    connection: Connection, layer: tuple[str, str], method: str, *, border_only: bool
) -> dict[str, Any] | None:
    """The newest standard run that everybody may know; None where there is none.

    Args:
        layer: edition and level.
    """
    runs = list_runs(connection, *layer, is_standard=True, method=method)
    return next((run for run in runs if run["parameters"]["border_only"] == border_only), None)


def source_of(
    connection: Connection, runs: Sequence[Mapping[str, Any]], index: UnitIndex
) -> HotspotSource | None:
    """Where the classes of these runs, of one period, come from; None without any."""
    if not runs:
        return None
    is_stale = any(one["stale"] for one in with_staleness(connection, runs, index))
    return HotspotSource(runs[0]["period_from"], runs[0]["period_to"], is_stale)
