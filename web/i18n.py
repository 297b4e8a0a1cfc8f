"""The one catalogue of what pages and scripts say, in Vietnamese and English."""

import json
from functools import cache
from importlib.resources import files

from starlette.requests import Request

from geo.errors import Language


@cache
def messages(language: Language) -> dict[str, str]:
    """All texts in one language by key."""
    catalogue = json.loads(files("web").joinpath("messages.json").read_text(encoding="utf-8"))
    return {key: text[language] for key, text in catalogue.items()}


def page_language(request: Request) -> Language:
    """English where the address asks for it, else Vietnamese."""
    return "en" if request.query_params.get("lang") == "en" else "vi"
