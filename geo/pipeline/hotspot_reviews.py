"""The review of hotspots: what waits for a look, and taking a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from geo.analysis.review_queue import (
    HOT_CATEGORIES,
    LEAST_CLASS,
    Decided,
    Decision,
    Heat,
    explain_why,
    order,
    reasons,
)
from geo.dates import today
from geo.errors import AccessError, ConflictError, InputError, Language
from geo.pipeline.entries import refuse_personal_data
from geo.store import hotspot_reviews as store
from geo.store.actors import Actor
from geo.store.database import acting, record_taken
from geo.store.hotspot_reviews import Unit
from geo.store.units import get_unit, require_level, require_unit

# Where units stand that are responsible: today's.
RESPONSIBLE_EDITION = "2025"


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A unit that is hot or was decided on: its row of `hotspots_now`, read into terms."""

    row: Mapping[str, Any]
    now: Heat
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision as somebody sent it; `responsible` is level and code of a unit of 2025.

    `run_id` is the run that was looked at: another one by now asks for another look.
    """

    id: UUID
    unit: Unit
    decision: Decision
    reason: str
    priority: int
    responsible: tuple[str, str] | None
    due_on: date | None
    run_id: UUID | None
    personal_data_checked: bool


def queue(
    connection: Connection,
    edition: str,
    level: str,
    language: Language,
    *,
    least: int = LEAST_CLASS,
    viewer: Actor | None = None,
    waiting_only: bool = True,
) -> list[dict[str, Any]]:
    """Hotspots that wait for a look, in the order in which to look; each says why in words.

    Args:
        least: the class from which a unit is a hotspot.
        viewer: of whose units; None, for who reads with the owner's rights, is of all.
        waiting_only: else those too that need no look now.

    Raises:
        NotFoundError: that level of that edition is not loaded.
    """
    require_level(connection, edition, level)
    rows = store.hotspots_now(connection, edition, level, HOT_CATEGORIES, everywhere=viewer is None)
    day, name = today(), viewer.username if viewer else None
    found = []
    for hotspot in map(_hotspot, rows):
        why = reasons(hotspot.now, hotspot.decided, day, least=least, viewer=name)
        if why or (not waiting_only and (hotspot.decided or hotspot.now.is_hot(least))):
            words = explain_why(why, hotspot.now, hotspot.decided, language)
            told = [{"code": one, "text": said} for one, said in zip(why, words, strict=True)]
            found.append((hotspot, told))
    found.sort(key=lambda one: _place(one[0]))
    return [_described(hotspot, edition, level) | {"why": told} for hotspot, told in found]


def review_of(
    connection: Connection, unit: Unit, language: Language, viewer: Actor
) -> dict[str, Any]:
    """All that is known of a unit as a hotspot: now, decided before, and its classes over time.

    Raises:
        NotFoundError: there is no such unit.
        AccessError: it is not of the viewer's units.
    """
    hotspot = _hotspot_of(connection, unit)
    why = reasons(hotspot.now, hotspot.decided, today(), viewer=viewer.username)
    words = explain_why(why, hotspot.now, hotspot.decided, language)
    return _described(hotspot, unit.edition, unit.level) | {
        "why": [{"code": one, "text": said} for one, said in zip(why, words, strict=True)],
        "version": hotspot.row["version"] or 0,
        "versions": store.versions(connection, unit),
        "classes": store.class_history(connection, unit),
    }


def decide(
    engine: Engine, entry: DecisionEntry, version: int, actor: Actor, *, two_persons: bool
) -> bool:
    """Keep a decision as the newest version; False where the very same was kept before.

    Args:
        version: the newest one that its sender saw, 0 where there was none.
        two_persons: a confirmation or dismissal stands only once another leader has sent the same.

    Raises:
        NotFoundError: there is no such unit.
        AccessError: it is not the actor's, or his role decides nothing.
        InputError: it is no hotspot, or what was sent is wrong.
        ConflictError: somebody has decided meanwhile, or the hotspots were computed anew.
    """
    with acting(engine, actor.account_id) as connection:
        store.hold(connection, entry.unit)
        hotspot = _hotspot_of(connection, entry.unit)
        versions = store.versions(connection, entry.unit)
        if _is_kept(versions, entry):
            return False
        store.require_version(hotspot.row["version"] or 0, version)
        _check(connection, entry, hotspot)
        standing = _standing(hotspot, entry, actor, two_persons=two_persons)
        store.add_review(connection, _review(hotspot, entry, actor, standing))
    return True


def require_responsible(connection: Connection, responsible: tuple[str, str] | None) -> None:
    """Raises InputError where the unit that is to do something is none of today's."""
    if responsible is not None:
        require_unit(connection, RESPONSIBLE_EDITION, *responsible)


def require_own_unit(connection: Connection, unit: Unit) -> dict[str, Any]:
    """The unit's row of `hotspots_now`.

    Raises:
        NotFoundError: there is no such unit.
        AccessError: it is not the actor's.
    """
    return dict(_hotspot_of(connection, unit).row)


