"""The one door through which counts of incidents and victims leave the responsible units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.analysis.disclosure import Bases, Cells, Release, covered_months, protect
from geo.analysis.smoothing import Rounding
from geo.dates import first_day
from geo.records.code_lists import code_list
from geo.settings import Settings
from geo.store import releases as store
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.statistics import (
    Measure,
    MonthCount,
    Selection,
    monthly_counts,
    set_counts,
    unit_counts,
)
from geo.store.unit_profiles import ChannelCounts, channel_counts
from geo.store.unit_sets import SetCounts, UnitCounts, UnitIndex, UnitPlaces
from geo.store.units import not_loaded

# The level above, by edition and level.
ABOVE = {
    ("2025", "commune"): "province",
    ("2024", "commune"): "district",
    ("2024", "district"): "province",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told counts: whether somebody signed in, and the units that he is responsible for.

    `is_displaced` says that incidents with victims are shown to him within their commune alone.
    """

    is_signed_in: bool = False
    own: tuple[Jurisdiction, ...] = ()
    is_displaced: bool = False

    @property
    def sees_all(self) -> bool:
        """True for who is responsible for the whole country: nothing is held back from him."""
        return COUNTRY in self.own

    @property
    def of_files(self) -> "Audience":
        """Who a file is for: it goes anywhere, and tells of other units what the public knows."""
        return replace(self, is_signed_in=False)


PUBLIC = Audience()
# Who sits at the machine may read the database itself.
EVERYTHING = Audience(is_signed_in=True, own=(COUNTRY,))


@dataclass(frozen=True, slots=True)
class Protection:
    """What was done to counts: those that are not exact are multiples of `base`, or sums with them.

    Where such a count is 0 there are few or none: less than `under`, where that is known. Arrays
    have the shape (units,). The counts are of whole months, [first, last).
    """

    base: int
    is_exact: NDArray[np.bool_]
    under: NDArray[np.int64] | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ReleasedCounts:
    """Counts as somebody may see them; without protection they are the true ones."""

    counts: UnitCounts
    protection: Protection | None = None

    @property
    def shown(self) -> list[int | None]:
        """The values, None where all that may be said is that there are few or none."""
        values = list(self.counts.values)
        if self.protection is None:
            return list(values)
        exact = self.protection.is_exact.tolist()
        return [
            value if value or is_exact else None
            for value, is_exact in zip(values, exact, strict=True)
        ]

    @property
    def unders(self) -> list[int | None]:
        """Below what each value lies where it is None; None where that is not known."""
        if self.protection is None or self.protection.under is None:
            return [None] * len(self.counts.values)
        return list(self.protection.under.tolist())

    @property
    def rounding(self) -> Rounding | None:
        """What was done to the values; None where all are exact."""
        if self.protection is None:
            return None
        base, under = self.protection.base, self.protection.under
        most = np.maximum(base, 0 if under is None else under) - 1.0
        is_exact = self.protection.is_exact
        return Rounding(np.where(is_exact, 0.0, base), np.where(is_exact, 0.0, most))

    @property
    def bases(self) -> list[int | None]:
        """Of what each value is a multiple; None where it is exact."""
        if self.protection is None:
            return [None] * len(self.counts.values)
        base = self.protection.base
        return [None if is_exact else base for is_exact in self.protection.is_exact.tolist()]


# The door through which counts come, such as Releases.counts for an audience.
Counts = Callable[[Connection, Selection, Measure], ReleasedCounts]


def of_one_period(
    connection: Connection, wanted: Selection, counts: Counts
) -> tuple[Selection, ReleasedCounts]:
    """Incidents of the same days in all units: where some are protected, of whole months in all."""
    released = counts(connection, wanted, "incidents")
    if (protection := released.protection) is None:
        return wanted, released
    months = replace(wanted, first=protection.first, last=protection.last)
    return months, counts(connection, months, "incidents")


