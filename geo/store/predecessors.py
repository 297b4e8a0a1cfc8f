"""What hangs on a commune of 2025: the communes that it was before, and its land border."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from geo.store.database import query


def predecessors_of_communes(
    connection: Connection, codes: set[str]
) -> dict[str, list[dict[str, Any]]]:
    """By code of a commune of 2025 those of 2024 of which it took something, the most first.

    Each has edition, level, code, full_name, the code of its `district`, and the `share` (0 to 1)
    of its area that was taken, none if unknown.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if codes:
        for row in connection.execute(query("predecessors"), {"codes": sorted(codes)}).mappings():
            one = {key: row[key] for key in ("code", "full_name", "district", "share")}
            found[row["new_code"]].append({"edition": "2024", "level": "commune", **one})
    return dict(found)


def borders_of_communes(connection: Connection, codes: set[str]) -> dict[str, dict[str, Any]]:
    """By code of a commune of 2025 neighbour and border_m, gate_vi, gate_en and gate_m (metres).

    `neighbours` are all countries on which it borders, the nearest first; just that one where it
    does not reach the border.
    """
    if not codes:
        return {}
    rows = connection.execute(query("borders_of_communes"), {"codes": sorted(codes)}).mappings()
    return {row["code"]: dict(row) for row in rows}
