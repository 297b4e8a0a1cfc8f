"""What became of a record: its versions, who made each, when and why."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from geo.errors import NotFoundError
from geo.store.database import query
from geo.store.reading import HIDDEN

# What a version says about itself, and what only the store needs.
_ABOUT = (HIDDEN - {"point", "narrative"}) | {
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "updated_reason",
    "deleted_reason",
    "assignment",
    "location_flags",
    "is_demo",
    "source",
}


def record_versions(
    connection: Connection, record_type: str, identifier: UUID
) -> list[dict[str, Any]]:
    """The versions of a record, the newest first, with the fields that each changed.

    `action` is created, changed, deleted or restored; a point is GeoJSON.

    Raises:
        NotFoundError: there never was such a record.
    """
    rows = connection.execute(
        query("record_versions"), {"record_type": record_type, "id": identifier}
    ).all()
    if not rows:
        raise NotFoundError(
            "record.unknown",
            f"Không có bản ghi {identifier}.",
            f"There is no record {identifier}.",
        )
    contents: list[dict[str, Any]] = [{}, *(row.content for row in rows)]
    versions = [
        _version(row.version, before, after)
        for row, (before, after) in zip(rows, pairwise(contents), strict=True)
    ]
    return versions[::-1]


def _version(number: int, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    action = "changed" if before else "created"
    if bool(after["deleted_at"]) != bool(before.get("deleted_at")):
        action = "deleted" if after["deleted_at"] else "restored"
    names = [name for name in after if name not in _ABOUT] if before else []
    return {
        "version": number,
        "action": action,
        "at": after["updated_at"],
        "by": after["updated_by"] or after["created_by"],
        "reason": after["deleted_reason"] if action == "deleted" else after.get("updated_reason"),
        "changes": [
            {"field": name, "before": before.get(name), "after": after[name]}
            for name in names
            if before.get(name) != after[name]
        ],
    }
