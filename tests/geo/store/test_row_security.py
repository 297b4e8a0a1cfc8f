"""Row-level security: who reads and writes what, and that a fault in a policy would be seen."""

import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from sqlalchemy import Engine

from tests.geo.store.row_matrix import (
    APPLICATION,
    BOTH,
    PEOPLE,
    faults,
    fill,
    readings,
    superuser,
    writings,
)

SEED, MUTANTS = 20261127, 24
TABLES = (
    "incident",
    "outreach_event",
    "prevention_model",
    "support_measure",
    "network",
    "network_node",
    "network_leg",
    "record_history",
    "record_move",
    "place_check",
    "place_misfit",
    "hotspot_action",
    "hotspot_review",
    "import_batch",
    "job",
    "raster_figure",
    "raster_layer",
    "rejected_row",
    "token",
)
# Figures are for the server to tell or withhold, and a raster may be for everybody: these are read
# whoever asks.
FOR_ALL = ("FROM support_measure", "FROM raster_")
FUNCTION = "CREATE OR REPLACE FUNCTION {} LANGUAGE sql STABLE AS 'SELECT {}'"


@pytest.fixture(scope="module")
def filled(toy_engine: Engine, cluster_url: str) -> Iterator[Connection[Any]]:
    """A superuser's connection to a database with people and records in two provinces."""
    with superuser(toy_engine, cluster_url) as connection:
        fill(connection)
        connection.commit()
        yield connection


def test_each_role_reads_and_writes_what_is_its_own(filled: Connection[Any]) -> None:
    assert list(faults(filled)) == []
    filled.rollback()


def test_the_matrix_expects_something_of_everybody() -> None:
    """A matrix in which nobody sees or may do anything would pass over an empty database."""
    for person in PEOPLE:
        asked = dict(readings(person))
        seen = [
            expected
            for question, expected in asked.items()
            if not any(part in question for part in FOR_ALL)
        ]
        done = [allowed for _, allowed in writings(person)]
        assert any(seen) == (bool(person.sees) or person.name == "nobody"), person
        may_write = person.active and person.role in {"officer", "planner", "leader"}
        assert any(done) == may_write, person
        assert not all(done)
        if person.sees == BOTH:
            assert len(asked["SELECT id FROM outreach_event"]) == 2


def mutants(connection: Connection[Any]) -> list[str]:
    """Ways to get a policy, a function or a grant wrong."""
    policies = connection.execute(
        "SELECT tablename, policyname, cmd FROM pg_policies WHERE policyname <> 'keeper'"
    ).fetchall()
    own = f"current_user = '{APPLICATION}'"
    changed = [
        f"ALTER POLICY {name} ON {table}"
        + (f" WITH CHECK ({own})" if verb == "INSERT" else f" USING ({own})")
        for table, name, verb in policies
        if (table, name) != ("support_measure", "reader")  # which says nothing else
    ]
    dropped = [f"DROP POLICY {name} ON {table}" for table, name, _ in policies]
    loosened = [
        statement.format(table)
        for table in TABLES
        for statement in (
            "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
            "ALTER POLICY keeper ON {} TO PUBLIC USING (true)",
        )
    ]
    return [
        *changed,
        *dropped,
        *loosened,
        FUNCTION.format("actor_sees_all() RETURNS boolean", "true"),
        FUNCTION.format("actor_sees_all() RETURNS boolean", "false"),
        FUNCTION.format("actor_role() RETURNS text", "''leader''"),
        FUNCTION.format(
            "actor_role() RETURNS text", "role FROM public.account WHERE id = public.actor_id()"
        ),
        FUNCTION.format("actor_unit_sets() RETURNS SETOF integer", "id FROM public.unit_set"),
        FUNCTION.format(
            "actor_units() RETURNS TABLE (edition text, level text, code text)",
            "edition, level, code FROM public.unit",
        ),
        FUNCTION.format("networks_here() RETURNS SETOF uuid", "id FROM public.network"),
        FUNCTION.format("network_has_places(network uuid) RETURNS boolean", "false"),
        FUNCTION.format(
            "incident_narrative(identifier uuid) RETURNS text",
            "narrative FROM public.incident WHERE id = identifier",
        ).replace("STABLE", "STABLE SECURITY DEFINER"),
        "DROP TRIGGER network_node_stays ON network_node",
        f"GRANT SELECT ON incident, audit_entry TO {APPLICATION}",
        f"GRANT UPDATE ON account, incident_cell TO {APPLICATION}",
        f"GRANT INSERT ON jurisdiction TO {APPLICATION}",
        f"GRANT EXECUTE ON FUNCTION audit_write(text, text, text, jsonb) TO {APPLICATION}",
        f"ALTER ROLE {APPLICATION} BYPASSRLS",
    ]


def test_faults_in_policies_are_seen(filled: Connection[Any]) -> None:
    chosen = random.Random(SEED).sample(mutants(filled), MUTANTS)
    missed = []
    for mutant in chosen:
        filled.execute(mutant)
        try:
            seen = next(faults(filled), None)
        except psycopg.Error as error:
            seen = str(error)
        if seen is None:
            missed.append(mutant)
        filled.rollback()
    assert missed == []
