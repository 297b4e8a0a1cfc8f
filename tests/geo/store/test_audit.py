"""The chain of what was written: whatever is done to it past the system shows, and where."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from geo.store.audit import Anchor, head, newest, verify
from geo.store.database import create_engine, transaction
from geo.store.reading import soft_delete
from geo.store.records import Origin, load_records
from tests.geo.store.test_records import incident, table

UNGUARD = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def chain(toy_engine: Engine) -> Engine:
    """An engine on a chain of at least twelve links."""
    with transaction(toy_engine) as connection:
        connection.execute(text("TRUNCATE incident, incident_cell"))
    for number in range(12):
        write(toy_engine, incident(number, kind="tip"))
    return toy_engine


@pytest.fixture
def chain_of_superuser(chain: Engine, cluster_url: str) -> Iterator[Engine]:
    """The same chain in the hands of somebody whom no trigger stops."""
    engine = create_engine(
        make_url(cluster_url).set(database=chain.url.database).render_as_string(hide_password=False)
    )
    yield engine
    engine.dispose()


def write(engine: Engine, *rows: dict[str, Any], actor: str = "lan") -> None:
    with transaction(engine) as connection:
        load_records(connection, "incident", table(list(rows)), Origin("test", actor))


def flaws(connection: Connection, *anchors: Anchor) -> list[int | None]:
    return [flaw.sequence for flaw in verify(connection, anchors).flaws]


def test_every_write_is_in_the_chain_with_who_and_what(chain: Engine) -> None:
    write(chain, incident(3, kind="rescue"), actor="minh")
    with transaction(chain) as connection:
        identifier = connection.scalar(text("SELECT id FROM incident WHERE external_id = 'A-3'"))
        soft_delete(connection, "incident", identifier, "trùng", "hoa")
    with transaction(chain) as connection:
        deleted, changed = newest(connection, 2)
        assert verify(connection).flaws == ()
    assert (changed["actor"], changed["action"], changed["object"]) == (
        "minh",
        "UPDATE",
        "incident",
    )
    assert (changed["before"]["kind"], changed["after"]["kind"]) == ("tip", "rescue")
    assert (deleted["actor"], deleted["after"]["deleted_reason"]) == ("hoa", "trùng")


def test_a_write_that_is_undone_leaves_nothing(chain: Engine) -> None:
    with transaction(chain) as connection:
        before = head(connection)
    with chain.connect() as connection:
        load_records(connection, "incident", table([incident(99)]), Origin("test"))
        connection.rollback()
    with transaction(chain) as connection:
        assert head(connection) == before
        assert verify(connection).flaws == ()


def test_many_rows_are_one_entry_with_their_digest(
    chain: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.store.records.FILL_FROM", 100)
    rows = [incident(number) for number in range(1_000, 1_150)]
    for origin in (Origin("bulk", "lan"), Origin("test", "lan")):  # filled, and merged
        with transaction(chain) as connection:
            load_records(connection, "incident", table(rows), origin)
        with transaction(chain) as connection:
            (entry,) = newest(connection, 1)
        assert (entry["rows"], entry["actor"], len(entry["sha256"])) == (150, "lan", 64)


def test_writers_at_the_same_time_make_one_chain(chain: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: write(chain, incident(number)), range(200, 224)))
    with transaction(chain) as connection:
        assert verify(connection).flaws == ()


@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize(
    ("name", "change"), [("audit_entry", "content = ''"), ("audit_link", "hash = hash")]
)
def test_the_owner_cannot_alter_it(chain: Engine, statement: str, name: str, change: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), chain.begin() as connection:
        connection.execute(text(statement.format(name, change)))


def tamper(connection: Connection, action: str, at: int, other: int) -> int | None:
    """What a superuser could do; returns the sequence at which it must show."""
    entry = "(SELECT entry_id FROM audit_link WHERE sequence = :at)"
    values = {"at": at, "other": other}
    match action:
        case "change":
            statement = f"UPDATE audit_entry SET content = content || ' ' WHERE id = {entry}"
        case "delete link":
            statement = "DELETE FROM audit_link WHERE sequence = :at"
        case "delete entry":
            statement = f"DELETE FROM audit_entry WHERE id = {entry}"
        case "insert":
            statement = "INSERT INTO audit_entry (content) VALUES ('{}')"
        case "swap":
            statement = (
                "UPDATE audit_entry AS one SET content = two.content FROM audit_entry AS two,"
                " audit_link AS a, audit_link AS b WHERE a.sequence IN (:at, :other)"
                " AND b.sequence IN (:at, :other) AND a.sequence <> b.sequence"
                " AND one.id = a.entry_id AND two.id = b.entry_id"
            )
        case _:
            raise AssertionError(action)
    connection.execute(text(statement), values)
    return {"insert": None, "swap": min(at, other)}.get(action, at)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    action=st.sampled_from(["change", "delete link", "delete entry", "insert", "swap"]),
    places=st.lists(st.integers(1, 12), min_size=2, max_size=2, unique=True),
)
def test_what_a_superuser_does_shows_where(
    chain_of_superuser: Engine, action: str, places: list[int]
) -> None:
    with chain_of_superuser.connect() as connection:
        connection.execute(text(UNGUARD))
        shown = tamper(connection, action, *places)
        assert shown in flaws(connection)
        connection.rollback()
        assert flaws(connection) == []


def test_an_anchor_shows_what_was_cut_off_or_made_anew(chain_of_superuser: Engine) -> None:
    with chain_of_superuser.connect() as connection:
        anchor = head(connection)
        assert anchor is not None
        assert flaws(connection, anchor) == []
        connection.execute(text(UNGUARD))
        connection.execute(
            text(
                "WITH cut AS (DELETE FROM audit_link WHERE sequence = :last RETURNING entry_id)"
                " DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM cut)"
            ),
            {"last": anchor.sequence},
        )
        assert flaws(connection) == []
        assert flaws(connection, anchor) == [anchor.sequence]
        connection.rollback()
        assert flaws(connection, Anchor(anchor.sequence, "00" * 32)) == [anchor.sequence]
