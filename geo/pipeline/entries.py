"""Single records into the store, checked by the rules that hold for rows of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyarrow
from sqlalchemy import Connection, Engine

from geo.boundaries.names import UnitNames
from geo.errors import ConflictError, InputError
from geo.importers.cells import COUNTRY_TIME
from geo.importers.tables import RejectedCells, check_entry
from geo.pipeline.records import outside_problem, unit_names
from geo.records.fields import RecordType, fields_of
from geo.store.actors import Actor, require_own_units
from geo.store.database import transaction
from geo.store.entries import KnownRecord, find_known, known_version, other_of_name
from geo.store.reading import soft_delete
from geo.store.records import Origin, load_records

SOURCE = "api"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as somebody entered it: text by the names of fields, null where nothing is known.

    An actor writes in his own units only; without one, as from the machine's own commands, no unit
    is refused.
    """

    record_type: RecordType
    id: UUID
    values: Mapping[str, str | None]
    actor: Actor | None = None


def create_record(engine: Engine, entry: Entry) -> bool:
    """Store a new record; whether it was new. What is stored just so already changes nothing.

    Raises:
        InputError: values are wrong; the context lists them as `errors`.
        ConflictError: another record has that id or external id.
        AccessError: it lies outside the actor's units.
    """
    with transaction(engine) as connection:
        known = find_known(connection, entry.record_type, entry.id)
        external_id = entry.values.get("external_id") or str(entry.id)
        rows = _checked(connection, entry, external_id)
        if known is not None:
            _refuse_other(known, rows)
            return False
        if other := other_of_name(connection, entry.record_type, SOURCE, external_id):
            raise ConflictError(
                "record.external_id_taken",
                f"Mã “{external_id}” đã thuộc bản ghi {other}. Hãy sửa bản ghi đó hoặc đổi mã.",
                f"The external id “{external_id}” belongs to record {other}. Edit that record, or"
                " take another id.",
                id=str(other),
            )
        _store(connection, entry, rows, Origin(SOURCE, _name(entry.actor)))
        return True


def change_record(engine: Engine, entry: Entry, version: int) -> None:
    """Put new values in place of all those of a record; the version before is kept.

    Raises:
        InputError: values are wrong; the context lists them as `errors`.
        NotFoundError: there is no such record.
        ConflictError: it was changed since `version`.
        AccessError: it lies, or would lie, outside the actor's units.
    """
    with transaction(engine) as connection:
        known = known_version(connection, entry.record_type, entry.id, version)
        _require_own(connection, entry)
        rows = _checked(connection, entry, known.external_id)
        origin = Origin(known.source, _name(entry.actor), known.batch, known.is_demo)
        _store(connection, entry, rows, origin)


def delete_record(engine: Engine, entry: Entry, version: int, reason: str) -> None:
    """Mark a record as deleted; its versions stay. The values of `entry` say nothing here.

    Raises:
        NotFoundError: there is no such record.
        ConflictError: it was changed since `version`.
        AccessError: it lies outside the actor's units.
    """
    with transaction(engine) as connection:
        known_version(connection, entry.record_type, entry.id, version)
        _require_own(connection, entry)
        soft_delete(connection, entry.record_type, entry.id, reason, _name(entry.actor))


def _name(actor: Actor | None) -> str | None:
    return actor.username if actor else None


def _require_own(connection: Connection, entry: Entry) -> None:
    if entry.actor is not None:
        require_own_units(connection, entry.actor, entry.record_type, entry.id)


def _checked(connection: Connection, entry: Entry, external_id: str) -> pyarrow.Table:
    fields = fields_of(entry.record_type)
    values = {name: entry.values.get(name) for name in fields if "." not in name}
    names_unit = any(values[name] for name, one in fields.items() if one.kind == "unit")
    result = check_entry(
        values | {"external_id": external_id},
        entry.record_type,
        names=unit_names(connection) if names_unit else UnitNames([]),
        today=datetime.now(COUNTRY_TIME).date(),
    )
    if result.rejected or result.rows is None:
        raise _invalid(result.rejected)
    found_by = "place" if result.rows["lon"][0].as_py() is None else "coordinates"
    return result.rows.append_column("id", [[str(entry.id)]]).append_column(
        "found_by", [[found_by]]
    )


def _invalid(rejected: list[RejectedCells]) -> InputError:
    problems = [problem for row in rejected for problem in row.problems]
    return InputError(
        "record.invalid",
        "; ".join(f"{problem['column']}: {problem['vi']}" for problem in problems),
        "; ".join(f"{problem['column']}: {problem['en']}" for problem in problems),
        errors=problems,
    )


def _refuse_other(known: KnownRecord, rows: pyarrow.Table) -> None:
    same = (known.source, known.external_id, known.content_hash, known.deleted) == (
        SOURCE,
        rows["external_id"][0].as_py(),
        rows["content_hash"][0].as_py(),
        False,
    )
    if not same:
        raise ConflictError(
            "record.id_taken",
            f"Đã có bản ghi {known.id} với nội dung khác (phiên bản {known.version}), hoặc đã bị"
            " xóa. Hãy sửa bản ghi đó hoặc dùng mã khác.",
            f"There is a record {known.id} of other content (version {known.version}), or it was"
            " deleted. Edit that record, or use another id.",
            current_version=known.version,
        )


def _store(connection: Connection, entry: Entry, rows: pyarrow.Table, origin: Origin) -> None:
    outcome = load_records(connection, entry.record_type, rows, origin)
    if outcome.outside:
        problem = outside_problem(outcome.outside[0])
        raise InputError("record.outside", problem["vi"], problem["en"], errors=[problem])
    _require_own(connection, entry)
