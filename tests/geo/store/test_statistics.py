"""Counts against a full scan of the records, after whatever was done to them."""

import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.store.boundaries import unit_codes
from geo.store.database import transaction
from geo.store.locations import UNIT_SET
from geo.store.reading import soft_delete
from geo.store.records import Origin, load_records
from geo.store.statistics import Selection, monthly_counts, unit_counts
from geo.store.unit_sets import UnitIndex

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2025, 6, 28, tzinfo=UTC)
LEVELS = [("2025", "commune"), ("2025", "province"), ("2024", "district"), ("2024", "province")]
KINDS = ["tip", "rescue", "missing"]
SCHEMA = pyarrow.schema(
    [
        ("row_number", pyarrow.int32()),
        ("external_id", pyarrow.string()),
        ("content_hash", pyarrow.string()),
        ("lon", pyarrow.float64()),
        ("lat", pyarrow.float64()),
        ("kind", pyarrow.string()),
        ("status", pyarrow.string()),
        ("occurred_from", pyarrow.string()),
        ("occurred_to", pyarrow.string()),
        ("victims", pyarrow.int32()),
        ("precision", pyarrow.string()),
        ("stated_edition", pyarrow.string()),
        ("stated_level", pyarrow.string()),
        ("stated_code", pyarrow.string()),
    ]
)
# A new source with more rows than the table has is written and counted at once.
SOURCES = ["police", "border guard"]
NOWHERE = (None, None, None, None, None)
PLACES = [
    *((107.05 + 0.1 * column, 16.05, None, None, None) for column in range(4)),
    (None, None, "2025", "province", "01"),  # in no commune and no district
    (None, None, "2024", "commune", "10003"),  # was split: in no commune of 2025
    NOWHERE,
]


# Hours around the ends of months, and the first and last moment of a month in Vietnam (UTC+7).
moments = st.one_of(
    st.integers(0, 24 * 100).map(lambda hour: START + timedelta(hours=hour)),
    st.sampled_from(
        [datetime(2025, month, 1, tzinfo=VIETNAM) for month in (7, 8, 9)]
        + [datetime(2025, month, 1, tzinfo=VIETNAM) - timedelta(seconds=1) for month in (7, 8, 9)]
    ),
)
entries = st.fixed_dictionaries(
    {
        "number": st.integers(1, 12),
        "place": st.sampled_from(PLACES),
        "kind": st.sampled_from(KINDS),
        "status": st.sampled_from(["received", "identified", "duplicate", "not_victim"]),
        "moment": moments,
        "victims": st.integers(0, 5),
    }
)
operations = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(SOURCES), st.lists(entries, min_size=1, max_size=8)),
        st.tuples(st.just("withdraw"), st.integers(1, 12)),
        st.tuples(st.just("erase"), st.integers(1, 12)),
    ),
    min_size=1,
    max_size=6,
)
days = st.dates(date(2025, 6, 20), date(2025, 10, 20))


@pytest.fixture(autouse=True)
def small_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.store.records.FILL_FROM", 1)
    monkeypatch.setattr("geo.store.records.SLICE", 3)


def table(loaded: list[dict[str, Any]]) -> pyarrow.Table:
    """The last entry of each number; a file names a record once."""
    rows = []
    for number, entry in {entry["number"]: entry for entry in loaded}.items():
        moment = entry["moment"].isoformat()
        values = (entry["kind"], entry["status"], moment, moment, entry["victims"], "exact")
        lon, lat, *stated = entry["place"]
        row = (number, f"S-{number}", repr(entry), lon, lat, *values, *stated)
        rows.append(dict(zip(SCHEMA.names, row, strict=True)))
    return pyarrow.Table.from_pylist(rows, schema=SCHEMA)


def perform(engine: Engine, steps: list[tuple[str, Any]]) -> None:
    """Start from nothing, then load, withdraw and erase as told, each in its own transaction."""
    with transaction(engine) as connection:
        connection.execute(text("TRUNCATE incident, incident_cell, record_history"))
    for action, argument in steps:
        with transaction(engine) as connection:
            if action in SOURCES:
                load_records(connection, "incident", table(argument), Origin(action))
                continue
            known = connection.scalar(
                text("SELECT id FROM incident WHERE external_id = :id AND deleted_at IS NULL"),
                {"id": f"S-{argument}"},
            )
            if known and action == "withdraw":
                soft_delete(connection, "incident", known, "nhập nhầm", None)
            elif known:
                connection.execute(text("DELETE FROM incident WHERE id = :id"), {"id": known})


def scan(engine: Engine) -> list[Any]:
    """Every incident that counts, with its units."""
    with transaction(engine) as connection:
        return list(
            connection.execute(
                text(
                    "SELECT unit_set.*, kind, occurred_from, victims FROM incident"
                    " JOIN unit_set ON unit_set.id = unit_set_id WHERE deleted_at IS NULL"
                    " AND status NOT IN ('duplicate', 'not_victim')"
                )
            ).mappings()
        )


