"""Loading records: what comes in, what changes nothing, what is left out, and what follows."""

import json
from typing import Any

import pyarrow
import pytest
from sqlalchemy import Engine, text

from geo.errors import ConflictError, InputError
from geo.store.database import transaction
from geo.store.networks import load_networks
from geo.store.records import LoadOutcome, Origin, load_records
from tests.geo.store.conftest import load_toy_country

ORIGIN = Origin("test")
NOON = "2025-08-15T12:00:00+07:00"


@pytest.fixture(autouse=True)
def empty(toy_engine: Engine) -> None:
    """Each test starts without records."""
    with transaction(toy_engine) as connection:
        connection.execute(
            text(
                "TRUNCATE incident, outreach_event, network, network_node, network_leg,"
                " incident_cell, record_history CASCADE"
            )
        )


def incident(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "row_number": number,
        "external_id": f"A-{number}",
        "lon": 107.05,
        "lat": 16.05,
        "kind": "rescue",
        "occurred_from": NOON,
        "occurred_to": NOON,
        "victims": 2,
        "channels": ["zalo", "facebook"],
        "precision": "exact",
        "stated_edition": None,
        "stated_level": None,
        "stated_code": None,
    } | changes
    return row | {"content_hash": repr(sorted(row.items(), key=str))}


def table(rows: list[dict[str, Any]]) -> pyarrow.Table:
    texts = ("stated_edition", "stated_level", "stated_code", "narrative")
    schema = pyarrow.Table.from_pylist(rows).schema
    for name in texts:
        if name in schema.names:
            schema = schema.set(schema.get_field_index(name), pyarrow.field(name, pyarrow.string()))
    return pyarrow.Table.from_pylist(rows, schema=schema)


def load(engine: Engine, *rows: dict[str, Any]) -> LoadOutcome:
    with transaction(engine) as connection:
        return load_records(connection, "incident", table(list(rows)), ORIGIN)


def ask(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with transaction(engine) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def cells(engine: Engine) -> list[tuple[Any, ...]]:
    return ask(
        engine,
        # One year has the months before August, and those from August on, alike.
        "SELECT commune_2025, kind, year * 12 + array_position(incidents, incidents[12]) - 1,"
        " incidents[12], victims[12] FROM incident_cell"
        " JOIN unit_set ON unit_set.id = unit_set_id"
        " WHERE incidents[12] <> 0 AND kind <> '' ORDER BY 1, 2, 3",
    )


def test_rows_go_in_with_units_arrays_and_text_as_written(toy_engine: Engine) -> None:
    awkward = 'a "b", {c}\\d;\nẤp Đồng <img src=x onerror=alert(1)>'
    outcome = load(toy_engine, incident(2, narrative=awkward, channels=["x,y", 'q"{}\\', ""]))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 0)
    assert ask(
        toy_engine,
        "SELECT narrative, channels, victims, commune_2025, district_2024, version, source"
        " FROM incident JOIN unit_set ON unit_set.id = unit_set_id",
    ) == [(awkward, ["x,y", 'q"{}\\', ""], 2, "00001", "001", 1, "test")]


def test_same_rows_again_change_nothing(toy_engine: Engine) -> None:
    load(toy_engine, incident(2), incident(3))
    before = ask(toy_engine, "SELECT * FROM incident ORDER BY id")
    outcome = load(toy_engine, incident(2), incident(3))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 2)
    assert ask(toy_engine, "SELECT * FROM incident ORDER BY id") == before
    assert ask(toy_engine, "SELECT count(*) FROM record_history") == [(0,)]


def test_changed_row_keeps_the_version_before_it(toy_engine: Engine) -> None:
    load(toy_engine, incident(2))
    outcome = load(toy_engine, incident(2, victims=5, lon=107.15))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 0)
    assert ask(toy_engine, "SELECT version, victims FROM incident") == [(2, 5)]
    assert ask(
        toy_engine, "SELECT record_type, version, content ->> 'victims' FROM record_history"
    ) == [("incident", 1, "2")]


