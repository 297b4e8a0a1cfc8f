"""Who may read and write what: expectations in Python, held against what the database lets pass.

Two provinces of the toy country, a record of each kind in each, and people of every role there.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from sqlalchemy import Engine, make_url

from tests.geo.store.row_statements import (
    APPLICATION,
    BOTH,
    LOCATED,
    PEOPLE,
    PLACES,
    RECORDS,
    Someone,
    action,
    checked,
    decision,
    figure,
    identity,
    job,
    leg,
    located,
    misfit,
    network,
    node,
    person_of,
    raster,
    raster_figure,
    rejected,
    token,
)


def superuser(engine: Engine, cluster_url: str) -> Connection[Any]:
    """A connection that may act as any role, to the database of this engine."""
    url = make_url(cluster_url).set(database=engine.url.database)
    address = url.render_as_string(hide_password=False).replace("+psycopg", "")
    return psycopg.connect(address)


def fill(connection: Connection[Any]) -> None:
    """Units, people, and a record of each kind in each province."""
    for person in PEOPLE[:-1]:
        connection.execute(
            "INSERT INTO account (id, username, display_name, role, password_hash, active)"
            " VALUES (%s, %s, %s, %s, '', %s)",
            [person.id, person.name, person.name, person.role, person.active],
        )
        units = [("2025", "province", f"0{number}") for number in person.provinces]
        for unit in units or [("", "country", "")]:
            connection.execute(
                "INSERT INTO jurisdiction VALUES (%s, %s, %s, %s)", [person.id, *unit]
            )
    for number in (1, 2):
        connection.execute(
            "INSERT INTO unit_set (id, commune_2025, province_2025) VALUES (%s, %s, %s)",
            [-number, f"0000{2 * number}", f"0{number}"],
        )
        for kind, table in LOCATED.items():
            connection.execute(located(table, identity(kind, number), number))
        connection.execute("UPDATE incident SET narrative = 'mật'")
        connection.execute(figure(identity(7, number), number))
        connection.execute(
            "INSERT INTO import_batch (id, record_type, file_name, file_sha256, source,"
            " imported_by) VALUES (%s, 'incident', 'a.csv', '', 'a', %s)",
            [identity(4, number), f"officer-{number}"],
        )
        connection.execute(rejected(number))
        connection.execute(token(identity(5, number), person_of(f"officer-{number}").id))
        connection.execute(job(identity(8, number), person_of(f"officer-{number}").id))
        connection.execute(decision(identity(9, number), number, f"leader-{number}"))
        connection.execute(action(identity(10, number), number, f"planner-{number}"))
        connection.execute(raster(identity(11, number), number, "administrator-1"))
        connection.execute(raster_figure(identity(11, number), "01"))
    for number, provinces in PLACES.items():
        connection.execute(network(identity(3, number), number))
        for place in provinces:
            connection.execute(node(identity(3, number), place, place))
    connection.execute(leg(identity(3, 3), 1, 2))
    # The incident in the second province has a victim.
    connection.execute("UPDATE incident SET victims = 1 WHERE unit_set_id = -2")
    for kind, name in RECORDS.items():
        for number in (1, 2):
            key = f"'{name}', '{identity(kind, number)}'"
            connection.execute(
                f"INSERT INTO record_history (record_type, record_id, version, content)"
                f" VALUES ({key}, 7, '{{}}')"
            )
            connection.execute(
                "INSERT INTO record_move (record_type, record_id, sequence, from_set, to_set)"
                f" VALUES ({key}, 0, -1, -2)"
            )
            connection.execute(misfit(name, identity(kind, number), sequence=0))
            connection.execute(checked(name, identity(kind, number), sequence=0))


def readings(person: Someone) -> Iterator[tuple[str, set[str]]]:
    """Questions, each with the answers that the person is to get."""
    sees, police = person.sees, person.role in {"officer", "leader"}

    def shown(kind: int, numbers: tuple[int, ...] = (1, 2)) -> set[str]:
        return {str(identity(kind, number)) for number in numbers if PLACES[number] & sees}

    networks = shown(3, (1, 2, 3))
    incidents = {str(identity(1, number)) for number in person.sees_incidents}
    others = shown(2) | shown(6)
    records = incidents | others | shown(3)
    figures = {str(identity(7, number)) for number in (1, 2)}
    yield "SELECT id FROM incident", incidents
    displaced = shown(1) - incidents if person.role == "planner" else set()
    yield "SELECT id FROM shown_incident", incidents | displaced
    yield "SELECT id FROM shown_incident WHERE location_shown = 'exact'", incidents
    yield "SELECT id FROM outreach_event", shown(2)
    yield "SELECT id FROM prevention_model", shown(6)
    yield "SELECT id FROM support_measure", figures
    yield "SELECT id FROM network", networks
    yield "SELECT DISTINCT network_id FROM network_node", networks
    yield "SELECT network_id FROM network_leg", networks & {str(identity(3, 3))}
    yield "SELECT DISTINCT record_id FROM placed_record", incidents | others | networks
    kept = records | shown(7)
    yield "SELECT record_id FROM record_move", kept
    yield "SELECT record_id FROM place_check", kept
    yield "SELECT record_id FROM place_misfit", kept - shown(7)
    history = kept if police else others if person.role == "planner" else set()
    yield "SELECT record_id FROM record_history", history
    own = {
        str(identity(4, number))
        for number in (1, 2)
        if person.active and person.name == f"officer-{number}"
    }
    both = {str(identity(4, number)) for number in (1, 2)}
    yield "SELECT id FROM import_batch", both if sees == BOTH else own
    yield "SELECT import_batch_id FROM rejected_row", own
    tokens = {str(identity(5, n)) for n in (1, 2) if person.name in {f"officer-{n}", "nobody"}}
    yield "SELECT id FROM token", tokens
    yield "SELECT digest FROM job", jobs_of(person)
    yield "SELECT id FROM hotspot_review", shown(9)
    yield "SELECT id FROM hotspot_action", shown(10)
    yield from (
        (f"SELECT {name} FROM {table}", {str(identity(11, n)) for n in ((1, 2) if sees else (1,))})
        for name, table in (("id", "raster_layer"), ("raster_layer_id", "raster_figure"))
    )
    yield (
        "SELECT id FROM incident WHERE incident_narrative(id) IS NOT NULL",
        shown(1) if police else set(),
    )
    hidden = {str(identity(1, n)) for n in (1, 2) if police and n in sees}
    told = ", ".join(f"('{identity(1, number)}'::uuid)" for number in (1, 2))
    yield (
        f"SELECT id FROM (VALUES {told}) AS known (id) WHERE incident_narrative(id) IS NOT NULL",
        hidden,
    )


def jobs_of(person: Someone) -> set[str]:
    """The jobs that a person sees and may cancel: one's own, or all for who looks after them."""
    keeps = person.sees == BOTH and person.role != "officer"
    return {str(identity(8, n)) for n in person.sees if keeps or person.name == f"officer-{n}"}


