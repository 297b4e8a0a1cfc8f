"""Single records into the store, checked by the rules that hold for rows of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import pyarrow
from sqlalchemy import Connection, Engine

from geo.boundaries.names import UnitNames
from geo.dates import today
from geo.errors import ConflictError, InputError
from geo.importers.network_tables import NetworkTables
from geo.importers.tables import RejectedCells, check_entry
from geo.pipeline.model_links import link_models
from geo.pipeline.network_entries import Route, network_rows
from geo.pipeline.place_words import Looked, find_misfits
from geo.pipeline.records import outside_problem, unit_names
from geo.records.digests import with_content_hash
from geo.records.fields import RecordType, fields_of
from geo.records.personal_data import free_texts, personal_data_of
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.entries import KnownRecord, find_known, known_version, other_of_name
from geo.store.networks import load_networks
from geo.store.reading import soft_delete
from geo.store.records import Origin, load_records

SOURCE = "api"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as somebody entered it: text by the names of fields, null where nothing is known.

    A network has a route; no other record does. `is_named` says that the id came with the record.
    An actor sees and writes what the database lets him; without one, as from the machine's own
    commands, it is the role of the connection that counts.
    `personal_data_checked` says that somebody has read what looks like personal data in its texts
    and found none; `reason` why a record is changed or deleted.
    """

    record_type: RecordType
    id: UUID
    values: Mapping[str, str | None]
    actor: Actor | None = None
    route: Route | None = None
    is_named: bool = True
    personal_data_checked: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Which record an entry became, and whether it is new."""

    id: UUID
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Checked:
    """A record as the store takes it: one row, or the tables of a network."""

    rows: pyarrow.Table
    network: NetworkTables | None = None

    @property
    def external_id(self) -> str:
        return str(self.rows["external_id"][0])

    @property
    def content_hash(self) -> str:
        return str(self.rows["content_hash"][0])


def create_record(engine: Engine, entry: Entry) -> Entered:
    """Store a new record. What is stored just so already changes nothing.

    Raises:
        InputError: values are wrong; the context lists them as `errors`.
        ConflictError: another record has that id or external id, be it one that the actor may not
            see.
        AccessError: it lies outside the actor's units.
    """
    with acting(engine, _account(entry.actor)) as connection:
        known = find_known(connection, entry.record_type, entry.id)
        checked = _checked(connection, entry, entry.values.get("external_id"))
        if known is not None:
            _refuse_other(known, checked)
            return Entered(known.id, False)
        other = other_of_name(connection, entry.record_type, SOURCE, checked.external_id)
        if other is None:
            _store(connection, entry, checked, Origin(SOURCE, _name(entry.actor)))
            return Entered(entry.id, True)
        # Who makes no ids knows the record by its external id: sent again it is the same one.
        known = find_known(connection, entry.record_type, other)
        if not entry.is_named and known is not None and _is_same(known, checked):
            return Entered(other, False)
        raise ConflictError(
            "record.external_id_taken",
            f"Mã “{checked.external_id}” đã thuộc bản ghi {other}. Hãy sửa bản ghi đó hoặc đổi mã.",
            f"The external id “{checked.external_id}” belongs to record {other}. Edit that record,"
            " or take another id.",
            id=str(other),
        )


def change_record(engine: Engine, entry: Entry, version: int) -> None:
    """Put new values in place of all those of a record; the version before is kept.

    Sent again after its answer was lost, a change that is the newest version changes nothing.

    Raises:
        InputError: values are wrong; the context lists them as `errors`.
        NotFoundError: there is no such record, or it lies outside the actor's units.
        ConflictError: it was changed since `version`.
        AccessError: it would lie outside the actor's units.
    """
    # The external id stays that of the record: another one is not kept, so it is not read.
    entry = replace(entry, values={**entry.values, "external_id": None})
    with acting(engine, _account(entry.actor)) as connection:
        found = find_known(connection, entry.record_type, entry.id)
        if found is not None and _is_done(connection, entry, found, version):
            return
        known = known_version(connection, entry.record_type, entry.id, version)
        checked = _checked(connection, entry, known.external_id)
        origin = Origin(known.source, _name(entry.actor), known.batch, known.is_demo)
        _store(connection, entry, checked, origin)


def delete_record(engine: Engine, entry: Entry, version: int, reason: str) -> None:
    """Mark a record as deleted; its versions stay. The values of `entry` say nothing here.

    Raises:
        InputError: the reason seems to name somebody.
        NotFoundError: there is no such record, or it lies outside the actor's units.
        ConflictError: it was changed since `version`.
    """
    with acting(engine, _account(entry.actor)) as connection:
        known_version(connection, entry.record_type, entry.id, version)
        if not entry.personal_data_checked:
            refuse_personal_data({"reason": reason})
        soft_delete(connection, entry.record_type, entry.id, reason, _name(entry.actor))


def _is_done(connection: Connection, entry: Entry, found: KnownRecord, version: int) -> bool:
    """Whether the change of `version` was made before, by a request of the same content."""
    if found.deleted or found.version != version + 1:
        return False
    return _checked(connection, entry, found.external_id).content_hash == found.content_hash


def _account(actor: Actor | None) -> UUID | None:
    return actor.account_id if actor else None


def _name(actor: Actor | None) -> str | None:
    return actor.username if actor else None


def _checked(connection: Connection, entry: Entry, external_id: str | None) -> _Checked:
    """The record by the rules of files; its identity is the one given, else what they derive."""
    fields = fields_of(entry.record_type)
    places = [entry.values] if entry.route is None else entry.route.places
    names_unit = any(
        place.get(name) for place in places for name, one in fields.items() if one.kind == "unit"
    )
    names = unit_names(connection) if names_unit else UnitNames([])
    if entry.route is not None:
        values = {**entry.values, "external_id": external_id}
        network, rejected = network_rows(entry.id, values, entry.route, names, today())
        if network is None:
            raise _invalid(rejected)
        _refuse_personal_data(entry)
        network = replace(network, networks=_with_reason(network.networks, entry))
        return _Checked(network.networks, network)
    values = {name: entry.values.get(name) for name in fields if "." not in name}
    values["external_id"] = external_id or str(entry.id)
    result = check_entry(values, entry.record_type, names=names, today=today())
    link_models(connection, result, SOURCE)
    if result.rejected or result.rows is None:
        raise _invalid(result.rejected)
    _refuse_personal_data(entry)
    found_by = "place" if result.rows["lon"][0].as_py() is None else "coordinates"
    rows = with_content_hash(result.rows).append_column("id", [[str(entry.id)]])
    return _Checked(_with_reason(rows.append_column("found_by", [[found_by]]), entry))


def _with_reason(rows: pyarrow.Table, entry: Entry) -> pyarrow.Table:
    return rows.append_column("updated_reason", pyarrow.array([entry.reason], pyarrow.string()))


def _refuse_personal_data(entry: Entry) -> None:
    """Nobody is named in a record; where a text only looks so, a person has said so."""
    if entry.personal_data_checked:
        return
    fields = fields_of(entry.record_type)
    texts = free_texts(entry.values, fields) | {"reason": entry.reason}
    places = entry.route.places if entry.route else ()
    refuse_personal_data(texts, [free_texts(place, fields) for place in places])


def refuse_personal_data(
    texts: Mapping[str, str | None], places: Sequence[Mapping[str, str | None]] = ()
) -> None:
    """Refuse texts, by their names, in which something looks like personal data.

    Raises:
        InputError: the context lists the passages as `errors`, those of the places of a network
            with `place`, counted from 1.
    """
    problems = personal_data_of(texts)
    for number, place in enumerate(places, 1):
        problems += [one | {"place": number} for one in personal_data_of(place)]
    if problems:
        raise InputError(
            "record.personal_data",
            "; ".join(f"{one['column']}: {one['vi']}" for one in problems)
            + ". Hãy bỏ đi, hoặc xác nhận đã kiểm tra và đó không phải dữ liệu cá nhân.",
            "; ".join(f"{one['column']}: {one['en']}" for one in problems)
            + ". Take it out, or confirm that you checked it and it names nobody.",
            errors=problems,
        )


def _invalid(rejected: list[RejectedCells]) -> InputError:
    problems = [problem for row in rejected for problem in row.problems]
    return InputError(
        "record.invalid",
        "; ".join(f"{problem['column']}: {problem['vi']}" for problem in problems),
        "; ".join(f"{problem['column']}: {problem['en']}" for problem in problems),
        errors=problems,
    )


def _is_same(known: KnownRecord, checked: _Checked) -> bool:
    return (known.source, known.external_id, known.content_hash, known.deleted) == (
        SOURCE,
        checked.external_id,
        checked.content_hash,
        False,
    )


def _refuse_other(known: KnownRecord, checked: _Checked) -> None:
    if not _is_same(known, checked):
        raise ConflictError(
            "record.id_taken",
            f"Đã có bản ghi {known.id} với nội dung khác (phiên bản {known.version}), hoặc đã bị"
            " xóa. Hãy sửa bản ghi đó hoặc dùng mã khác.",
            f"There is a record {known.id} of other content (version {known.version}), or it was"
            " deleted. Edit that record, or use another id.",
            current_version=known.version,
        )


def _store(connection: Connection, entry: Entry, checked: _Checked, origin: Origin) -> None:
    if checked.network is not None:
        made = checked.network
        outcome = load_networks(connection, made.networks, made.nodes, made.legs, origin)
    else:
        outcome = load_records(connection, entry.record_type, checked.rows, origin)
    if outcome.outside:
        problem = outside_problem(outcome.outside[0])
        if checked.network is not None:
            problem["place"] = outcome.outside[0].row_number
        raise InputError("record.outside", problem["vi"], problem["en"], errors=[problem])
    find_misfits(connection, Looked(record=entry.id))