def test_cells_follow_inserts_changes_and_deletions(toy_engine: Engine) -> None:
    august = 2025 * 12 + 7
    load(toy_engine, incident(2), incident(3, kind="tip"))
    assert cells(toy_engine) == [
        ("00001", "rescue", august, 1, 2),
        ("00001", "tip", august, 1, 2),
    ]
    load(toy_engine, incident(2, lon=107.15, victims=7))
    assert cells(toy_engine) == [
        ("00001", "tip", august, 1, 2),
        ("00002", "rescue", august, 1, 7),
    ]
    load(toy_engine, incident(3, kind="tip", status="duplicate"))
    with transaction(toy_engine) as connection:
        connection.execute(text("UPDATE incident SET deleted_at = now() WHERE kind = 'rescue'"))
    assert cells(toy_engine) == []


def test_month_is_that_of_vietnam_not_of_utc(toy_engine: Engine) -> None:
    # 18:00 UTC on 31 July is 01:00 on 1 August in Vietnam.
    moment = "2025-07-31T18:00:00+00:00"
    load(toy_engine, incident(2, occurred_from=moment, occurred_to=moment))
    assert [row[2] for row in cells(toy_engine)] == [2025 * 12 + 7]


def test_rows_outside_are_returned_and_the_rest_goes_in(toy_engine: Engine) -> None:
    outcome = load(
        toy_engine,
        incident(2),
        incident(3, lon=106.99),  # 0.01 degrees of longitude at 16.05 N are 1,070 m
        incident(4, lon=16.05, lat=50.0),
    )
    assert outcome.added == 1
    near, far = outcome.outside
    assert near.row_number == 3
    assert near.distance_m == pytest.approx(1070, abs=1)
    assert near.nearest == "Đơn vị 00001"
    assert far.distance_m is None


def test_constraint_of_the_database_becomes_a_domain_error(toy_engine: Engine) -> None:
    with pytest.raises(InputError) as caught:
        load(toy_engine, incident(2, victims=-1))
    assert caught.value.code == "store.constraint"
    assert ask(toy_engine, "SELECT count(*) FROM incident") == [(0,)]


# Many rows as well: to its key others refer, so that it cannot be taken away to be made anew.
@pytest.mark.parametrize("fill_from", [50_000, 1])
def test_outreach_goes_the_same_way(
    toy_engine: Engine, monkeypatch: pytest.MonkeyPatch, fill_from: int
) -> None:
    monkeypatch.setattr("geo.store.records.FILL_FROM", fill_from)
    row = incident(2)
    for name in ("victims", "channels"):
        del row[name]
    row |= {"kind": "market", "audiences": ["women"], "attendance": 40}
    with transaction(toy_engine) as connection:
        outcome = load_records(connection, "outreach_event", table([row]), ORIGIN)
    assert outcome.added == 1
    assert ask(toy_engine, "SELECT attendance, audiences FROM outreach_event") == [(40, ["women"])]


def network_tables(case: str, **last: Any) -> tuple[pyarrow.Table, pyarrow.Table, pyarrow.Table]:
    place = {"stated_edition": None, "stated_level": None, "stated_code": None}
    nodes = [
        {"sequence": 1, "role": "recruit", "country": "VN", "lon": 107.35, "lat": 16.05},
        {"sequence": 2, "role": "exit", "country": "VN", "lon": 107.05, "lat": 16.05},
        {"sequence": 3, "role": "dest", "country": "LA", "lon": 106.0, "lat": 16.5} | last,
    ]
    rows = [
        {"row_number": n + 2, "network_external_id": case, "precision": "exact"} | place | node
        for n, node in enumerate(nodes)
    ]
    networks = pyarrow.table(
        {
            "external_id": [case],
            "content_hash": [repr(rows)],
            "case_code": [case],
            "scope": ["trans"],
        }
    )
    legs = pyarrow.table(
        {
            "network_external_id": [case] * 2,
            "from_sequence": [1, 2],
            "to_sequence": [2, 3],
            "crossing": ["trail", None],
        }
    )
    return networks, table(rows), legs


def put(engine: Engine, tables: tuple[pyarrow.Table, pyarrow.Table, pyarrow.Table]) -> LoadOutcome:
    with transaction(engine) as connection:
        return load_networks(connection, *tables, ORIGIN)


NODES = (
    "SELECT sequence, role, country, commune_2025 FROM network_node"
    " JOIN unit_set ON unit_set.id = unit_set_id ORDER BY 1"
)


def test_network_comes_with_places_abroad_and_legs(toy_engine: Engine) -> None:
    assert put(toy_engine, network_tables("N-1")).added == 1
    assert ask(toy_engine, NODES) == [
        (1, "recruit", "VN", "00004"),
        (2, "exit", "VN", "00001"),
        (3, "dest", "LA", None),
    ]
    assert ask(toy_engine, "SELECT from_sequence, to_sequence, crossing FROM network_leg") == [
        (1, 2, "trail"),
        (2, 3, None),
    ]


