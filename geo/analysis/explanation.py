"""Why a unit is a hotspot or not, in plain words and two languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.analysis.hotspots import LEVELS
from geo.errors import Language
from geo.wording import number

CONFIDENCE = {1: "90", 2: "95", 3: "99"}
NO_POPULATION: dict[Language, str] = {
    "vi": "Không tính được: chưa có số dân của đơn vị.",
    "en": "Not computed: there is no population figure for the unit.",
}
NOT_ANALYSED: dict[Language, str] = {
    "vi": "Không tính: đơn vị nằm ngoài phạm vi phân tích.",
    "en": "Not computed: the unit was outside the analysis.",
}
NOT_ON_BORDER: dict[Language, str] = {
    "vi": "Không tính: lần này chỉ so các địa bàn giáp biên giới với nhau.",
    "en": "Not computed: this run compares units on the border with each other only.",
}
BY_CHANCE: dict[Language, str] = {
    "vi": "Chưa khác biệt rõ so với ngẫu nhiên.",
    "en": "Not clearly different from chance.",
}
# Of thousands of units at once, as many draws may leave the smallest p that there is too large.
TOO_FEW_DRAWS: dict[Language, str] = {
    "vi": "Khác biệt rõ khi xét riêng, nhưng số lần hoán vị quá ít để kết luận giữa nhiều đơn vị.",
    "en": "Different on its own, but the permutations are too few to tell among so many units.",
}
# A class speaks of a unit and its neighbours together; said where its own count does not, by
# whether it is hot.
THROUGH_NEIGHBOURS: dict[Language, dict[bool, str]] = {
    "vi": {
        True: "Bản thân đơn vị dưới mức trung bình: nóng là do các đơn vị láng giềng.",
        False: "Bản thân đơn vị trên mức trung bình: lạnh là do các đơn vị láng giềng.",
    },
    "en": {
        True: "It is below the average itself: what is hot are its neighbours.",
        False: "It is above the average itself: what is cold are its neighbours.",
    },
}

# From this part of the variants of every family on a class is called stable, or fairly so.
STABLE, FAIRLY_STABLE = 0.9, 0.6
FAMILIES: dict[Language, dict[str, str]] = {
    "vi": {"neighbours": "láng giềng khác", "periods": "kỳ khác", "records": "bớt 5 % số vụ"},
    "en": {
        "neighbours": "other neighbours",
        "periods": "other periods",
        "records": "5 % of incidents left out",
    },
}
# A scan has circles in place of neighbours.
CIRCLES: dict[Language, str] = {"vi": "vòng tròn khác", "en": "other circles"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one unit in one run; numbers are null where the unit had no data.

    `expected_incidents` is what the unit would have at the mean rate (or count) of all units;
    `value`, `expected` and `neighbour_mean` are in the run's measure. `q` is `p` after correction;
    `permutations` are those that it comes from.
    """

    measure: str
    incidents: int
    expected_incidents: float | None
    value: float | None
    expected: float | None
    neighbour_mean: float | None
    p: float | None
    q: float | None
    permutations: int | None
    hot_class: int | None


def explain(evidence: Evidence, language: Language) -> str:
    """One or two sentences: how many against how many expected, the neighbours, how sure.

    The unit has a class; `explain_absence` says why another has none.
    """
    counts = explain_counts(evidence.incidents, evidence.expected_incidents, language)
    parts = [counts, _neighbour_sentence(evidence, language)]
    parts.append(_verdict(evidence, language))
    if _is_through_neighbours(evidence):
        parts.append(THROUGH_NEIGHBOURS[language][(evidence.hot_class or 0) > 0])
    return " ".join(part for part in parts if part)


def explain_counts(incidents: int, expected_incidents: float | None, language: Language) -> str:
    """How many incidents against how many expected; empty where that is not known."""
    if expected_incidents is None:
        return ""
    expected = number(expected_incidents, language)
    count = number(incidents, language, 0)
    if language == "vi":
        return f"{count} vụ, so với {expected} vụ nếu theo mức trung bình."
    noun = "incident" if incidents == 1 else "incidents"
    return f"{count} {noun} against {expected} expected at the average level."


def explain_absence(language: Language, *, border_only: bool, lacks_population: bool) -> str:
    """Why a unit has no class."""
    if border_only:
        # Which of both it was is not known.
        return NOT_ANALYSED[language] if lacks_population else NOT_ON_BORDER[language]
    return NO_POPULATION[language] if lacks_population else NOT_ANALYSED[language]


def explain_chance(
    p: float | None, q: float | None, trend_p: float | None, language: Language
) -> str:
    """How probable the last slice and the trend are by chance; empty where that is not known."""
    if p is None or q is None:
        return ""
    before, after = probability(p, language), probability(q, language)
    if language == "vi":
        trend = "" if trend_p is None else f", xu hướng: p {probability(trend_p, language)}"
        return f"Bước gần nhất: p {before}, sau hiệu chỉnh {after}{trend}."
    trend = "" if trend_p is None else f"; trend: p {probability(trend_p, language)}"
    return f"Last step: p {before}, {after} after correction{trend}."


