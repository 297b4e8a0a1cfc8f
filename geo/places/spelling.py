"""How Vietnamese names are written, and the keys under which all spellings of one meet.

A syllable has a `plain` form without any mark and a `marked` one, in which the tone stands at the
end: hoà and hòa are the same word, whatever the keyboard and the Unicode form were.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST_ADDRESS = 400
MOST_WORDS = 40

# Grave, acute, tilde, hook above, dot below: the tones. Other marks make another vowel.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W_]+(?:['’`ʼ][^\W_]+)*")
# A name in brackets, after a comma or a stroke is a part of its own.
_BREAK = re.compile(r"[,;:|()\[\]/\\\n\r\t\u2022\u2192>]")
# An English possessive or a word of a minority language: both are one word.
_APOSTROPHES = re.compile(r"['’`ʼ]")
_LETTERS_AND_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
# What announces an address, and is no part of it.
_ANNOUNCED = re.compile(
    r"^\W*(?:địa\s+chỉ|dia\s+chi|[đd]\s*/\s*c|đc)\b\s*[:.;-]?\s*", re.IGNORECASE
)
# The number of a line in a list, which is none of a house.
_LISTED = re.compile(r"^\s*\d{1,3}[.)]\s+")
_TWO_WORDS_IN_ONE = re.compile(r"(?<=[^\W\d_A-ZĐ][^\W\d_A-ZĐ])(?=[A-ZĐ][^\W\d_A-ZĐ])")
# Mỹ and Mĩ, Quy and Qui: after a consonant the letters mean the same sound.
_I_SOUND = re.compile(r"(?:(?<=[bcdghklmnprstvx])|(?<=qu))y+$")


# Sơn Kim I: numbers behind names. X and V are letters that mean other things.
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an address: its keys, and what kind of unit or place it announces, if any.

    `starts`: a comma, a bracket or the like stands before it. `begin` and `end` are the places of
    its letters in the cleaned text.
    """

    plain: str
    marked: str
    begin: int
    end: int
    label: str = ""
    starts: bool = False


# Hamlets of all regions, and what stands before streets and houses.
_BELOW = (
    "ban", "buon", "plei", "bon", "phum", "soc", "thon", "lang", "ap", "xom", "khom", "to", "doi",
    "so", "nha", "ngo", "ngach", "hem", "duong", "pho", "cum", "khu", "khoi", "tieu", "to dan pho",
    "khu pho", "tdp", "kp", "so nha", "khu vuc", "tieu khu", "khu dan cu",
    "quoc lo", "tinh lo", "huyen lo", "ql", "tl", "dt", "km",
)  # fmt: skip
_POSTS = [
    f"{post}{check} {guard}"
    for post in ("đồn", "trạm", "chốt", "tổ")
    for check in ("", " kiểm soát")
    for guard in ("biên phòng", "bp")
]
# What stands before the number of a road, and is a word like others elsewhere.
ROADS = {"quoclo", "tinhlo", "huyenlo", "ql", "tl", "dt", "km"}
# Words before a name, and the kind that they announce; read without their marks.
LABELS: dict[str, str] = {
    "tinh": "province",
    "t": "province",
    "thanh pho": "city",
    "tp": "city",
    "t p": "city",
    "huyen": "huyện",
    "huyen dao": "huyện",
    "h": "huyện",
    "quan": "quận",
    "q": "quận",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "t x": "thị xã",
    "xa": "xã",
    "x": "xã",
    "phuong": "phường",
    "p": "phường",
    "f": "phường",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "t t": "thị trấn",
    "dac khu": "đặc khu",
    "dk": "đặc khu",
    **dict.fromkeys(_BELOW, "below"),
    **dict.fromkeys(["vuon quoc gia", "vqg"], "landmark"),
    **dict.fromkeys(["ckqt", "ckqg", "ckc", "ckp"], "landmark"),
    **{
        f"{gate}{rank}": "landmark"
        for gate in ("cua khau", "ck")
        for rank in ("", " quoc te", " quoc gia", " chinh", " phu", " song phuong")
    },
    **dict.fromkeys([*_POSTS, "dbp"], "post"),
    **dict.fromkeys(["duong mon", "loi mo", "nga ba bien gioi"], "crossing"),
}
# Labels of what lies in a commune.
PLACES = ("below", "landmark", "post", "crossing")
# What stands near a name, and not at it.
NEARBY = ("gần", "cách")
# Marked forms with which a word is that label; without marks it may be.
_MARKED_LABELS = (
    "tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|bản|buôn|plei|bon|phum|sóc|thôn"
    "|làng|ấp|xóm|khóm|tổ|đội|số|nhà|ngõ|ngách|hẻm|đường|phố|cụm|khu|khối|tiểu|tổ dân phố|khu phố"
    "|số nhà|khu vực|tiểu khu|khu dân cư|quốc lộ|tỉnh lộ|huyện lộ|đt|cửa khẩu"
    "|vườn quốc gia|ngã ba biên giới"
    "|đbp|đk|huyện đảo|cửa khẩu quốc tế|cửa khẩu quốc gia|cửa khẩu chính"
    "|cửa khẩu phụ|cửa khẩu song phương|ck quốc tế|ck quốc gia|ck chính|ck phụ|ck song phương"
    "|đường mòn|lối mở|" + "|".join(_POSTS)
)
# English words for kinds of unit stand behind the name, and other words say nothing of a place.
_SILENT = {
    "commune", "ward", "district", "province", "city", "town", "township", "village", "vietnam",
    "viet", "nam", "vn", "cu", "nay", "truoc", "day", "la", "thuoc", "cach", "gan", "tai", "o",
    "va", "moi", "old", "new", "formerly", "now", "in", "of", "the", "special", "zone",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def plain_of(word: str) -> str:
    """Lower case without marks, đ as d, y as i where both are written for one sound."""
    apart = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    letters = "".join(c for c in apart if c.isalnum())
    if letters.isdigit():
        return letters.lstrip("0") or "0"
    return "dak" if letters == "dac" else _I_SOUND.sub("i", letters)


@lru_cache(maxsize=20_000)
def marked_of(word: str) -> str:
    """Lower case with its marks in one order: the tone last, wherever it was placed."""
    apart = unicodedata.normalize("NFD", word.lower())
    letters = "".join(c for c in apart if (c.isalnum() or unicodedata.combining(c)))
    tones = "".join(c for c in letters if c in _TONES)
    body = "".join(c for c in letters if c not in _TONES)
    if body.isdigit():
        return body.lstrip("0") or "0"
    return _I_SOUND.sub("i", unicodedata.normalize("NFC", body)) + tones


def has_marks(marked: str) -> bool:
    """Whether a marked form differs from a plain one: its writer used the marks."""
    return not marked.isascii()


def clean(text: str) -> str:
    """The text in NFC, bounded, without control characters, with its words apart."""
    short = unicodedata.normalize("NFC", text)[:LONGEST_ADDRESS]
    visible = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in short)
    return _TWO_WORDS_IN_ONE.sub(" ", _ANNOUNCED.sub("", _LISTED.sub("", visible))).strip()


