"""People of every role in two provinces, and the statements that enter records there."""

from dataclasses import dataclass
from uuid import UUID

from tests.geo.store.conftest import WEST

APPLICATION = "bienmap_app"
BOTH = frozenset({1, 2})
OCCURRED = ("occurred_from", "occurred_to")
HERE = {1: frozenset({1}), 2: frozenset({2})}


@dataclass(frozen=True)
class Someone:
    """An account: its role and the provinces that it is for."""

    name: str
    role: str
    provinces: frozenset[int]
    country: bool = False
    active: bool = True
    number: int = 0

    @property
    def id(self) -> UUID:
        return UUID(int=0xACC0 + self.number)

    @property
    def sees(self) -> frozenset[int]:
        """The provinces whose records are shown."""
        if not self.active or not self.role:
            return frozenset()
        return BOTH if self.country or self.role == "administrator" else self.provinces

    @property
    def sees_incidents(self) -> frozenset[int]:
        """The provinces whose incidents are shown exactly; that of the second has a victim."""
        return self.sees - {2} if self.role in {"administrator", "planner"} else self.sees

    def writes(self, *roles: str) -> frozenset[int]:
        """The provinces in which one of these roles may write."""
        return self.sees if self.role in roles else frozenset()


ROLES = ("officer", "planner", "leader", "administrator")
PEOPLE = [
    Someone(f"{role}-{number}", role, HERE[number], number=10 * order + number)
    for order, role in enumerate(ROLES, 1)
    for number in (1, 2)
] + [
    Someone("leader-all", "leader", frozenset(), country=True, number=51),
    Someone("planner-all", "planner", frozenset(), country=True, number=52),
    Someone("disabled", "officer", HERE[1], active=False, number=53),
    Someone("nobody", "", frozenset()),
]
LOCATED = {1: "incident", 2: "outreach_event", 6: "prevention_model"}
RECORDS = LOCATED | {3: "network", 7: "support_measure"}
# Records by their last digit: 1 and 2 lie in that province, 3 (networks only) runs through both.
PLACES = {1: HERE[1], 2: HERE[2], 3: BOTH}


def identity(kind: int, number: int) -> UUID:
    """The id of a record; kinds are 1 incident, 2 outreach event, 3 network, 4 batch, 5 token,
    6 prevention model, 7 support figure, 8 job, 9 decision on a hotspot, 10 action there, 11 raster
    layer (1 for everyone, 2 for who has signed in)."""
    return UUID(int=kind * 0x1000 + number)


def person_of(name: str) -> Someone:
    """The person of that name."""
    return next(person for person in PEOPLE if person.name == name)


def located(table: str, identifier: UUID, province: int) -> str:
    """The statement that enters a record in a province."""
    days = ("started_on", "ended_on") if table == "prevention_model" else OCCURRED
    return (
        f"INSERT INTO {table} (id, kind, {', '.join(days)}, source, external_id,"
        " content_hash, precision, point, unit_set_id, assignment) VALUES"
        f" ('{identifier}', 'rescue', '2025-08-01', '2025-08-01', 'test', '{identifier}', '',"
        f" 'exact', ST_Point({WEST + 0.05 + 0.2 * (province - 1)}, 16.05, 4326), {-province},"
        " 'inside')"
    )


def figure(identifier: UUID, province: int | None) -> str:
    """The statement that enters a support figure of a province, or of the country."""
    place = ("2025", f"0{province}") if province else ("", "")
    return (
        "INSERT INTO support_measure (id, programme, measure, edition, code, period_from,"
        " period_to, value, source, external_id, content_hash) VALUES"
        f" ('{identifier}', 'p', 'm', '{place[0]}', '{place[1]}', '2025-08-01', '2025-08-31', 3,"
        f" 'test', '{identifier}', '')"
    )


def network(identifier: UUID, number: int, updated: str = "2025-01-01") -> str:
    """The statement that enters a network, of before this transaction unless said otherwise."""
    return (
        "INSERT INTO network (id, case_code, scope, source, external_id, content_hash, updated_at)"
        f" VALUES ('{identifier}', 'C{number}', 'inter', 'test', '{identifier}', '',"
        f" '{updated}')"
    )


