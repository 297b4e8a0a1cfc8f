"""Density of incidents: from records to a surface, a raster file and figures by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection

from geo import __version__
from geo.analysis import density as surfaces
from geo.analysis.density import Choice, Field, Flags, Floats, Surface
from geo.analysis.density_grid import (
    Grid,
    ZoneFigures,
    coverage_of,
    field_of,
    grid_over,
    projected,
    zone_figures,
)
from geo.errors import InputError
from geo.pipeline.observed import days_observed, observed
from geo.pipeline.taking_part import fingerprint_of
from geo.store.boundaries import stored_units
from geo.store.density import Key, Places, read_places, unit_areas
from geo.store.units import not_loaded

DAYS_A_YEAR = 365.25
# The whole country at 1 km has three million cells; a transform of twice as many takes 200 MB.
MOST_CELLS = 6_000_000
# Digits of what is told: more would help to calculate places back, and mean nothing.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class DensityQuestion:
    """What a density is asked of; the period is [first, last), no kinds are all kinds.

    Without a bandwidth it is chosen by cross-validation. `by_commune` takes all incidents as known
    by their commune alone, for what is to be handed on.
    """

    first: date
    last: date
    kinds: tuple[str, ...] = ()
    cell_m: int = 1_000
    bandwidth_m: float | None = None
    adaptive: bool = False
    by_commune: bool = False

    @property
    def years(self) -> float:
        """The length of the period, of what has come of it."""
        return days_observed(self.first, self.last) / DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class Density:
    """A density and what it was made from.

    `per_km2_year` has NaN where `shown` is False: outside the region, or fewer than `smallest`
    incidents under the kernel. `used` incidents are in it; `left_out` says by reason how many not.
    """

    question: DensityQuestion
    grid: Grid
    coverage: Floats
    per_km2_year: Floats
    shown: Flags
    bandwidth_m: float
    choice: Choice | None
    smallest: int
    used: int
    left_out: Mapping[str, int]
    data_fingerprint: str


def density_source(found: Density) -> dict[str, Any]:
    """What a density was made from, and how; the last day is included."""
    asked, choice = found.question, found.choice
    scored = zip(choice.candidates_m, choice.scores, strict=True) if choice else ()
    return {
        "period_from": asked.first,
        "period_to": asked.last - timedelta(days=1),
        "kinds": sorted(asked.kinds),
        "cell_m": asked.cell_m,
        "adaptive": asked.adaptive,
        "by_commune": asked.by_commune,
        "software_version": __version__,
        "data_fingerprint": found.data_fingerprint,
        "bandwidth_m": found.bandwidth_m,
        "bandwidth_chosen": choice is not None,
        "bandwidth_at_edge": choice is not None and choice.at_edge,
        "candidates": [{"bandwidth_m": width, "score": round(score, 4)} for width, score in scored],
        "smallest": found.smallest,
        "used": found.used,
        "left_out": [{"reason": why, "incidents": size} for why, size in found.left_out.items()],
    }


def density(
    connection: Connection,
    question: DensityQuestion,
    smallest: int,
    units: Sequence[Key] | None = None,
) -> Density:
    """The density of incidents that the actor may see, over the units in which he sees them.

    Args:
        smallest: cells with fewer incidents under the kernel are not shown.
        units: edition, level and code of the region's units; None is the whole country.

    Raises:
        InputError: the period has not begun, the grid would be too large, the bandwidth too narrow
            for it, or there are too few incidents to choose one.
    """
    _check(question)
    first, last = observed(connection, question.first, question.last)
    question = replace(question, first=first, last=last)
    grid, coverage = _ground(connection, question.cell_m, units)
    field, left_out = _field(connection, question, grid, coverage)
    bandwidth_m, choice = question.bandwidth_m, None
    if bandwidth_m is None:
        # How far incidents cluster shows only where their places are known.
        exact = replace(question, by_commune=False)
        known = _field(connection, exact, grid, coverage)[0] if question.by_commune else field
        choice = _choice(known)
        bandwidth_m = choice.bandwidth_m
    made = surfaces.adaptive if question.adaptive else surfaces.fixed
    surface = made(field, bandwidth_m)
    shown = ~surfaces.withheld(surface, coverage, smallest)
    return Density(
        question,
        grid,
        coverage,
        _told(surface, shown, question.years),
        shown,
        bandwidth_m,
        choice,
        smallest,
        round(float(field.mass.sum())),
        left_out,
        fingerprint_of((), field.mass, coverage),
    )


def zones(connection: Connection, found: Density, edition: str, level: str) -> list[dict[str, Any]]:
    """Figures of a density by unit of a level, by code; units not in its region are not there.

    Each has code, full_name, mean and most (incidents a year per km2), total (incidents a year) and
    shown, the share of the unit whose cells are shown; the first three are None where none is.

    Raises:
        NotFoundError: the level has no units.
    """
    units = stored_units(connection, edition, level)
    if units.empty:
        raise not_loaded(edition, level)
    areas = dict(zip(units["code"], projected(units.geometry), strict=True))
    values = np.nan_to_num(found.per_km2_year)
    figures = zone_figures(found.grid, found.coverage, values, found.shown, areas)
    names = dict(zip(units["code"], units["full_name"], strict=True))
    return [
        {"code": code, "full_name": names[code], **_rounded(one)}
        for code, one in sorted(figures.items())
    ]


def _rounded(figures: ZoneFigures) -> dict[str, float | None]:
    values = {"mean": figures.mean, "most": figures.most, "total": figures.total}
    told = {
        name: None if value is None else float(f"{value:.{DIGITS}g}")
        for name, value in values.items()
    }
    return told | {"shown": round(figures.shown, 3)}


def _told(surface: Surface, shown: Flags, years: float) -> Floats:
    """Per km2 and year, in three digits, NaN where nothing is shown."""
    values = np.where(shown, surface.per_km2 / years, np.nan)
    positive = np.where(values > 0, values, 1)
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(positive)))
    rounded: Floats = np.round(values * scale) / scale
    return rounded


def _ground(
    connection: Connection, cell_m: int, units: Sequence[Key] | None
) -> tuple[Grid, Floats]:
    """The grid over the units, or the country, and the share of its cells within them."""
    if units is None:
        region = projected(stored_units(connection, "2025", "province").geometry)
    else:
        region = projected(list(unit_areas(connection, units).values()))
    if not len(region):
        raise InputError(
            "density.no_units",
            "Tài khoản chưa được giao đơn vị nào. Hãy nhờ quản trị viên giao đơn vị.",
            "The account has no units yet. Ask an administrator to give it some.",
        )
    grid = grid_over(region, cell_m)
    if grid.shape[0] * grid.shape[1] > MOST_CELLS:
        raise _too_fine(cell_m)
    # A unit within another of the list counts once: coverage is cut at 1.
    return grid, coverage_of(grid, region)


def _field(
    connection: Connection, question: DensityQuestion, grid: Grid, coverage: Floats
) -> tuple[Field, dict[str, int]]:
    places = read_places(
        connection,
        question.first,
        question.last,
        question.kinds,
        by_commune=question.by_commune,
    )
    known = unit_areas(connection, list(places.communes))
    moved = projected(list(known.values()))
    areas = [(area, float(places.communes[key])) for key, area in zip(known, moved, strict=True)]
    field, beyond = field_of(grid, coverage, projected(places.points), places.counts, areas)
    unplaced = places.unplaced + _without_area(places, known)
    return field, {"unplaced": unplaced, "beyond_region": beyond}


def _without_area(places: Places, known: Mapping[Key, shapely.Geometry]) -> int:
    return sum(number for key, number in places.communes.items() if key not in known)


def _choice(field: Field) -> Choice:
    if field.placed.sum() < surfaces.FEWEST_TO_CHOOSE:
        raise InputError(
            "density.too_few",
            f"Cần ít nhất {surfaces.FEWEST_TO_CHOOSE} vụ việc biết rõ vị trí để tự chọn bán kính."
            " Hãy nêu bán kính (bandwidth) bằng mét, hoặc chọn thời gian dài hơn.",
            f"To choose a bandwidth takes {surfaces.FEWEST_TO_CHOOSE} incidents whose place is"
            " known. Give a bandwidth in metres, or a longer period.",
        )
    return surfaces.choose_bandwidth(field, surfaces.candidates(field.cell_m))


def _check(question: DensityQuestion) -> None:
    narrowest = surfaces.NARROWEST_CELLS * question.cell_m
    width = question.bandwidth_m
    if width is not None and not narrowest <= width <= surfaces.WIDEST_M:
        widest = round(surfaces.WIDEST_M)
        raise InputError(
            "density.bandwidth",
            f"Bán kính {width:g} m không dùng được với ô {question.cell_m} m. Hãy chọn từ"
            f" {narrowest} đến {widest} m, hoặc ô nhỏ hơn.",
            f"A bandwidth of {width:g} m does not fit cells of {question.cell_m} m. Choose from"
            f" {narrowest} to {widest} m, or smaller cells.",
        )


def _too_fine(cell_m: int) -> InputError:
    return InputError(
        "density.too_fine",
        f"Ô {cell_m} m quá nhỏ cho vùng này. Hãy chọn ô lớn hơn (1000 m cho cả nước).",
        f"Cells of {cell_m} m are too small for this region. Choose larger ones (1000 m for the"
        " whole country).",
    )
