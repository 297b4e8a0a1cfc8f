"""How many victims a synthetic incident has, and their counts by sex, age and ethnicity."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow
from numpy.typing import NDArray

from geo.demo.draws import Indices
from geo.demo.profiles import (
    ADULTS_FROM_16,
    AGE_BANDS,
    FEMALE_SHARE,
    MINORITY_SHARE,
    SECTIONS,
    UNDER_16,
)

AXES = {"sex": ("m", "f"), "age": AGE_BANDS, "ethnicity": ("kinh", "minority", "u")}
Counts = NDArray[np.int64]
PROFILES = tuple(FEMALE_SHARE)
UNDER_16_SHARE = {"work": 0.02, "marriage": 0.10, "sexual": 0.12, "child": 0.80}
NO_VICTIM = ("false_claim",)
FEW_VICTIMS = ("tip", "missing", "self_return", "retaliation", "fetus", "adoption", "other")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of an incident decides about its victims; one entry per incident in every array."""

    kind: NDArray[np.object_]
    status: NDArray[np.object_]
    profile: Indices
    section: Indices


def totals(rng: np.random.Generator, drawn: Drawn) -> Counts:
    """Victims of each incident: mostly one or two, more where a group is stopped or freed."""
    few = np.isin(drawn.kind, FEW_VICTIMS)
    count = rng.geometric(np.where(few, 0.8, 0.45), len(few))
    count = np.minimum(count, np.where(few, 4, 14))
    # A tip often names nobody yet; who is no victim is not counted as one.
    unnamed = (drawn.kind == "tip") & (rng.random(len(few)) < 0.35)
    nobody = unnamed | (drawn.status == "not_victim") | np.isin(drawn.kind, NO_VICTIM)
    return np.where(nobody, 0, count)


def breakdown(rng: np.random.Generator, drawn: Drawn, total: Counts) -> pyarrow.Array:
    """JSON {sex: {}, age: {}, ethnicity: {}} of each incident; every axis sums to the total."""
    women = rng.binomial(total, np.array([FEMALE_SHARE[name] for name in PROFILES])[drawn.profile])
    minority = rng.binomial(total, np.array([MINORITY_SHARE[n] for n in SECTIONS])[drawn.section])
    unknown = rng.binomial(total - minority, 0.05)
    kinh = total - minority - unknown
    counts = np.column_stack(
        [total - women, women, _ages(rng, drawn, total), kinh, minority, unknown]
    )
    # Rows share combinations, so each is written once; its counts are the digits of a number.
    base = int(total.max(initial=0)) + 1
    key = counts @ (base ** np.arange(counts.shape[1], dtype=np.int64))
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    made = pyarrow.array([_as_json(counts[index]) for index in first], pyarrow.string())
    return made.take(pyarrow.array(row))


def _as_json(counts: Counts) -> str:
    """The counts of one row, in the order of AXES; codes that do not occur are left out."""
    by: dict[str, dict[str, int]] = {axis: {} for axis in AXES}
    cells = ((axis, code) for axis, codes in AXES.items() for code in codes)
    for (axis, code), count in zip(cells, counts.tolist(), strict=True):
        if count:
            by[axis][code] = count
    return json.dumps(by, separators=(",", ":"))


def _ages(rng: np.random.Generator, drawn: Drawn, total: Counts) -> Counts:
    """Counts by AGE_BANDS; article 151 is about victims under 16, article 150 about others."""
    share = np.array([UNDER_16_SHARE[name] for name in PROFILES])[drawn.profile]
    share = np.where(drawn.kind == "case151", 1.0, np.where(drawn.kind == "case150", 0.0, share))
    young = rng.binomial(total, share)
    return np.column_stack(
        [
            rng.multinomial(young, _shares(UNDER_16)[drawn.profile]),
            rng.multinomial(total - young, _shares(ADULTS_FROM_16)[drawn.profile]),
        ]
    )


def _shares(weights: Mapping[str, tuple[int, ...]]) -> NDArray[np.float64]:
    table = np.array([weights[name] for name in PROFILES], dtype=float)
    return table / table.sum(axis=1, keepdims=True)
