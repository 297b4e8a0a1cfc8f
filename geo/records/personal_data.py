"""What in a free text looks as if it named a person: identity numbers, phones, e-mail, names.

The patterns use only what regular expressions of Python and of browsers mean alike, so that a form
marks while somebody writes just what the server would refuse. They are held to a corpus in
tests/corpus/personal_data.csv, with the rates that are promised.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.records.fields import Field

_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LETTER = "A-Za-zÀ-ỹ"
# An identity card of 2016 on: province 001 to 096, century and sex 0 to 3, year, six digits.
_CITIZEN = r"0{s}(?:0{s}[1-9]|[1-8]{s}[0-9]|9{s}[0-6]){s}[0-3](?:{s}[0-9]){{8}}".format(s="[ .]?")
# Its forerunner had nine digits; grouped by dots, or before a currency, they are a sum of money.
_CARD = (
    r"(?:[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3})(?! ?(?:[đĐ]|[Vv][Nn][DdĐđ]|USD|k[iíy]p|NDT|tệ|riel))"
)
_BEFORE_NUMBER, _AFTER_NUMBER = r"(?<![0-9])(?<![0-9][.,/-])(?<!/)", r"(?![0-9/]|[.,-][0-9])"
_PHONE = (
    r"(?![0-9]{2}[. -][0-9]{2}[. -][0-9]{4})"
    r"(?:\(?(?:\+|00)84\)?[ .-]?(?:\(0\))?|84(?=[35789])|0)"
    r"(?:[35789](?:[ .-]?[0-9]){8}|2(?:[ .-]?[0-9]){9}|1[ .-]?[2689](?:[ .-]?[0-9]){8})"
)
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
# Words after a title that begin the name of a place, an office or a people, and no person's.
_NO_NAME = "|".join(
    [
        "Bản",
        "Ban",
        "Thôn",
        "Xóm",
        "Xã",
        "Phường",
        "Huyện",
        "Tỉnh",
        "Thành phố",
        "Thị trấn",
        "Thị xã",
        "Quận",
        "Việt",
        "Kinh",
        "Tày",
        "Mường",
        "Mông",
        "Mong",
        "Nùng",
        "Khmer",
        "Khơ",
        "Lào",
        "Lao",
        "Trung Quốc",
        "Campuchia",
        "Myanmar",
        "Thái Lan",
        "Hội",
        "Đoàn",
        "Đồn",
        "Công an",
        "Cong an",
        "Bộ",
        "Ủy",
        "Tòa",
        "Viện",
        "Chủ",
        "Chu tich",
        "Trưởng",
        "Truong ban",
        "Phó",
        "Bí thư",
        "Bi thu",
        "Biên",
        "Phụ",
        "Phu nu",
        "Nữ",
        "Quốc",
        "Zalo",
        "Facebook",
        "Telegram",
        "Tiktok",
        "TikTok",
        "Wechat",
        "WeChat",
        "Messenger",
        "Viber",
        "Rịa",
        "Nà",
        "Đen",
    ]
)
_WORD = f"(?!(?:{_NO_NAME})(?![{_LETTER}]))[{_UPPER}][{_LETTER}']+"
# Names of the Mông and their neighbours have parts of one letter: Giàng A Páo, Y Nhung.
_NAME = f"((?:[AY] )?{_WORD}(?: (?:[AY] )?{_WORD}){{0,5}})"
_TITLES = (
    "(?:nạn nhân|nan nhan|chị|chi|cháu|chau|anh|ông|ong|bà|(?:họ )?tên(?: là)?|ten la"
    f"|(?<!trẻ )(?<!Trẻ )(?<!tre )(?<!Tre )em|ba(?= [{_UPPER}][{_LETTER}']+ [{_UPPER}]))"
)
# In the middle of a sentence a capital makes it a part of a name, as in "huyện Anh Sơn".
_FIRST_TITLES = (
    r"(?:Nạn nhân|Nan nhan|Chị|Chi|Cháu|Chau|Anh(?! Sơn)|Ông|Ong|Bà|Em|(?:Họ t|T)ên(?: là)?|Ten la)"
)
_BEGINNING = r"(?:^|(?<=[.!?;:,(\n-])|(?<=[.!?;:,(\n-] ))"

# Another system's id, as RFC 9562 writes it: digits in it are nobody's number.
_IDENTIFIER = r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])"

# By kind; the last group of a name's pattern is the name itself and stands at its end. Identifiers
# come first: they are no personal data and keep what lies in them from being read as a number.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "identifier": (_IDENTIFIER,),
    "citizen_id": (_BEFORE_NUMBER + _CITIZEN + _AFTER_NUMBER,),
    "phone": (r"(?<![0-9+])(?<![0-9][.,/-])(?<!/)" + _PHONE + _AFTER_NUMBER,),
    "identity_card": (_BEFORE_NUMBER + _CARD + _AFTER_NUMBER,),
    "email": (_EMAIL,),
    "name": (
        f"(?<![{_LETTER}0-9]){_TITLES}:? {_NAME}",
        f"{_BEGINNING}{_FIRST_TITLES}:? {_NAME}",
    ),
}
LABELS: Mapping[str, tuple[str, str]] = {
    "citizen_id": ("số căn cước", "an identity number"),
    "phone": ("số điện thoại", "a phone number"),
    "identity_card": ("số chứng minh nhân dân", "an identity card number"),
    "email": ("địa chỉ thư điện tử", "an e-mail address"),
    "name": ("tên người", "a person's name"),
}


@dataclass(frozen=True, slots=True, order=True)
class PersonalData:
    """A passage of a text, from `start` up to `end` in code points, and what it looks like."""

    start: int
    end: int
    kind: str


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(one)) for kind, several in PATTERNS.items() for one in several)


def find_personal_data(text: str) -> list[PersonalData]:
    """The passages of a text that look like personal data, in order, none over another.

    Composed and decomposed letters are the same; positions are those of the text as it came.
    """
    composed, origins = _composed(text)
    found: list[PersonalData] = []
    for kind, pattern in _compiled():
        for match in pattern.finditer(composed):
            start, end = match.span(pattern.groups)
            one = PersonalData(origins[start], origins[end], kind)
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    return sorted(one for one in found if one.kind != "identifier")


def personal_data_of(
    values: Mapping[str, str | None], fields: Mapping[str, Field]
) -> Iterator[dict[str, Any]]:
    """A problem for each such passage in the fields that take free text; none repeats it."""
    for name, field in fields.items():
        text = values.get(name)
        if text and field.kind in {"text", "open_code", "open_codes"}:
            for one in find_personal_data(text):
                vi, en = LABELS[one.kind]
                yield {
                    "column": name,
                    "code": f"personal_{one.kind}",
                    "start": one.start,
                    "end": one.end,
                    "vi": f"có vẻ ghi {vi} ở ký tự {one.start + 1}-{one.end}",
                    "en": f"characters {one.start + 1}-{one.end} look like {en}",
                }


def _composed(text: str) -> tuple[str, list[int]]:
    """The text in NFC with spaces made plain, and where each of its letters began, with the end."""
    pieces: list[str] = []
    origins: list[int] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and unicodedata.combining(text[position]):
            continue
        piece = unicodedata.normalize("NFC", text[start:position])
        piece = " " if piece in {"\t", "\u00a0"} else piece
        pieces.append(piece)
        origins += [start] * len(piece)
        start = position
    return "".join(pieces), [*origins, len(text)]
