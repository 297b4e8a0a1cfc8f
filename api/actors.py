"""Who asks: the actor behind a cookie or a bearer token, and what he may do."""

import hmac
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from api.dependencies import Turn, get_engine
from geo.errors import AccessError, SignInError
from geo.store.actors import Actor, Role, actor_of_session, actor_of_token
from geo.store.database import acting, transaction

COOKIE = "bienmap_session"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# For the description of the API; what comes in is read by `session_token`.
COOKIE_SCHEME = APIKeyCookie(
    name=COOKIE, auto_error=False, description=f"Over https the name is __Host-{COOKIE}"
)
BEARER_SCHEME = HTTPBearer(auto_error=False, description="A personal access token")


def cookie_name(request: Request) -> str:
    """Over https a name that browsers take from this host alone, and only with Secure."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def session_token(request: Request) -> str | None:
    """The token of the session that the browser brings."""
    return request.cookies.get(cookie_name(request))


def csrf_token(session: str) -> str:
    """What a script of ours can send along and a foreign page cannot know.

    It is derived from the session, so that one which was slipped into the browser fits no session.
    """
    return sha256(b"csrf:" + session.encode()).hexdigest()


def find_visitor(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER_SCHEME)] = None,
    _cookie: Annotated[str | None, Depends(COOKIE_SCHEME)] = None,
) -> Actor | None:
    """Who asks, second factor or not; None without a session or token that still holds.

    A token goes before a cookie.
    """
    if bearer is None:
        return actor_of_cookie(request)
    with transaction(get_engine(request)) as connection:
        return actor_of_token(connection, bearer.credentials)


Visitor = Annotated[Actor | None, Depends(find_visitor)]


def find_actor(visitor: Visitor) -> Actor | None:
    """Who asks; None without a session or token that still holds.

    Raises:
        AccessError: the account must have a second factor first.
    """
    if visitor is not None and visitor.must_enrol:
        raise AccessError(
            "second_factor.enrol",
            "Quản trị viên yêu cầu tài khoản này dùng mã một lần. Hãy bật ở trang tài khoản"
            " (/account) rồi làm tiếp.",
            "The administrator requires one-time codes of this account. Turn them on at the page"
            " of your account (/account) first.",
        )
    return visitor


def actor_of_cookie(request: Request) -> Actor | None:
    """Who signed in with this browser; None without a session that still holds."""
    token = session_token(request)
    if token is None:
        return None
    with transaction(get_engine(request)) as connection:
        return actor_of_session(connection, token)


def _admit(request: Request, actor: Actor | None) -> Actor:
    if actor is None:
        raise SignInError(
            "sign_in.needed",
            "Hãy đăng nhập rồi thử lại; phiên trước có thể đã hết hạn.",
            "Sign in, then try again; the session before may have ended.",
        )
    if request.method not in SAFE_METHODS:
        if actor.found_by == "cookie":
            _refuse_foreign(request)
            _refuse_another(request, actor)
        elif "write" not in actor.scopes:
            raise AccessError(
                "token.read_only",
                "Khóa truy cập này chỉ được đọc. Hãy dùng khóa có quyền ghi (write).",
                "This token may only read. Use one with the scope write.",
            )
    return actor


def signed_in(request: Request, actor: Annotated[Actor | None, Depends(find_actor)]) -> Actor:
    """The actor, for routes that need one.

    Raises:
        SignInError: nobody is signed in.
        AccessError: a cookie came with a request that another site may have made, or a token that
            may only read came with one that writes; or the account must have a second factor first.
    """
    return _admit(request, actor)


def known(request: Request, visitor: Visitor) -> Actor:
    """As `signed_in`, also where the account has yet to get its second factor.

    Raises:
        SignInError, AccessError: as `signed_in`.
    """
    return _admit(request, visitor)


Known = Annotated[Actor, Depends(known)]


def enrolling(actor: Known) -> Actor:
    """As `signed_in_here`, also where the account has yet to get its second factor: for that.

    Raises:
        SignInError, AccessError: as `signed_in_here`.
    """
    return signed_in_here(actor)


SignedIn = Annotated[Actor, Depends(signed_in)]


def acting_connection(request: Request, actor: SignedIn, _turn: Turn) -> Iterator[Connection]:
    """A transaction for one request that sees and writes what its actor may."""
    with acting(get_engine(request), actor.account_id) as connection:
        yield connection


# For every route that reads or writes records; `Database` sees none.
# The transaction ends before the answer leaves: what it says is stored is stored, and what it shows
# is in the audit.
ActingDatabase = Annotated[Connection, Depends(acting_connection, scope="function")]


def signed_in_here(actor: SignedIn) -> Actor:
    """The actor, provided that he signed in with his browser.

    Raises:
        AccessError: a token was used, which must not make further ones that outlive it.
    """
    if actor.found_by != "cookie":
        raise AccessError(
            "access.password_needed",
            "Việc này cần đăng nhập bằng mật khẩu, không dùng khóa truy cập.",
            "This needs a sign-in with the password; a token is not enough.",
        )
    return actor


Enrolling = Annotated[Actor, Depends(enrolling)]


def enrolling_recently(actor: Enrolling) -> Actor:
    """As `recently_signed_in`, also where the account has yet to get its second factor.

    Raises:
        AccessError: it was longer ago than five minutes.
    """
    if not actor.recent:
        raise AccessError(
            "sign_in.again",
            "Việc này cần xác nhận lại: hãy nhập mật khẩu (và mã một lần) rồi làm lại trong 5"
            " phút.",
            "This needs a fresh sign-in: type your password (and code) again, then repeat it within"
            " 5 minutes.",
        )
    return actor


def recently_signed_in(actor: Annotated[Actor, Depends(signed_in_here)]) -> Actor:
    """The actor, provided that he proved within five minutes who he is.

    For decisions that a browser left open must not take. A page that is refused sends the password
    to `POST /session/confirmation` and asks again.

    Raises:
        AccessError: it was longer ago, or a token was used.
    """
    return enrolling_recently(actor)


def require_role(*roles: Role) -> Callable[[Actor], Actor]:
    """A dependency that lets these roles pass."""

    def check(actor: SignedIn) -> Actor:
        if actor.role not in roles:
            raise AccessError(
                "access.role",
                "Vai trò của tài khoản này không được làm việc này.",
                "The role of this account may not do this.",
                role=actor.role,
                allowed=roles,
            )
        return actor

    return check


def says_foreign(request: Request) -> bool:
    """Whether the browser says that a page of another site made the request."""
    headers = request.headers
    if site := headers.get("sec-fetch-site"):
        return site != "same-origin"
    origin = headers.get("origin")
    return origin is not None and origin != _own_origin(request)


def _refuse_foreign(request: Request) -> None:
    sent = request.headers.get("x-csrf-token")
    expected = csrf_token(session_token(request) or "")
    if sent is not None and hmac.compare_digest(sent.encode(), expected.encode()):
        return
    names_site = "sec-fetch-site" in request.headers or "origin" in request.headers
    if says_foreign(request) or not names_site:
        raise foreign()


def foreign() -> AccessError:
    """The refusal of what another site's page sends in a user's name."""
    return AccessError(
        "request.foreign",
        "Yêu cầu không đến từ trang của hệ thống này. Hãy mở trang của hệ thống rồi làm lại; chương"
        " trình phải gửi X-CSRF-Token hoặc dùng khóa truy cập.",
        "The request does not come from a page of this system. Open it, then try again; a program"
        " must send X-CSRF-Token, or use a token.",
    )


def _refuse_another(request: Request, actor: Actor) -> None:
    """A page that says for whom it was made writes in no other's name.

    Raises:
        AccessError: somebody else has signed in with this browser since.
    """
    if request.headers.get("x-account") not in (None, str(actor.account_id)):
        raise AccessError(
            "sign_in.another",
            "Một thẻ khác của trình duyệt này đã đăng nhập bằng tài khoản khác. Chưa lưu gì: hãy"
            " tải lại trang để tiếp tục với tài khoản đó, hoặc đăng nhập lại.",
            "Another tab of this browser has signed in with another account. Nothing was stored:"
            " load the page again to go on with that one, or sign in again.",
        )


def _own_origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"
