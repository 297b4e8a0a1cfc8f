"""Accounts that a provider (OpenID Connect) may sign in, and browsers on their way to it.

An account is never made by a provider's word. An administrator opens an account to the provider;
the first sign-in binds it to the subject there, and from then on the name there does not count.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo.errors import SignInError
from geo.store.accounts import account_id, normal_username
from geo.store.actors import token_hash
from geo.store.sessions import Opening, open_session
from geo.store.tables import Account, ProviderLink, ProviderRequest, SecondFactor

REQUEST_LIFE = timedelta(minutes=10)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for; `proved_at` is when the person proved it there, if it says."""

    issuer: str
    subject: str
    username: str
    second_factor: bool
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Journey:
    """What the way back from the provider is held against, and where it leads."""

    nonce: str
    verifier: str
    back: str


def begin_journey(connection: Connection, state: str, browser: str, journey: Journey) -> None:
    """Remember a browser that is sent to the provider; those that never came back are forgotten."""
    before = datetime.now(UTC) - REQUEST_LIFE
    connection.execute(delete(ProviderRequest).where(ProviderRequest.made_at < before))
    connection.execute(
        insert(ProviderRequest).values(
            state_hash=token_hash(state),
            browser_hash=token_hash(browser),
            nonce=journey.nonce,
            verifier=journey.verifier,
            back=journey.back,
        )
    )


def end_journey(connection: Connection, state: str, browser: str) -> Journey:
    """What was remembered of this browser's way, once.

    Raises:
        SignInError: this browser was not sent with this state, or came back before, or too late.
    """
    row = connection.execute(
        delete(ProviderRequest)
        .where(
            ProviderRequest.state_hash == token_hash(state),
            ProviderRequest.browser_hash == token_hash(browser),
            ProviderRequest.made_at > datetime.now(UTC) - REQUEST_LIFE,
        )
        .returning(ProviderRequest.nonce, ProviderRequest.verifier, ProviderRequest.back)
    ).first()
    if row is None:
        raise SignInError(
            "provider.state",
            "Lần đăng nhập này không bắt đầu ở trình duyệt này, hoặc đã quá 10 phút. Hãy đăng nhập"
            " lại từ đầu.",
            "This sign-in did not begin in this browser, or more than 10 minutes ago. Begin again.",
        )
    return Journey(row.nonce, row.verifier, row.back)


def sign_in_by_provider(
    connection: Connection,
    identity: Identity,
    visitor: tuple[str, str],
    agencies: Collection[str] = (),
) -> str:
    """Open a session for whom the provider vouches for; its token, which is kept nowhere.

    Args:
        visitor: address and browser.
        agencies: those whose accounts the provider may open; all if empty.

    Raises:
        SignInError: no active account of such an agency is open to this person, or the account has
            one-time codes and the provider does not say that it asked for a second factor.
    """
    account = _bound(connection, identity) or _bind(connection, identity)
    if account is None or not account.active or (agencies and account.agency not in agencies):
        raise SignInError(
            "provider.no_account",
            f"“{identity.username}” chưa có tài khoản được mở cho cách đăng nhập này. Hãy hỏi quản"
            " trị viên (bienmap account provider).",
            f"No account is open to “{identity.username}” by this way. Ask the administrator"
            " (bienmap account provider).",
        )
    has_codes = connection.scalar(
        select(SecondFactor.confirmed_at).where(SecondFactor.account_id == account.id)
    )
    if has_codes and not identity.second_factor:
        raise SignInError(
            "provider.second_factor",
            "Tài khoản này dùng mã một lần, mà hệ thống đăng nhập chung không cho biết đã hỏi yếu"
            " tố thứ hai. Hãy đăng nhập bằng mật khẩu và mã.",
            "This account has one-time codes, and the provider does not say that it asked for a"
            " second factor. Sign in with password and code.",
        )
    proved = min(identity.proved_at or LONG_AGO, datetime.now(UTC))
    opening = Opening(account.id, *visitor, "provider", identity.second_factor, proved)
    return open_session(connection, opening)


def allow_provider(connection: Connection, username: str) -> None:
    """Open an account to the provider; whoever was bound to it before no longer is.

    Raises:
        NotFoundError: there is no such account.
    """
    unbound = {"issuer": None, "subject": None}
    connection.execute(
        upsert(ProviderLink)
        .values(account_id=account_id(connection, username), **unbound)
        .on_conflict_do_update(index_elements=["account_id"], set_=unbound)
    )


def refuse_provider(connection: Connection, username: str) -> None:
    """Close an account to the provider.

    Raises:
        NotFoundError: there is no such account.
    """
    identifier = account_id(connection, username)
    connection.execute(delete(ProviderLink).where(ProviderLink.account_id == identifier))


def _bound(connection: Connection, identity: Identity) -> Row[Any] | None:
    return connection.execute(
        select(Account.id, Account.active, Account.agency)
        .join(ProviderLink, ProviderLink.account_id == Account.id)
        .where(ProviderLink.issuer == identity.issuer, ProviderLink.subject == identity.subject)
    ).first()


def _bind(connection: Connection, identity: Identity) -> Row[Any] | None:
    open_to_it = (
        select(Account.id)
        .where(Account.username == normal_username(identity.username), Account.active)
        .scalar_subquery()
    )
    connection.execute(
        update(ProviderLink)
        .where(ProviderLink.account_id == open_to_it, ProviderLink.subject.is_(None))
        .values(issuer=identity.issuer, subject=identity.subject)
    )
    return _bound(connection, identity)
