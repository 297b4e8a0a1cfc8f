"""The page to sign in and that of one's own account: forms that their scripts send to the API."""

import re
from urllib.parse import urlencode

from starlette.requests import Request

from geo.store.actors import Actor
from web.assets import Assets
from web.i18n import messages, page_language
from web.maps import TEMPLATES, PageRequest

# Where one may come back to after signing in: pages of ours, so that no link leads elsewhere.
RETURNS = re.compile(
    r"/nap-tep|/desk|/nhap(\?(type=(incident|outreach|network)"
    r"|(incident|outreach|network|waiting)=[0-9a-f-]{36}))?"
    r"|/don-vi/(2024|2025)/(province|district|commune)/[0-9]{2,5}"
)

# Texts that only the page of the account says, by the beginning of their keys.
SPOKEN = ("factor_", "session", "token_", "scope_", "password", "client_", "offline")


def return_address(request: Request) -> str:
    """The page to which somebody who signs in comes back; the map unless another one is named."""
    asked = request.query_params.get("next", "")
    return asked if RETURNS.fullmatch(asked) else "/"


def sign_in_address(request: Request) -> str:
    """The sign-in page, which leads back to the page that was asked for."""
    language = {"lang": "en"} if page_language(request) == "en" else {}
    return f"/sign-in?{urlencode(language | {'next': request.url.path})}"


def build_sign_in_page(
    request: PageRequest,
    assets: Assets,
    back: str,
    *,
    has_demo: bool,
    has_provider: bool,
    fault: str = "",
) -> str:
    """The page as HTML, in the language asked for, with a word on demonstration accounts if any.

    `fault` is what a sign-in by the provider failed at.
    """
    text = messages(request.language)
    return TEMPLATES.get_template("sign-in.html").render(
        assets=assets,
        language=request.language,
        nonce=request.nonce,
        has_demo=has_demo,
        has_provider=has_provider,
        fault=fault,
        back=_in_language(back, request),
        other=_other(back, request),
        t=text,
        configuration={
            "language": request.language,
            "text": {"offline": text["offline"]},
            "codeLists": {},
        },
    )


def build_account_page(
    request: PageRequest, assets: Assets, account: Actor, *, has_provider: bool
) -> str:
    """The page of whoever is signed in, as HTML."""
    text = messages(request.language)
    return TEMPLATES.get_template("own-account.html").render(
        assets=assets,
        language=request.language,
        nonce=request.nonce,
        account=account,
        has_provider=has_provider,
        t=text,
        configuration={
            "language": request.language,
            "text": {key: said for key, said in text.items() if key.startswith(SPOKEN)},
            "codeLists": {},
            "mustEnrol": account.must_enrol,
        },
    )


def _in_language(address: str, request: PageRequest) -> str:
    if request.language == "vi":
        return address
    return f"{address}{'&' if '?' in address else '?'}lang=en"


def _other(back: str, request: PageRequest) -> str:
    """This page in the other language."""
    values = ({} if back == "/" else {"next": back}) | (
        {"lang": "en"} if request.language == "vi" else {}
    )
    return f"/sign-in?{urlencode(values)}" if values else "/sign-in"