@dataclass(frozen=True, slots=True)
class ReleasedMonths:
    """Months of a unit by kind; with a base they are multiples of it.

    Of months without a count, and of all of them together, less than `under` are not told.
    """

    counts: list[MonthCount]
    base: int | None = None
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """Both releases of one state of the store, and the units that they are counted by."""

    state: store.State
    places: UnitPlaces
    inside: Release
    public: Release

    def release(self, audience: Audience) -> Release:
        """The one for this audience."""
        return self.inside if audience.is_signed_in else self.public

    def most_untold(self, edition: str, level: str, base: int) -> NDArray[np.int64]:
        """How many incidents of all kinds there may be where none is told, by unit."""
        return np.maximum(self.places.sets_of_units(edition, level), 1) * (base - 1)

    def own_sets(self, audience: Audience) -> NDArray[np.bool_]:
        """Which sets lie in units that the audience is responsible for, shape (sets,)."""
        inside = np.full(len(self.places.sets.identifiers), audience.sees_all)
        for own in audience.own:
            codes = self.places.sets.codes.get(f"{own.level}_{own.edition}")
            if codes is not None:
                inside |= codes == own.code
        return inside

    def own_units(self, edition: str, level: str, audience: Audience) -> NDArray[np.bool_]:
        """Which units of a level lie in those that the audience is responsible for."""
        units = self.places.units.get((edition, level), ())
        names = {own.code for own in audience.own if (own.edition, own.level) == (edition, level)}
        if above := ABOVE.get((edition, level)):
            owned = self.own_units(edition, above, audience)
            pairs = zip(self.places.units.get((edition, above), ()), owned, strict=True)
            parents = {code for (code, _), is_own in pairs if is_own}
        else:
            parents = set()
        return np.array(
            [audience.sees_all or code in names or parent in parents for code, parent in units],
            bool,
        )


