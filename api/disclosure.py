"""Who is told which counts: the one dependency of all routes that count incidents or victims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

import numpy as np
from fastapi import Depends, Request
from sqlalchemy import Connection

from api.actors import find_actor
from geo import pipeline
from geo.pipeline.releases import (
    PUBLIC,
    Audience,
    Protection,
    ReleasedCounts,
    ReleasedMonths,
    Releases,
)
from geo.store.actors import Actor
from geo.store.statistics import Measure, Selection
from geo.store.unit_profiles import ChannelCounts

# What is counted for one person must not be kept for another.
PRIVATE = "private, no-cache"


def audience_of(actor: Actor | None) -> Audience:
    """The audience that an actor is; None is the public.

    An administrator keeps accounts and boundaries: units are no matter of his, so that he sees what
    everybody sees inside the system.
    """
    if actor is None:
        return PUBLIC
    own = () if actor.role == "administrator" else actor.jurisdictions
    return Audience(is_signed_in=True, own=own, is_displaced=actor.role == "planner")


@dataclass(frozen=True, slots=True)
class Door:
    """The releases, opened for who asks."""

    releases: Releases
    audience: Audience

    @property
    def sees_all(self) -> bool:
        """Whether nothing is held back."""
        return self.audience.sees_all

    def counts(
        self, connection: Connection, selection: Selection, measure: Measure
    ) -> ReleasedCounts:
        """Counts by unit."""
        return self.releases.counts(connection, selection, measure, self.audience)

    def months(self, connection: Connection, unit: tuple[str, str, str]) -> ReleasedMonths:
        """All months of a unit."""
        return self.releases.months(connection, unit, self.audience)

    def channels(
        self,
        connection: Connection,
        unit: tuple[str, str, str],
        days: tuple[date, date],
    ) -> ChannelCounts | None:
        """Incidents of a unit by channel of recruitment, None for who is not responsible there."""
        return self.releases.channels(connection, unit, days, self.audience)

    def with_staleness(
        self, connection: Connection, runs: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Hotspot runs with whether they still hold; the same for everybody."""
        return pipeline.with_staleness(connection, runs, self.releases.index)

    def is_own(self, connection: Connection, unit: tuple[str, str, str]) -> bool:
        """Whether who asks is responsible for a unit."""
        return self.releases.is_own(connection, unit, self.audience)


def open_door(request: Request, actor: Annotated[Actor | None, Depends(find_actor)]) -> Door:
    """The door to counts for who asks."""
    return Door(request.app.state.releases, audience_of(actor))


Counts = Annotated[Door, Depends(open_door)]


def described(protection: Protection | None, codes: Sequence[str]) -> dict[str, Any] | None:
    """What an answer says of its protection; None where all counts in it are exact.

    `parted` are units of several places, where more than `under` may be left untold.
    """
    if protection is None:
        return None
    bound = protection.under
    parted = [] if bound is None else np.array(codes, np.str_)[bound > protection.base].tolist()
    return {
        "base": protection.base,
        "exact": np.array(codes, np.str_)[protection.is_exact].tolist(),
        "under": None if bound is None else protection.base,
        "parted": parted,
        "from": protection.first,
        "to": protection.last - timedelta(days=1),
    }
