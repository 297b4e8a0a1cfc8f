"""Reading units and what is drawn with them."""

from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFoundError
from geo.store.database import query

FILTERS: dict[str, Any] = dict.fromkeys(("code", "land_border", "parent", "neighbour", "name"))


def find_units(
    connection: Connection, edition: str, level: str, **filters: Any
) -> list[dict[str, Any]]:
    """Units of a level, by code; `filters` are code, land_border, parent, neighbour and name."""
    values = FILTERS | filters | {"edition": edition, "level": level}
    return [dict(row) for row in connection.execute(query("units"), values).mappings()]


def get_unit(connection: Connection, edition: str, level: str, code: str) -> dict[str, Any]:
    """One unit.

    Raises:
        NotFoundError: there is none of that code.
    """
    found = find_units(connection, edition, level, code=code)
    if not found:
        raise NotFoundError(
            "unit.unknown",
            f"Không có đơn vị cấp “{level}” mã {code} trong phiên bản {edition}.",
            f"Edition {edition} has no {level} of code {code}.",
        )
    return found[0]


def editions(connection: Connection) -> list[dict[str, Any]]:
    """The boundary editions, each with the layers that are loaded."""
    rows = connection.execute(query("editions")).mappings()
    return [dict(row) for row in rows]


def features(connection: Connection, name: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of border_lines, border_gates or outline."""
    collection: dict[str, Any] = connection.execute(query(name)).scalar_one()
    return collection


def support_measures(connection: Connection) -> list[dict[str, Any]]:
    """The aggregate figures that authorities published."""
    rows = connection.execute(
        text(
            "SELECT programme, measure, breakdown, edition, code, period_from, period_to, value,"
            " source FROM support_measure ORDER BY period_from, programme, measure, breakdown, code"
        )
    ).mappings()
    return [dict(row) for row in rows]
