"""What is said of words that did not fit a place, or that put it beside the one named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.places.areas import Area
from geo.places.hits import LEVEL_KINDS, Hit
from geo.places.spelling import Word, is_nearby

# From so much confidence a place is taken without being chosen from a list; from more where part of
# the text was read otherwise, and never where the text says that it lies elsewhere or leaves open
# which of several places, or which part of a province, is meant.
SURE, SURE_IF_DOUBTED = 0.7, 0.9
_DOUBTS = {"unused", "unknown", "divided", "spelling", "end_of_hamlet"}
_NEVER_SURE = {"elsewhere", "not_where_stated", "ambiguous", "province_only"}
# Posts and trails go by the names of gates and communes, and stand somewhere about them.
_BESIDE = ("post", "crossing")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the text that did not fit, Vietnamese and English; `part` as written."""

    code: str
    part: str
    vi: str
    en: str


def is_sure(confidence: float, remarks: Iterable[Remark]) -> bool:
    """Whether a place is taken by Enter and by a file's row, without anybody choosing it."""
    codes = {remark.code for remark in remarks}
    least = SURE if codes.isdisjoint(_DOUBTS) else SURE_IF_DOUBTED
    return confidence >= least and codes.isdisjoint(_NEVER_SURE)


def other_kind(hit: Hit, text: str, words: list[Word]) -> Iterator[Remark]:
    """Says what kind of unit it is that was written as another: xã that is a phường now."""
    area = hit.area
    if area.role == "place" or not hit.match.exact or hit.head == hit.begin:
        return
    label = words[hit.head].label
    if label not in LEVEL_KINDS[area.role] or label == area.kind:
        return
    part = text[words[hit.head].begin : words[hit.end - 1].end]
    if area.edition == "2024":
        vi, en = "trước 01/7/2025 là", "until 30 June 2025 this was"
    else:
        vi, en = "hiện là", "this is now"
    yield Remark(
        "kind", part, f"“{part}”: {vi} {area.full_name}.", f"“{part}”: {en} {area.full_name}."
    )


def beside(hit: Hit, text: str, words: list[Word]) -> Iterator[Remark]:
    """Says that the place itself is not known, only what it is near or goes by the name of."""
    area = hit.area
    post = _post(hit, words)
    if post is not None:
        part = text[words[post].begin : words[hit.end - 1].end]
        yield Remark(
            "beside",
            part,
            f"Chưa có vị trí của “{part}”: đây là xã có {area.full_name}.",
            f"The place of “{part}” is not known: this is the commune of {area.full_name}.",
        )
    near = _nearby(hit, words)
    if near is not None:
        part = text[words[near].begin : words[hit.end - 1].end]
        yield Remark(
            "near",
            part,
            f"“{part}” chỉ nói ở gần {area.full_name}: vị trí đúng có thể thuộc xã bên cạnh.",
            f"“{part}” only says near {area.full_name}: the place may lie in a commune beside it.",
        )


def is_beside(hit: Hit, words: list[Word]) -> bool:
    """Whether the text means a place near the one that it names."""
    return _post(hit, words) is not None or _nearby(hit, words) is not None


def is_of_post(run: list[Word]) -> bool:
    """Whether words are only what stands before the gate after which a post is called."""
    return len(run) == 1 and run[0].label in _BESIDE


def _post(hit: Hit, words: list[Word]) -> int | None:
    """Where a post or trail is announced that goes by the name of another kind of place."""
    if hit.area.role != "place" or hit.area.kind in _BESIDE:
        return None
    for at in (hit.head, hit.head - 1):
        if 0 <= at < hit.begin and words[at].label in _BESIDE:
            return at
    return None


def _nearby(hit: Hit, words: list[Word]) -> int | None:
    """Where "gần" or "cách" stands before the name, in the same part of the text."""
    for at in range(hit.head if words else -1, -1, -1):
        if at < hit.head and is_nearby(words[at]):
            return at
        if words[at].starts:
            return None
    return None


def kind_of_old(area: Area, heir: Area) -> Remark:
    """Says that a commune kept its name, and is one of another kind since July 2025."""
    return Remark(
        "former",
        area.full_name,
        f"{area.full_name} (trước 01/7/2025) nay là {heir.full_name}.",
        f"{area.full_name} (before 1 July 2025) is {heir.full_name} now.",
    )
