"""What of the support figures others may know: small ones are withheld, with what tells of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection

from geo.analysis.disclosure import MONTHS, Flags, Margins, is_small, withheld
from geo.records.figures import GROUPS
from geo.store.support import NATIONAL, Place, figures_beside, provinces_since

Figure = dict[str, Any]
# Programme, measure and year: figures that have none of them in common tell nothing of each other.
Kind = tuple[str, str, str]
PERIODS = 1 + MONTHS


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is told figures: the places that he is responsible for, None for all.

    Of other places he is told no count from 1 to below `smallest`.
    """

    own: frozenset[Place] | None
    smallest: int

    def sees_whole(self, figure: Figure) -> bool:
        """Whether nothing of the figure is withheld from him."""
        return figure["published"] or self.own is None or place_of_figure(figure) in self.own


def released(connection: Connection, figures: Sequence[Figure], viewer: Viewer) -> list[Figure]:
    """The figures as the viewer may see them.

    The one place through which figures leave the units that are responsible for them. What an
    authority has published stays as it is. Of other figures small counts are withheld, and further
    ones from which one of them could be computed: parts of the same total, the figures of the
    year, of the province of the other edition and of the country, whatever their source.
    """
    told = [one for one in figures if not viewer.sees_whole(one)]
    tables = _tables(connection, told, viewer.smallest) if told else {}
    return [
        one | {"suppressed": False}
        if viewer.sees_whole(one)
        else _shown(one, tables[_kind(one)], viewer.smallest)
        for one in figures
    ]


def place_of_figure(figure: Figure) -> Place:
    """The unit that a figure is of."""
    return figure["edition"], figure["code"]


class Table:
    """All figures of one kind, by place and period, and what of them is withheld."""

    def __init__(
        self, figures: list[Figure], since: dict[str, tuple[str, bool]], smallest: int
    ) -> None:
        # Of several sources the published one stands for all, if there is one.
        self.figures = sorted(figures, key=lambda one: (not one["published"], one["source"]))
        self.since, self.smallest = since, smallest
        self.rows: dict[Place, int] = {NATIONAL: 0}
        # Provinces of 2025 come first: those of 2024 lie in them.
        for place in sorted({self._place(one) for one in figures} - {NATIONAL}, reverse=True):
            self.rows[place] = len(self.rows)

    def at(self, figure: Figure) -> tuple[int, int]:
        """Row and period of a figure."""
        period = figure["period"]
        return self.rows[self._place(figure)], int(period[5:]) if len(period) > 4 else 0

    @cached_property
    def totals(self) -> tuple[Flags, Flags]:
        """Whose totals are withheld, and the region that this protects."""
        counts = {id(one): [one["value"]] for one in self.figures}
        return withheld(self._margins(counts), self.smallest)

    @cached_property
    def groups(self) -> dict[str, Flags]:
        """Whose parts are withheld, by group; where a total is, its parts are."""
        found = {}
        for name in {name for one in self.figures for name in one["value_by"]}:
            counts = {
                id(one): _parts(name, one["value_by"][name], one["value"])
                for one in self.figures
                if name in one["value_by"]
            }
            margins = self._margins(counts)
            found[name], _ = withheld(margins, self.smallest, self.totals[1])
        return found

    def _margins(self, counts_of: dict[int, list[int]]) -> Margins:
        """Of the figures that have these counts."""
        shape = len(self.rows), PERIODS
        width = len(next(iter(counts_of.values())))
        counts = np.zeros((width, *shape), np.int64)
        entered, published, small = (np.zeros(shape, bool) for _ in range(3))
        for figure in self.figures:
            if (parts := counts_of.get(id(figure))) is None:
                continue
            at = self.at(figure)
            if not entered[at]:
                counts[:, at[0], at[1]] = parts
            entered[at] = True
            published[at] |= figure["published"]
            small[at] |= is_small(np.array(parts), self.smallest).any()
        return Margins(self._parents(), counts, entered, published, small)

    def _parents(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        parents = np.zeros(len(self.rows), np.int64)
        parents[0] = -1
        for (edition, code), row in self.rows.items():
            if edition == "2024" and code in self.since:
                parents[row] = self.rows.get(("2025", self.since[code][0]), 0)
        return parents

    def _place(self, figure: Figure) -> Place:
        edition, code = place_of_figure(figure)
        now, is_whole = self.since.get(code, ("", False))
        return ("2025", now) if edition == "2024" and is_whole else (edition, code)


def _tables(connection: Connection, figures: Sequence[Figure], smallest: int) -> dict[Kind, Table]:
    """The tables in which these figures stand."""
    since = provinces_since(connection)
    beside: dict[Kind, list[Figure]] = defaultdict(list)
    for one in figures_beside(connection, figures):
        beside[_kind(one)].append(one)
    return {kind: Table(found, since, smallest) for kind, found in beside.items()}


def _shown(figure: Figure, table: Table, smallest: int) -> Figure:
    at = table.at(figure)
    if table.totals[0][at] or is_small(np.array(figure["value"]), smallest):
        return figure | {"value": None, "value_by": {}, "notes": None, "suppressed": True}
    parts = {
        name: counts
        for name, counts in figure["value_by"].items()
        if not table.groups[name][at]
        and not is_small(np.array(_parts(name, counts, figure["value"])), smallest).any()
    }
    return figure | {
        "value_by": parts,
        "notes": None,
        "suppressed": len(parts) < len(figure["value_by"]),
    }


def _parts(name: str, counts: dict[str, int], value: int) -> list[int]:
    """The counts of a group in the order of its codes, and what is left of the total beside them.

    Of parts that overlap each leaves something of its own.
    """
    parts = [counts.get(code, 0) for code in GROUPS[name].codes]
    if not GROUPS[name].overlaps:
        return [*parts, value - sum(parts)]
    return [*parts, *(value - counts[code] if code in counts else 0 for code in GROUPS[name].codes)]


def _kind(figure: Figure) -> Kind:
    return figure["programme"], figure["measure"], figure["period"][:4]
