"""The page to sign in and that of one's own account: forms that their scripts send to the API."""

from geo.store.actors import Actor
from web.assets import Assets
from web.i18n import messages
from web.maps import TEMPLATES, PageRequest

# Texts that only the page of the account says, by the beginning of their keys.
SPOKEN = ("factor_", "session", "token_", "scope_", "password", "client_", "offline")


def build_sign_in_page(
    request: PageRequest,
    assets: Assets,
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
