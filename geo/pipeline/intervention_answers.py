"""What an intervention did, as the API and the command line tell it."""

from datetime import timedelta
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import __version__
from geo.analysis.displacement import Range
from geo.analysis.intervention_explanation import InterventionEvidence, explain_intervention
from geo.analysis.rate_ratio import Change, Tally
from geo.errors import Language
from geo.pipeline.intervention import Answer, Network, parameters

DIGITS = 4
NOT_TOLD = Change(np.nan, np.nan, np.nan)


def told(answer: Answer, language: Language) -> dict[str, Any]:
    """The whole answer; last days are included, and what is not known is None."""
    found, question = answer.effect, answer.question
    treated, ring, both = found.changes or (NOT_TOLD,) * 3
    return {
        "intervention": _intervention(answer),
        "edition": question.edition,
        "level": question.level,
        "before": _days(answer, 0, 1),
        "after": _days(answer, 2, 2),
        "treated": _group(answer, found.matched, found.tallies[0]) | _interval(treated),
        "ring": _group(answer, found.ring, found.tallies[1]) | _interval(ring),
        "net": _interval(both),
        "controls": _group(answer, found.controls.ravel(), found.of_controls),
        "verdict": found.verdict.value,
        "explanation": explained(answer, language),
        "detectable": {
            "fall": _number(found.detectable.fall) if found.detectable else None,
            "rise": _number(found.detectable.rise) if found.detectable else None,
        },
        **_spill(answer),
        "balance": [
            {name: _number(value) for name, value in one._asdict().items() if name != "name"}
            | {"name": one.name, "is_balanced": one.is_balanced}
            for one in found.balance
        ],
        "correlation": _number(found.correlation),
        "parameters": parameters(question),
        "software_version": __version__,
        "data_fingerprint": answer.data_fingerprint,
        "used": answer.used,
        "left_out": answer.left_out,
    }


def explained(answer: Answer, language: Language) -> str:
    """The answer in words."""
    found = answer.effect
    units = np.concatenate([found.matched, found.ring, found.controls.ravel()])
    return explain_intervention(
        InterventionEvidence(
            "network" if isinstance(answer.question.intervention, Network) else "campaign",
            found,
            answer.question.months_before,
            answer.question.months_after,
            answer.others,
            answer.left_out["units_without_population"] + answer.left_out["units_without_controls"],
            bool((answer.panel.stands_for[units] > 1).any()),
        ),
        language,
    )


def _intervention(answer: Answer) -> dict[str, Any]:
    asked, found = answer.question.intervention, answer.found
    is_network = isinstance(asked, Network)
    return {
        "kind": "network" if is_network else "campaign",
        "network_id": asked.identifier if isinstance(asked, Network) else None,
        "case": found.case_code,
        "from": found.first,
        "to": found.last - timedelta(days=1),
        "units": sorted(found.codes),
        "units_with_others": answer.others,
    }


def _days(answer: Answer, first: int, last: int) -> dict[str, Any]:
    parts = answer.windows.parts
    return {"from": parts[first][0], "to": parts[last][1] - timedelta(days=1)}


def _group(answer: Answer, units: NDArray[np.int64], counted: Tally) -> dict[str, Any]:
    each = answer.panel.stands_for[units]
    return {
        "codes": sorted(answer.units[unit].code for unit in units.tolist()),
        "incidents_before": round(counted.before),
        "incidents_after": round(counted.after),
        "is_exact": bool((each == 1).all()),
    }


def _interval(change: Change) -> dict[str, Any]:
    return {name: _number(value) for name, value in change._asdict().items()}


def _spill(answer: Answer) -> dict[str, Any]:
    spill, displacement = answer.effect.spill, answer.effect.displacement
    quotient = spill.quotient if spill and displacement else None
    ranges: tuple[Range | None, ...] = (None,) * 3
    if spill:
        ranges = spill.prevented_treated, spill.prevented_ring, spill.prevented_net
    return {
        "prevented": dict(zip(("treated", "ring", "net"), map(_range, ranges), strict=True)),
        "displacement": _range(quotient)
        | {"verdict": displacement.value if displacement else None},
    }


def _range(found: Range | None) -> dict[str, float | None]:
    values = found or (np.nan,) * 3
    return {name: _number(value) for name, value in zip(Range._fields, values, strict=True)}


def _number(value: float) -> float | None:
    return round(value, DIGITS) + 0.0 if isfinite(value) else None