def job_writings(person: Someone) -> Iterator[tuple[str, bool]]:
    """Asking for jobs and cancelling them, each with whether it is to change anything."""
    yield "UPDATE job SET cancel_requested = true", bool(jobs_of(person))
    for n in (1, 2):
        known, owner = str(identity(8, n)), person_of(f"officer-{n}")
        yield job(UUID(int=0xF00), owner.id), person == owner
        yield job(UUID(int=0xF00), owner.id, "standard_runs"), False
        row = f"WHERE digest = '{known}'"
        yield f"UPDATE job SET cancel_requested = true {row}", known in jobs_of(person)


def reviewings(person: Someone) -> Iterator[tuple[str, bool]]:
    """Deciding on hotspots and planning there, each with whether it is to change anything."""
    leads, plans = person.writes("leader"), person.writes("leader", "planner")
    fresh, actor = UUID(int=0xF00), person.name
    yield "UPDATE hotspot_review SET reason = 'khác hẳn'", False
    yield "DELETE FROM hotspot_review", False
    yield "DELETE FROM hotspot_action", False
    yield f"UPDATE hotspot_action SET note = 'x', updated_by = '{actor}'", bool(plans)
    for n in (1, 2):
        known = f"WHERE id = '{identity(10, n)}'"
        yield decision(fresh, n, actor, 2), n in leads
        yield decision(fresh, n, "leader-3", 2), False
        yield action(fresh, n, actor), n in plans
        yield action(fresh, n, "planner-3"), False
        yield f"UPDATE hotspot_action SET note = 'x', updated_by = '{actor}' {known}", n in plans
        yield f"UPDATE hotspot_action SET updated_by = 'y' {known}", False
        moved = f"code = '0{3 - n}', updated_by = '{actor}'"
        yield f"UPDATE hotspot_action SET {moved} {known}", plans == BOTH


