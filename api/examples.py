"""Examples of answers for the API's description: demonstration data, as the server gave them."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson


@cache
def examples() -> dict[str, Any]:
    """All examples by name."""
    content: dict[str, Any] = orjson.loads(files("api").joinpath("examples.json").read_bytes())
    return content
