"""Synthetic clubs and models of prevention, where outreach events were held by one of that kind.

Their kinds are those that the seed article names; their places are drawn, for it names none.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.demo import calendar
from geo.demo.draws import Indices, Mix, texts
from geo.demo.location import located
from geo.demo.narratives import MARK, phrase
from geo.demo.places import Places
from geo.records.digests import with_content_hash

MOST = 80
ENDED_SHARE = 0.12
MEMBERS, SPREAD = 28, 0.4
ORGANISER = Mix.of({"any": {"HLHPN": 45, "CA_X": 20, "UBND_X": 15, "DTN": 12, "MTTQ": 8}})


def models_of(
    rng: np.random.Generator, places: Places, commune: Indices, day: Indices, kind: pyarrow.Array
) -> tuple[pyarrow.Table, pyarrow.Array]:
    """Models for some of the pairs of commune and kind among events, and each event's model.

    Args:
        commune: of each event, as an index into `places`.
        day: of each event, counted from the first of the calendar.
        kind: code of the kind of model that held the event, null where none did.

    Returns:
        Columns of the table prevention_model, with row_number, lon, lat; and for each event the id
        of its model, null where it has none.
    """
    coded = kind.dictionary_encode()
    codes = coded.dictionary.to_pylist()
    held = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    pair = np.where(held < 0, -1, commune * len(codes) + held)
    known, pair_of = np.unique(pair, return_inverse=True)
    drawn = np.sort(rng.permutation(np.flatnonzero(known >= 0))[:MOST])
    names = [f"DEMO-M{number:03d}" for number in range(1, len(drawn) + 1)]
    identifiers = [str(uuid5(NAMESPACE_URL, f"bienmap:{name}")) for name in names]
    model_of = np.full(len(known), -1)
    model_of[drawn] = np.arange(len(drawn))
    of_event = model_of[pair_of]
    first, last = (
        np.array([pick(day[of_event == number]) for number in range(len(drawn))], dtype=np.int64)
        for pick in (np.min, np.max)
    )
    table = _table(rng, places, known[drawn] // max(len(codes), 1), first, last)
    kinds = texts(codes, known[drawn] % max(len(codes), 1))
    title = phrase("", "prevention_model", kinds)
    columns = {
        "row_number": pyarrow.array(np.arange(1, len(drawn) + 1)),
        "id": pyarrow.array(identifiers, pyarrow.string()),
        "external_id": pyarrow.array(names, pyarrow.string()),
        "kind": kinds,
        "name": pc.binary_join_element_wise(title, ", ", table["place_text"], ""),
        "notes": pyarrow.array([f"{MARK} Địa điểm không có thật."] * len(drawn), pyarrow.string()),
        **table,
    }
    linked = pyarrow.array([identifiers[at] if at >= 0 else None for at in of_event])
    return with_content_hash(pyarrow.table(columns)), linked.cast(pyarrow.string())


def _table(
    rng: np.random.Generator, places: Places, commune: Indices, first: Indices, last: Indices
) -> dict[str, pyarrow.Array]:
    """Since when, until when, by whom, of how many, and where."""
    size = len(commune)
    started = first - rng.integers(20, 700, size)
    ended = last + rng.integers(30, 200, size)
    is_over = (rng.random(size) < ENDED_SHARE) & (ended < calendar.DAYS)
    members = np.round(MEMBERS * rng.lognormal(0, SPREAD, size)).astype(np.int64)
    return {
        "state": texts(("active", "ended"), is_over.astype(np.intp)),
        "started_on": _days(started),
        "ended_on": pc.if_else(pyarrow.array(is_over), _days(ended), None),
        "members": pyarrow.array(members),
        "organiser": texts(ORGANISER.codes, ORGANISER.draw(rng, np.zeros(size, dtype=np.intp))),
        **located(rng, places, commune, None),
    }


def _days(numbers: Indices) -> pyarrow.Array:
    days = [calendar.FIRST_DAY + timedelta(days=int(number)) for number in numbers]
    return pyarrow.array(days, pyarrow.date32())