def mapping(person: Someone) -> Iterator[tuple[str, bool]]:
    """Bringing raster layers and taking them away: for administrators, in their own name."""
    keeps, fresh = person.role == "administrator", UUID(int=0xF00)
    yield "DELETE FROM raster_layer", False
    yield "DELETE FROM raster_figure", False
    yield f"UPDATE raster_layer SET deleted_at = now(), updated_by = '{person.name}'", keeps
    yield "UPDATE raster_layer SET updated_by = 'y'", False
    yield "UPDATE raster_figure SET mean = 2", False
    for n in (1, 2):
        yield raster(fresh, n, person.name), keeps
        yield raster(fresh, n, "administrator-3"), False
        yield raster_figure(identity(11, n), "02"), keeps


def beside(table: str, identifier: UUID) -> Iterator[str]:
    """Statements on what is kept of a record's place."""
    yield checked(table, identifier, 1)
    yield f"UPDATE place_check SET checked_by = 'y' WHERE record_id = '{identifier}'"
    yield misfit(table, identifier, 1)
    yield f"UPDATE place_misfit SET code = '1' WHERE record_id = '{identifier}'"


def writings(person: Someone) -> Iterator[tuple[str, bool]]:
    """Statements in other words than the server's, each with whether it is to change anything."""
    police = person.writes("officer", "leader")
    planned = person.writes("officer", "leader", "planner")
    fresh = UUID(int=0xF00)
    for n in (1, 2):
        other = 3 - n
        for kind, table in LOCATED.items():
            allowed = police if table == "incident" else planned
            yield located(table, fresh, n), n in allowed
            row = f"WHERE id = '{identity(kind, n)}'"
            yield f"UPDATE {table} SET kind = 'talk' {row}", n in allowed
            yield f"UPDATE {table} SET unit_set_id = {-other} {row}", allowed == BOTH
            yield f"DELETE FROM {table} {row}", False
            for statement in beside(table, identity(kind, n)):
                yield statement, n in allowed
        yield figure(fresh, n), n in police
        row = f"WHERE id = '{identity(7, n)}'"
        yield f"UPDATE support_measure SET value = 4 {row}", n in police
        yield f"UPDATE support_measure SET code = '0{other}' {row}", police == BOTH
        yield f"DELETE FROM support_measure {row}", False
        known = identity(3, n)
        yield f"UPDATE network SET notes = 'x' WHERE id = '{known}'", n in police
        yield f"DELETE FROM network_node WHERE network_id = '{known}'", n in police
        yield node(known, 9, other), n in police
        yield f"{network(fresh, n, 'now')}; {node(fresh, 1, n)}", n in police
        batch = "officer-1" if n == 1 else "officer-2"
        mine = person.name == batch
        yield rejected(n), mine
        yield f"DELETE FROM rejected_row WHERE import_batch_id = '{identity(4, n)}'", mine
        yield f"UPDATE import_batch SET source = 'y' WHERE id = '{identity(4, n)}'", mine
        yield (
            "INSERT INTO import_batch (record_type, file_name, file_sha256, source, imported_by)"
            f" VALUES ('incident', 'b', 'b', 'b', '{batch}')",
            mine,
        )
        yield token(fresh, person_of(batch).id), mine
        yield f"UPDATE token SET revoked_at = now() WHERE id = '{identity(5, n)}'", mine
    yield figure(fresh, None), police == BOTH
    through = bool(police)
    yield leg(identity(3, 3), 2, 1), through
    yield f"DELETE FROM network_leg WHERE network_id = '{identity(3, 3)}'", through
    for never in (
        "SELECT narrative FROM incident",
        "SELECT content FROM audit_entry",
        "UPDATE incident_cell SET incidents = victims",
        "DELETE FROM record_history",
        "DELETE FROM record_move",
        "DELETE FROM place_misfit",
        "UPDATE account SET role = 'leader'",
        "DELETE FROM jurisdiction",
        "INSERT INTO jurisdiction SELECT id, '', 'country', '' FROM account",
        "SELECT audit_write('x', 'x', 'x', '{}')",
        "TRUNCATE incident",
    ):
        yield never, False


