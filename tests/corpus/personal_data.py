"""Sentences as officers write them, with what is personal in them marked by square brackets."""

import re
from pathlib import Path

# Which share of the marked passages must be found just so, and of those found must be marked.
LEAST_RECALL, LEAST_PRECISION = 0.97, 0.97

# Of a corpus that was set down before the rules, and that they were not written against: of its
# marked passages so many must be touched, and of its sentences that name nobody so many may be
# asked about.
WRITTEN_AGAINST, HELD_OUT = "personal_data", "personal_data_held_out"
LEAST_TOUCHED, MOST_FALSE = 0.96, 0.02
# How many of the names of all units, alone and without the words before them, may be asked about.
MOST_UNITS_ASKED = 100


def sentences(corpus: str = WRITTEN_AGAINST) -> list[tuple[str, set[tuple[int, int]]]]:
    """Each sentence without its marks, and the passages [start, end) that they enclosed."""
    lines = (Path(__file__).parent / f"{corpus}.txt").read_text(encoding="utf-8").splitlines()
    return [_parted(line) for line in lines]


def _parted(line: str) -> tuple[str, set[tuple[int, int]]]:
    text, passages = "", set()
    for part in re.split(r"(\[[^]]+\])", line):
        plain = part.strip("[]")
        if part.startswith("["):
            passages.add((len(text), len(text) + len(plain)))
        text += plain
    return text, passages
