"""Who acts: found by the token that a request brings."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Connection

from geo.store.database import query

Role = Literal["officer", "planner", "leader", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
Scope = Literal["read", "write"]
FoundBy = Literal["cookie", "token"]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A unit and all that lies in it; for the whole country edition and code are empty."""

    edition: str
    level: str
    code: str


COUNTRY = Jurisdiction("", "country", "")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as a request shows him: the account, what it may do and where, and how it came."""

    account_id: UUID
    username: str
    display_name: str
    role: Role
    jurisdictions: tuple[Jurisdiction, ...]
    found_by: FoundBy
    scopes: frozenset[Scope]


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
    )
