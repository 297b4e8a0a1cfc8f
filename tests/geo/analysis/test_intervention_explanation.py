"""What an intervention did, in words that say no more than is known."""

from dataclasses import replace

import numpy as np
import pytest

from geo.analysis.displacement import Range, Spill
from geo.analysis.intervention import Effect
from geo.analysis.intervention_explanation import InterventionEvidence, explain_intervention
from geo.analysis.matching import Balance
from geo.analysis.rate_ratio import Change, Detectable, Tally
from geo.errors import Language

ALIKE = Balance("rate", 5.0, 5.1, 2.0, -0.05, 1.5)
NOTHING = Change(1.0, 0.4, 2.5)
FOUND = Effect(
    matched=np.arange(3),
    controls=np.arange(30).reshape(3, 10),
    ring=np.arange(4),
    candidates=500,
    tallies=(Tally(12, 5), Tally(8, 9), Tally(20, 14)),
    of_controls=Tally(120, 110),
    correlation=0.0,
    changes=(Change(0.45, 0.21, 0.94), NOTHING, NOTHING),
    detectable=Detectable(0.3, 2.6),
    balance=[ALIKE],
)
EVIDENCE = InterventionEvidence("network", FOUND, 12, 9, 0, 0, False)


def told(language: Language = "en", **changed: object) -> str:
    effect = {name: value for name, value in changed.items() if name in Effect.__slots__}
    rest = {name: value for name, value in changed.items() if name not in effect}
    evidence = replace(EVIDENCE, effect=replace(FOUND, **effect), **rest)  # type: ignore[arg-type]
    return explain_intervention(evidence, language)


def test_a_fall_is_told_with_its_counts_and_interval() -> None:
    assert told() == (
        "Incidents in 3 units of the network: 12 in 12 months before, 5 in 9 months after; in 30"
        " control units: 120 and 110. Against the controls incidents fell: −55 % (95 % interval:"
        " −79 % to −6 %). The controls had as many incidents before, so what falls only because it"
        " was high by chance is taken out."
    )
    assert "số vụ giảm: −55 % (khoảng tin cậy 95 %: −79 % đến −6 %)" in told("vi")


def test_a_rise_may_be_one_of_reports() -> None:
    rose = Change(2.6, 1.4, np.inf), NOTHING, NOTHING
    assert "incidents rose: +160 % (95 % interval: +40 % to without limit)" in told(changes=rose)
    assert "also mean that more is reported" in told(changes=rose)
    assert "reported" not in told()


@pytest.mark.parametrize(
    ("language", "cannot", "seen", "never"),
    [
        ("en", "The data cannot tell whether it did anything", "−70 % or +160 %", "complete stop"),
        ("vi", "Dữ liệu không cho biết", "ít nhất −70 %, hoặc tăng từ +160 %", "chấm dứt hẳn"),
    ],
)
def test_what_cannot_be_told_is_said_and_what_would_have_been_seen(
    language: Language, cannot: str, seen: str, never: str
) -> None:
    unknown = told(language, changes=(NOTHING, NOTHING, NOTHING))
    assert cannot in unknown
    assert seen in unknown
    assert never not in unknown
    few = Detectable(np.nan, np.nan)
    assert never in told(language, changes=(NOTHING, NOTHING, NOTHING), detectable=few)
    # What is known needs no excuse.
    assert cannot not in told(language)


def test_without_controls_or_their_events_nothing_is_claimed() -> None:
    for language, words in (("en", "The data cannot tell"), ("vi", "Dữ liệu không cho biết")):
        nobody = told(language, matched=np.arange(0), changes=None, balance=[])
        assert words in nobody
        assert "%" not in nobody
        silent = told(language, changes=None)
        assert words in silent
        assert silent != nobody


def test_controls_that_were_not_alike_are_confessed() -> None:
    high = ALIKE._replace(difference=0.8)
    assert "return to what is usual" in told(balance=[ALIKE, high])
    assert "return to what is usual" not in told(balance=[ALIKE, ALIKE._replace(difference=np.nan)])


@pytest.mark.parametrize(
    ("quotient", "words"),
    [
        (Range(-1.0, -2.0, -0.2), "moved next door"),
        (Range(0.5, 0.1, 0.9), "spread next door"),
        (Range(0.0, -np.inf, 1.0), "cannot tell whether it moved"),
    ],
)
def test_where_it_went(quotient: Range, words: str) -> None:
    assert words in told(spill=Spill(quotient, quotient, quotient, quotient))
    assert words not in told(spill=Spill(quotient, quotient, quotient, None))
    assert words not in told(spill=Spill(quotient, quotient, quotient, quotient), ring=np.arange(0))


def test_what_else_matters_is_added() -> None:
    assert "In 2 of the treated units more of the kind was done" in told(others=2)
    assert "Left out: 1 unit more" in told(left_out=1)
    assert "rounded" in told(is_approximate=True)
    assert "làm tròn" in told("vi", is_approximate=True)
