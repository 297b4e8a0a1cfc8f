"""Personal access tokens, for programs that act for a person."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from geo.errors import NotFoundError
from geo.store.actors import Scope, token_hash
from geo.store.tables import Token

TOKEN_BYTES = 32
# Lets scanners of files and logs know one that was left lying about.
TOKEN_PREFIX = "bienmap_"  # noqa: S105


@dataclass(frozen=True, slots=True)
class NewToken:
    """A personal access token about to be made."""

    name: str
    scopes: tuple[Scope, ...]
    life: timedelta


def create_token(
    connection: Connection, account: UUID, wanted: NewToken
) -> tuple[dict[str, Any], str]:
    """Make a personal access token: what is stored of it, and the token, which is not."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    row = connection.execute(
        insert(Token)
        .values(
            account_id=account,
            name=wanted.name,
            token_hash=token_hash(token),
            scopes=sorted(set(wanted.scopes)),
            expires_at=datetime.now(UTC) + wanted.life,
        )
        .returning(*_SHOWN)
    ).mappings()
    return dict(row.one()), token


_SHOWN = (Token.id, Token.name, Token.scopes, Token.created_at, Token.expires_at)


def list_tokens(connection: Connection, account: UUID) -> list[dict[str, Any]]:
    """The account's tokens that still work, the newest first."""
    rows = connection.execute(
        select(*_SHOWN)
        .where(
            Token.account_id == account,
            Token.revoked_at.is_(None),
            Token.expires_at > func.now(),
        )
        .order_by(Token.created_at.desc())
    ).mappings()
    return [dict(row) for row in rows]


def revoke_token(connection: Connection, account: UUID, identifier: UUID) -> None:
    """End one of the account's tokens.

    Raises:
        NotFoundError: the account has no such token.
    """
    statement = update(Token).where(
        Token.id == identifier, Token.account_id == account, Token.revoked_at.is_(None)
    )
    if not connection.execute(statement.values(revoked_at=func.now())).rowcount:
        raise NotFoundError(
            "token.unknown",
            f"Bạn không có khóa truy cập {identifier}, hoặc khóa đã bị thu hồi.",
            f"You have no token {identifier}, or it was revoked.",
        )