def _hotspot_of(connection: Connection, unit: Unit) -> Hotspot:
    rows = store.hotspots_now(
        connection, unit.edition, unit.level, HOT_CATEGORIES, everywhere=False, code=unit.code
    )
    if not rows:
        get_unit(connection, *unit)
        raise AccessError(
            "access.other_units",
            "Đơn vị này không thuộc địa bàn được giao cho tài khoản của bạn.",
            "This unit is none of those that your account is responsible for.",
        )
    return _hotspot(rows[0])


def _hotspot(row: Mapping[str, Any]) -> Hotspot:
    now = Heat(row["hot_class"], row["category"], row["cluster"])
    if row["version"] is None:
        return Hotspot(row, now, None)
    seen = Heat(row["seen_class"] or 0, row["seen_category"] or 0, row["seen_cluster"] or 0)
    decided = Decided(
        row["decision"],
        seen,
        row["decided_by"],
        row["stands"],
        row["priority"],
        row["due_on"],
    )
    return Hotspot(row, now, decided)


def _place(hotspot: Hotspot) -> tuple[int, int, int, str]:
    row = hotspot.row
    return (*order(hotspot.now, hotspot.decided, row["population"]), row["code"])


def _described(hotspot: Hotspot, edition: str, level: str) -> dict[str, Any]:
    row = hotspot.row
    names = ("code", "full_name", "name_en", "parent_name", "is_land_border", "lon", "lat")
    known = ("population", "class_country", "class_border", "category", "cluster", "run_id")
    review = None
    if hotspot.decided is not None:
        told = ("version", "decision", "stands", "priority", "due_on", "decided_by", "decided_at")
        review = {name: row[name] for name in (*told, "standing_decision", "standing_since")}
    return (
        {"edition": edition, "level": level}
        | {name: row[name] for name in names}
        | {"class": row["hot_class"]}
        | {name: row[name] for name in known}
        | {"review": review}
    )


def _is_kept(versions: list[dict[str, Any]], entry: DecisionEntry) -> bool:
    """Whether the decision was sent before; its id is then that of the newest version."""
    same = [one for one in versions if one["id"] == entry.id]
    if not same:
        return False
    if same[0] is versions[0] and (same[0]["decision"], same[0]["reason"]) == (
        entry.decision,
        entry.reason,
    ):
        return True
    raise record_taken()


def _standing(
    hotspot: Hotspot, entry: DecisionEntry, actor: Actor, *, two_persons: bool
) -> tuple[bool, int | None]:
    """Whether the decision stands at once, and with which proposal it agrees."""
    before = hotspot.decided
    agrees = (
        before is not None
        and not before.stands
        and before.decision == entry.decision
        and before.decided_by != actor.username
    )
    if agrees:
        return True, hotspot.row["version"]
    return not two_persons or entry.decision == "watch", None


def _review(
    hotspot: Hotspot, entry: DecisionEntry, actor: Actor, standing: tuple[bool, int | None]
) -> store.NewReview:
    responsible_level, responsible_code = entry.responsible or (None, None)
    stands, seconds = standing
    return store.NewReview(
        id=entry.id,
        **entry.unit._asdict(),
        version=(hotspot.row["version"] or 0) + 1,
        decision=entry.decision,
        reason=entry.reason,
        priority=entry.priority,
        responsible_level=responsible_level,
        responsible_code=responsible_code,
        due_on=entry.due_on,
        run_id=hotspot.row["run_id"],
        seen_class=hotspot.now.hot_class,
        seen_category=hotspot.now.category,
        seen_cluster=hotspot.now.cluster,
        stands=stands,
        seconds=seconds,
        updated_by=actor.username,
    )


def _check(connection: Connection, entry: DecisionEntry, hotspot: Hotspot) -> None:
    if not hotspot.now.is_hot(1) and hotspot.decided is None:
        raise InputError(
            "review.not_hot",
            "Đơn vị này hiện không phải điểm nóng và chưa từng được duyệt: không có gì để quyết"
            " định.",
            "This unit is no hotspot now and never was decided on: there is nothing to decide.",
        )
    if entry.run_id is not None and entry.run_id != hotspot.row["run_id"]:
        raise ConflictError(
            "review.run_changed",
            "Điểm nóng vừa được tính lại từ khi bạn xem. Hãy tải lại, xem rồi quyết định lại.",
            "The hotspots were computed anew since you looked. Load it again, look, then decide.",
            current_run=str(hotspot.row["run_id"]),
        )
    if entry.due_on is not None and entry.due_on < today():
        raise InputError(
            "review.due_past",
            f"Hạn {entry.due_on:%d/%m/%Y} đã qua. Hãy chọn hôm nay hoặc ngày sau.",
            f"The due date {entry.due_on} has passed. Choose today or a later day.",
        )
    require_responsible(connection, entry.responsible)
    if not entry.personal_data_checked:
        refuse_personal_data({"reason": entry.reason})
