"""Single support figures into the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pyarrow
from sqlalchemy import Connection, Engine, text

from geo.dates import today
from geo.errors import AccessError, ConflictError, InputError
from geo.importers.tables import check_entry
from geo.pipeline.entries import SOURCE, Entered, refuse_personal_data
from geo.pipeline.records import unit_names
from geo.records.digests import with_content_hash
from geo.records.fields import RecordType, fields_of
from geo.records.personal_data import free_texts
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.entries import KnownRecord, find_known, known_version, other_of_name
from geo.store.reading import soft_delete
from geo.store.records import Origin
from geo.store.support import Place, load_figures, place_of, responsible_places

TYPE: RecordType = "support_measure"


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure as somebody entered it: text by the names of fields.

    `personal_data_checked` and `reason` as records have them.
    """

    id: UUID
    values: Mapping[str, str | None]
    actor: Actor
    personal_data_checked: bool = False
    reason: str | None = None


def create_figure(engine: Engine, entry: FigureEntry) -> Entered:
    """Store a new figure; what is stored just so already changes nothing.

    Raises:
        InputError: values are wrong; the context lists them as `errors`.
        ConflictError: the figure, or one of that id, is there with other content.
        AccessError: it is not of a unit of the actor, or he may not mark it as published.
    """
    with acting(engine, entry.actor.account_id) as connection:
        rows = _checked(connection, entry)
        _require_own(connection, entry.actor, (_text(rows, "edition"), _text(rows, "code")))
        key = _text(rows, "external_id")
        # Two who enter the same figure at once: the second finds that of the first.
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
        )
        known = find_known(connection, TYPE, entry.id)
        if known is None:
            other = other_of_name(connection, TYPE, SOURCE, key)
            known = find_known(connection, TYPE, other) if other else None
        if known is not None and not (known.deleted and known.external_id == key):
            _refuse_other(known, rows)
            return Entered(known.id, False)
        load_figures(connection, rows, Origin(SOURCE, entry.actor.username))
        return Entered(known.id if known else entry.id, True)


def change_figure(engine: Engine, entry: FigureEntry, version: int) -> None:
    """Put new values in place of those of a figure; of what it is stays as it was.

    Raises:
        InputError: values are wrong, or say another programme, measure, unit or period.
        NotFoundError: there is no such figure.
        ConflictError: it was changed since `version`.
        AccessError: it is not of a unit of the actor, or he may not mark it as published.
    """
    with acting(engine, entry.actor.account_id) as connection:
        known = _own_version(connection, entry, version)
        rows = _checked(connection, entry)
        if _text(rows, "external_id") != known.external_id:
            raise InputError(
                "figure.other_key",
                "Không đổi được chương trình, chỉ tiêu, kỳ hay đơn vị của một số liệu. Hãy xóa số"
                " liệu này rồi nhập số liệu mới.",
                "Programme, measure, period and unit of a figure cannot be changed. Delete it and"
                " enter another.",
            )
        origin = Origin(known.source, entry.actor.username, known.batch, known.is_demo)
        load_figures(connection, rows, origin)


def delete_figure(engine: Engine, entry: FigureEntry, version: int, reason: str) -> None:
    """Mark a figure as deleted; its versions stay. The values of `entry` say nothing here.

    Raises:
        InputError: the reason seems to name somebody.
        NotFoundError: there is no such figure.
        ConflictError: it was changed since `version`.
        AccessError: it is not of a unit of the actor.
    """
    with acting(engine, entry.actor.account_id) as connection:
        _own_version(connection, entry, version)
        if not entry.personal_data_checked:
            refuse_personal_data({"reason": reason})
        soft_delete(connection, TYPE, entry.id, reason, entry.actor.username)


def _own_version(connection: Connection, entry: FigureEntry, version: int) -> KnownRecord:
    known = known_version(connection, TYPE, entry.id, version)
    place = place_of(connection, entry.id)
    if place is not None:
        _require_own(connection, entry.actor, place)
    return known


def _checked(connection: Connection, entry: FigureEntry) -> pyarrow.Table:
    """One row by the rules of files."""
    values = {name: entry.values.get(name) for name in fields_of(TYPE) if "." not in name}
    result = check_entry(values, TYPE, names=unit_names(connection), today=today())
    if result.rejected or result.rows is None:
        problems = [problem for row in result.rejected for problem in row.problems]
        raise InputError(
            "record.invalid",
            "; ".join(f"{problem['column']}: {problem['vi']}" for problem in problems),
            "; ".join(f"{problem['column']}: {problem['en']}" for problem in problems),
            errors=problems,
        )
    if not entry.personal_data_checked:
        texts = free_texts(entry.values, fields_of(TYPE))
        refuse_personal_data(texts | {"reason": entry.reason})
    _require_publisher(entry.actor, result.rows)
    rows = with_content_hash(result.rows).append_column("id", [[str(entry.id)]])
    return rows.append_column("updated_reason", pyarrow.array([entry.reason], pyarrow.string()))


def _require_publisher(actor: Actor, rows: pyarrow.Table) -> None:
    """What is marked as published is shown to everybody, however small: leaders say so."""
    if rows["published"][0].as_py() and actor.role != "leader":
        raise AccessError(
            "figure.publish_role",
            "Chỉ lãnh đạo được đánh dấu số liệu là đã công bố, hoặc sửa số liệu đã công bố. Hãy"
            " báo lãnh đạo, hoặc gửi với published: false.",
            "Leaders alone mark a figure as published, or change one that is. Tell your leader, or"
            " send it with published: false.",
        )


def _text(rows: pyarrow.Table, name: str) -> str:
    return str(rows[name][0])


def _require_own(connection: Connection, actor: Actor, place: Place) -> None:
    own = responsible_places(connection, actor.jurisdictions)
    if own is not None and place not in own:
        raise AccessError(
            "access.other_units",
            "Số liệu này của tỉnh hoặc cấp không được giao cho tài khoản của bạn. Hãy báo đơn vị"
            " phụ trách.",
            "This figure is of a province or level that your account is not responsible for. Tell"
            " the unit that is.",
        )


def _refuse_other(known: KnownRecord, rows: pyarrow.Table) -> None:
    is_same = (
        known.external_id == _text(rows, "external_id")
        and known.content_hash == _text(rows, "content_hash")
        and not known.deleted
    )
    if not is_same:
        raise ConflictError(
            "figure.exists",
            f"Đã có số liệu này với nội dung khác (phiên bản {known.version}). Hãy tải lại rồi sửa"
            " số liệu đó.",
            f"The figure is there with other content (version {known.version}). Load it again and"
            " edit that one.",
            id=str(known.id),
            current_version=known.version,
        )
