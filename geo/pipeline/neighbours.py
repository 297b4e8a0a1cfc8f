"""Which units of a level are neighbours, kept in memory until boundaries are others."""

from sqlalchemy import Connection, text

from geo.analysis.weights import Weights, queen
from geo.store.boundaries import stored_units

FINGERPRINT = text(
    "SELECT fingerprint FROM boundary_layer WHERE edition = :edition AND level = :level"
)


class NeighbourIndex:
    """Keeps the neighbours of each level from one question to the next: they take seconds."""

    def __init__(self) -> None:
        """Nothing is read until the first question."""
        self._known: dict[tuple[str, str], tuple[str | None, Weights]] = {}

    def current(self, connection: Connection, edition: str, level: str) -> Weights:
        """Queen contiguity of the units of a level, in the order of their codes."""
        state = connection.scalar(FINGERPRINT, {"edition": edition, "level": level})
        known = self._known.get((edition, level))
        if known is None or known[0] != state:
            known = state, queen(stored_units(connection, edition, level).geometry)
            self._known[edition, level] = known
        return known[1]
