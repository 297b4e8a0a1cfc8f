"""What a published package answers to addresses; run by bench/addresses.py in its environment.

Reads a JSON list of texts, writes a JSON list of [code as parsed, code as converted, seconds]. It
is offline, as the product is: what asks a web geocoder gets none.
"""

import json
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any


def offline(*_: object) -> None:
    """In place of socket.connect."""
    raise OSError("no network")


def code_of(work: Callable[[str], Any], text: str) -> str | None:
    """The code of the commune of 2025, if it gives one."""
    try:
        return work(text).ward_code or None
    except Exception:  # whatever a peer raises, it gave no answer
        return None


def functions(package: str) -> tuple[Callable[[str], Any], Callable[[str], Any]]:
    """How it reads an address of today, and how it takes an old one to today."""
    module = import_module(package.replace("-", "_"))
    if package == "vietnamadminunits":
        return module.parse_address, module.convert_address
    return module.parse_address_new, module.convert_address_old_to_new


if __name__ == "__main__":
    socket.socket.connect = offline  # type: ignore[assignment, method-assign]
    parse, convert = functions(sys.argv[1])
    answers = []
    for one in json.load(sys.stdin):
        begun = time.perf_counter()
        codes = [code_of(parse, one), code_of(convert, one)]
        answers.append([*codes, time.perf_counter() - begun])
    json.dump(answers, sys.stdout)
