"""Sentences as officers write them, with what is personal in them marked by square brackets."""

import re
from pathlib import Path

# Which share of the marked passages must be found just so, and of those found must be marked.
LEAST_RECALL, LEAST_PRECISION = 0.97, 0.97


def sentences() -> list[tuple[str, set[tuple[int, int]]]]:
    """Each sentence without its marks, and the passages [start, end) that they enclosed."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return [_parted(line) for line in lines]


def _parted(line: str) -> tuple[str, set[tuple[int, int]]]:
    text, passages = "", set()
    for part in re.split(r"(\[[^]]+\])", line):
        plain = part.strip("[]")
        if part.startswith("["):
            passages.add((len(text), len(text) + len(plain)))
        text += plain
    return text, passages