class Releases:
    """Keeps what is released in memory, and makes it anew when the counts have changed."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read until the first question."""
        self.bases = Bases.of(settings.smallest_count, settings.smallest_public_count)
        self.kinds = {kind: number for number, kind in enumerate(code_list("incident_kind"))}
        self.index = UnitIndex()
        self._published: Published | None = None
        self._lock = Lock()

    def published(self, connection: Connection) -> Published:
        """What is released of the counts as they are."""
        known = self._published
        if known is None or store.is_outdated(connection, known.state):
            with self._lock:
                # Another thread may have made it while this one waited.
                if self._published is known:
                    self._published = self._publish(connection)
                known = self._published
        if known is None:
            raise RuntimeError("a release was made, and is not there")
        return known

    def _publish(self, connection: Connection) -> Published:
        state = store.current_state(connection)
        found = store.read_cells(connection, list(self.kinds))
        places = self.index.current(connection)
        place = places.numbers(found.unit_set)
        cells = Cells(place, found.month, found.kind, found.incidents, found.victims)
        secret = store.read_secret(connection)
        inside, public = protect(cells, places.sets.names, secret, self.bases)
        return Published(state, places, inside, public)

    def counts(
        self, connection: Connection, selection: Selection, measure: Measure, audience: Audience
    ) -> ReleasedCounts:
        """Counts by unit: exact in the audience's own units, elsewhere as released.

        Outreach events are no secret: they are counted exactly for everybody. Along the border
        incidents are counted in own units alone.

        Raises:
            NotFoundError: no units of that level of that edition are loaded.
        """
        selection = replace(selection, is_displaced=audience.is_displaced)
        if audience.sees_all or measure == "outreach":
            counts = unit_counts(connection, selection, measure, self.index)
            _require_units(counts.codes, selection)
            return ReleasedCounts(counts)
        known = self.published(connection)
        _require_units(known.places.units.get((selection.edition, selection.level), ()), selection)
        months = covered_months(selection.first, selection.last)
        values = self._by_set(known, selection, measure, audience, months)
        own = known.own_sets(audience)
        if own.any():
            found = set_counts(connection, selection, measure)
            # A set that came since lies in no unit that was published.
            is_known = found.identifiers <= known.places.state.last_set
            true = SetCounts(found.identifiers[is_known], found.values[is_known])
            values[own] = known.places.values(true)[own]
        layer = selection.edition, selection.level
        base = known.release(audience).base
        # Of a place alone and all its kinds counts are off by less than the base.
        is_bounded = measure != "victims" and not selection.kinds and not selection.is_by_border
        protection = Protection(
            base,
            known.own_units(*layer, audience),
            known.most_untold(*layer, base) + 1 if is_bounded else None,
            *map(first_day, months),
        )
        return ReleasedCounts(
            known.places.by_unit(selection.edition, selection.level, values), protection
        )

    def _by_set(
        self,
        known: Published,
        selection: Selection,
        measure: Measure,
        audience: Audience,
        months: tuple[int, int],
    ) -> NDArray[np.float64]:
        if selection.is_by_border:
            # The sample knows no distances: of other units nothing is told.
            return np.zeros(len(known.places.sets.identifiers))
        kinds = [self.kinds[kind] for kind in selection.kinds]
        counted: Literal["incidents", "victims"]
        counted = "victims" if measure == "victims" else "incidents"
        places = len(known.places.sets.identifiers)
        return known.release(audience).counts(months, kinds, counted, places)

    def months(
        self, connection: Connection, unit: tuple[str, str, str], audience: Audience
    ) -> ReleasedMonths:
        """All months of one unit, given by edition, level and code."""
        if audience.sees_all or self.is_own(connection, unit, audience):
            return ReleasedMonths(monthly_counts(connection, *unit))
        known = self.published(connection)
        edition, level, code = unit
        column = f"{level}_{edition}"
        sets, codes, shares = known.places.sets.shares[column]
        # All of what lies in the unit, and of some sets a part.
        weight = np.zeros(len(known.places.sets.identifiers))
        part = np.array(codes, np.str_) == code
        weight[sets[part]] = shares[part]
        inside = known.places.sets.codes[column] == code
        release = known.release(audience).of_places(np.flatnonzero(inside | (weight > 0)))
        months = _month_counts(release, inside, weight, list(self.kinds))
        untold = max(int(inside.sum()), 1) * (release.base - 1)
        return ReleasedMonths(months, release.base, untold + 1)

    def channels(
        self,
        connection: Connection,
        unit: tuple[str, str, str],
        days: tuple[date, date],
        audience: Audience,
    ) -> ChannelCounts | None:
        """Incidents of a unit in the days [first, last) by channel of recruitment.

        None for who is not responsible there: the sample knows no channels.

        Args:
            connection: sees the incidents which the audience may see.
        """
        if not self.is_own(connection, unit, audience):
            return None
        return channel_counts(connection, unit, *days)

    def is_own(
        self, connection: Connection, unit: tuple[str, str, str], audience: Audience
    ) -> bool:
        """Whether the audience is responsible for a unit, given by edition, level and code."""
        if not audience.own or audience.sees_all:
            return audience.sees_all
        known = self.published(connection)
        edition, level, code = unit
        owned = known.own_units(edition, level, audience)
        units = known.places.units.get((edition, level), ())
        return any(is_own for (one, _), is_own in zip(units, owned, strict=True) if one == code)


def _require_units(units: Sequence[object], selection: Selection) -> None:
    if not units:
        raise not_loaded(selection.edition, selection.level)


def _month_counts(
    release: Release,
    inside: NDArray[np.bool_],
    weight: NDArray[np.float64],
    kinds: Sequence[str],
) -> list[MonthCount]:
    size = len(kinds)
    keys, group = np.unique(release.month * size + release.kind, return_inverse=True)
    whole = inside[release.place].astype(np.float64)

    def sums(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(group, weights, minlength=len(keys)).astype(np.float64)

    incidents, victims = sums(release.incidents * whole), sums(release.victims * whole)
    apportioned = sums(release.incidents * weight[release.place] * (1 - whole))
    return [
        MonthCount(int(key) // size, kinds[key % size], int(count), int(people), float(part))
        for key, count, people, part in zip(keys, incidents, victims, apportioned, strict=True)
    ]
