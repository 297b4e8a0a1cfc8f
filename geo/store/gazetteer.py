"""The names of places out of the store, and what tells whether they have changed."""

from sqlalchemy import Connection, text

from geo.places.areas import NameRow, Succession, UnitRow
from geo.places.gazetteer import Gazetteer
from geo.store.database import query


def gazetteer_version(connection: Connection) -> str:
    """A value that stays the same as long as the names do."""
    return str(connection.scalar(query("gazetteer_version")))


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