LAW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@LAW
@given(steps=operations, ends=st.tuples(days, days), kinds=st.sets(st.sampled_from(KINDS)))
def test_counts_are_those_of_a_full_scan_and_nothing_is_lost(
    toy_engine: Engine, steps: list[Any], ends: tuple[date, date], kinds: set[str]
) -> None:
    perform(toy_engine, steps)
    first, last = sorted(ends)[0], sorted(ends)[1] + timedelta(days=1)
    counted = [
        row
        for row in scan(toy_engine)
        if first <= row["occurred_from"].astimezone(VIETNAM).date() < last
        and (not kinds or row["kind"] in kinds)
    ]
    for edition, level in LEVELS:
        wanted = Selection(edition, level, first, last, tuple(kinds))
        with transaction(toy_engine) as connection:
            incidents = unit_counts(connection, wanted, "incidents")
            victims = unit_counts(connection, wanted, "victims")
            codes = unit_codes(connection, edition, level)
        expected: Counter[str | None] = Counter(row[wanted.column] for row in counted)
        assert list(incidents.codes) == codes
        assert list(incidents.values) == [expected[code] for code in codes]
        assert incidents.total == len(counted)
        assert victims.total == sum(row["victims"] for row in counted)
        # Nothing is lost but what nobody knows any unit of.
        nowhere = [row for row in counted if all(row[column] is None for column in UNIT_SET)]
        assert incidents.unassigned == len(nowhere)
        assert victims.unassigned == sum(row["victims"] for row in nowhere)
        parts = math.fsum(incidents.apportioned.values())
        assert parts == pytest.approx(expected[None] - len(nowhere), abs=1e-9)
        assert set(incidents.apportioned) <= set(codes)


@LAW
@given(steps=operations)
def test_kept_counts_are_those_of_a_recount(toy_engine: Engine, steps: list[Any]) -> None:
    perform(toy_engine, steps)
    recount = (
        "SELECT unit_set_id, kind, month_number(occurred_from), count(*), sum(victims)"
        " FROM incident WHERE is_countable(status, deleted_at) GROUP BY 1, 2, 3"
    )
    kept = (
        "SELECT * FROM (SELECT unit_set_id, kind, year * 12 + month - 1,"
        " incidents[month] - coalesce(incidents[month - 1], 0) AS incidents,"
        " victims[month] - coalesce(victims[month - 1], 0) AS victims"
        " FROM incident_cell, generate_series(1, 12) AS month) AS months"
        " WHERE incidents <> 0 OR victims <> 0"
    )
    with transaction(toy_engine) as connection:
        counted = set(connection.execute(text(kept)))
        assert {row for row in counted if row.kind} == set(connection.execute(text(recount)))
        all_kinds = recount.replace("kind,", "'',")
        assert {row for row in counted if not row.kind} == set(connection.execute(text(all_kinds)))
        connection.execute(text("SELECT incident_cell_recount()"))
        assert set(connection.execute(text(kept))) == counted
        months = monthly_counts(connection, "2025", "commune", "00001")
    expected: Counter[tuple[int, str]] = Counter()
    for row in scan(toy_engine):
        if row["commune_2025"] == "00001":
            moment = row["occurred_from"].astimezone(VIETNAM)
            expected[moment.year * 12 + moment.month - 1, row["kind"]] += 1
    assert {
        (month.month, month.kind): month.incidents for month in months if month.incidents
    } == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # 2025-07-31 17:00 UTC is the first moment of August in Vietnam.
        (date(2025, 8, 1), date(2025, 8, 2), 1),
        (date(2025, 7, 31), date(2025, 8, 1), 0),
        (date(2025, 8, 1), date(2025, 9, 1), 1),
        (date(2025, 7, 1), date(2025, 8, 1), 0),
    ],
)
def test_days_begin_at_midnight_in_vietnam(
    toy_engine: Engine, first: date, last: date, expected: int
) -> None:
    entry = {
        "number": 1,
        "place": PLACES[0],
        "kind": "tip",
        "status": "received",
        "moment": datetime(2025, 7, 31, 17, tzinfo=UTC),
        "victims": 1,
    }
    perform(toy_engine, [(SOURCES[0], [entry])])
    with transaction(toy_engine) as connection:
        wanted = Selection("2025", "commune", first, last)
        assert unit_counts(connection, wanted, "incidents").values[0] == expected


def test_months_of_all_units_add_up_to_all_records_that_have_a_place(toy_engine: Engine) -> None:
    def entry(number: int, place: int) -> dict[str, Any]:
        one = {"number": number, "place": PLACES[place], "moment": START, "victims": 2}
        return one | {"kind": "tip", "status": "received"}

    perform(toy_engine, [(SOURCES[0], [entry(number, number) for number in range(7)])])
    with transaction(toy_engine) as connection:
        for edition, level in LEVELS:
            months = [
                month
                for code in unit_codes(connection, edition, level)
                for month in monthly_counts(connection, edition, level, code)
            ]
            # All but the one that lies nowhere.
            assert math.fsum(m.incidents + m.apportioned for m in months) == pytest.approx(6)
        communes = unit_counts(
            connection,
            Selection("2025", "commune", date(2025, 1, 1), date(2026, 1, 1)),
            "incidents",
        )
    # The province's record on its two communes, that of the parted old commune on those it went to.
    assert list(communes.values) == [1, 1, 1, 1]
    assert math.fsum(communes.apportioned.values()) == pytest.approx(2)
    assert communes.apportioned["00001"] + communes.apportioned["00002"] == pytest.approx(1)


def test_sets_that_came_after_an_index_was_read_are_counted(toy_engine: Engine) -> None:
    def entry(number: int) -> dict[str, Any]:
        one = {"number": number, "place": PLACES[number], "moment": START, "victims": 2}
        return one | {"kind": "tip", "status": "received"}

    perform(toy_engine, [])
    with transaction(toy_engine) as connection:
        connection.execute(text("DELETE FROM unit_set"))
    index = UnitIndex()
    wanted = Selection("2025", "commune", date(2025, 1, 1), date(2026, 1, 1))
    for number in range(7):
        perform(toy_engine, [(SOURCES[number % len(SOURCES)], [entry(number)])])
        with transaction(toy_engine) as connection:
            kept = unit_counts(connection, wanted, "incidents", index)
            assert kept == unit_counts(connection, wanted, "incidents")
            assert kept.total == 1
