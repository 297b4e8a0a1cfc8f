"""Addresses as people write them, made from the official lists by rules, with the right answers.

The lists are those beside the checkout, which the product never reads. An address starts from a
commune drawn at random, of 2025 (name, province) or of 2024 (name, district, province), and is
then changed by these rules, each drawn on its own:

* form, of a commune of 2024: with the new province in place of the old one 1 in 8; without its
  district 1 in 12, where its name is the only such name in that province, old or new;
* kind of unit before each name: written out 45 %, abbreviated 35 % (half of those without the
  space), left out 20 %, but never of a unit that goes by a number;
* a number below ten gets a zero 1 in 3;
* one slip 30 %, two slips 10 %: a letter left out, doubled, changed, or two letters swapped, never
  in a name of less than five letters, never two in one name of less than nine;
* marks: as in the list 55 %, none 30 %, the tone on the other vowel 15 %;
* a hamlet, a group, or a house and street in front 45 %, of those 1 in 5 with a commune's name;
* order: small to large 70 %, large to small 15 %, any 15 %; the hamlet stays before its commune;
* between the parts: comma 60 %, dash 15 %, space alone 15 %, semicolon, or province in brackets;
* lower case 25 %, upper case 8 %; "Việt Nam" behind 5 %; decomposed Unicode (NFD) 15 %.

Right is the commune of 2025; of a commune that was divided, any of those that took a part.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pandas

ABBREVIATIONS = {
    "Tỉnh": "T.",
    "Thành phố": "TP.",
    "Huyện": "H.",
    "Quận": "Q.",
    "Thị xã": "TX.",
    "Xã": "X.",
    "Phường": "P.",
    "Thị trấn": "TT.",
    "Đặc khu": "ĐK.",
}
HAMLETS = ("bản", "thôn", "ấp", "xóm", "khóm", "buôn", "làng")
HAMLET_NAMES = (
    "Búng", "Na Loi", "Huồi Cọ", "Tân Lập", "Bình Minh", "Đông Hồ", "Nà Mèo", "Phú Thọ 2",
    "Kẻ Tắt", "Cây Khế", "Mỹ Lộc", "Trung Tâm", "Pa Thơm", "Cầu Sắt",
)  # fmt: skip
STREETS = ("Lê Lợi", "Nguyễn Văn Cừ", "Trần Hưng Đạo", "Hai Bà Trưng", "30 Tháng 4")
LETTERS = "abcdeghiklmnopqrstuvxy"
TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class Address:
    """A text, and the codes of the communes of 2025 of which any is right."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lists:
    """The official lists: names in order from small to large, and the right answers."""

    new: list[tuple[list[str], frozenset[str]]]
    old: list[tuple[list[str], frozenset[str], str]]
    in_province: Counter[tuple[str, str]]


