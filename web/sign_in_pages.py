"""Routes of signing in, of one's own account, and of the way to a provider and back."""

import secrets
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.actors import actor_of_cookie, session_token
from api.errors import STATUS
from api.sessions import set_session, visitor_of
from geo.errors import BienmapError, NotFoundError, SignInError
from geo.settings import Settings, listed
from geo.store.accounts import has_demo_accounts
from geo.store.database import transaction
from geo.store.provider_links import (
    REQUEST_LIFE,
    Journey,
    begin_journey,
    end_journey,
    sign_in_by_provider,
)
from geo.store.sessions import sign_out
from web.assets import Assets
from web.i18n import page_language
from web.maps import PageRequest
from web.provider import Provider
from web.sign_in import build_account_page, build_sign_in_page, return_address

COOKIE = "bienmap_provider"
KEPT_NOWHERE = {"Cache-Control": "no-store"}


class Doors:
    """What the routes do; without a provider, its addresses do not exist."""

    def __init__(self, settings: Settings, engine: Engine, assets: Assets) -> None:
        self.engine, self.assets = engine, assets
        self.provider = Provider(settings) if settings.oidc_issuer else None
        self.agencies = frozenset(listed(settings.oidc_agencies))

    def sign_in_page(
        self, request: Request, english: bool = False, error: BienmapError | None = None
    ) -> HTMLResponse:
        """The form, with what a sign-in by the provider failed at."""
        language = "en" if english else page_language(request)
        with transaction(self.engine) as connection:
            has_demo = has_demo_accounts(connection)
        html = build_sign_in_page(
            PageRequest(language, request.state.nonce),
            self.assets,
            return_address(request),
            has_demo=has_demo,
            has_provider=self.provider is not None,
            fault=error.message(language) if error else "",
        )
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 200)
        return HTMLResponse(html, status_code=status, headers=KEPT_NOWHERE)

    def account_page(self, request: Request) -> Response:
        """The page of whoever is signed in; others are sent to the form."""
        account = actor_of_cookie(request)
        if account is None:
            return _redirect(f"/sign-in{_suffix(request)}")
        asked = PageRequest(page_language(request), request.state.nonce, account)
        html = build_account_page(
            asked, self.assets, account, has_provider=self.provider is not None
        )
        return HTMLResponse(html, headers=KEPT_NOWHERE)

    def depart(self, request: Request, again: bool) -> Response:
        """Send the browser to the provider, with a cookie that knows it again."""
        provider, browser = self._provider(), secrets.token_urlsafe(32)
        try:
            departure = provider.depart(_back(request), again=again)
        except BienmapError as error:
            return self.sign_in_page(request, error=error)
        back = f"{'/account' if again else '/'}{_suffix(request)}"
        journey = Journey(departure.nonce, departure.verifier, back)
        with transaction(self.engine) as connection:
            begin_journey(connection, departure.state, browser, journey)
        response = _redirect(departure.address)
        age = int(REQUEST_LIFE.total_seconds())
        response.set_cookie(value=browser, max_age=age, **_cookie(request))
        return response

    def arrive(self, request: Request) -> Response:
        """The browser comes back: a session, or the form with the reason why not."""
        provider, asked = self._provider(), request.query_params
        back = "/"
        try:
            browser = request.cookies.get(_cookie(request)["key"], "")
            with transaction(self.engine) as connection:
                journey = end_journey(connection, asked.get("state", ""), browser)
            back = journey.back
            if not asked.get("code"):
                raise SignInError(
                    "provider.refused",
                    "Hệ thống đăng nhập chung không cho đăng nhập. Hãy thử lại hoặc dùng mật khẩu.",
                    "The provider did not sign you in. Try again, or use your password.",
                )
            identity = provider.arrive(_back(request), asked["code"], journey)
            with transaction(self.engine) as connection:
                visitor = visitor_of(request)
                token = sign_in_by_provider(connection, identity, visitor, self.agencies)
                sign_out(connection, session_token(request) or "")
        except BienmapError as error:
            return self.sign_in_page(request, back.endswith("=en"), error)
        response = _redirect(back)
        set_session(request, response, token)
        response.delete_cookie(**_cookie(request))
        return response

    def leave(self, request: Request) -> Response:
        """After the session here has ended: out of the provider, too."""
        home = f"{request.url.scheme}://{request.url.netloc}/"
        return _redirect(self._provider().sign_out_address(home) or "/")

    def _provider(self) -> Provider:
        if self.provider is None:
            raise NotFoundError(
                "provider.none",
                "Hệ thống này không dùng đăng nhập chung. Hãy đăng nhập bằng mật khẩu.",
                "No provider is set here. Sign in with your password.",
            )
        return self.provider


def create_sign_in_pages(settings: Settings, engine: Engine, assets: Assets) -> APIRouter:
    """Routes of the page to sign in, of one's own account, and of the provider."""
    router = APIRouter(include_in_schema=False)
    doors = Doors(settings, engine, assets)

    @router.get("/sign-in")
    def sign_in_page(request: Request) -> HTMLResponse:
        return doors.sign_in_page(request)

    @router.get("/account")
    def account_page(request: Request) -> Response:
        return doors.account_page(request)

    @router.get("/sign-in/provider")
    def depart(request: Request, again: bool = False) -> Response:
        return doors.depart(request, again)

    @router.get("/sign-in/provider/return")
    def arrive(request: Request) -> Response:
        return doors.arrive(request)

    @router.get("/sign-in/provider/leave")
    def leave(request: Request) -> Response:
        return doors.leave(request)

    return router


def _suffix(request: Request) -> str:
    return "?lang=en" if page_language(request) == "en" else ""


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/sign-in/provider/return"


def _redirect(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers=KEPT_NOWHERE)


def _cookie(request: Request) -> dict[str, Any]:
    secure = request.url.scheme == "https"
    return {
        "key": f"__Host-{COOKIE}" if secure else COOKIE,
        "path": "/",
        "httponly": True,
        # The way back begins on the provider's page: "strict" would leave the cookie at home.
        "samesite": "lax",
        "secure": secure,
    }
