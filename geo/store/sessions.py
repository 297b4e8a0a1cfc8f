"""Signing in and out, proving again who one is, and what sessions an account has."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, exists, func, insert, select, text, update

from geo.errors import NotFoundError, SignInError, ThrottledError
from geo.store.accounts import normal_username
from geo.store.actors import Actor, OpenedBy, token_hash
from geo.store.database import acting, query, transaction
from geo.store.passwords import hash_password, is_outdated, rehash, verify_password
from geo.store.sealing import Seal
from geo.store.second_factors import check_code, end_other_sessions
from geo.store.tables import Account, Session, SignInAttempt

# A working day, and a rest that ends a session before, as sql/actor_of_session.sql has it.
SESSION_LIFE, SESSION_REST = timedelta(hours=12), timedelta(hours=2)
GUESSING_PERIOD = timedelta(minutes=15)
# Wrong guesses in that period from one address: at one account, and at all. Behind one address may
# be a whole post: five who forgot their passwords do not reach the second, and whoever has signed
# in from there before is not held by it.
MOST_GUESSES, MOST_FROM_ADDRESS = 10, 50
# After so many wrong guesses at an account in a row, the time to the next: NIST SP 800-63B allows
# 100 in a row, and a stranger must lock nobody out for good.
PAUSES = (
    (100, timedelta(days=1)),
    (50, timedelta(hours=1)),
    (20, timedelta(minutes=5)),
)
ATTEMPTS_KEPT = timedelta(days=90)
TOKEN_BYTES = 32
LONGEST_CLIENT = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: what was typed, from where, and what his browser calls itself."""

    username: str
    password: str
    address: str
    code: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A session about to be opened; `confirmed_at` is when the person proved who he is."""

    account: UUID
    address: str
    client: str
    opened_by: OpenedBy
    second_factor: bool
    confirmed_at: datetime


def sign_in(engine: Engine, attempt: Attempt, seal: Seal | None = None) -> str:
    """Check password and one-time code and open a session; its token, which is kept nowhere.

    The guess is counted before the password is looked at, so that guesses sent at the same time
    cannot slip past the limit. A wrong name takes as long as a wrong password.

    Raises:
        SignInError: name, password or code are wrong, or the account is disabled; with the code
            `sign_in.code_needed`, only the one-time code is missing.
        ThrottledError: too many guesses at this account, or from this address.
        ResourceError: the key that the account's codes were sealed with is gone.
    """
    account, second_factor = _prove(engine, attempt, seal)
    opening = Opening(
        account.id,
        attempt.address,
        attempt.client,
        "password",
        second_factor,
        datetime.now(UTC),
    )
    with transaction(engine) as connection:
        return open_session(connection, opening)


def confirm(engine: Engine, actor: Actor, attempt: Attempt, seal: Seal | None) -> None:
    """The person proves again who he is, for what needs a recent sign-in.

    Raises:
        SignInError, ThrottledError, ResourceError: as `sign_in`.
    """
    _prove(engine, attempt, seal)
    with transaction(engine) as connection:
        connection.execute(
            update(Session).where(Session.id == actor.session_id).values(confirmed_at=func.now())
        )


def change_password(engine: Engine, actor: Actor, attempt: Attempt, new: str) -> None:
    """Give oneself a new password; all other sessions and all tokens of the account end.

    Raises:
        InputError: the new password is too short or too long.
        SignInError, ThrottledError: the old one is wrong, or was guessed at too often.
    """
    hashed = hash_password(new)
    account, guess = _check_password(engine, attempt)
    changed = {"password_hash": hashed, "password_changed_at": func.now()}
    with acting(engine, account.id) as connection:
        _mark_right(connection, guess)
        connection.execute(update(Account).where(Account.id == account.id).values(changed))
        end_other_sessions(connection, actor)
        connection.execute(
            text(
                "UPDATE token SET revoked_at = now() WHERE account_id = :it AND revoked_at IS NULL"
            ),
            {"it": account.id},
        )


def _prove(engine: Engine, attempt: Attempt, seal: Seal | None) -> tuple[Row[Any], bool]:
    """The account behind name, password and code, and whether it has a second factor."""
    account, guess = _check_password(engine, attempt)
    with transaction(engine) as connection:
        outcome = check_code(connection, account.id, attempt.code, seal)
        if outcome != "wrong":
            _mark_right(connection, guess)
        if is_outdated(account.password_hash):
            connection.execute(
                update(Account)
                # Not if it was changed in the meantime.
                .where(Account.id == account.id, Account.password_hash == account.password_hash)
                .values(password_hash=rehash(attempt.password))
            )
    if outcome == "missing":
        raise SignInError(
            "sign_in.code_needed",
            "Hãy nhập mã một lần đang hiện trên điện thoại, hoặc một mã dự phòng.",
            "Type the one-time code that your telephone shows, or a recovery code.",
        )
    if outcome == "wrong":
        raise SignInError(
            "sign_in.code_wrong",
            "Mã không đúng, đã hết hạn hoặc đã dùng. Hãy đợi mã tiếp theo rồi nhập lại.",
            "The code is wrong, too old or was used before. Wait for the next one.",
        )
    return account, outcome == "right"


def _check_password(engine: Engine, attempt: Attempt) -> tuple[Row[Any], int]:
    """The account behind name and password, and the number under which the guess is counted."""
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
    return account, guess


def _mark_right(connection: Connection, guess: int) -> None:
    connection.execute(
        update(SignInAttempt).where(SignInAttempt.id == guess).values(succeeded=True)
    )


def _count_guess(engine: Engine, username: str, address: str) -> int:
    values = {"username": username, "address": _place_of(address)}
    with transaction(engine) as connection:
        # One after the other for an address and for an account, or all would count the same number.
        for name in ("address", "username"):
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:which, 0))"),
                {"which": f"{name} {values[name]}"},
            )
        limits = {
            "period": GUESSING_PERIOD,
            "most_here": MOST_GUESSES,
            "most_there": MOST_FROM_ADDRESS,
        }
        standing = connection.execute(query("sign_in_standing"), values | limits).one()
        wait = _wait(standing)
        if wait > timedelta():
            raise _too_many(wait)
        guess: int = connection.execute(
            insert(SignInAttempt).values(values).returning(SignInAttempt.id)
        ).scalar_one()
        return guess


def _wait(standing: Row[Any]) -> timedelta:
    """How long until there may be another guess.

    Guesses from elsewhere hold nobody up where he has signed in before.
    """
    until = [standing.now]
    if standing.last_here is not None:
        until.append(standing.last_here + GUESSING_PERIOD)
    if standing.last_there is not None and not standing.is_known:
        until.append(standing.last_there + GUESSING_PERIOD)
    pauses = (pause for wrong, pause in PAUSES if standing.wrong >= wrong)
    if pause := next(pauses, None):
        until.append(standing.last_wrong + pause)
    wait: timedelta = max(until) - standing.now
    return wait


def _place_of(address: str) -> str:
    """The address, of IPv6 its network: who has one such address has as many as he likes."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def _too_many(wait: timedelta) -> ThrottledError:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return ThrottledError(
        "sign_in.too_many",
        f"Đã thử sai quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.",
        f"Too many wrong attempts. Wait {minutes} minutes, then try again.",
        retry_after=max(1, int(wait.total_seconds())),
    )


