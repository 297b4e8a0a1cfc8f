"""Modules joined to one classic script: a page opened as a file cannot import from its folder."""

import posixpath
import re

from web.assets import Assets

IMPORT = re.compile(r'^import\s*(\{[^}]*\})\s*from\s*"(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(
    r"^export\s+(?=(?:async\s+)?(?:function\*?|class|const|let)\s+(\w+))", re.MULTILINE
)
# What neither of both takes: it would be a syntax error in a classic script.
LEFT = re.compile(r"^\s*(?:import|export)\b.*|\bimport\(", re.MULTILINE)


def joined(assets: Assets, first: str, name: str) -> str:
    """A script that makes what a module exports the constant `name`.

    Each module is a function of its own, those that it imports from before it. What it exports must
    not change after it ran, as functions, classes and constants do not.

    Raises:
        ValueError: a module imports or exports in a form that is not known here, or imports itself
            through others.
    """
    made: dict[str, str] = {}
    _add(assets, first, made)
    modules = {module: f"module{number}" for number, module in enumerate(made)}
    parts = [
        f"const {modules[module]} = (() => {{\n{_linked(module, content, modules)}}})();\n"
        for module, content in made.items()
    ]
    return f'"use strict";\n{"".join(parts)}const {name} = {modules[first]};\n'


def _add(
    assets: Assets, module: str, made: dict[str, str], importers: tuple[str, ...] = ()
) -> None:
    """Put a module behind all that it imports from."""
    if module in made:
        return
    if module in importers:
        raise ValueError(f"{module}: cannot be joined: {importers[-1]} imports from it, too")
    content = assets.files[module].plain.decode()
    for _, path in IMPORT.findall(content):
        _add(assets, _beside(module, path), made, (*importers, module))
    made[module] = content


def _linked(module: str, content: str, modules: dict[str, str]) -> str:
    def taken(found: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", found[1])
        return f"const {names} = {modules[_beside(module, found[2])]};\n"

    exported = ", ".join(EXPORT.findall(content))
    body = EXPORT.sub("", IMPORT.sub(taken, content))
    if left := LEFT.search(body):
        raise ValueError(f"{module}: cannot be joined: {left[0]}")
    return f"{body.rstrip()}\nreturn {{ {exported} }};\n"


def _beside(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))
