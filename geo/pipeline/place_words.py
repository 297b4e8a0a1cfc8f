"""Whether the words of a place name the unit in which its point lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from geo.pipeline.places import gazetteer
from geo.pipeline.positions import Unit, chain_of
from geo.places.answers import answer_address
from geo.store.place_reviews import Misfit, save_misfits, worded_places

# Words that leave more doubt than this name no place that anything could be held against: a
# hamlet's name that many bear. Below the other a point's own unit is none that they can mean; a
# former commune that was split means several.
SURE, UNLIKELY = 0.9, 0.05
# A text takes some 3 ms to read; nobody shall wait for a file's words longer than for its rows.
MOST_TEXTS = 5_000


@dataclass(frozen=True, slots=True)
class Looked:
    """Whose places are looked at: one record's, a batch's, or those just given other units.

    All of the store, where it is none of these.
    """

    record: UUID | None = None
    batch: UUID | None = None
    moved: bool = False


def find_misfits(connection: Connection, looked: Looked) -> int:
    """Write down places whose words surely name another unit than their point's; how many.

    Words that name the commune of the point, or one that it was made of, fit it whatever else they
    say. They are read as the place box reads an address; a point without words fits everywhere. Of
    more than MOST_TEXTS different texts that name no commune of theirs the first are read.
    """
    rows = worded_places(connection, looked.record, looked.batch, is_moved=looked.moved)
    if not rows:
        return 0
    names = gazetteer(connection)

    @cache
    def readings(words: str) -> list[tuple[Unit, float]]:
        answers = [one for one in answer_address(words, names) if one.units]
        return [(chain_of(one)[0], one.confidence) for one in answers]

    texts = dict.fromkeys(row["place_text"] for row in rows)
    looked_at = set(islice(texts, MOST_TEXTS))
    misfits = []
    for row in rows:
        if row["place_text"] not in looked_at:
            continue
        read = readings(row["place_text"])
        if sum(chance for _, chance in read) >= SURE and _chance_of_own(row, read) < UNLIKELY:
            key = (row["record_type"], row["record_id"], row["sequence"], row["place_digest"])
            misfits.append(Misfit(*key, *read[0][0]))
    save_misfits(connection, misfits)
    return len(misfits)


def _chance_of_own(row: Mapping[str, Any], readings: list[tuple[Unit, float]]) -> float:
    """How likely the words mean a unit in which the point lies, or one of a level not loaded."""
    return sum(
        chance
        for (edition, level, code), chance in readings
        if row.get(f"{level}_{edition}") in (None, code)
    )