def blind_writings(person: Someone) -> Iterator[tuple[str, bool]]:
    """Statements without a condition, of which the policies of reading say nothing."""
    police = person.writes("officer", "leader")
    planned = person.writes("officer", "leader", "planner")
    yield "UPDATE incident SET kind = 'talk'", bool(police)
    for table in ("outreach_event", "prevention_model"):
        yield f"UPDATE {table} SET kind = 'talk'", bool(planned)
    yield "UPDATE support_measure SET value = 4", bool(police)
    yield "UPDATE network SET notes = 'x'", bool(police)
    yield network(UUID(int=0xF00), 1, "now"), bool(police)
    yield "UPDATE place_check SET checked_by = 'y'", bool(planned)
    yield "DELETE FROM network_leg", bool(police)
    yield "DELETE FROM network_node", bool(police)
    yield from job_writings(person)
    yield from reviewings(person)
    yield from mapping(person)
    named = person.name in {"officer-1", "officer-2"}
    yield "DELETE FROM rejected_row", named
    yield "UPDATE rejected_row SET content = '{}'", named
    yield "UPDATE import_batch SET source = 'y'", named
    yield "UPDATE token SET revoked_at = now()", named


def faults(connection: Connection[Any]) -> Iterator[str]:
    """Where the database differs from what is expected, as the server's role, one after the other.

    All in the connection's transaction, nothing of which stays.
    """
    connection.execute("SAVEPOINT before")
    # As if somebody had written it in this very transaction: it has places, so that shows nothing.
    connection.execute("UPDATE network SET updated_at = now() WHERE id = %s", [identity(3, 2)])
    connection.execute(f"SET LOCAL SESSION AUTHORIZATION {APPLICATION}")
    for person in PEOPLE:
        actor = str(person.id) if person.role else ""
        connection.execute("SELECT set_config('bienmap.actor', %s, true)", [actor])
        for question, expected in readings(person):
            found = {str(row[0]) for row in connection.execute(question)}
            if found != expected:
                yield f"{person.name}: {question}: {sorted(found)}, not {sorted(expected)}"
        for statement, allowed in (*writings(person), *blind_writings(person)):
            if _changes(connection, statement) != allowed:
                yield f"{person.name}: {statement}: {'not ' if allowed else ''}possible"
    connection.execute("ROLLBACK TO before")


def _changes(connection: Connection[Any], statement: str) -> bool:
    connection.execute("SAVEPOINT attempt")
    try:
        return connection.execute(statement).rowcount != 0
    except psycopg.errors.InsufficientPrivilege:
        return False
    finally:
        connection.execute("ROLLBACK TO attempt")
