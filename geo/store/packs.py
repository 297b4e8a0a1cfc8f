"""What a telephone keeps of a province, so that places are found without a network."""

from collections.abc import Sequence
from typing import Any

import shapely
from sqlalchemy import Connection

from geo.boundaries.outlines import STEPS_PER_DEGREE, as_steps
from geo.boundaries.shapes import band_for
from geo.records.code_lists import code_lists
from geo.store.actors import Jurisdiction
from geo.store.database import query
from geo.store.units import editions, get_unit

# Shapes simplified by 75 m: on the device they only foretell what the server's rule decides.
OUTLINE_ZOOM = 9
GATE_REACH_M = 500.0


def provinces(connection: Connection, own: Sequence[Jurisdiction]) -> list[dict[str, Any]]:
    """All provinces of 2025 by code, name, and whether any of the units lies in it."""
    values = {
        "editions": [unit.edition for unit in own],
        "levels": [unit.level for unit in own],
        "codes": [unit.code for unit in own],
    }
    return [dict(row) for row in connection.execute(query("pack_provinces"), values).mappings()]


def province_pack(connection: Connection, code: str) -> dict[str, Any]:
    """Units of both editions, outlines of communes, gates and code lists; nothing restricted.

    Raises:
        NotFoundError: there is no such province of 2025.
    """
    province = get_unit(connection, "2025", "province", code)
    return {
        "province": {"code": code, "full_name": province["full_name"]},
        "fingerprints": {
            edition["name"]: {layer["level"]: layer["fingerprint"] for layer in edition["layers"]}
            for edition in editions(connection)
        },
        "units": _rows(connection, "pack_units", province=code),
        "former_units": _rows(connection, "pack_former", province=code),
        "outlines": {
            "steps_per_degree": STEPS_PER_DEGREE,
            "communes": [
                {"code": row["code"], "polygons": as_steps(shapely.from_wkb(bytes(row["outline"])))}
                for row in _rows(
                    connection, "pack_outlines", province=code, band=band_for(OUTLINE_ZOOM)
                )
            ],
        },
        "gates": _rows(connection, "pack_gates", province=code, reach_m=GATE_REACH_M),
        "code_lists": {
            name: [
                {"code": one.code, "label_vi": one.label_vi, "label_en": one.label_en}
                for one in entries.values()
            ]
            for name, entries in code_lists().items()
        },
    }


def _rows(connection: Connection, name: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query(name), values).mappings()]
