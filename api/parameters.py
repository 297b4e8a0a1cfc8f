"""Query parameters that a route does not know, or that come twice, are refused and not passed over.

A misspelt filter that nobody reads would answer with records that nobody asked for.
"""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from fastapi import Request

from geo.errors import InputError

PREFIX = "/api/v1"
LONGEST_SHOWN = 60


def described_methods(request: Request) -> dict[str, Any]:
    """What OpenAPI says of the address asked for, by method; empty where it says nothing."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    return paths.get(PREFIX + request.scope["route"].path_format, {})


async def refuse_unknown_parameters(request: Request) -> None:
    """A dependency of every router of the API; it waits for nothing, so it takes no thread.

    What a route knows is read from the application's own OpenAPI: what is described is what is
    taken, and there is no second list to keep.

    Raises:
        InputError: a parameter is not known, or takes one value and comes twice.
    """
    operation = described_methods(request)[request.method.lower()]
    known = {
        one["name"]: _takes_several(one["schema"])
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    }
    given = Counter(name for name, _ in request.query_params.multi_items())
    if unknown := [name for name in given if name not in known]:
        raise _unknown(unknown, list(known))
    if repeated := [name for name, times in given.items() if times > 1 and not known[name]]:
        raise _repeated(repeated)


def _takes_several(schema: dict[str, Any]) -> bool:
    return any(one.get("type") == "array" for one in (schema, *schema.get("anyOf", ())))


def _unknown(unknown: Sequence[str], known: Sequence[str]) -> InputError:
    named = [name[:LONGEST_SHOWN] for name in unknown[:10]]
    listed = ", ".join(f"“{name}”" for name in named)
    meant = dict.fromkeys(
        match for name in named for match in get_close_matches(name.lower(), known, n=1)
    )
    near = ", ".join(f"“{name}”" for name in meant)
    if known:
        vi, en = f"Các tham số: {', '.join(known)}.", f"Known are: {', '.join(known)}."
    else:
        vi, en = "Địa chỉ này không có tham số nào.", "This address takes none."
    if near:
        vi, en = f"Có phải ý bạn là {near}? {vi}", f"Did you mean {near}? {en}"
    return InputError(
        "parameter.unknown",
        f"Không có tham số {listed}. {vi}",
        f"There is no parameter {listed}. {en}",
        unknown=named,
        known=list(known),
    )


def _repeated(names: Sequence[str]) -> InputError:
    listed = ", ".join(f"“{name}”" for name in names)
    return InputError(
        "parameter.repeated",
        f"Tham số {listed} được ghi nhiều lần. Hãy chỉ ghi một lần.",
        f"The parameter {listed} is given more than once. Give it once.",
        repeated=list(names),
    )