def open_session(connection: Connection, opening: Opening) -> str:
    """Open a session; its token, which is kept nowhere."""
    now, token = datetime.now(UTC), secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(
        insert(Session).values(
            token_hash=token_hash(token),
            account_id=opening.account,
            expires_at=now + SESSION_LIFE,
            confirmed_at=opening.confirmed_at,
            address=opening.address,
            # A header may hold what no text of the store can.
            client=opening.client.replace("\0", "")[:LONGEST_CLIENT],
            opened_by=opening.opened_by,
            second_factor=opening.second_factor,
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
    return token


def sign_out(connection: Connection, token: str) -> None:
    """End a session; whoever kept its token cannot use it any more."""
    connection.execute(
        update(Session)
        .where(Session.token_hash == token_hash(token), Session.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


def session_holds(connection: Connection, token: str) -> bool:
    """Whether a session has neither ended nor rested too long; to ask is no sign of life of it."""
    holds = exists().where(
        Session.token_hash == token_hash(token),
        Session.revoked_at.is_(None),
        Session.expires_at > func.now(),
        Session.last_seen_at > func.now() - SESSION_REST,
        Session.account_id == Account.id,
        Account.active,
    )
    return bool(connection.scalar(select(holds)))


def list_sessions(connection: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The account's sessions that have not ended, the newest first, and when each will."""
    rows = connection.execute(
        select(
            Session.id,
            (Session.id == actor.session_id).label("current"),
            Session.created_at,
            Session.last_seen_at,
            (Session.last_seen_at + SESSION_REST).label("rests_until"),
            Session.expires_at,
            Session.address,
            Session.client,
            Session.opened_by,
        )
        .where(
            Session.account_id == actor.account_id,
            Session.revoked_at.is_(None),
            Session.expires_at > func.now(),
            Session.last_seen_at > func.now() - SESSION_REST,
        )
        .order_by(Session.created_at.desc())
    ).mappings()
    return [dict(row) for row in rows]


def end_session(connection: Connection, account: UUID, identifier: UUID) -> None:
    """End one of the account's sessions; its browser is out with its next request.

    Raises:
        NotFoundError: the account has no such session.
    """
    statement = update(Session).where(
        Session.id == identifier, Session.account_id == account, Session.revoked_at.is_(None)
    )
    if not connection.execute(statement.values(revoked_at=func.now())).rowcount:
        raise NotFoundError(
            "session.unknown",
            f"Bạn không có phiên {identifier}, hoặc phiên đã kết thúc.",
            f"You have no session {identifier}, or it has ended.",
        )
