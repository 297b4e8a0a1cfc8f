"""What a single cell says: dates, codes, numbers."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from geo.boundaries.names import plain
from geo.dates import COUNTRY_TIME
from geo.errors import Language
from geo.records.code_lists import Code

# Records begin here.
FIRST_DAY = date(1975, 7, 1)
# Excel counts days from here (and one day more before March 1900, which no record reaches).
SPREADSHEET_EPOCH = date(1899, 12, 30)
# What the workbook reader writes for a formula whose result was never stored.
FORMULA = "\ufdd0"
# That, what Excel and LibreOffice write for a formula that failed, and for a column too narrow.
BROKEN_FORMULA = (
    rf"^(?:{FORMULA}|#[A-Z][A-Z0-9_/]*[!?]|#DIV/0!|#N/A|#GETTING_DATA|###+|Err:\d{{3}})$"
)
LARGEST_COUNT = 2**31 - 1
# Fewer letters than this say too little to stand for a whole label.
SHORTEST_ABBREVIATION = 3

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})(?:[T,\s]+(.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T,\s]+(.*))?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:h](\d{1,2})?)(?::(\d{1,2})(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?")
_TRUE = {"co", "x", "yes", "y", "true", "1", "dung"}
_FALSE = {"khong", "no", "n", "false", "0", "sai"}
_WHOLE = re.compile(r"\d+(?:[.,]0+)?|\d{1,3}(?:[. ]\d{3})+")


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell cannot be used, and what to write instead."""

    code: str
    vi: str
    en: str

    def problem(self, column: str, value: object) -> dict[str, Any]:
        """As it is kept with a rejected row."""
        return {
            "column": column,
            "value": value,
            "code": self.code,
            "vi": self.vi,
            "en": self.en,
        }


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, or a whole day in Vietnam: its first and last second."""

    start: datetime
    end: datetime


def parse_moment(text: str, today: date) -> Moment | CellError:
    """A date as written in Vietnam or in ISO 8601, with or without a time of day."""
    day_first, year_first = _DAY_FIRST.fullmatch(text), _YEAR_FIRST.fullmatch(text)
    try:
        if day_first:
            day, month, year = (int(part) for part in day_first.groups()[:3])
            # Two digits are this century's or the last; 0025 is a slip.
            if len(day_first[3]) == 2:
                year += 2000 if 2000 + year <= today.year + 1 else 1900
            return _moment(date(year, month, day), day_first[4], today)
        if year_first:
            year, month, day = (int(part) for part in year_first.groups()[:3])
            return _moment(date(year, month, day), year_first[4], today)
    except ValueError:
        return CellError(
            "date_impossible",
            f"Không có ngày {text}. Hãy sửa lại theo dạng ngày/tháng/năm, ví dụ 28/02/2024.",
            f"There is no such date as {text}. Write day/month/year, such as 28/02/2024.",
        )
    if re.fullmatch(r"[2-6]\d{4}(?:\.\d+)?", text):
        meant = SPREADSHEET_EPOCH + timedelta(days=int(float(text)))
        return CellError(
            "date_as_number",
            f"Ô này chứa số ngày của bảng tính ({meant:%d/%m/%Y}?). Hãy định dạng ô là ngày, hoặc "
            "ghi ngày/tháng/năm.",
            f"This is a spreadsheet's number of a day ({meant:%d/%m/%Y}?). Format the cell as a "
            "date, or write day/month/year.",
        )
    return CellError(
        "date_unreadable",
        "Không hiểu ngày này. Hãy ghi ngày/tháng/năm (15/08/2025) hoặc 2025-08-15.",
        "This is not a date. Write day/month/year (15/08/2025) or 2025-08-15.",
    )


def _moment(day: date, clock: str | None, today: date) -> Moment | CellError:
    if day > today + timedelta(days=1):
        return CellError(
            "date_in_future",
            f"Ngày {day:%d/%m/%Y} ở tương lai. Hãy kiểm tra năm và thứ tự ngày/tháng.",
            f"{day:%d/%m/%Y} lies in the future. Check the year and the order of day and month.",
        )
    if day < FIRST_DAY:
        return CellError(
            "date_too_early",
            f"Ngày {day:%d/%m}/{day.year:04} quá xa (trước 01/07/1975). Hãy kiểm tra năm.",
            f"{day:%d/%m}/{day.year:04} is too early (before 01/07/1975). Check the year.",
        )
    start = datetime(day.year, day.month, day.day, tzinfo=COUNTRY_TIME)
    if not clock or not clock.strip():
        return Moment(start, start + timedelta(days=1, seconds=-1))
    parts = _CLOCK.fullmatch(clock.strip())
    if not parts:
        raise ValueError(clock)
    zone = COUNTRY_TIME
    if parts[4]:
        zone = datetime.strptime(parts[4], "%z").tzinfo or COUNTRY_TIME  # type: ignore[assignment]
    moment = start.replace(
        hour=int(parts[1]), minute=int(parts[2] or 0), second=int(parts[3] or 0), tzinfo=zone
    )
    return Moment(moment, moment)


def parse_count(text: str) -> int | CellError:
    """A whole number from 0; "1.200" and "1 200" are 1200 as written in Vietnam."""
    if re.fullmatch(r"[-−]\s*\d+(?:[.,]0+)?", text):
        return CellError(
            "count_negative",
            "Số lượng không thể âm. Hãy ghi số nguyên từ 0 trở lên.",
            "A count cannot be negative. Write a whole number from 0.",
        )
    if not text.isascii() or not _WHOLE.fullmatch(text):
        return CellError(
            "count_unreadable",
            "Đây không phải số nguyên. Hãy ghi số nguyên từ 0 trở lên, ví dụ 3.",
            "This is not a whole number. Write a whole number from 0, such as 3.",
        )
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", text):
        return CellError(
            "count_ambiguous",
            "Dấu phẩy ở đây có thể là phần nghìn hay phần thập phân. Hãy ghi liền, ví dụ 1000.",
            "The comma may mean thousands or decimals here. Write the digits alone, such as 1000.",
        )
    grouped = re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+", text)
    digits = re.sub(r"[. ]", "", text) if grouped else re.split("[.,]", text)[0]
    if len(digits.lstrip("0")) > 10 or int(digits) > LARGEST_COUNT:
        return CellError(
            "count_too_large",
            "Số này quá lớn. Hãy kiểm tra lại.",
            "This number is too large. Check it.",
        )
    return int(digits)


def parse_number(text: str) -> float | CellError:
    """A number from 0 with a decimal point or comma."""
    if not re.fullmatch(r"\d{1,12}(?:[.,]\d{1,12})?", text, re.ASCII):
        return CellError(
            "number_unreadable",
            "Đây không phải số không âm. Hãy ghi ví dụ 2,5.",
            "This is not a number from 0. Write for example 2.5.",
        )
    return float(text.replace(",", "."))


def parse_flag(text: str) -> bool | CellError:
    """Yes or no, in either language."""
    word = plain(text)
    if word in _TRUE | _FALSE:
        return word in _TRUE
    return CellError("flag_unreadable", "Hãy ghi “có” hoặc “không”.", "Write “yes” or “no”.")


class CodeReader:
    """Codes of one list, by code or label in either language, tones and case aside.

    Some words of a label are enough where no other label has them all ("giải cứu" for "Giải cứu
    nạn nhân"); `understood` says which texts were read so, and for what.
    """

    def __init__(self, entries: dict[str, Code], *, takes_other_words: bool = False) -> None:
        self._entries = entries
        self._takes_other_words = takes_other_words
        self._exact: dict[str, str] = {}
        self._plain: dict[str, str | None] = {}
        self.understood: dict[str, Code] = {}
        languages: tuple[Language, ...] = ("vi", "en")
        self._all = {language: self._listed(language, entries) for language in languages}
        labels = {code: (one.label_vi, one.label_en) for code, one in entries.items()}
        # The labels in comparable form, first with their tones.
        self._words = [
            (key, {code: [*map(key, pair)] for code, pair in labels.items()})
            for key in (_toned, plain)
        ]
        for code, entry in entries.items():
            names = (code, entry.label_vi, entry.label_en)
            for name in (*names, *(re.sub(r"\(.*?\)", "", name) for name in names)):
                self._exact.setdefault(name.strip().lower(), code)
                key = plain(name)
                # Names that meet without their tones are told apart only by them.
                known = self._plain.setdefault(key, code)
                self._plain[key] = code if known == code else None

    def one(self, text: str) -> str | CellError:
        """The code that a cell means."""
        found = self._exact.get(text.lower()) or self._plain.get(plain(text))
        if found:
            return found
        if self._takes_other_words:
            return text
        meant = self._by_words(text)
        if len(meant) == 1:
            self.understood[text] = self._entries[meant[0]]
            return meant[0]
        if meant:
            return CellError(
                "code_ambiguous",
                f"“{text[:80]}” có thể là nhiều mục: {self._listed('vi', meant)}. Hãy ghi rõ một.",
                f"“{text[:80]}” may mean several: {self._listed('en', meant)}. Write one in full.",
            )
        return CellError(
            "code_unknown",
            f"“{text[:80]}” không có trong danh mục. Hãy dùng: {self._all['vi']}.",
            f"“{text[:80]}” is not in the list. Use one of: {self._all['en']}.",
        )

    def _by_words(self, text: str) -> list[str]:
        """Codes of which a label holds all words of the text, or begins with it.

        With tone marks where the text has any and a label agrees with them, else without.
        """
        if len(plain(text)) < SHORTEST_ABBREVIATION:
            return []
        for key, labels in self._words:
            said = key(text)
            words = set(said.split())
            meant = [
                code
                for code, names in labels.items()
                if any(name.startswith(said) or words <= set(name.split()) for name in names)
            ]
            if meant:
                return meant
        return []

    def _listed(self, language: Language, codes: Iterable[str]) -> str:
        return "; ".join(f"{self._entries[code].label(language)} [{code}]" for code in codes)

    def several(self, text: str) -> list[str] | CellError:
        """The codes of a cell, parted by ; or by commas (which labels may contain too)."""
        codes: list[str] = []
        for part in filter(None, (part.strip() for part in re.split(r"[;|\n]", text))):
            whole = self._exact.get(part.lower()) or self._plain.get(plain(part))
            if whole is None and "," in part and not self._takes_other_words:
                whole_parts = self._comma_parts(part)
            else:
                whole_parts = [whole or part]
            for item in whole_parts:
                code = self.one(item)
                if isinstance(code, CellError):
                    return code
                codes.append(code)
        return list(dict.fromkeys(codes))

    def _comma_parts(self, text: str) -> list[str]:
        """Cut at commas, longest known label first."""
        pieces = [piece.strip() for piece in text.split(",")]
        parts, first = [], 0
        while first < len(pieces):
            for last in range(len(pieces), first, -1):
                joined = ", ".join(pieces[first:last])
                if last == first + 1 or self._plain.get(plain(joined)):
                    parts.append(joined)
                    first = last
                    break
        return [part for part in parts if part]


def _toned(text: str) -> str:
    """Words with their tones, without case and punctuation."""
    letters = unicodedata.normalize("NFC", text.lower())
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def broken_formula(text: str) -> CellError:
    """Why a cell that matches BROKEN_FORMULA holds no value."""
    if text == FORMULA:
        return FORMULA_ERROR
    if not text.strip("#"):
        return CellError(
            "column_too_narrow",
            "Cột quá hẹp nên bảng tính chỉ ghi các dấu #. Hãy nới rộng cột rồi lưu lại tệp.",
            "The column was too narrow, so the spreadsheet wrote # signs only. Widen it and save "
            "the file again.",
        )
    return CellError(
        "formula_failed",
        f"“{text}” là lỗi công thức của bảng tính, không phải giá trị. Hãy sửa công thức hoặc gõ "
        "giá trị vào ô.",
        f"“{text}” is a spreadsheet's formula error, not a value. Mend the formula, or type the "
        "value.",
    )


FORMULA_ERROR = CellError(
    "formula_without_value",
    "Ô này là công thức chưa có kết quả. Hãy mở tệp bằng Excel rồi lưu lại, hoặc dán giá trị.",
    "This cell is a formula without a stored result. Open the file in Excel and save it, "
    "or paste the value.",
)
EMPTY = CellError("value_missing", "Ô bắt buộc bị bỏ trống.", "A required cell is empty.")
