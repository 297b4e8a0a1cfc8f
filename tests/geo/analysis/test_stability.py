"""Classes held against those of variants, and records left out by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.analysis.explanation import explain_stability
from geo.analysis.stability import stability, thinned


@given(
    arrays(np.int64, st.integers(1, 40), elements=st.integers(0, 500)), st.integers(0, 2**32 - 1)
)
def test_just_the_part_is_left_out(counts: np.ndarray, seed: int) -> None:
    left = thinned(counts, np.random.default_rng(seed))
    assert (left >= 0).all()
    assert (left <= counts).all()
    total = counts.sum()
    assert total - left.sum() == min(total, max(1, round(0.05 * total)))


def test_every_record_is_as_likely_to_be_left_out() -> None:
    counts = np.array([1_000, 3_000, 6_000])
    random = np.random.default_rng(7)
    lost = np.mean([counts - thinned(counts, random) for _ in range(400)], axis=0)
    # The standard error of the means of 400 draws of 500 records is below 0.6.
    assert lost == pytest.approx([50, 150, 300], abs=3)


def test_sides_count_and_not_degrees() -> None:
    own = np.array([3.0, 1.0, 0.0, -2.0, np.nan])
    found = stability(
        own,
        {
            "neighbours": [np.array([1.0, 0.0, 0.0, 2.0, 3.0])],
            "periods": [np.array([2.0, 1.0, -1.0, -3.0, np.nan]), np.full(5, np.nan)],
            "records": [],
        },
    )
    assert found.tried == {"neighbours": 1, "periods": 2, "records": 0}
    np.testing.assert_array_equal(found.kept["neighbours"], [1, 0, 1, 0, np.nan])
    np.testing.assert_array_equal(found.kept["periods"], [1, 1, 0, 1, np.nan])
    np.testing.assert_array_equal(found.kept["records"], [0, 0, 0, 0, np.nan])
    np.testing.assert_array_equal(found.lowest, [1, 0, -1, -3, np.nan])
    np.testing.assert_array_equal(found.highest, [3, 1, 0, 2, np.nan])


@pytest.mark.parametrize(
    ("kept", "vi", "en"),
    [
        ((3, 3, 12), "Vững.", "Stable."),
        ((2, 2, 12), "Khá vững.", "Fairly stable."),
        ((3, 3, 9), "Khá vững.", "Fairly stable."),
        # What no other neighbourhood bears out is not stable, however little the draws change.
        ((0, 3, 12), "Chưa vững.", "Not stable."),
        ((3, 1, 12), "Chưa vững.", "Not stable."),
    ],
)
def test_it_is_said_in_words(kept: tuple[int, int, int], vi: str, en: str) -> None:
    tried = {"neighbours": 3, "periods": 3, "records": 12}
    of_family = dict(zip(tried, kept, strict=True))
    assert explain_stability(of_family, tried, "vi").startswith(vi)
    told = explain_stability(of_family, tried, "en")
    assert told.startswith(en)
    assert f"other neighbours {kept[0]}/3, other periods {kept[1]}/3" in told
