"""The names of places among the words of an address, and what each gains by what it explains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.places.areas import Area, Match
from geo.places.costs import heads_of_below
from geo.places.gazetteer import Gazetteer
from geo.places.spelling import PLACES, Word
from geo.places.streets import heads_of_names

LONGEST_NAME = 5
# Before a name: the right kind of unit, another of the same level, one of another level.
RIGHT_KIND, SIMILAR_KIND, WRONG_LEVEL = 0.8, -0.3, -3.5
NOT_BELOW, NOT_STREET = -3.0, -8.0
LABEL_AS_NAME = 1.8

_COMMUNE = {"xã", "phường", "thị trấn", "đặc khu"}
_DISTRICT = {"huyện", "quận", "thị xã", "city"}
_PROVINCE = {"province", "city"}
LEVEL_KINDS = {
    "commune": _COMMUNE,
    "district": _DISTRICT,
    "province": _PROVINCE,
    "place": set(PLACES),
}
_KIND_KEYS = {"phường": "phuong", "quận": "quan"}
_BEHIND = {
    "commune": "commune",
    "ward": "commune",
    "township": "commune",
    "district": "district",
    "province": "province",
}


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Words [begin, end) read as a name, which `gain` speaks for in natural logarithms of odds.

    `head` is where the label before it begins.
    """

    begin: int
    end: int
    head: int
    match: Match
    gain: float

    @property
    def area(self) -> Area:
        """What the words name."""
        return self.match.name.area

    def overlaps(self, other: "Hit") -> bool:
        """Whether both take the same word."""
        return self.head < other.end and other.head < self.end


def find_hits(words: Sequence[Word], costs: Sequence[float], gazetteer: Gazetteer) -> Iterator[Hit]:
    """Every name that words can mean; `costs` is what each word costs that nothing explains."""
    return _Finder(words, costs).hits(gazetteer)


class _Finder:
    def __init__(self, words: Sequence[Word], costs: Sequence[float]) -> None:
        self._words = words
        self._costs = costs
        self._below = heads_of_below(words)
        self._streets = heads_of_names(words)

    def hits(self, gazetteer: Gazetteer) -> Iterator[Hit]:
        spans = list(self._spans())
        # After a sure label the name begins: with the label it is one only in lists (TT Huế).
        misspelt = gazetteer.find_misspelt(
            [
                ("" if _is_surely_a_label(self._words[begin]) else plain, marked)
                for begin, _, plain, marked in spans
            ]
        )
        is_finished = False
        # Where names end whose last word could announce the next: "nghi xa - nghi loc".
        named: set[int] = set()
        for (begin, end, plain, marked), slipped in zip(spans, misspelt, strict=True):
            matches = gazetteer.find(plain, marked)
            if end == len(self._words):
                # The end of a name that is whole is not the beginning of another.
                matches += [] if is_finished else gazetteer.find_unfinished(plain)
                is_finished = is_finished or any(match.exact for match in matches)
            if self._ends_like_a_label(begin, end) and any(match.exact for match in matches):
                named.add(end)
            for match in matches + slipped:
                hit = self._hit(begin, end, match)
                yield hit
                if begin in named:
                    alone = replace(hit, head=begin, gain=self._own_gain(begin, end, match))
                    if hit.head < begin or hit.gain < alone.gain:
                        yield alone

    def _ends_like_a_label(self, begin: int, end: int) -> bool:
        """Whether a name of several words ends with one that, without its marks, is a label."""
        last = self._words[end - 1]
        return end - begin > 1 and last.label != "" and last.marked.isascii()

    def _own_gain(self, begin: int, end: int, match: Match) -> float:
        is_label = self._words[begin].label == "below"
        return sum(self._costs[begin:end]) - match.cost + LABEL_AS_NAME * is_label

    def _spans(self) -> Iterator[tuple[int, int, str, str]]:
        for begin in range(len(self._words)):
            yield from self._numbered(begin)
            plain, marked = "", ""
            for end in range(begin + 1, min(begin + LONGEST_NAME, len(self._words)) + 1):
                word = self._words[end - 1]
                if word.starts and end > begin + 1:
                    break
                plain += word.plain
                marked = f"{marked} {word.marked}".strip()
                if len(plain) > 1 and not plain.isdigit():
                    yield begin, end, plain, marked

    def _numbered(self, begin: int) -> Iterator[tuple[int, int, str, str]]:
        label = _KIND_KEYS.get(self._words[begin].label)
        if label and begin + 1 < len(self._words) and self._words[begin + 1].plain.isdigit():
            key = label + self._words[begin + 1].plain
            yield begin, begin + 2, key, key

    def _hit(self, begin: int, end: int, match: Match) -> Hit:
        area = match.name.area
        head, gain = begin, self._own_gain(begin, end, match)
        before = self._words[begin - 1] if begin else None
        numbered = self._words[end - 1].plain.isdigit() and area.full_name == area.name
        if numbered:
            gain += RIGHT_KIND
        elif before and before.label and not self._words[begin].starts:
            head = begin - 1
            gain += self._costs[head] + _label_gain(before.label, area)
        if end < len(self._words) and not self._words[end].starts:
            level = _BEHIND.get(self._words[end].plain)
            if level:
                gain += RIGHT_KIND if level == area.role else WRONG_LEVEL
        if begin in self._below | self._streets and area.role != "place":
            gain += NOT_STREET if begin in self._streets else NOT_BELOW
            head = begin
        return Hit(begin, end, head, match, gain)


def _is_surely_a_label(word: Word) -> bool:
    """An abbreviation, or a kind of unit with its marks; bản and the like begin names too."""
    if word.label in ("", "below"):
        return False
    return not word.marked.isascii() or (len(word.plain) <= 2 and word.plain != "xa")


def _label_gain(label: str, area: Area) -> float:
    if label == area.kind:
        return RIGHT_KIND
    if label == "below":
        # A hamlet by the name of a gate is not the gate.
        return WRONG_LEVEL if area.role == "place" and area.kind else 0.0
    return SIMILAR_KIND if label in LEVEL_KINDS[area.role] else WRONG_LEVEL
