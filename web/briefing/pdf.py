"""The paper as PDF, set by Typst; the same document gives the same bytes."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any

import typst

from web.briefing.document import Document

# Of drawings in a file that cannot hold SVG.
PICTURE_PPI = 220
PICTURE = (
    "#set page(width: auto, height: auto, margin: 0pt)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: 165mm)\n'
)


def to_pdf(document: Document) -> bytes:
    """A4, with tags for screen readers; its date is the day that stands on the paper."""
    template = files("web.briefing").joinpath("template.typ").read_bytes()
    return _compiled(
        template,
        {"paper": json.dumps(_content(document), ensure_ascii=False)},
        format="pdf",
        timestamp=int(datetime.combine(document.dated, time(), UTC).timestamp()),
    )


def to_picture(drawing: str) -> bytes:
    """A drawing as PNG, as wide as the text of the page."""
    return _compiled(PICTURE.encode(), {"svg": drawing}, format="png", ppi=PICTURE_PPI)


def _content(document: Document) -> dict[str, Any]:
    content = asdict(document)
    del content["dated"]
    return content


def _compiled(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    # Fonts of the machine would make the paper look different on another one.
    made = typst.compile(source, sys_inputs=inputs, ignore_system_fonts=True, **options)
    if not isinstance(made, bytes):
        raise TypeError("one file was expected of Typst")
    return made
