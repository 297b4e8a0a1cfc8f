"""Hotspots as they are now, the decisions on them, and what is planned there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, text

from geo.errors import ConflictError
from geo.store.database import query
from geo.store.tables.reviews import HotspotReview


class Unit(NamedTuple):
    """A unit as rows name it."""

    edition: str
    level: str
    code: str


@dataclass(frozen=True, slots=True)
class NewReview:
    """A decision as its row holds it; see geo.store.tables.reviews.HotspotReview."""

    id: UUID
    edition: str
    level: str
    code: str
    version: int
    decision: str
    reason: str
    priority: int
    responsible_level: str | None
    responsible_code: str | None
    due_on: date | None
    run_id: UUID | None
    seen_class: int
    seen_category: int
    seen_cluster: int
    stands: bool
    seconds: int | None
    updated_by: str


def hotspots_now(
    connection: Connection,
    edition: str,
    level: str,
    categories: Sequence[int],
    *,
    everywhere: bool,
    code: str | None = None,
) -> list[dict[str, Any]]:
    """Units that are hot at all (class 1 at least), or were decided on, with the newest decision.

    Args:
        categories: those of hot units, the most urgent first.
        everywhere: of all units, for who reads with the owner's rights; else of the actor's.
        code: this unit alone, hot or not.
    """
    values = {
        "edition": edition,
        "level": level,
        "categories": list(categories),
        "everywhere": everywhere,
        "code": code,
    }
    return [dict(row) for row in connection.execute(query("hotspots_now"), values).mappings()]


def versions(connection: Connection, unit: Unit) -> list[dict[str, Any]]:
    """The decisions on a unit, the newest first."""
    rows = connection.execute(query("hotspot_review_versions"), unit._asdict())
    return [dict(row) for row in rows.mappings()]


def class_history(connection: Connection, unit: Unit) -> list[dict[str, Any]]:
    """The class of a unit by the periods of stored standard runs, the newest first."""
    rows = connection.execute(query("class_history"), unit._asdict())
    names = ("period_from", "period_to", "class")
    return [{name: row[name] for name in names} for row in rows.mappings()]


def hold(connection: Connection, unit: Unit) -> None:
    """Let nobody else decide on the unit, or plan there, until the transaction ends."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"hotspot_review {' '.join(unit)}"},
    )


def add_review(connection: Connection, review: NewReview) -> None:
    """Write one version more."""
    connection.execute(insert(HotspotReview).values(**asdict(review)))


def require_version(known: int, sent: int) -> None:
    """Refuse a change that starts from another version than the newest one.

    Raises:
        ConflictError: somebody else has written meanwhile.
    """
    if known != sent:
        raise ConflictError(
            "review.changed",
            f"Người khác vừa ghi: bạn gửi phiên bản {sent}, hiện có phiên bản {known}. Hãy tải lại,"
            " xem rồi quyết định lại.",
            f"Somebody else has just written: you sent version {sent}, there is {known} now. Load"
            " it again, look, then decide anew.",
            sent_version=sent,
            current_version=known,
        )
