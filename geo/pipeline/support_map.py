"""Support figures of a period by province: what the map draws, made of what may be told alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from geo.analysis.disclosure import MONTHS
from geo.pipeline.support_releases import Figure, Viewer, place_of_figure, released
from geo.store.support import NATIONAL, FigureFilter, Place, list_figures, provinces_since

# More than all provinces of both editions can have in a century.
MOST = 200_000


@dataclass(frozen=True, slots=True)
class SupportQuestion:
    """One measure of a programme, by the provinces of an edition, in the days [first, last]."""

    programme: str
    measure: str
    edition: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SupportTotals:
    """What is known of a question.

    `provinces` holds, by code: value (of what is told; None where nothing is), months (that it is
    of), withheld (months of which the reader is not told all), earlier (codes of the provinces
    before the reform, merged in it, whose figures are in it), includes_suspected, published (all of
    it) and citations.
    `national` are figures of the country, as they may be told. `elsewhere` months are of provinces
    that the edition does not have, and cannot be told by its own.
    """

    provinces: dict[str, dict[str, Any]]
    national: list[Figure]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A figure that stands for some months of a place, counted as year * 12 + month - 1."""

    months: frozenset[int]
    figure: Figure

    @property
    def is_told(self) -> bool:
        """Whether its count is told."""
        return self.figure["value"] is not None


def support_totals(
    connection: Connection, question: SupportQuestion, viewer: Viewer
) -> SupportTotals:
    """Sums by province of the figures that the viewer is told, and how much they leave out.

    Every figure passes `released` first. A sum of what is told tells no more than its parts, and
    what is withheld is in no sum.
    """
    found = list_figures(
        connection,
        FigureFilter(
            (question.programme,),
            (question.measure,),
            first=question.first,
            last=question.last,
            limit=MOST,
        ),
    )
    by_place: dict[Place, list[Figure]] = defaultdict(list)
    for figure in released(connection, found, viewer):
        by_place[place_of_figure(figure)].append(figure)
    national = by_place.pop(NATIONAL, [])
    own, merged = _owners(connection, question.edition, by_place)
    provinces = {
        code: _total(
            _pieces([figure for place in own[code] for figure in by_place[place]]),
            {place[1]: _pieces(by_place[place]) for place in merged[code]},
        )
        for code in sorted(own.keys() | merged.keys())
    }
    known = {place for places in (*own.values(), *merged.values()) for place in places}
    others = [_pieces(figures) for place, figures in by_place.items() if place not in known]
    elsewhere = sum(len(piece.months) for pieces in others for piece in pieces)
    return SupportTotals(provinces, national, elsewhere)


def _owners(
    connection: Connection, edition: str, places: Iterable[Place]
) -> tuple[dict[str, list[Place]], dict[str, list[Place]]]:
    """By province of the edition the places that it is, and those that were merged in it."""
    since = provinces_since(connection)
    before = {province: code for code, (province, is_whole) in since.items() if is_whole}
    own: dict[str, list[Place]] = defaultdict(list)
    merged: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        of, code = place
        if of == edition:
            own[code].append(place)
        elif edition == "2024" and code in before:
            own[before[code]].append(place)
        elif edition == "2025" and code in since:
            province, is_whole = since[code]
            (own if is_whole else merged)[province].append(place)
    return own, merged


def _pieces(figures: Sequence[Figure]) -> list[_Piece]:
    """Of a place one figure for each month: that of the year where it is told, else of the month.

    Of several sources the published one goes first, as where figures are withheld.
    """
    ordered = sorted(
        figures,
        key=lambda one: (
            one["value"] is None,
            len(one["period"]) > 4,
            not one["published"],
            one["source"],
        ),
    )
    taken: set[int] = set()
    pieces = []
    for figure in ordered:
        months = _months(figure) - taken
        # A sum over months that are partly counted already would count them twice.
        if months and (figure["value"] is None or months == _months(figure)):
            pieces.append(_Piece(months, figure))
            taken |= months
    return pieces


def _months(figure: Figure) -> frozenset[int]:
    year, _, month = figure["period"].partition("-")
    begin = int(year) * MONTHS
    if month:
        return frozenset([begin + int(month) - 1])
    return frozenset(range(begin, begin + MONTHS))


def _total(own: list[_Piece], merged: dict[str, list[_Piece]]) -> dict[str, Any]:
    """Of a province: its own figures, and for other months those of what was merged in it."""
    covered = {month for piece in own for month in piece.months}
    before = {
        code: [piece for piece in pieces if not piece.months & covered]
        for code, pieces in merged.items()
    }
    pieces = [*own, *(piece for found in before.values() for piece in found)]
    told = [piece for piece in pieces if piece.is_told]
    figures = [piece.figure for piece in told]
    return {
        "value": sum(figure["value"] for figure in figures) if told else None,
        "months": len({month for piece in told for month in piece.months}),
        "withheld": len({month for piece in pieces if not piece.is_told for month in piece.months}),
        "earlier": sorted(
            code for code, found in before.items() if any(piece.is_told for piece in found)
        ),
        "includes_suspected": any(figure["includes_suspected"] for figure in figures),
        "published": bool(told) and all(figure["published"] for figure in figures),
        "citations": sorted({figure["citation"] for figure in figures if figure["citation"]}),
    }
