"""Who acts: found by the token that a request brings."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, false, or_, select

from geo.errors import AccessError
from geo.store.database import query
from geo.store.tables import UnitSet

Role = Literal["officer", "planner", "leader", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
Scope = Literal["read", "write"]
FoundBy = Literal["cookie", "token"]
OpenedBy = Literal["password", "provider"]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A unit and all that lies in it; for the whole country edition and code are empty."""

    edition: str
    level: str
    code: str


COUNTRY = Jurisdiction("", "country", "")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as a request shows him: the account, what it may do and where, and how it came.

    `recent` is whether he proved who he is within five minutes; `must_enrol` whether he may do
    nothing before he has the second factor that is required of him.
    """

    account_id: UUID
    username: str
    display_name: str
    role: Role
    jurisdictions: tuple[Jurisdiction, ...]
    found_by: FoundBy
    scopes: frozenset[Scope]
    session_id: UUID | None = None
    opened_by: OpenedBy = "password"
    recent: bool = False
    must_enrol: bool = False

    @property
    def own_units(self) -> list[str] | None:
        """The units as the store's statements take them, by column and code; None for all."""
        if COUNTRY in self.jurisdictions:
            return None
        return sorted(f"{one.level}_{one.edition} {one.code}" for one in self.jurisdictions)


def token_hash(token: str) -> bytes:
    """What is stored of a token: it has more than 128 random bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


def actor_of_session(connection: Connection, token: str) -> Actor | None:
    """Who signed in with this session; None once it has ended, or the account is disabled."""
    return _actor(connection, "actor_of_session", token, "cookie")


def actor_of_token(connection: Connection, token: str) -> Actor | None:
    """Whose personal access token this is; None once it has ended, or the account is disabled."""
    return _actor(connection, "actor_of_token", token, "token")


def _actor(connection: Connection, question: str, token: str, found_by: FoundBy) -> Actor | None:
    row: Any = connection.execute(query(question), {"token_hash": token_hash(token)}).first()
    if row is None:
        return None
    return Actor(
        row.id,
        row.username,
        row.display_name,
        row.role,
        tuple(Jurisdiction(*unit) for unit in row.jurisdictions),
        found_by,
        frozenset(row.scopes),
        row.session_id,
        row.opened_by,
        row.recent,
        row.must_enrol,
    )


def require_own_set(connection: Connection, actor: Actor, unit_set_id: int | None) -> None:
    """Refuse what lies in a set of units of which none is the actor's.

    Raises:
        AccessError: it lies elsewhere, or is known less exactly than the actor's units are.
    """
    if COUNTRY in actor.jurisdictions:
        return
    if not connection.scalar(select(exists().where(UnitSet.id == unit_set_id, _inside(actor)))):
        raise _other_units()


def _inside(actor: Actor) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            getattr(UnitSet, f"{own.level}_{own.edition}") == own.code
            for own in actor.jurisdictions
        ),
    )


def _other_units() -> AccessError:
    return AccessError(
        "access.other_units",
        "Địa điểm nằm ngoài địa bàn được giao cho tài khoản của bạn. Hãy kiểm tra vị trí, hoặc"
        " báo đơn vị phụ trách địa bàn đó.",
        "The place lies outside the units that your account is responsible for. Check the"
        " position, or tell the unit that is responsible there.",
    )
