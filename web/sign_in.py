"""The page to sign in: a form that its script sends to the API."""

from web.assets import Assets
from web.i18n import messages
from web.maps import TEMPLATES, PageRequest


def build_sign_in_page(request: PageRequest, assets: Assets, *, has_demo: bool) -> str:
    """The page as HTML, in the language asked for, with a word on demonstration accounts if any."""
    text = messages(request.language)
    return TEMPLATES.get_template("sign-in.html").render(
        assets=assets,
        language=request.language,
        nonce=request.nonce,
        has_demo=has_demo,
        t=text,
        configuration={
            "language": request.language,
            "text": {"offline": text["offline"]},
            "codeLists": {},
        },
    )