def explain_class(hot_class: int, language: Language) -> str:
    """The class in words, for who may not know the counts that it was computed from."""
    if hot_class == 0:
        return BY_CHANCE[language]
    confidence = CONFIDENCE[abs(hot_class)]
    if language == "vi":
        kind = "Điểm nóng" if hot_class > 0 else "Điểm lạnh"
        return f"{kind} ở mức tin cậy {confidence} %."
    kind = "Hot spot" if hot_class > 0 else "Cold spot"
    return f"{kind} at {confidence} % confidence."


def stability_grade(part: float) -> int:
    """0 for stable, 1 for fairly so, 2 for not.

    Args:
        part: of the variants that kept the class, in the family in which fewest did: many mild ones
            do not make up for a class that no other neighbourhood bears out.
    """
    return sum((part < STABLE, part < FAIRLY_STABLE))


def explain_stability(
    kept: Mapping[str, int], tried: Mapping[str, int], language: Language, *, is_scan: bool = False
) -> str:
    """How often the class stayed on its side (hot, cold or neither) in the variants tried.

    Args:
        kept: by family of geo.analysis.stability.
        tried: how many variants each of these families has.
    """
    how = stability_grade(min(count / tried[one] for one, count in kept.items() if tried[one]))
    names = FAMILIES[language] | ({"neighbours": CIRCLES[language]} if is_scan else {})
    told = ", ".join(f"{names[one]} {count}/{tried[one]}" for one, count in kept.items())
    if language == "vi":
        verdict = ("Vững", "Khá vững", "Chưa vững")[how]
        return f"{verdict}. Số phép thử giữ nguyên: {told}."
    verdict = ("Stable", "Fairly stable", "Not stable")[how]
    return f"{verdict}. Checks in which it stays: {told}."


def _neighbour_sentence(evidence: Evidence, language: Language) -> str:
    if evidence.neighbour_mean is None or not evidence.expected:
        return ""
    ratio = evidence.neighbour_mean / evidence.expected
    times = number(ratio, language)
    is_high = evidence.value is not None and evidence.value > evidence.expected
    if language == "vi":
        if ratio >= 1.5:
            also = " cũng" if is_high else ""
            return f"Các đơn vị láng giềng{also} cao, gấp {times} lần trung bình."
        return "" if ratio > 0.67 else f"Các đơn vị láng giềng thấp, bằng {times} lần trung bình."
    if ratio >= 1.5:
        return f"Its neighbours are high{' too' if is_high else ''}, {times} times the average."
    return "" if ratio > 0.67 else f"Its neighbours are low, {times} times the average."


def _verdict(evidence: Evidence, language: Language) -> str:
    hot_class, q = evidence.hot_class or 0, evidence.q or 0.0
    if hot_class == 0:
        return (TOO_FEW_DRAWS if _lacks_draws(evidence) else BY_CHANCE)[language]
    confidence = CONFIDENCE[abs(hot_class)]
    chance = probability(q, language)
    # What the counts can bear bounds the class.
    is_bounded = sum(q <= level for level in LEVELS) > abs(hot_class)
    if language == "vi":
        kind = "Điểm nóng" if hot_class > 0 else "Điểm lạnh"
        but = "; số vụ quá ít để chắc hơn" if is_bounded else ""
        return f"{kind} ở mức tin cậy {confidence} % (p {chance} sau hiệu chỉnh{but})."
    kind = "Hot spot" if hot_class > 0 else "Cold spot"
    but = "; too few incidents to be surer" if is_bounded else ""
    return f"{kind} at {confidence} % confidence (p {chance} after correction{but})."


def _is_through_neighbours(evidence: Evidence) -> bool:
    """Whether the unit itself lies on the other side of the average."""
    if evidence.expected_incidents is None or not evidence.hot_class:
        return False
    return (evidence.incidents - evidence.expected_incidents) * evidence.hot_class < 0


def _lacks_draws(evidence: Evidence) -> bool:
    """Whether no more extreme p was to be had, and yet it is not small enough for all units."""
    if evidence.p is None or evidence.q is None or not evidence.permutations:
        return False
    smallest = 2 / (evidence.permutations + 1)
    return evidence.p <= smallest * (1 + 1e-9) and evidence.q > LEVELS[0]


def probability(value: float, language: Language) -> str:
    """A probability as it stands behind "p": "= 0.012", or "< 0.001" where it is less."""
    # "p = 0,000" would claim a certainty that no number of permutations gives.
    if value < 0.001:
        return f"< {number(0.001, language, 3)}"
    return f"= {number(value, language, 3)}"
