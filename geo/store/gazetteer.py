"""The names of places out of the store, and what tells whether they have changed."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection, text

from geo.places.areas import NameRow, Succession, UnitRow
from geo.places.gazetteer import Gazetteer
from geo.store.database import query

Made = TypeVar("Made")


def gazetteer_version(connection: Connection) -> str:
    """A value that stays the same as long as the names do."""
    return str(connection.scalar(query("gazetteer_version")))


class KeptNames(Generic[Made]):
    """What is made of the names of places, kept in memory until they change: of the newest alone.

    `read` makes it; whoever asks meanwhile waits and has it, too.
    """

    def __init__(self, read: Callable[[Connection], Made]) -> None:
        self._read = read
        self._made: dict[str, Made] = {}
        self._making = Lock()

    def of(self, connection: Connection) -> Made:
        """That of the names in the store."""
        version = gazetteer_version(connection)
        with self._making:
            if version not in self._made:
                self._made.clear()
                self._made[version] = self._read(connection)
            return self._made[version]


def read_gazetteer(connection: Connection) -> Gazetteer:
    """All units of both editions, the communes of 2024 through the crosswalk, and other names."""
    units = [UnitRow(*row) for row in connection.execute(query("gazetteer_units"))]
    successions = [
        Succession(*row)
        for row in connection.execute(
            text(
                "SELECT old_code, new_code, old_name, old_district_code, old_province_code,"
                " coalesce(share_area, 1) FROM crosswalk ORDER BY old_code, new_code"
            )
        )
    ]
    names = [NameRow(*row) for row in connection.execute(query("gazetteer_names"))]
    return Gazetteer(units, successions, names)
