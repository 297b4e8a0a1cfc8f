"""Who is told which counts: the one dependency of all routes that count incidents or victims."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection

from api.actors import find_actor
from geo.pipeline.releases import PUBLIC, Audience, Protection, ReleasedCounts, Releases
from geo.store.actors import Actor
from geo.store.statistics import Measure, MonthCount, Selection

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
    return Audience(is_signed_in=True, own=own)


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

    def months(
        self, connection: Connection, unit: tuple[str, str, str]
    ) -> tuple[list[MonthCount], int | None]:
        """All months of a unit, and the base of counts that are not exact."""
        return self.releases.months(connection, unit, self.audience)

    def is_own(self, connection: Connection, unit: tuple[str, str, str]) -> bool:
        """Whether who asks is responsible for a unit."""
        return self.releases.is_own(connection, unit, self.audience)


def open_door(request: Request, actor: Annotated[Actor | None, Depends(find_actor)]) -> Door:
    """The door to counts for who asks."""
    return Door(request.app.state.releases, audience_of(actor))


Counts = Annotated[Door, Depends(open_door)]


def described(protection: Protection | None, codes: Any) -> dict[str, Any] | None:
    """What an answer says of its protection; None where all counts in it are exact."""
    if protection is None:
        return None
    exact = protection.is_exact.tolist()
    return {
        "base": protection.base,
        "exact": [code for code, is_exact in zip(codes, exact, strict=True) if is_exact],
        "from": protection.first,
        "to": protection.last - timedelta(days=1),
    }
