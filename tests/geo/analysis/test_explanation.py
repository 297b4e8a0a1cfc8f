from dataclasses import replace

import pytest

from geo.analysis.explanation import Evidence, explain, explain_absence
from geo.wording import number

HOT = Evidence(
    measure="rate",
    incidents=12,
    expected_incidents=3.14,
    value=120.0,
    expected=31.4,
    neighbour_mean=78.5,
    p=0.0002,
    q=0.0012,
    permutations=9_999,
    hot_class=3,
)


def test_a_hot_spot_says_how_many_the_neighbours_and_how_sure() -> None:
    assert explain(HOT, "vi") == (
        "12 vụ, so với 3,1 vụ nếu theo mức trung bình. "
        "Các đơn vị láng giềng cũng cao, gấp 2,5 lần trung bình. "
        "Điểm nóng ở mức tin cậy 99 % (p = 0,001 sau hiệu chỉnh)."
    )
    assert explain(HOT, "en") == (
        "12 incidents against 3.1 expected at the average level. "
        "Its neighbours are high too, 2.5 times the average. "
        "Hot spot at 99 % confidence (p = 0.001 after correction)."
    )


def test_a_tiny_p_is_never_zero() -> None:
    assert "(p < 0,001 sau hiệu chỉnh)" in explain(replace(HOT, q=0.0004), "vi")
    assert "(p < 0.001 after correction)" in explain(replace(HOT, q=0.0004), "en")


def test_a_cold_spot_and_ordinary_neighbours() -> None:
    cold = replace(HOT, incidents=1, neighbour_mean=31.4, q=0.04, hot_class=-2)
    assert explain(cold, "en") == (
        "1 incident against 3.1 expected at the average level. "
        "Cold spot at 95 % confidence (p = 0.040 after correction)."
    )
    assert "láng giềng thấp, bằng 0,5 lần" in explain(replace(cold, neighbour_mean=15.7), "vi")


def test_too_few_permutations_and_too_few_incidents_are_told() -> None:
    few = replace(HOT, p=0.002, q=0.11, permutations=999, hot_class=0)
    assert explain(few, "vi").endswith("số lần hoán vị quá ít để kết luận giữa nhiều đơn vị.")
    assert "permutations are too few" in explain(few, "en")
    # With more to be had it is chance.
    assert explain(replace(few, permutations=9_999), "en").endswith(
        "Not clearly different from chance."
    )
    bounded = replace(HOT, q=0.003, hot_class=2)
    assert "95 % (p = 0,003 sau hiệu chỉnh; số vụ quá ít để chắc hơn)" in explain(bounded, "vi")
    assert explain(bounded, "en").endswith(
        "(p = 0.003 after correction; too few incidents to be surer)."
    )


def test_neighbours_are_high_too_only_where_the_unit_is() -> None:
    empty = replace(HOT, incidents=0, value=0.0)
    assert "Các đơn vị láng giềng cao, gấp 2,5" in explain(empty, "vi")
    assert "Its neighbours are high, 2.5 times" in explain(empty, "en")


def test_what_is_hot_or_cold_through_its_neighbours_alone_is_told_so() -> None:
    empty = replace(HOT, incidents=1, value=8.0)
    assert explain(empty, "vi").endswith("dưới mức trung bình: nóng là do các đơn vị láng giềng.")
    above = replace(HOT, incidents=4, q=0.04, hot_class=-2)
    assert explain(above, "vi").endswith("trên mức trung bình: lạnh là do các đơn vị láng giềng.")
    assert explain(above, "en").endswith("what is cold are its neighbours.")
    for plain in (HOT, replace(HOT, incidents=1, hot_class=-1), replace(empty, hot_class=0)):
        assert "do các đơn vị láng giềng" not in explain(plain, "vi")


def test_what_is_not_significant() -> None:
    assert explain(replace(HOT, hot_class=0), "vi").endswith("Chưa khác biệt rõ so với ngẫu nhiên.")


@pytest.mark.parametrize(
    ("border_only", "lacks_population", "said"),
    [
        (False, True, "no population figure"),
        (False, False, "outside the analysis"),
        (True, False, "units on the border with each other only"),
        (True, True, "outside the analysis"),
    ],
)
def test_why_a_unit_has_no_class(border_only: bool, lacks_population: bool, said: str) -> None:
    told = explain_absence("en", border_only=border_only, lacks_population=lacks_population)
    assert said in told


def test_numbers_as_each_language_writes_them() -> None:
    assert number(1234567.25, "vi") == "1.234.567,2"
    assert number(1234567.25, "en", 2) == "1,234,567.25"
