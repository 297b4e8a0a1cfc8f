"""Who plans is shown incidents with victims at a point that tells no more than the commune."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection
from sqlalchemy import Engine

from tests.geo.store.conftest import NORTH, SOUTH, STEP, WEST
from tests.geo.store.row_matrix import APPLICATION, PEOPLE, fill, superuser

PLANNER = next(person for person in PEOPLE if person.name == "planner-2")
LEADER = next(person for person in PEOPLE if person.name == "leader-2")
# The commune of the second province in which the records of the matrix lie.
COMMUNE = "00004"
SHOWN = "SELECT ST_X(point), ST_Y(point), location_shown FROM shown_incident WHERE id = %s"
degrees = st.tuples(st.floats(WEST + 3 * STEP, WEST + 4 * STEP), st.floats(SOUTH, NORTH))


@pytest.fixture(scope="module")
def filled(toy_engine: Engine, cluster_url: str) -> Iterator[Connection[Any]]:
    """A superuser's connection to a database with people in two provinces."""
    with superuser(toy_engine, cluster_url) as connection:
        fill(connection)
        connection.commit()
        yield connection


def enter(connection: Connection[Any], identifier: UUID, place: tuple[float, float]) -> None:
    """Write an incident with a victim at a point of the commune."""
    connection.execute(
        "INSERT INTO incident (id, kind, occurred_from, occurred_to, source, external_id,"
        " content_hash, precision, accuracy_m, place_text, point, unit_set_id, assignment,"
        " location_flags, victims) VALUES (%s, 'rescue', '2025-08-01', '2025-08-01', 'shown', %s,"
        " '', 'exact', 12, 'bản Búng', ST_Point(%s, %s, 4326), -2, 'nearest', '{near_edge}', 1)",
        [identifier, str(identifier), *place],
    )


def seen_by(connection: Connection[Any], account: UUID, identifier: UUID) -> tuple[Any, ...]:
    """Longitude, latitude and `location_shown`, as the server reads them for an account."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"SET LOCAL SESSION AUTHORIZATION {APPLICATION}")
        connection.execute("SELECT set_config('bienmap.actor', %s, true)", [str(account)])
        row = connection.execute(SHOWN, [identifier]).fetchone()
    assert row is not None
    return row


@settings(max_examples=100, deadline=None)
@given(identifier=st.uuids(), first=degrees, second=degrees)
def test_a_displaced_point_is_in_the_commune_and_the_same_wherever_the_true_one_is(
    filled: Connection[Any],
    identifier: UUID,
    first: tuple[float, float],
    second: tuple[float, float],
) -> None:
    with filled.transaction(force_rollback=True):
        enter(filled, identifier, first)
        shown = seen_by(filled, PLANNER.id, identifier)
        assert shown[2] == "displaced"
        inside = "SELECT ST_Covers(geom, ST_Point(%s, %s, 4326)) FROM unit WHERE code = %s"
        assert filled.execute(inside, [*shown[:2], COMMUNE]).fetchone() == (True,)
        assert seen_by(filled, LEADER.id, identifier) == (*first, "exact")
        for change in ("narrative = 'x', version = 2", "point = ST_Point(%s, %s, 4326)"):
            values = [*second, identifier] if "%s" in change else [identifier]
            filled.execute(f"UPDATE incident SET {change} WHERE id = %s", values)
            assert seen_by(filled, PLANNER.id, identifier) == shown


def test_what_would_narrow_a_displaced_point_down_is_not_told(filled: Connection[Any]) -> None:
    identifier = UUID(int=77)
    with filled.transaction(force_rollback=True):
        enter(filled, identifier, (WEST + 3.5 * STEP, SOUTH + 0.05))
        filled.execute(f"SET LOCAL SESSION AUTHORIZATION {APPLICATION}")
        filled.execute("SELECT set_config('bienmap.actor', %s, true)", [str(PLANNER.id)])
        told = filled.execute(
            "SELECT precision, accuracy_m, place_text, stated_code, assignment, location_flags,"
            " content_hash FROM shown_incident WHERE id = %s",
            [identifier],
        ).fetchone()
        assert told == ("commune", None, None, None, None, [], None)
        for hidden in ("incident", "placed_record"):
            key = "id" if hidden == "incident" else "record_id"
            count = f"SELECT count(*) FROM {hidden} WHERE {key} = %s"
            assert filled.execute(count, [identifier]).fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            filled.execute("SELECT points FROM displacement_spot")


def test_spots_differ_between_records_and_hang_on_the_secret(filled: Connection[Any]) -> None:
    identifiers = [UUID(int=1000 + number) for number in range(60)]
    with filled.transaction(force_rollback=True):
        for identifier in identifiers:
            enter(filled, identifier, (WEST + 3.5 * STEP, SOUTH + 0.05))
        before = [seen_by(filled, PLANNER.id, identifier) for identifier in identifiers]
        assert len(set(before)) > 15
        drawn = "SELECT points FROM displacement_spot WHERE code = %s"
        again = "SELECT ST_Multi(displacement_spots(code, geom, label_point)) FROM unit"
        where = " WHERE (edition, code) = ('2025', %s)"
        spots = filled.execute(drawn, [COMMUNE]).fetchone()
        assert filled.execute(again + where, [COMMUNE]).fetchone() == spots
        filled.execute("UPDATE disclosure_secret SET secret = sha256(secret)")
        assert filled.execute(again + where, [COMMUNE]).fetchone() != spots
        after = [seen_by(filled, PLANNER.id, identifier) for identifier in identifiers]
        assert sum(one == other for one, other in zip(before, after, strict=True)) < 15


def test_a_record_without_a_point_is_known_by_its_commune(filled: Connection[Any]) -> None:
    identifier = UUID(int=78)
    with filled.transaction(force_rollback=True):
        enter(filled, identifier, (WEST + 3.5 * STEP, SOUTH + 0.05))
        filled.execute("UPDATE incident SET point = NULL WHERE id = %s", [identifier])
        assert seen_by(filled, PLANNER.id, identifier) == (None, None, "commune")
