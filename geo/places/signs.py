"""The many ways to write an angle, brought to one: 18°53'18.6" and a letter for its hemisphere."""

import re

LETTER = r"[BNĐDTESWbnđdtesw]"
_ONE_SIGN = str.maketrans(
    dict.fromkeys("′’‘`´ʹʼ", "'")
    | dict.fromkeys("″”“ʺ˝", '"')
    | dict.fromkeys("º˚⁰", "°")
    | dict.fromkeys("−–", "-")
)
_TWO_FOR_SECONDS = re.compile(r"'\s?'")
_TWO_FOR_MINUTES = re.compile(r'(°\s*\d{1,2})"(?=\s*\d+(?:[.,]\d+)?\s*")')
# 18o53': a letter for the sign of degrees.
_LETTER_FOR_DEGREES = re.compile(r"(?<=\d)\s?[oOᵒ](?=\s?\d{1,2}(?:[.,]\d+)?\s?')")
_SECONDS = r"\d{1,2}(?:[.,]\d+)?"
_LETTERS_FOR_SIGNS = re.compile(
    rf"(?<![\d.,])(\d{{1,3}})\s?d(?:eg)?\s?(\d{{1,2}})\s?m(?:in)?\s?({_SECONDS})\s?s(?:ec)?(?![a-z])"
)
# 18:53:18, 21.01.43N
_MARKED = re.compile(
    rf"(?P<before>(?<!\w){LETTER}\s?)?(?<![\d.:])(?P<degrees>\d{{1,3}})(?P<mark>[.:])"
    rf"(?P<minutes>\d{{1,2}})(?P=mark)(?P<seconds>{_SECONDS})(?![\d:]|\.\d)"
    rf"(?P<after>\s?{LETTER}(?!\w))?"
)
# 18-53-18B, 18 53.31 N: only blanks or hyphens part what both letters betray as angles.
_PARTS = r"(\d{1,3})[\s-]+(\d{1,2})(?:[\s-]+(\d{1,2}(?:[.,]\d+)?)|([.,]\d+))"
_BETWEEN = r"(?:[\s,;/]|-(?=\s))*"
_LETTERS_AFTER = re.compile(
    rf"(?<![\w.,]){_PARTS}\s*({LETTER}){_BETWEEN}{_PARTS}\s*({LETTER})(?![^\W\d_])"
)
_LETTERS_BEFORE = re.compile(
    rf"(?<!\w)({LETTER})\s*{_PARTS}{_BETWEEN}({LETTER})\s*{_PARTS}(?![.,]?\d)"
)
# Six numbers alone.
_SIX = re.compile(
    r"(\d{1,3})\s+(\d{1,2})\s+(\d{1,2}(?:[.,]\d+)?)[\s,;]+"
    r"(\d{1,3})\s+(\d{1,2})\s+(\d{1,2}(?:[.,]\d+)?)"
)


def _packed(degrees: str, letters: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.,])(?:(?<=[{letters}])|(?<=[{letters}]\s)|(?=[\d.,]+\s?[{letters}](?![^\W\d_])))"
        rf"({degrees})(\d{{2}})(\d{{2}}(?:[.,]\d+)?)(?![.,]?\d)"
    )


# 185318N 1045053E: a latitude has six digits and a longitude seven; of metres it is the other way.
_PACKED = (_packed(r"\d{2}", "NSB"), _packed(r"1[01]\d", "EWĐDT"))
# Whole words beside both angles; alone they are parts of names: Bắc Ninh, Hà Đông.
_WORDS = {"B": "bắc|bac|north", "S": "nam|south", "Đ": "đông|dong|east", "T": "tây|tay|west"}
_WORD = "|".join(f"(?P<{letter}>{words})" for letter, words in _WORDS.items())
_UNIT = r"(?<!vĩ )(?<!vi )(?<!kinh )(?:độ|do)|phút|phut|giây|giay"
_HEMISPHERES = (
    re.compile(rf"(?P<beside>(?:[\d°'\"]|{_UNIT})\s*)(?:{_WORD})(?![^\W\d_])", re.IGNORECASE),
    re.compile(rf"(?P<beside>(?<!\w))(?:{_WORD})(?=\s*[:=]?\s*\d)", re.IGNORECASE),
)


def usual_signs(text: str) -> str:
    """The text with one sign each for minutes, seconds, degrees and minus, angles having theirs."""
    text = _TWO_FOR_SECONDS.sub('"', text.translate(_ONE_SIGN))
    text = _LETTER_FOR_DEGREES.sub("°", _TWO_FOR_MINUTES.sub(r"\1'", text))
    text = _LETTERS_FOR_SIGNS.sub(lambda found: _signed(*found.groups()), text)
    text = _with_letters(_packed_with_signs(_marked_with_signs(text)))
    text = _LETTERS_AFTER.sub(_letters_after, text)
    return _LETTERS_BEFORE.sub(_letters_before, text)


def six_with_signs(numbers: str) -> str:
    """Six numbers, of a text that has no others, with the signs of two angles."""
    six = _SIX.fullmatch(numbers)
    return f"{_signed(*six.groups()[:3])} {_signed(*six.groups()[3:])}" if six else numbers


def _signed(degrees: str, minutes: str, seconds: str | None, fraction: str | None = None) -> str:
    return f"{degrees}°{minutes}{fraction or ''}'" + (f'{seconds}"' if seconds else "")


def _letters_after(found: re.Match[str]) -> str:
    first, second = found.groups()[:4], found.groups()[5:9]
    return f"{_signed(*first)}{found[5]} {_signed(*second)}{found[10]}"


def _letters_before(found: re.Match[str]) -> str:
    first, second = found.groups()[1:5], found.groups()[6:10]
    return f"{found[1]}{_signed(*first)} {found[6]}{_signed(*second)}"


def _marked_with_signs(text: str) -> str:
    """Two angles parted by points or colons, unless they can be dates or times of a day."""
    found = list(_MARKED.finditer(text))
    lettered = all(one["before"] or one["after"] for one in found)
    if len(found) != 2 or not (lettered or any(len(one["degrees"]) == 3 for one in found)):
        return text
    return _MARKED.sub(
        lambda one: (
            (one["before"] or "")
            + _signed(one["degrees"], one["minutes"], one["seconds"])
            + (one["after"] or "")
        ),
        text,
    )


def _packed_with_signs(text: str) -> str:
    if not all(len(pattern.findall(text)) == 1 for pattern in _PACKED):
        return text
    for pattern in _PACKED:
        text = pattern.sub(lambda found: _signed(*found.groups()), text)
    return text


def _with_letters(text: str) -> str:
    """Words for both hemispheres as their letters: Bắc is B."""
    for pattern in _HEMISPHERES:
        words = [found.lastgroup for found in pattern.finditer(text)]
        if len(words) == 2 and len({word in ("B", "S") for word in words}) == 2:
            return pattern.sub(lambda found: f"{found['beside']}{found.lastgroup}", text)
    return text
