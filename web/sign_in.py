"""The page to sign in: a form that its script sends to the API."""

from web.assets import Assets
from web.i18n import messages
from web.maps import TEMPLATES, PageRequest


def build_sign_in_page(request: PageRequest, assets: Assets) -> str:
    """The page as HTML, in the language asked for."""
    text = messages(request.language)
    return TEMPLATES.get_template("sign-in.html").render(
        assets=assets,
        language=request.language,
        nonce=request.nonce,
        t=text,
        configuration={
            "language": request.language,
            "text": {"offline": text["offline"]},
            "codeLists": {},
        },
    )
