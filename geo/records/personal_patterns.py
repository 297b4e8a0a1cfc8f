"""How personal data looks: patterns that regular expressions of Python and of browsers mean alike.

A form marks with them while somebody writes, just what the server would refuse. They are written
against tests/corpus/personal_data.txt; what they find in sentences that were set down before them
is measured on tests/corpus/personal_data_held_out.txt.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from geo.records.person_names import FAMILY_NAMES, PLACES, PLAIN_FAMILY_NAMES

_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LETTER = "A-Za-zÀ-ỹ"
_LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_BEFORE, _AFTER = f"(?<![{_LETTER}0-9])", f"(?![{_LETTER}])"

# An identity card of 2016 on: province 001 to 096, century and sex 0 to 3, year, six digits.
_CITIZEN = r"0{s}(?:0{s}[1-9]|[1-8]{s}[0-9]|9{s}[0-6]){s}[0-3](?:{s}[0-9]){{8}}".format(s="[ .]?")
# Its forerunner had nine digits; grouped by dots, or before a currency, they are a sum of money.
_CARD = (
    r"(?:[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3})(?! ?(?:[đĐ]|[Vv][Nn][DdĐđ]|USD|k[iíy]p|NDT|tệ|riel))"
)
_BEFORE_NUMBER, _AFTER_NUMBER = r"(?<![0-9])(?<![0-9][.,/-])(?<!/)", r"(?![0-9/]|[.,-][0-9])"
_GAP = "(?: ?[.-] ?| )?"
_PHONE = (
    r"(?![0-9]{2}[. -][0-9]{2}[. -][0-9]{4})"
    rf"(?:\(?(?:\+|00)84\)?{_GAP}(?:\(0\))?{_GAP}|84 ?(?=[35789])|\(?0)"
    rf"(?:[35789](?:{_GAP}[0-9]){{8}}|2(?:[0-9]{{1,2}}\))?(?:{_GAP}[0-9]){{7,9}}"
    rf"|1{_GAP}[2689](?:{_GAP}[0-9]){{8}})"
)
# The longest that RFC 5321 allows: without a limit a long word would be read again at each letter.
_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
# A page or a chat of somebody: what follows the host names him.
_ACCOUNT = (
    r"(?:https?://)?(?:[A-Za-z-]{1,20}\.)?(?:zalo\.me|m\.me|t\.me|wa\.me|line\.me|viber\.com"
    r"|facebook\.com|fb\.com|fb\.me|messenger\.com|instagram\.com|tiktok\.com|telegram\.me"
    r"|youtube\.com|threads\.net|x\.com|twitter\.com)/[^ ,;)]*[^ ,;)'.]"
)
_HANDLE = rf"(?<![{_LETTER}0-9._%+@-])@[A-Za-z][A-Za-z0-9_.]{{2,30}}"
# Another system's id, as RFC 9562 writes it: digits in it are nobody's number.
_IDENTIFIER = r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])"


def _plain(word: str) -> str:
    """The word as a keyboard without tones writes it."""
    marked = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def _any(words: Iterable[str]) -> str:
    """Any of the words, the longest first; parted by first letters, which is ten times as fast."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word[1:])
    groups = (f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    return f"(?:{'|'.join(groups)})"


def with_plain(words: Iterable[str]) -> list[str]:
    """Each word, and as it is written without tones."""
    return [form for word in words for form in (word, _plain(word))]


def _first_up(words: Iterable[str]) -> list[str]:
    return [word[0].upper() + word[1:] for word in words]


_PEOPLES = [
    "Kinh", "Tày", "Mường", "Mông", "Nùng", "Khmer", "Khơ Mú", "Khơ-mú", "Lào", "Thổ", "Dao",
    "Ơ Đu", "Đan Lai", "Hà Nhì", "La Hủ", "La Chí", "Lô Lô", "Ê Đê", "Gia Rai", "Ba Na", "Xơ Đăng",
    "Cơ Tu", "Tà Ôi", "Bru", "Chứt", "Chăm", "Hoa", "Giáy", "Sán Dìu", "Sán Chay", "Cao Lan",
]  # fmt: skip
# Words after a title that begin the name of a place, an office or a people, and no person's.
_NO_NAME = [
    *(one for one in _PEOPLES if one != "Hoa"), "Khơ", "Bản", "Ban", "Thôn", "Xóm", "Xã", "Phường",
    "Huyện", "Tỉnh", "Thành phố", "Thị trấn", "Thị xã", "Quận", "Việt", "Trung Quốc", "Campuchia",
    "Myanmar", "Thái Lan", "Hội", "Đoàn", "Đồn", "Công an", "Bộ", "Ủy", "Tòa", "Viện", "Chủ",
    "Chu tich", "Trưởng", "Truong ban", "Phó", "Bí thư", "Biên", "Phụ", "Phu nu", "Nữ", "Quốc",
    "Zalo", "Facebook", "Telegram", "Tiktok", "TikTok", "Wechat", "WeChat", "Messenger", "Viber",
    "Rịa", "Nà", "Đen", "Cảnh sát", "Chi hội", "Chi đoàn", "Hà Nội", "Hà Tĩnh", "Hà Giang",
    "Trường", "Trung tâm", "Sở", "Phòng Giáo", "Phòng Lao", "Phòng Văn", "Câu lạc bộ", "Miền",
    "Nghệ An", "Điện Biên", "Lai Châu",
]  # fmt: skip
_NO_NAMES = _any([*_NO_NAME, *with_plain(["Công an", "Bí thư", "Lào"])])
_WORD = rf"(?!{_NO_NAMES}{_AFTER})[{_UPPER}][{_LETTER}']+"
# Names of the Mông and their neighbours have parts of one letter: Giàng A Páo, Y Nhung.
_NAME = f"(?:[AY] )?{_WORD}(?: (?:[AY] )?{_WORD}){{0,5}}"
# Words with a capital that end a name which stands before them.
_NEXT = [
    "Bản", "Xã", "Huyện", "Tỉnh", "Thôn", "Phường", "Hội", "Đoàn", "Đồn", "Công an", "Bộ", "Ủy",
    "City", "Street", "Road", "District", "Province", "Commune", "Ward", "Border", "Gate",
    "School", "Hospital",
]  # fmt: skip
_MIXED = f"(?!{_any(_NEXT)}{_AFTER})[{_UPPER}][{_LOWER}']+"

_FAMILY = _any(with_plain([*FAMILY_NAMES, *(name.upper() for name in FAMILY_NAMES)]))
_PLAIN_FAMILY = _any(with_plain(PLAIN_FAMILY_NAMES))
_MIDDLE = "(?:Thị|Thi|Văn|Van|THỊ|THI|VĂN|VAN)"
# A family name, a middle name that is no other word, and a given name, in whatever capitals.
_FULL = (
    f"{_FAMILY} (?:{_MIDDLE} (?!(?:Trấn|TRẤN|Xã|XÃ|HÓA|HOÁ|PHÒNG|BẢN|KIỆN){_AFTER}){_WORD}"
    f"|[AY] {_WORD})(?: {_WORD}){{0,2}}"
)
# With another middle name, where not all is in capitals.
_THREE = f"{_PLAIN_FAMILY} (?:{_MIXED}|[AY]) {_MIXED}(?: {_MIXED})?"
# Names of these families are told by two words; a woman's of the Ê Đê by its H'.
_HIGHLAND = (
    f"(?:(?:Ksor|Siu|Rơ Châm|Rơ Mah|Rah Lan|Kpă|Moong|Xồng|Cụt|Rmah|Rcom) {_WORD}"
    f"|(?<!Ia )(?<!Ea )H'{_WORD}(?: {_WORD})?)"
)
# Without capitals only "thị" and "văn" tell a name; with tones they are seldom anything else.
_UNLIKELY = {
    "và", "từ", "vì", "ông", "hoa", "là", "tà", "quan", "phó", "hội", "đồng", "kiêm", "già", "thi",
    "văn", "trình", "chung", "quản", "án", "cứ", "cấn", "cổ", "cái",
}  # fmt: skip
_SMALL_FAMILIES = [name.lower() for name in FAMILY_NAMES if name.lower() not in _UNLIKELY]
_NOT_AFTER_THI = [
    "trấn", "xã", "trường", "sát", "lực", "phần", "hiếu", "dân", "chính", "thành", "giác", "tộc",
    "uy",
]  # fmt: skip
_NOT_AFTER_VAN = [
    "hóa", "hoá", "phòng", "bản", "kiện", "nghệ", "học", "minh", "công", "thư", "chương", "nghiệp",
]  # fmt: skip
_SMALL = (
    f"{_any(_SMALL_FAMILIES)} (?:thị (?!{_any(_NOT_AFTER_THI)}{_AFTER})"
    f"|văn (?!{_any(_NOT_AFTER_VAN)}{_AFTER}))[{_LOWER}]{{2,}}"
    f"(?: [{_LOWER}]{{2,}}(?=[.,;:)]|$))?"
)
_SMALL_PLAIN = f"{_any(_plain(name) for name in _SMALL_FAMILIES)} (?:thi|van) [a-z]{{2,}}"

PERSONS = [
    "nạn nhân", "đối tượng", "bị can", "bị cáo", "bị hại", "nghi phạm", "nghi can", "nhân chứng",
    "chị", "cháu", "anh", "ông", "bà", "cô", "chú", "bác", "dì", "cậu", "mợ", "thím", "thầy",
    "cô giáo", "thầy giáo", "bé", "mẹ", "bố", "cha", "vợ", "chồng", "con gái", "con trai",
    "con dâu", "con rể", "người yêu", "bạn trai", "bạn gái", "bạn học", "người thân", "người tên",
    "có tên", "mang tên", "họ tên", "họ và tên", "tên", "tên là", "họ tên là",
]  # fmt: skip
# Without tones many are other words (co, chu, cha): these are not.
_PLAIN_PERSONS = [
    "nan nhan", "chi", "chau", "ong", "anh", "doi tuong", "bi can", "bi hai", "nghi pham",
    "con gai", "con trai", "vo", "chong", "ho ten", "ho va ten", "ten", "ten la",
    "me la", "cha la", "bo la", "em be", "be gai", "be trai",
]  # fmt: skip
_CHILD = "(?<!trẻ )(?<!Trẻ )(?<!tre )(?<!Tre )em"
_WHAT_KIND = _any(with_plain([
    "nữ", "nam", "gái", "trai", "em", "bé", "nhỏ", "út", "cả", "ruột", "họ", "dâu", "rể", "nuôi",
    "nội", "ngoại", "này", "ấy", "tên", "là", "của", "ông", "bà", "anh", "chị", "cháu",
]))  # fmt: skip
_OF_PEOPLE = f"(?: (?:người|dân tộc) {_any([*_PEOPLES, 'Thái'])})?"
LINK = f"(?: {_WHAT_KIND}){{0,3}}{_OF_PEOPLE}(?: (?:tên|có tên|tên là))?:? "
_TITLES = (
    f"(?:{_any([*PERSONS, *_PLAIN_PERSONS])}|{_CHILD}|ba(?= [{_UPPER}][{_LETTER}']+ [{_UPPER}]))"
)
# In the middle of a sentence a capital makes it a part of a name, as in "huyện Anh Sơn".
_FIRST = _any(_first_up([*PERSONS, *_PLAIN_PERSONS, "em"]))
_BEGINNING = r"(?:^|(?<=[.!?;:,(\n-])|(?<=[.!?;:,(\n-] ))"
_CAPITAL_TITLES = _any(word.upper() for word in PERSONS)
_AGE = (
    r"(?=,? ?\(? ?(?:[0-9]{1,2} ?(?:tuổi|tuoi|t\))|sinh (?:năm|ngày|nam|ngay)|[Ss][Nn][ :.]?[0-9]))"
)

# What stands before the name of a place, and before one that is called after somebody. Not "cầu",
# which ends "yêu cầu": a bridge that bears a name is asked about.
_PLACE_WORDS = [
    "xã", "phường", "huyện", "tỉnh", "thành phố", "thị trấn", "thị xã", "quận", "bản", "thôn",
    "xóm", "ấp", "buôn", "khối", "khu phố", "tổ dân phố", "đường", "phố", "ngã tư", "ngã ba",
    "trường", "chợ", "núi", "sông", "suối", "đèo", "cửa khẩu", "đồn", "bệnh viện", "quảng trường",
    "công viên", "bến xe", "bến", "sân bay", "tượng đài", "khu du lịch", "vườn quốc gia", "trạm",
    "Đồn Biên phòng", "đồn Biên phòng", "Công an xã", "công an xã",
]  # fmt: skip
# Without tones others are words that stand before a person as well (cho, don, song).
_PLAIN_PLACE_WORDS = [
    "xa", "phuong", "huyen", "tinh", "thanh pho", "thi tran", "thi xa", "quan", "ban", "thon",
    "xom", "khu pho", "truong", "benh vien", "cua khau", "cong an xa", "don bien phong",
]  # fmt: skip
_SCHOOL = "(?:[Tt]iểu học|THCS|THPT|[Mm]ầm non|[Mm]ẫu giáo|PTDTBT|PTDTNT|[Đđ]ại học)"
_PLACE = _any([*_PLACE_WORDS, *_first_up(_PLACE_WORDS)])
_PLAIN_PLACE = _any([*_PLAIN_PLACE_WORDS, *_first_up(_PLAIN_PLACE_WORDS)])
_NO_FULL = f"(?!{_FAMILY} {_MIDDLE} )"
_PLACED = (
    f"{_BEFORE}(?:{_PLACE}(?: {_SCHOOL})?|{_SCHOOL}|{_PLAIN_PLACE}(?! {_FAMILY} {_MIDDLE} ))"
    f" [{_UPPER}][{_LETTER}']+(?: {_NO_FULL}[{_UPPER}][{_LETTER}']+){{0,3}}"
)
_CROSSING = (
    f"[Nn]gã (?:ba|tư|năm|sáu) [{_UPPER}][{_LETTER}]+(?: [{_UPPER}][{_LETTER}]+)*"
    f"(?: và| -| –) [{_UPPER}][{_LETTER}]+(?: [{_UPPER}][{_LETTER}]+)*"
)
_FROM_PLACE = (
    f"{_BEFORE}(?:[Ởở]|[Tt]ại|[Tt]ừ|về|đến|sang|quê|trú|[Nn]gười|[Dd]ân tộc)"
    f"(?: {_NO_FULL}(?!{_THREE})[{_UPPER}][{_LETTER}']+){{1,4}}{_AGE}"
)

# By kind; the last group of a name's pattern is the name itself and stands at its end. What is
# harmless comes first: what lies in it is not read as a number or a name.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "harmless": (
        _IDENTIFIER, f"{_BEFORE}{_any(with_plain(PLACES))}{_AFTER}", _CROSSING, _FROM_PLACE, _PLACED
    ),
    "citizen_id": (_BEFORE_NUMBER + _CITIZEN + _AFTER_NUMBER,),
    "account": (_ACCOUNT, _HANDLE),
    "phone": (r"(?<![0-9+])(?<![0-9][.,/-])(?<!/)" + _PHONE + _AFTER_NUMBER,),
    "identity_card": (_BEFORE_NUMBER + _CARD + _AFTER_NUMBER,),
    "email": (_EMAIL,),
    "name": (
        f"{_BEFORE}({_FULL}|{_THREE}|{_HIGHLAND}|{_SMALL}){_AFTER}",
        f"{_BEFORE}{_TITLES}{LINK}({_NAME})",
        f"{_BEGINNING}{_FIRST}{LINK}({_NAME})",
        f"{_BEFORE}{_CAPITAL_TITLES}:? ({_FAMILY} {_WORD}(?: {_WORD})?){_AFTER}",
        f"{_BEFORE}{_any([*_PLAIN_PERSONS, 'em'])}{LINK}({_SMALL_PLAIN}){_AFTER}",
        f"{_BEFORE}({_NAME}){_AGE}",
    ),
}  # fmt: skip
