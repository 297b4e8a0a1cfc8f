"""Houses, streets and roads in an address: words that name no unit, though many units go by them.

Lê Lợi and Trần Phú are wards of a dozen towns, and streets of every one.
"""

from collections.abc import Sequence

from geo.places.spelling import ROADS, Word

# A name of a hamlet or street is not longer than this where no comma ends it.
LONGEST_BELOW = 6
_STREETS = {"so", "sonha", "ngo", "ngach", "hem", "duong", "pho"} | ROADS


def is_street(word: Word) -> bool:
    """Whether a word announces a house, a street or a road: "số", "đường", "QL"."""
    return word.label == "below" and word.plain in _STREETS


def streets(words: Sequence[Word]) -> list[range]:
    """Where houses, streets and roads stand, each with what announces it: "số 15 đường Lê Lợi".

    A number that begins a part of the text, with words behind it up to a comma, is one of a house.
    """
    found: list[range] = []
    for begin, word in enumerate(words):
        if is_street(word):
            end = _end_of_street(words, begin)
        elif begin == 0 or word.starts:
            end = _end_of_house(words, begin)
        else:
            continue
        if found and found[-1].stop >= begin and not word.starts:
            found[-1] = range(found[-1].start, max(end, found[-1].stop))
        elif end > begin:
            found.append(range(begin, end))
    return found


def heads_of_names(words: Sequence[Word]) -> set[int]:
    """Where the names of streets begin, behind labels and numbers. Where they end, without a comma,
    nothing says: the commune may follow.
    """
    heads = set()
    for one in streets(words):
        is_awaited = True
        for place in one:
            if is_street(words[place]):
                is_awaited = True
            elif is_awaited and not words[place].plain.isdigit():
                heads.add(place)
                is_awaited = False
    return heads


def houses(words: Sequence[Word]) -> list[range]:
    """Houses whose number nothing announces: "12 Trần Phú,"."""
    return [one for one in streets(words) if not words[one.start].label]


def _end_of_part(words: Sequence[Word], begin: int) -> int:
    """The next comma or label behind a word, or the end."""
    end = begin + 1
    while end < len(words) and not words[end].starts and not words[end].label:
        end += 1
    return end


def _end_of_street(words: Sequence[Word], begin: int) -> int:
    end = _end_of_part(words, begin)
    stands_apart = end < len(words) or (begin > 0 and words[begin].starts)
    if stands_apart and end - begin - 1 <= LONGEST_BELOW and words[begin].plain not in ROADS:
        return end
    # Nothing says where its name ends: the number and, but of a road, the first word are sure.
    sure = begin + 1
    while sure < end and words[sure].plain.isdigit():
        sure += 1
    return sure if words[begin].plain in ROADS else min(sure + 1, end)


def _end_of_house(words: Sequence[Word], begin: int) -> int:
    """The end of "12 Trần Phú,", or where it began if it is none."""
    end = _end_of_part(words, begin)
    is_house = (
        words[begin].plain.isdigit()
        and end < len(words)
        and words[end].starts
        and end - begin <= LONGEST_BELOW
        and any(not word.plain.isdigit() for word in words[begin:end])
    )
    return end if is_house else begin