def test_network_again_changes_nothing_and_a_new_version_replaces_its_places(
    toy_engine: Engine,
) -> None:
    put(toy_engine, network_tables("N-1"))
    assert put(toy_engine, network_tables("N-1")).unchanged == 1
    assert put(toy_engine, network_tables("N-1", role="receive")).changed == 1
    assert [row[1] for row in ask(toy_engine, NODES)] == ["recruit", "exit", "receive"]
    assert ask(toy_engine, "SELECT count(*) FROM network_leg") == [(2,)]


def test_network_with_a_place_that_is_not_in_vietnam_stays_out_whole(toy_engine: Engine) -> None:
    outcome = put(toy_engine, network_tables("N-1", country="VN"))
    assert (outcome.added, [row.row_number for row in outcome.outside]) == (0, [4])
    assert ask(toy_engine, "SELECT count(*) FROM network_node") == [(0,)]


def test_filling_an_empty_table_stores_what_merging_stores(
    toy_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        incident(2, narrative='a "b"\n=1', channels=["x,y", 'q"{}\\', ""]),
        incident(3, kind="tip", lon=107.15, stated_edition="2025", stated_level="commune"),
        incident(4, lon=106.99),
        incident(5, lon=None, lat=None, channels=None),
        incident(6, lon=None, lat=None, stated_edition="2024", stated_level="district"),
    ]
    rows[1]["stated_code"] = "00001"  # the point says 00002
    rows[4]["stated_code"] = "001"
    stored, outcomes = [], []
    guards = (
        "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
        " WHERE tgrelid = 'incident'::regclass AND NOT tgisinternal ORDER BY tgname"
    )
    guards_before = ask(toy_engine, guards)
    own = "incident.*, unit_set.*, ST_AsEWKT(point) AS place"
    for fill_from in (50_000, 1):
        monkeypatch.setattr("geo.store.records.FILL_FROM", fill_from)
        monkeypatch.setattr("geo.store.records.SLICE", 2)
        monkeypatch.setattr("geo.store.records.ASKED", 2)
        with transaction(toy_engine) as connection:
            connection.execute(text("TRUNCATE incident, incident_cell"))
        outcomes.append(load(toy_engine, *rows))
        with transaction(toy_engine) as connection:
            found = connection.execute(
                text(
                    f"SELECT to_jsonb(record) - '{{id,created_at,updated_at}}'::text[] FROM"
                    f" (SELECT {own} FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
                    " ORDER BY external_id) AS record"
                )
            )
            stored.append([*found.scalars(), cells(toy_engine)])
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].added == 4
    assert stored[0] == stored[1]
    assert ask(toy_engine, "SELECT count(*) FROM pg_indexes WHERE tablename = 'incident'") == [(8,)]
    assert ask(toy_engine, guards) == guards_before
    assert load(toy_engine, *rows).unchanged == 4


@pytest.mark.parametrize("present", [0, 1])
def test_filling_is_audited_as_one_insertion_and_takes_nothing_away(
    toy_engine: Engine, monkeypatch: pytest.MonkeyPatch, present: int
) -> None:
    for number in range(present):
        with transaction(toy_engine) as connection:
            load_records(connection, "incident", table([incident(number)]), Origin("elsewhere"))
    monkeypatch.setattr("geo.store.records.FILL_FROM", 1)
    entries = 'SELECT content FROM audit_entry WHERE content LIKE \'%"object": "incident"%\''
    before = ask(toy_engine, entries)
    assert load(toy_engine, *map(incident, range(2, 5))).added == 3
    told = [
        json.loads(content) for (content,) in ask(toy_engine, entries) if (content,) not in before
    ]
    assert [(one["action"], one["rows"]) for one in told] == [("INSERT", 3)]
    assert ask(toy_engine, "SELECT count(*) FROM incident") == [(present + 3,)]


def test_boundaries_stay_while_records_are_given_their_units(toy_engine: Engine) -> None:
    def swap() -> None:
        with transaction(toy_engine) as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            load_toy_country(other)

    with transaction(toy_engine) as connection:
        load_records(connection, "incident", table([incident(1)]), Origin("test"))
        with pytest.raises(ConflictError):
            swap()
    swap()
