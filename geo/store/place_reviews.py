"""Places of records that should be looked at again, and who found them right."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from geo.errors import ConflictError, NotFoundError
from geo.store.actors import Actor
from geo.store.database import query

Reason = Literal["differs", "coarse", "moved"]
PlacedType = Literal["incident", "network", "outreach_event", "prevention_model"]


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """A place of a record; `sequence` numbers the places of a network and is 0 otherwise."""

    record_type: PlacedType
    record_id: UUID
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which places: with any of the reasons, in a unit (edition, level, code), checked or not."""

    reasons: tuple[Reason, ...] = ()
    record_types: tuple[PlacedType, ...] = ()
    unit: tuple[str, str, str] | None = None
    checked: bool = False
    after: PlaceKey | None = None
    limit: int = 100


def list_reviews(
    connection: Connection, actor: Actor, wanted: ReviewFilter
) -> list[dict[str, Any]]:
    """The places in the actor's units by record, each with its reasons and where it is.

    longitude and latitude (degrees, EPSG:4326) are those of the record, null where it has no point;
    near_longitude and near_latitude are there too where only its unit is known.
    """
    edition, level, code = wanted.unit or (None,) * 3
    after = wanted.after
    values = {
        "reasons": list(wanted.reasons),
        "record_types": list(wanted.record_types),
        "column": code and f"{level}_{edition}",
        "code": code,
        "checked": wanted.checked,
        "own": actor.own_units,
        "after_type": after and after.record_type,
        "after_id": after and after.record_id,
        "after_sequence": after.sequence if after else 0,
        "limit": wanted.limit,
    }
    return [dict(row) for row in connection.execute(query("place_reviews"), values).mappings()]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place as it was when its words named the unit (edition, level, code), not its point's."""

    record_type: PlacedType
    record_id: UUID
    sequence: int
    place_digest: str
    edition: str
    level: str
    code: str


def worded_places(
    connection: Connection, record: UUID | None, batch: UUID | None, *, is_moved: bool
) -> list[dict[str, Any]]:
    """Places with a point and words that do not name its commune, with the codes of its units.

    Args:
        record: only of this record.
        batch: only of what this batch brought in.
        is_moved: only of what this transaction gave other units.
    """
    values = {"record": record, "batch": batch, "moved": is_moved}
    return [dict(row) for row in connection.execute(query("worded_places"), values).mappings()]


def save_misfits(connection: Connection, misfits: Sequence[Misfit]) -> None:
    """Keep what was found, in place of what was found of the same places before."""
    if misfits:
        connection.execute(query("save_misfits"), [asdict(one) for one in misfits])


def check_place(
    connection: Connection, key: PlaceKey, place_digest: str, checked_by: str
) -> datetime:
    """Keep who found a place right, and when.

    Args:
        place_digest: of the place as it was seen, from `list_reviews`.

    Raises:
        NotFoundError: there is no such place.
        ConflictError: it is not as it was seen any more.
    """
    values = {name: getattr(key, name) for name in PlaceKey.__slots__}
    checked_at: datetime | None = connection.scalar(
        query("check_place"), values | {"place_digest": place_digest, "checked_by": checked_by}
    )
    if checked_at is not None:
        return checked_at
    known = connection.scalar(
        text(
            "SELECT EXISTS (SELECT FROM placed_record WHERE record_type = :record_type"
            " AND record_id = :record_id AND sequence = :sequence)"
        ),
        values,
    )
    if known:
        raise ConflictError(
            "place.changed",
            "Địa điểm của bản ghi đã thay đổi từ khi bạn xem. Hãy tải lại danh sách rồi xem lại.",
            "The record's place has changed since you saw it. Load the list again and look anew.",
        )
    raise NotFoundError(
        "record.unknown",
        f"Không có bản ghi {key.record_id} với địa điểm này, hoặc đã bị xóa.",
        f"There is no record {key.record_id} with this place, or it was deleted.",
    )
