"""Which hotspots a leader should look at, and why: what is known now against what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from geo.analysis.emerging import URGENCY, Category
from geo.analysis.explanation import CONFIDENCE
from geo.analysis.space_time_explanation import CATEGORIES
from geo.errors import Language
from geo.wording import day_text

Decision = Literal["confirm", "dismiss", "watch"]
Why = Literal["second", "new", "due", "gone", "hotter", "colder", "category", "cluster"]
# A unit that was always hot but is not any more asks for nothing.
HOT_CATEGORIES = tuple(int(one) for one in URGENCY if one is not Category.HISTORICAL_HOT)
USUAL_PRIORITY = 2
# From this class on a unit is a hotspot: 95 % confidence.
LEAST_CLASS = 2
_DECISIONS: dict[Language, dict[Decision, str]] = {
    "vi": {"confirm": "xác nhận", "dismiss": "bác bỏ", "watch": "theo dõi"},
    "en": {"confirm": "to confirm it", "dismiss": "to dismiss it", "watch": "to watch it"},
}

_SENTENCES: dict[Language, dict[Why, str]] = {
    "vi": {
        "second": "{by} đề nghị {what}: cần một lãnh đạo khác đồng ý.",
        "new": "{basis}: chưa có quyết định.",
        "due": "Đã quá hạn {due} mà vẫn còn nóng.",
        "gone": "Không còn là điểm nóng như khi quyết định.",
        "hotter": "Nóng hơn khi quyết định: {before} → {after}.",
        "colder": "Giảm so với khi quyết định: {before} → {after}.",
        "category": "Diễn biến theo thời gian đã đổi: {before} → {after}.",
        "cluster": "Nay là tâm của một cụm vụ việc đang có.",
    },
    "en": {
        "second": "{by} proposes {what}: another leader has to agree.",
        "new": "{basis}: nothing was decided yet.",
        "due": "Still hot after the due date, {due}.",
        "gone": "No longer the hotspot that was decided on.",
        "hotter": "Hotter than when it was decided: {before} → {after}.",
        "colder": "Colder than when it was decided: {before} → {after}.",
        "category": "Its course over time has changed: {before} → {after}.",
        "cluster": "Now the centre of a cluster that is there at present.",
    },
}


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot a unit is: its class of Gi* (-3 … 3), its Category, the class of its cluster.

    The cluster is one of which the unit is the centre; 0 stands for nothing or no data.
    """

    hot_class: int = 0
    category: int = 0
    cluster: int = 0

    @property
    def level(self) -> int:
        """The class of a hot unit, 0 of any other."""
        return max(self.hot_class, 0)

    @property
    def urgency(self) -> int:
        """The place of the category among hot ones, the most urgent lowest."""
        try:
            return HOT_CATEGORIES.index(self.category)
        except ValueError:
            return len(HOT_CATEGORIES)

    def is_hot(self, least: int = LEAST_CLASS) -> bool:
        """Whether it is a hotspot: by its class, over time, or as the centre of a cluster.

        >>> Heat(hot_class=1).is_hot(), Heat(hot_class=1).is_hot(1), Heat(category=1).is_hot()
        (False, True, True)
        """
        return self.level >= least or self.category in HOT_CATEGORIES or self.cluster > 0


@dataclass(frozen=True, slots=True)
class Decided:
    """The newest decision on a unit, and how hot the unit was when it was taken.

    `priority` is 1 (high) to 3; it does not stand while a second leader has yet to agree.
    """

    decision: Decision
    seen: Heat
    decided_by: str
    stands: bool = True
    priority: int = USUAL_PRIORITY
    due_on: date | None = None


def reasons(
    now: Heat,
    decided: Decided | None,
    today: date,
    *,
    least: int = LEAST_CLASS,
    viewer: str | None = None,
) -> tuple[Why, ...]:
    """Why somebody should look at a unit again; nothing where nobody need.

    What was dismissed comes back only where it became hotter: that it cooled, or went, is what its
    dismissal said.

    Args:
        now: what the newest standard runs say.
        decided: the newest decision, if there is one.
        least: the class from which a unit is a hotspot.
        viewer: who looks; his own proposal waits for somebody else.
    """
    if decided is None:
        return ("new",) if now.is_hot(least) else ()
    found: list[Why] = []
    if not decided.stands and decided.decided_by != viewer:
        found.append("second")
    if decided.due_on is not None and decided.due_on < today and now.is_hot(least):
        found.append("due")
    return (*found, *_changes(now, decided, least))


def _changes(now: Heat, decided: Decided, least: int) -> list[Why]:
    seen, is_open = decided.seen, decided.decision != "dismiss"
    if not now.is_hot(1):
        return ["gone"] if is_open and seen.is_hot(1) else []
    found: list[Why] = []
    if now.level > seen.level and now.is_hot(least):
        found.append("hotter")
    if now.level < seen.level and is_open:
        found.append("colder")
    if now.urgency < seen.urgency or (now.urgency != seen.urgency and is_open):
        found.append("category")
    if now.cluster > 0 and seen.cluster <= 0:
        found.append("cluster")
    return found


def explain_why(
    why: Iterable[Why], now: Heat, decided: Decided | None, language: Language
) -> list[str]:
    """The reasons in words, a sentence for each."""
    return [_sentence(one, now, decided, language) for one in why]


def order(now: Heat, decided: Decided | None, population: int | None) -> tuple[int, int, int]:
    """What to sort by: hotter units first, then by priority, then the more populous.

    >>> order(Heat(hot_class=3), None, 9) < order(Heat(hot_class=2), None, 99)
    True
    """
    return -now.level, decided.priority if decided else USUAL_PRIORITY, -(population or 0)


def _sentence(why: Why, now: Heat, decided: Decided | None, language: Language) -> str:
    told = {"by": "", "what": "", "due": ""}
    if decided is not None:
        due = decided.due_on or date.max
        told = {
            "by": decided.decided_by,
            "what": _DECISIONS[language][decided.decision],
            "due": day_text(due, language),
        }
    describe = _category if why == "category" else _level
    seen = decided.seen if decided else Heat()
    changed = {"before": describe(seen, language), "after": describe(now, language)}
    return _SENTENCES[language][why].format_map(told | changed | {"basis": _basis(now, language)})


def _level(heat: Heat, language: Language) -> str:
    if heat.level:
        confidence = CONFIDENCE[heat.level]
        return f"tin cậy {confidence} %" if language == "vi" else f"{confidence} % confidence"
    return "chưa nóng rõ" if language == "vi" else "not clearly hot"


def _basis(heat: Heat, language: Language) -> str:
    """What makes a unit a hotspot."""
    is_vi = language == "vi"
    # A class under the usual one says less than how the unit went, or the cluster around it.
    if heat.level < LEAST_CLASS and heat.category in HOT_CATEGORIES:
        kind = "Nóng theo diễn biến thời gian" if is_vi else "Hot by its course over time"
        return f"{kind} ({_category(heat, language)})"
    if heat.level < LEAST_CLASS and heat.cluster > 0:
        return "Tâm của một cụm vụ việc đang có" if is_vi else "The centre of a present cluster"
    kind = "Điểm nóng" if is_vi else "A hotspot"
    return f"{kind}, {_level(heat, language)}"


def _category(heat: Heat, language: Language) -> str:
    if heat.category in HOT_CATEGORIES:
        return CATEGORIES[language][heat.category][0]
    return "không có" if language == "vi" else "none"