def node(identifier: UUID, sequence: int, province: int) -> str:
    """The statement that enters a place of a network."""
    return (
        "INSERT INTO network_node (network_id, sequence, role, precision, unit_set_id, assignment)"
        f" VALUES ('{identifier}', {sequence}, 'transit', 'commune', {-province}, 'stated')"
    )


def leg(identifier: UUID, begin: int, end: int) -> str:
    """The statement that enters a leg of a network."""
    return (
        "INSERT INTO network_leg (network_id, from_sequence, to_sequence)"
        f" VALUES ('{identifier}', {begin}, {end})"
    )


def misfit(record_type: str, identifier: UUID, sequence: int) -> str:
    """The statement that keeps a place whose words do not fit it."""
    return (
        "INSERT INTO place_misfit"
        " (record_type, record_id, sequence, place_digest, edition, level, code)"
        f" VALUES ('{record_type}', '{identifier}', {sequence}, '', '2025', 'commune', '0')"
    )


def checked(record_type: str, identifier: UUID, sequence: int) -> str:
    """The statement that marks a place as checked."""
    return (
        "INSERT INTO place_check (record_type, record_id, sequence, place_digest, checked_by)"
        f" VALUES ('{record_type}', '{identifier}', {sequence}, '', 'x')"
    )


def rejected(number: int) -> str:
    """The statement that keeps a row of a batch."""
    return (
        "INSERT INTO rejected_row (import_batch_id, row_number, content, problems)"
        f" VALUES ('{identity(4, number)}', 1, '{{}}', '[]')"
    )


def token(identifier: UUID, account: UUID) -> str:
    """The statement that makes a token."""
    return (
        "INSERT INTO token (id, account_id, name, token_hash, scopes, expires_at) VALUES"
        f" ('{identifier}', '{account}', 'x', '\\x{identifier.hex}', '{{read}}', 'infinity')"
    )


def job(identifier: UUID, account: UUID, kind: str = "hotspot_run") -> str:
    """The statement that asks for something to be computed."""
    return (
        "INSERT INTO job (kind, question, digest, asked_by) VALUES"
        f" ('{kind}', '{{}}', '{identifier}', '{account}')"
    )


def decision(identifier: UUID, province: int, writer: str, version: int = 1) -> str:
    """The statement that decides on a province as a hotspot."""
    return (
        "INSERT INTO hotspot_review (id, edition, level, code, version, decision, reason, stands,"
        f" updated_by) VALUES ('{identifier}', '2025', 'province', '0{province}', {version},"
        f" 'confirm', 'như đã xem', true, '{writer}')"
    )


def action(identifier: UUID, province: int, writer: str) -> str:
    """The statement that plans something against a hotspot."""
    return (
        "INSERT INTO hotspot_action (id, edition, level, code, kind, planned_on, updated_by)"
        f" VALUES ('{identifier}', '2025', 'province', '0{province}', 'patrol', '2026-12-01',"
        f" '{writer}')"
    )


def raster(identifier: UUID, number: int, writer: str) -> str:
    """The statement that enters a raster layer: 1 for everyone, 2 for who has signed in."""
    audience = "everyone" if number == 1 else "signed-in"
    return (
        "INSERT INTO raster_layer (id, name, title_vi, title_en, style, audience, file_name,"
        " fingerprint, bands, width, height, crs, west, south, east, north, known, updated_by)"
        f" VALUES ('{identifier}', 'r{identifier.int:x}', 'Ảnh', 'Picture', 'imagery',"
        f" '{audience}', 'a.tif', '', 3, 1, 1, 'EPSG:4326', 105, 16, 106, 17, 1, '{writer}')"
    )


def raster_figure(identifier: UUID, code: str) -> str:
    """The statement that enters a figure of a raster layer."""
    return (
        "INSERT INTO raster_figure (raster_layer_id, level, code, boundaries, mean, least, most,"
        f" total, covered) VALUES ('{identifier}', 'province', '{code}', '', 1, 1, 1, 1, 1)"
    )
