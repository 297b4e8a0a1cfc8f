"""Reading units and what is drawn with them."""

from typing import Any

from sqlalchemy import Connection, text

from geo.errors import InputError, NotFoundError
from geo.store.database import query
from geo.store.tiles import tile_keys

LEVELS_VI = {"province": "tỉnh", "district": "huyện", "commune": "xã"}
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


def require_unit(connection: Connection, edition: str, level: str, code: str) -> None:
    """Check a code that a filter names: one that is unknown would find nothing, and say nothing.

    Raises:
        InputError: the level has no such unit; where another one has, it is named.
    """
    rows = connection.execute(
        text("SELECT edition, level, full_name FROM unit_today WHERE code = :code ORDER BY 1 DESC"),
        {"code": code},
    ).all()
    if any((row.edition, row.level) == (edition, level) for row in rows):
        return
    vi = f"Phiên bản {edition} không có đơn vị cấp {LEVELS_VI[level]} mã {code}."
    en = f"Edition {edition} has no {level} of code {code}."
    if rows:
        other = rows[0]
        mend = f"edition={other.edition}&level={other.level}"
        vi += f" Mã này là của {other.full_name}: hãy thêm {mend}."
        en += f" It is the code of {other.full_name}: add {mend}."
    else:
        address = f"/api/v1/units?edition={edition}&level={level}"
        vi += f" Xem các mã ở {address}."
        en += f" {address} lists the codes."
    raise InputError("unit.unknown", vi, en, unit=code)


def require_parent(connection: Connection, edition: str, level: str, code: str) -> None:
    """Check the code of a unit whose units of a level are asked for.

    Raises:
        InputError: no unit of the level lies in it.
    """
    above = "district" if (edition, level) == ("2024", "commune") else "province"
    if level == "province":
        raise InputError(
            "unit.no_parent",
            "Cấp tỉnh không có đơn vị cấp trên. Hãy bỏ parent, hoặc chọn level khác.",
            "Provinces lie in no other unit. Leave parent out, or choose another level.",
        )
    require_unit(connection, edition, above, code)


def not_loaded(edition: str, level: str) -> NotFoundError:
    """What to raise where figures are asked by units of a level that has none."""
    return NotFoundError(
        "units.not_loaded",
        f"Chưa nạp ranh giới cấp “{level}” của phiên bản {edition}. Hãy hỏi cấp khác, hoặc nạp"
        f" bằng lệnh “bienmap boundaries import”.",
        f"Boundaries of the level “{level}” of edition {edition} are not loaded. Ask for"
        f" another level, or load them with “bienmap boundaries import”.",
    )


def require_level(connection: Connection, edition: str, level: str) -> None:
    """Check that a level has units.

    Raises:
        NotFoundError: it has none.
    """
    found = text("SELECT EXISTS (SELECT FROM unit WHERE edition = :edition AND level = :level)")
    if not connection.scalar(found, {"edition": edition, "level": level}):
        raise not_loaded(edition, level)


def editions(connection: Connection) -> list[dict[str, Any]]:
    """The boundary editions, each with the layers that are loaded and the key of their tiles."""
    keys = tile_keys(connection)
    found = [dict(row) for row in connection.execute(query("editions")).mappings()]
    for edition in found:
        for layer in edition["layers"]:
            layer["tiles"] = keys[edition["name"], layer["level"]]
    return found


def features(connection: Connection, name: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection, by the query that makes it, such as outline."""
    collection: dict[str, Any] = connection.execute(query(name)).scalar_one()
    return collection
