"""What the words of an address cost as long as nothing explains them."""

from collections.abc import Sequence

from geo.places.spelling import PLACES, Word, is_silent
from geo.places.streets import LONGEST_BELOW, houses

# What a word costs that nothing explains, in natural logarithms of odds.
WORD_COST = 2.4
BELOW_COST = 0.4
NUMBER_COST = 0.3
SILENT_COST = 0.1
LABEL_COST = 1.0
# Lạng Sơn, Văn Lãng; Bản Lầu; Phố Bảng: syllables of names that are labels without their marks.
_ALSO_IN_NAMES = {"lang", "ban", "pho"}


def word_costs(words: tuple[Word, ...]) -> list[float]:
    """What each word costs as long as nothing explains it."""
    below = places_below(words).union(*houses(words))
    return [
        _cost(word, words[place - 1] if place else None, place in below)
        for place, word in enumerate(words)
    ]


def _cost(word: Word, before: Word | None, is_below: bool) -> float:
    if word.label:
        return 0.0 if word.label in PLACES else LABEL_COST
    if word.plain.isdigit():
        # Only wards and urban districts go by a number.
        return WORD_COST if before and before.label in ("phường", "quận") else NUMBER_COST
    if is_silent(word):
        return SILENT_COST
    return BELOW_COST if is_below else WORD_COST


def heads_of_below(words: Sequence[Word]) -> set[int]:
    """Places of the words that follow a label such as bản or ấp."""
    return {
        place
        for place, word in enumerate(words)
        if place and words[place - 1].label == "below" and not word.starts
    }


def places_below(words: tuple[Word, ...]) -> set[int]:
    """Places of the words that name a hamlet or a street: up to a comma or the next sure label."""
    found: set[int] = set()
    for begin in heads_of_below(words):
        end = begin
        while end < len(words) and not (words[end].starts and end > begin):
            if words[end].label and not _may_be_of_a_name(words[end]):
                break
            end += 1
        if end == len(words) or end - begin > LONGEST_BELOW:
            # Nothing says where it ends: the first word is sure.
            end = begin + 1
        found |= set(range(begin, end))
    return found


def _may_be_of_a_name(word: Word) -> bool:
    """Whether a word that can announce a hamlet, written without marks, is as often one of a name.

    "Lang Son" is no làng, as "Van Lang" is none: nothing says that a hamlet's name ends there.
    """
    return word.plain in _ALSO_IN_NAMES and word.marked.isascii()
