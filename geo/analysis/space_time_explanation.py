"""What became of a unit over time, and what cluster it is in, in plain words and two languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geo.analysis.emerging import Category
from geo.analysis.explanation import CONFIDENCE, probability
from geo.dates import first_day, month_number
from geo.errors import Language
from geo.wording import day_text, month_text, number

# Each category of hot units with what it means; a cold one is named by its negative.
CATEGORIES: dict[Language, dict[int, tuple[str, str]]] = {
    "vi": {
        1: ("mới", "lần đầu tiên trong kỳ vừa qua"),
        2: ("liên tiếp", "liên tục trong các kỳ gần đây, trước đó chưa từng"),
        3: ("tăng cường", "hầu như luôn luôn, và ngày càng mạnh"),
        4: ("bền vững", "hầu như luôn luôn, không tăng không giảm"),
        5: ("suy giảm", "hầu như luôn luôn, nhưng đang yếu đi"),
        6: ("rải rác", "hiện nay, và từng lúc trong quá khứ"),
        7: ("dao động", "hiện nay, nhưng từng có lúc ngược lại"),
        8: ("lịch sử", "hầu như luôn luôn trước đây, nhưng không còn trong kỳ vừa qua"),
    },
    "en": {
        1: ("new", "for the first time in the last period"),
        2: ("consecutive", "in each of the last periods, and never before them"),
        3: ("intensifying", "nearly always, and more and more so"),
        4: ("persistent", "nearly always, neither rising nor falling"),
        5: ("diminishing", "nearly always, but less and less so"),
        6: ("sporadic", "now, and on and off before"),
        7: ("oscillating", "now, but the opposite at some time before"),
        8: ("historical", "nearly always before, but no longer in the last period"),
    },
}
NO_PATTERN: dict[Language, str] = {
    "vi": "Không có mẫu hình điểm nóng hay điểm lạnh theo thời gian.",
    "en": "No pattern of a hot or a cold spot over time.",
}
OF_THE_NEIGHBOURS: dict[Language, str] = {
    "vi": "Bản thân đơn vị không có vụ nào: nóng là do các đơn vị láng giềng.",
    "en": "It had no incident itself: what is hot are its neighbours.",
}
OR_EARLIER: dict[Language, str] = {
    "vi": "hoặc sớm hơn (khoảng quét không dài hơn)",
    "en": "or earlier (no longer span was scanned)",
}
IN_NO_CLUSTER: dict[Language, str] = {
    "vi": "Không thuộc cụm nào có ý nghĩa thống kê.",
    "en": "In no cluster that chance would not give.",
}


@dataclass(frozen=True, slots=True)
class ClusterEvidence:
    """What is known of a cluster, from its first to its last day. Untold numbers are None.

    Where `may_be_older`, no window reached farther back than this one: that is no beginning.
    """

    rank: int
    hot_class: int
    members: int
    first: date
    last: date
    may_be_older: bool = False
    incidents: int | None = None
    expected: float | None = None
    relative_risk: float | None = None
    recurrence_months: float | None = None
    p: float | None = None


def present_spell(states: Sequence[int]) -> int:
    """How many of the last slices, in a row, are like the very last one; 0 where it is neither.

    >>> present_spell([1, 0, 1, 1])
    2
    """
    if not states or not states[-1]:
        return 0
    length = 0
    while length < len(states) and states[-1 - length] == states[-1]:
        length += 1
    return length


def since_month(states: Sequence[int], last: date, step_months: int) -> str | None:
    """Since which month a unit has been in its present state, such as "2025-08"; None in none.

    Args:
        states: of its slices of `step_months` months, the newest last.
        last: the day after the last slice.

    >>> since_month([0, 1, 1], date(2026, 1, 1), 2)
    '2025-09'
    """
    length = present_spell(states)
    if not length:
        return None
    return f"{first_day(month_number(last) - length * step_months):%Y-%m}"


def explain_category(category: int, language: Language, since: str | None = None) -> str:
    """The category, what it means, and since which month the unit has been so.

    Args:
        since: such as "2025-08", where it is so now and may be told.
    """
    if category == Category.NONE:
        return NO_PATTERN[language]
    name, meaning = CATEGORIES[language][abs(category)]
    if language == "vi":
        kind = "Điểm nóng" if category > 0 else "Điểm lạnh"
        begun = f" Như vậy từ tháng {month_text(since, language)}." if since else ""
        return f"{kind} {name}: {meaning}.{begun}"
    kind = "hot spot" if category > 0 else "cold spot"
    begun = f" It has been so since {month_text(since, language)}." if since else ""
    return f"{name.capitalize()} {kind}: {meaning}.{begun}"


def explain_since(since: str, step_months: int, language: Language, *, is_hot: bool) -> str:
    """Since which month a unit has been hot (cold) in every time step."""
    month = month_text(since, language)
    if language == "vi":
        return f"Theo từng bước {step_months} tháng, {'nóng' if is_hot else 'lạnh'} từ {month}."
    return f"By steps of {step_months} months {'hot' if is_hot else 'cold'} since {month}."


def explain_cluster(cluster: ClusterEvidence | None, language: Language) -> str:
    """Which cluster a unit lies in, since when, and how much more happened there than was due."""
    if cluster is None or not cluster.hot_class:
        return IN_NO_CLUSTER[language]
    first, last = _span(cluster.first, cluster.last, language)
    if cluster.may_be_older:
        first = f"{first} {OR_EARLIER[language]}"
    confidence, members = CONFIDENCE[cluster.hot_class], number(cluster.members, language, 0)
    parts = [
        f"Thuộc cụm số {cluster.rank}, gồm {members} đơn vị, từ {first} đến {last}"
        f" (tin cậy {confidence} %)."
        if language == "vi"
        else f"In cluster no. {cluster.rank}, of {members} units, from {first} to {last}"
        f" ({confidence} % confidence)."
    ]
    if cluster.incidents is not None and cluster.expected is not None:
        count, due = number(cluster.incidents, language, 0), number(cluster.expected, language)
        risk = _risk(cluster, language)
        parts.append(
            f"Trong cụm có {count} vụ, so với {due} vụ nếu theo mức chung{risk}."
            if language == "vi"
            else f"{count} incidents in the cluster against {due} expected at the common level"
            f"{risk}."
        )
    if cluster.p is not None:
        parts.append(f"p {probability(cluster.p, language)}.")
    if cluster.recurrence_months is not None:
        months = number(cluster.recurrence_months, language, 0)
        parts.append(
            f"Ngẫu nhiên thì ít nhất {months} tháng mới gặp một lần."
            if language == "vi"
            else f"By chance alone such a cluster would come at most once in {months} months."
        )
    return " ".join(parts)


def _risk(cluster: ClusterEvidence, language: Language) -> str:
    if cluster.relative_risk is None:
        return ""
    times = number(cluster.relative_risk, language)
    return f", gấp {times} lần nơi khác" if language == "vi" else f", {times} times that elsewhere"


def _span(first: date, last: date, language: Language) -> tuple[str, str]:
    """Both ends as months where these are whole, else as days."""
    if first.day == (last + timedelta(days=1)).day == 1:
        return month_text(f"{first:%Y-%m}", language), month_text(f"{last:%Y-%m}", language)
    return day_text(first, language), day_text(last, language)