_LABEL_MARKS = {
    tuple(plain_of(word) for word in name.split()): tuple(marked_of(word) for word in name.split())
    for name in _MARKED_LABELS.split("|")
}
_LABEL_KEYS = {tuple(plain_of(word) for word in key.split()): kind for key, kind in LABELS.items()}
_LONGEST_LABEL = max(map(len, _LABEL_KEYS))
_NEARBY_KEYS = {key for word in NEARBY for key in (marked_of(word), plain_of(word))}


def words_of(text: str) -> list[Word]:
    """The words of a cleaned address in order; those of a label are one word."""
    return _with_labels(_split(text))


def _split(text: str) -> list[Word]:
    words: list[Word] = []
    last = 0
    for found in _WORD.finditer(text):
        starts = bool(_BREAK.search(text, last, found.start()))
        if starts and text[last : found.start()].isspace():
            # Tables part columns by tabs; between "xã" and its name it is a blank.
            starts = not _ends_with_label(words)
        last = found.end()
        begin = found.start()
        for part in _LETTERS_AND_DIGITS.split(found[0]):
            bare = _APOSTROPHES.sub("", ROMAN.get(part, part))
            words.append(
                Word(plain_of(bare), marked_of(bare), begin, begin + len(part), starts=starts)
            )
            begin += len(part)
            starts = False
        if len(words) >= MOST_WORDS:
            break
    return words[:MOST_WORDS]


def _ends_with_label(words: list[Word]) -> bool:
    plain = tuple(word.plain for word in words[-_LONGEST_LABEL:])
    return any(plain[at:] in _LABEL_KEYS for at in range(len(plain)))


def _with_labels(words: list[Word]) -> list[Word]:
    labelled: list[Word] = []
    at = 0
    while at < len(words):
        length, kind = _label_at(words, at)
        if kind == "below" and labelled and labelled[-1].label not in ("", *PLACES):
            # Xã Bản Lầu: what stands behind a kind of unit is its name.
            length, kind = (1, "") if not words[at].starts else (length, kind)
        run = words[at : at + length]
        if kind and "".join(word.plain for word in run) in ROADS:
            kind = kind if _is_number(words[at + length : at + length + 1]) else ""
        labelled.append(
            Word(
                "".join(word.plain for word in run),
                "".join(word.marked for word in run),
                run[0].begin,
                run[-1].end,
                kind,
                run[0].starts,
            )
        )
        at += length
    return labelled


def _is_number(words: list[Word]) -> bool:
    return any(word.plain.isdigit() and not word.starts for word in words)


def _label_at(words: list[Word], at: int) -> tuple[int, str]:
    for length in range(min(_LONGEST_LABEL, len(words) - at), 0, -1):
        run = words[at : at + length]
        key = tuple(word.plain for word in run)
        kind = _LABEL_KEYS.get(key)
        if not kind or any(word.starts for word in run[1:]):
            continue
        written = tuple(word.marked for word in run)
        if written == key or written == _LABEL_MARKS.get(key):
            return length, kind
    return 1, ""


def is_nearby(word: Word) -> bool:
    """Whether a word says that a place is near what follows: "gần", "cách"."""
    return word.marked in _NEARBY_KEYS


def is_silent(word: Word) -> bool:
    """Whether a word is none of a name: "commune", "cũ", "Việt Nam"."""
    return word.plain in _SILENT


def name_key(name: str) -> tuple[str, str]:
    """The plain and the marked key of a name, both without spaces."""
    words = _split(clean(name))
    return "".join(word.plain for word in words), " ".join(word.marked for word in words)