def bare(text: str) -> str:
    """Lower case without marks."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def split(full_name: str) -> tuple[str, str]:
    """Kind of unit and name."""
    for kind in ABBREVIATIONS:
        if full_name.startswith(kind + " "):
            return kind, full_name[len(kind) + 1 :]
    return "", full_name


def read_lists(folder: Path) -> Lists:
    """Names of both editions from the files beside the checkout."""

    def units(name: str) -> pandas.DataFrame:
        return geopandas.read_file(folder / name, ignore_geometry=True).set_index("code")

    provinces, former = units("vn-provinces-2025.fgb"), units("vn-provinces-2024.fgb")
    communes, districts = units("vn-communes-2025.fgb"), units("vn-districts-2024.fgb")
    pairs = pandas.read_csv(folder / "crosswalk-2024-2025.csv", dtype=str, keep_default_na=False)
    pairs = pairs[pairs["old_name"] != ""]
    new_province = communes["province_code"].map(provinces["full_name"])
    new = [
        ([name, new_province[code]], frozenset({code}))
        for code, name in communes["full_name"].items()
    ]
    old = []
    for _, rows in pairs.groupby("old_commune_code"):
        row = rows.iloc[0]
        names = [
            row["old_name"],
            districts["name"][row["old_district_code"]],
            former["full_name"][row["old_province_code"]],
        ]
        right = frozenset(rows["new_commune_code"])
        old.append((names, right, new_province[row["new_commune_code"]]))
    everything = [(names[0], names[1]) for names, _ in new]
    everything += [
        (names[0], place) for names, _, new_one in old for place in {bare(names[2]), bare(new_one)}
    ]
    return Lists(new, old, Counter((bare(split(a)[1]), bare(b)) for a, b in everything))


def make_addresses(lists: Lists, count: int, seed: int) -> list[Address]:
    """`count` addresses; the same seed gives the same."""
    draw = random.Random(seed)
    return [_address(lists, draw) for _ in range(count)]


def _address(lists: Lists, draw: random.Random) -> Address:
    if draw.random() < 0.45:
        names, right = draw.choice(lists.new)
    else:
        names, right, new_province = draw.choice(lists.old)
        if draw.random() < 1 / 8:
            names = [*names[:2], new_province]
        alone = lists.in_province[bare(split(names[0])[1]), bare(names[2])] == 1
        if alone and draw.random() < 1 / 12:
            names = [names[0], names[2]]
    slips = draw.choices((0, 1, 2), (60, 30, 10))[0]
    names = _slipped(names, slips, draw)
    parts = [_styled(name, draw) for name in names]
    if draw.random() < 0.45:
        parts[0] = _hamlet(lists, draw) + draw.choice((", ", ", ", " ")) + parts[0]
    text = _finished(_joined(_ordered(parts, draw), draw), draw)
    return Address(text, right)


def _slipped(names: list[str], slips: int, draw: random.Random) -> list[str]:
    changed = list(names)
    before = [0] * len(names)
    for _ in range(slips):
        place = draw.randrange(len(names))
        kind, name = split(changed[place])
        letters = len(bare(name).replace(" ", ""))
        if letters < (9 if before[place] else 5) or any(c.isdigit() for c in name):
            continue
        before[place] += 1
        changed[place] = f"{kind} {_slip(name, draw)}".strip()
    return changed


def _slip(name: str, draw: random.Random) -> str:
    places = [at for at, letter in enumerate(name) if letter.isalpha()]
    at = draw.choice(places)
    kind = draw.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2:
        return name[:at] + draw.choice(LETTERS) + name[at + 1 :]
    following = [place for place in places if place + 1 in places]
    at = draw.choice(following) if following else at
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _styled(full_name: str, draw: random.Random) -> str:
    kind, name = split(full_name)
    if name.isdigit() and int(name) < 10 and draw.random() < 1 / 3:
        name = f"0{name}"
    style = draw.random()
    if style < 0.45 or not kind:
        return draw.choice((kind, kind.lower())) + " " + name
    if style < 0.8 or name.isdigit():
        return ABBREVIATIONS[kind] + draw.choice((" ", "")) + name
    return name


def _hamlet(lists: Lists, draw: random.Random) -> str:
    form = draw.random()
    if form < 0.2:
        return f"{draw.choice(HAMLETS)} {split(draw.choice(lists.old)[0][0])[1]}"
    if form < 0.6:
        return f"{draw.choice(HAMLETS)} {draw.choice(HAMLET_NAMES)}"
    if form < 0.8:
        return f"{draw.choice(('tổ', 'thôn', 'khu phố', 'ấp', 'tổ dân phố'))} {draw.randint(1, 20)}"
    return f"số {draw.randint(1, 300)} đường {draw.choice(STREETS)}"


def _ordered(parts: list[str], draw: random.Random) -> list[str]:
    order = draw.random()
    if order < 0.7:
        return parts
    return parts[::-1] if order < 0.85 else draw.sample(parts, len(parts))


def _joined(parts: list[str], draw: random.Random) -> str:
    form = draw.random()
    if form < 0.6:
        return ", ".join(parts)
    if form < 0.75:
        return " - ".join(parts)
    if form < 0.9:
        return " ".join(parts)
    return "; ".join(parts) if form < 0.95 else f"{', '.join(parts[:-1])} ({parts[-1]})"


def _finished(text: str, draw: random.Random) -> str:
    if draw.random() < 0.05:
        text += ", Việt Nam"
    marks = draw.random()
    if marks < 0.3:
        text = "".join(
            c
            for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
            if not unicodedata.combining(c)
        )
    elif marks < 0.45:
        text = other_tone_place(text)
    case = draw.random()
    change: Callable[[str], str] = str
    change = str.lower if case < 0.25 else str.upper if case > 0.92 else change
    return unicodedata.normalize("NFD" if draw.random() < 0.15 else "NFC", change(text))


_OPEN_PAIRS = re.compile(rf"(o|O|u|U)([{TONES}]?)([aeyAEY])([{TONES}]?)(?![a-zA-Z\u0300-\u036f])")


def other_tone_place(text: str) -> str:
    """Hòa as hoà, thủy as thuỷ, and back."""

    def moved(found: re.Match[str]) -> str:
        first, one, second, other = found.groups()
        return f"{first}{other}{second}{one}"

    apart = unicodedata.normalize("NFD", text)
    apart = re.sub(rf"(?<![qQ]){_OPEN_PAIRS.pattern}", moved, apart)
    return unicodedata.normalize("NFC", apart)
