"""Signing in and out, and personal access tokens."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from geo.errors import NotFoundError, SignInError, ThrottledError
from geo.store.accounts import normal_username
from geo.store.actors import Scope, token_hash
from geo.store.database import transaction
from geo.store.passwords import is_outdated, rehash, verify_password
from geo.store.tables import Account, Session, SignInAttempt, Token

# A working day; sql/actor_of_session.sql ends a session earlier if it rests.
SESSION_LIFE = timedelta(hours=12)
MOST_GUESSES, GUESSING_PERIOD = 10, timedelta(minutes=15)
ATTEMPTS_KEPT = timedelta(days=90)
TOKEN_BYTES = 32
# Lets scanners of files and logs know one that was left lying about.
TOKEN_PREFIX = "bienmap_"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: what was typed, and from where."""

    username: str
    password: str
    address: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A personal access token about to be made."""

    name: str
    scopes: tuple[Scope, ...]
    life: timedelta


def sign_in(engine: Engine, attempt: Attempt) -> str:
    """Check the password and open a session; its token, which is kept nowhere.

    The guess is counted before the password is looked at, so that guesses sent at the same time
    cannot slip past the limit. A wrong name takes as long as a wrong password.

    Raises:
        SignInError: name or password are wrong, or the account is disabled.
        ThrottledError: too many guesses at this account from this address.
    """
    username = normal_username(attempt.username)
    guess = _count_guess(engine, username, attempt.address)
    with transaction(engine) as connection:
        account = connection.execute(
            select(Account.id, Account.password_hash, Account.active).where(
                Account.username == username
            )
        ).first()
    matches = verify_password(attempt.password, account.password_hash if account else None)
    if account is None or not matches or not account.active:
        raise SignInError(
            "sign_in.wrong",
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            "The username or the password is wrong.",
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction(engine) as connection:
        if is_outdated(account.password_hash):
            connection.execute(
                update(Account)
                # Not if it was changed in the meantime.
                .where(Account.id == account.id, Account.password_hash == account.password_hash)
                .values(password_hash=rehash(attempt.password))
            )
        connection.execute(
            update(SignInAttempt).where(SignInAttempt.id == guess).values(succeeded=True)
        )
        _open_session(connection, account.id, token)
    return token


def _count_guess(engine: Engine, username: str, address: str) -> int:
    values = {"username": username, "address": address}
    with transaction(engine) as connection:
        # One after the other for this account and address, or all would count the same number.
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:username || ' ' || :address, 0))"),
            values,
        )
        since = datetime.now(UTC) - GUESSING_PERIOD
        wrong = select(SignInAttempt.attempted_at).where(
            SignInAttempt.username == username,
            SignInAttempt.address == address,
            SignInAttempt.attempted_at > since,
            ~SignInAttempt.succeeded,
        )
        guesses = connection.scalars(wrong.order_by(SignInAttempt.attempted_at)).all()
        if len(guesses) >= MOST_GUESSES:
            raise _too_many(guesses[-MOST_GUESSES] - since)
        guess: int = connection.execute(
            insert(SignInAttempt).values(values).returning(SignInAttempt.id)
        ).scalar_one()
        return guess


def _too_many(wait: timedelta) -> ThrottledError:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return ThrottledError(
        "sign_in.too_many",
        f"Đã thử sai quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.",
        f"Too many wrong attempts. Wait {minutes} minutes, then try again.",
        retry_after=max(1, int(wait.total_seconds())),
    )


def _open_session(connection: Connection, account: UUID, token: str) -> None:
    now = datetime.now(UTC)
    connection.execute(
        insert(Session).values(
            token_hash=token_hash(token), account_id=account, expires_at=now + SESSION_LIFE
        )
    )
    # Somebody signs in every day, so this is also where what nobody needs any more goes.
    connection.execute(
        text("DELETE FROM session WHERE expires_at < :before"), {"before": now - ATTEMPTS_KEPT}
    )
    connection.execute(
        text("DELETE FROM sign_in_attempt WHERE attempted_at < :before"),
        {"before": now - ATTEMPTS_KEPT},
    )


def sign_out(connection: Connection, token: str) -> None:
    """End a session; whoever kept its token cannot use it any more."""
    connection.execute(
        update(Session)
        .where(Session.token_hash == token_hash(token), Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


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
