"""Every table, view and function of the database says who may read it; a new one without fails."""

from collections.abc import Iterator
from importlib.metadata import version

import pytest
from sqlalchemy import Connection, Engine, text

from tests.geo.store.row_matrix import APPLICATION
from tests.geo.store.test_row_security import TABLES

# Read by everybody who reaches the server: boundaries, counts, results, published
# figures, what the map may be drawn on.
PUBLIC = {
    "added_name",
    "basemap",
    "border_band",
    "border_cell",
    "border_gate",
    "border_line",
    "border_piece",
    "border_source",
    "boundary_edition",
    "boundary_layer",
    "country_outline",
    "crosswalk",
    "hotspot_cluster",
    "hotspot_result",
    "hotspot_run",
    "incident_cell",
    "place_name",
    "population",
    "unit",
    "unit_amendment",
    "unit_border",
    "unit_cell",
    "unit_set",
    "unit_set_share",
    "unit_shape",
}
# Asked before anybody acts, to find out who does: by the server alone, in no answer.
DOORS = {
    "account",
    "jurisdiction",
    "provider_link",
    "provider_request",
    "recovery_code",
    "second_factor",
    "second_factor_role",
    "session",
    "sign_in_attempt",
}
# Read by the server to answer from, and told to nobody.
SECRET = {"disclosure_secret"}
# Out of the server's reach.
CLOSED = {"audit_entry", "audit_link", "alembic_version", "displacement_spot"}
# The first two read public tables; the policies of the tables hold inside the others.
VIEWS = {"crosswalk_part", "unit_today", "placed_record", "shown_incident"}
# Functions that run with the owner's rights, each with the reason.
DEFINERS = {
    "audit_follow": "writes the audit, which the server cannot",
    "audit_follow_sign_in": "writes the audit, which the server cannot",
    "audit_link_follow": "writes the audit, which the server cannot",
    "audit_reading": "adds to the audit, in the actor's own name alone",
    "audit_write": "writes the audit; not for the server",
    "boundaries_hold": "locks a table, reads nothing",
    "counted_near_border": "counts by unit, for everybody",
    "incident_cell_follow": "keeps counts that the server cannot change",
    "incident_content": "reads a column that the server cannot, for officers and leaders there",
    "incidents_between": "counts by unit, for everybody",
    "job_cancel": "cancels in the queue, which the server cannot enter",
    "job_enter": "enters a job in the queue, which the server cannot enter",
    "network_content": "reads a column that the server cannot, for officers and leaders there",
    "network_has_places": "ends the circle of networks and places",
    "network_history_keep": "keeps versions that the server cannot change",
    "networks_here": "ends the circle of networks and places",
    "outreach_between": "counts by unit, for everybody",
    "outreach_held": "sums by unit, day and audience, for everybody",
    "record_history_keep": "keeps versions that the server cannot change",
    "store_overview": "first and last month and whether data are invented, for everybody",
    "unit_set_follow": "keeps shares that the server cannot change",
    "workers_heard_of": "counts workers, in the queue that the server cannot enter",
}
OURS = (
    " NOT EXISTS (SELECT FROM pg_depend WHERE pg_depend.objid = {0}.oid"
    " AND pg_depend.deptype = 'e') AND {0}.{1}namespace = 'public'::regnamespace"
)


@pytest.fixture
def catalogue(module_engine: Engine) -> Iterator[Connection]:
    """The catalogue of a migrated database."""
    with module_engine.connect() as connection:
        yield connection


def relations(connection: Connection, kinds: str) -> set[str]:
    """Names of tables or views of ours."""
    ours = OURS.format("pg_class", "rel")
    question = f"SELECT relname FROM pg_class WHERE relkind = ANY (:kinds) AND {ours}"
    return set(connection.scalars(text(question), {"kinds": list(kinds)}))


def test_every_table_is_public_or_has_forced_policies(catalogue: Connection) -> None:
    listed = [PUBLIC, DOORS, SECRET, CLOSED, set(TABLES)]
    assert relations(catalogue, "rp") == set.union(*listed)
    assert sum(map(len, listed)) == len(set.union(*listed))
    forced = catalogue.scalars(
        text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    )
    assert set(forced) == set(TABLES)
    policies: dict[str, set[str]] = {}
    for table, policy in catalogue.execute(text("SELECT tablename, policyname FROM pg_policies")):
        policies.setdefault(table, set()).add(policy)
    assert policies.keys() == set(TABLES)
    assert all({"keeper", "reader"} <= names for names in policies.values())


def test_every_view_is_known_and_none_is_stored(catalogue: Connection) -> None:
    assert relations(catalogue, "v") == VIEWS
    assert relations(catalogue, "mf") == set()


def test_functions_with_the_owners_rights_have_a_reason_and_a_fixed_path(
    catalogue: Connection,
) -> None:
    found = catalogue.execute(
        text(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND"
            + OURS.format("pg_proc", "pro")
        )
    ).all()
    assert {name for name, _ in found} == DEFINERS.keys()
    for name, settings in found:
        assert settings == ["search_path=public, pg_temp"], name


def test_the_server_owns_nothing_and_reaches_no_further(catalogue: Connection) -> None:
    role = catalogue.execute(
        text(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname = :role"
        ),
        {"role": APPLICATION},
    ).one()
    assert not any(role)
    owned = text("SELECT count(*) FROM pg_class WHERE relowner = CAST(:role AS regrole)")
    assert catalogue.scalar(owned, {"role": APPLICATION}) == 0
    member = text("SELECT count(*) FROM pg_auth_members WHERE member = CAST(:role AS regrole)")
    assert catalogue.scalar(member, {"role": APPLICATION}) == 0
    enters = text("SELECT has_schema_privilege(:role, 'queue', 'USAGE')")
    assert not catalogue.scalar(enters, {"role": APPLICATION})
    rights = text(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND has_table_privilege("
        f":role, oid, :right) AND {OURS.format('pg_class', 'rel')}"
    )

    def within(right: str) -> set[str]:
        return set(catalogue.scalars(rights, {"role": APPLICATION, "right": right}))

    # All of incident but its narratives, and of networks but their notes.
    assert within("SELECT") == PUBLIC | DOORS | SECRET | set(TABLES) - {"incident", "network"}
    deletable = {
        "network_node",
        "network_leg",
        "provider_request",
        "recovery_code",
        "rejected_row",
        "second_factor",
        "session",
        "sign_in_attempt",
    }
    assert within("DELETE") == deletable
    assert within("TRUNCATE, REFERENCES, TRIGGER") == set()
    assert within("INSERT") & PUBLIC == {
        "added_name",
        "hotspot_cluster",
        "hotspot_run",
        "hotspot_result",
        "unit_set",
    }
    assert within("UPDATE") & (PUBLIC | DOORS) == {"added_name", "recovery_code", "second_factor"}


def test_the_queue_is_that_of_the_installed_library(catalogue: Connection) -> None:
    # A newer library needs a migration that runs its own ones, from this version on.
    made_by = catalogue.scalar(text("SELECT obj_description('queue'::regnamespace)"))
    assert made_by == f"procrastinate {version('procrastinate')}"
    functions = catalogue.execute(
        text("SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'queue'::regnamespace")
    ).all()
    assert len(functions) >= 10
    for name, settings in functions:
        assert settings == ["search_path=queue, pg_temp"], name
