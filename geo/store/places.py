"""What lies where: units, land border and nearest gate of single positions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from geo.store.database import query
from geo.store.locations import drop_staged, locate_staged


def places_of_points(
    connection: Connection, points: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """What each point lies in and near, by the rule that gives records their units.

    Args:
        points: longitude, latitude in degrees (EPSG:4326).

    Returns:
        For each point assignment, units (edition, level, code, full_name; coarse to fine, today's
        edition first), neighbour and border_m, gate_vi, gate_en and gate_m, and outside of all
        units the name of the nearest commune, `beside`, and `beside_m` (metres on the ellipsoid).
        Runs inside the caller's transaction and leaves nothing behind.
    """
    connection.execute(
        text(
            "CREATE TEMP TABLE staged_location ON COMMIT DROP AS"
            " SELECT place::integer AS row_number, ST_SetSRID(ST_MakePoint(x, y), 4326) AS point,"
            " NULL::text AS stated_edition, NULL::text AS stated_level, NULL::text AS stated_code"
            " FROM unnest(CAST(:xs AS float8[]), CAST(:ys AS float8[]))"
            " WITH ORDINALITY AS one (x, y, place)"
        ),
        {"xs": [x for x, _ in points], "ys": [y for _, y in points]},
    )
    locate_staged(connection)
    rows = connection.execute(query("places_of_points")).mappings()
    found = [{**row, "units": row["units"] or []} for row in rows]
    drop_staged(connection)
    return found


def borders_of_points(
    connection: Connection, names: Sequence[str], points: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """The border and gate of named places with points (degrees, EPSG:4326), in order.

    Each has neighbour, neighbours, border_m, gate_vi, gate_en and gate_m (metres on the ellipsoid).
    A gate is known by its name: its border is that with the country to which it leads.
    """
    values = {"names": list(names), "xs": [x for x, _ in points], "ys": [y for _, y in points]}
    return [dict(row) for row in connection.execute(query("borders_of_points"), values).mappings()]


def metres_to_units(
    connection: Connection,
    points: Sequence[tuple[float, float]],
    units: Sequence[tuple[str, str, str]],
) -> list[float | None]:
    """How far each point (degrees, EPSG:4326) is from the nearest of units (edition, level, code).

    Metres on the ellipsoid, 0 inside; None where none of the units has a shape.
    """
    positions = {"xs": [x for x, _ in points], "ys": [y for _, y in points]}
    return list(connection.scalars(query("metres_to_units"), {**positions, **_by_column(units)}))


def units_of_codes(
    connection: Connection, units: Sequence[tuple[str, str, str]]
) -> list[dict[str, str]]:
    """Units by edition, level and code with their full names, in order; the unknown left out."""
    return [
        dict(row)
        for row in connection.execute(query("units_of_codes"), _by_column(units)).mappings()
    ]


def _by_column(units: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    names = ("editions", "levels", "codes")
    return {name: [unit[place] for unit in units] for place, name in enumerate(names)}


def provinces_of_name(connection: Connection, name: str) -> frozenset[str]:
    """Codes of the 2024 edition's provinces that a name or code means; none if unknown."""
    return frozenset(connection.scalars(query("provinces_of_name"), {"name": name.strip()}))
