"""What checking a set of units found, for people (two languages) and for programs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

import geopandas

from geo.errors import Language

MOST_SHOWN = 20
# These come first: what is missing or wrongly read leaves the gaps and overlaps that follow.
CAUSES = (
    "units_missing",
    "code_unknown",
    "code_malformed",
    "code_duplicate",
    "archipelago_missing",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark.

    `code` names its kind; `units` are the codes of the units concerned; `place` is where to look,
    longitude and latitude in degrees.
    """

    code: str
    vi: str
    en: str
    units: tuple[str, ...] = ()
    place: tuple[float, float] | None = None

    def message(self, language: Language) -> str:
        """The text with the place, in the user's language."""
        text = self.vi if language == "vi" else self.en
        if self.place is None:
            return text
        longitude, latitude = self.place
        if language == "vi":
            where = with_comma(f"kinh độ {longitude:.5f}, vĩ độ {latitude:.5f}")
            return f"{text} Tại {where}."
        return f"{text} At longitude {longitude:.5f}, latitude {latitude:.5f}."


@dataclass(slots=True)
class ValidationReport:
    """The outcome of a check.

    `units` is what would be stored (flattened and repaired, MultiPolygon, EPSG:4326), fit for
    use only while there are no errors. Warnings do not stand in the way of an import.
    """

    units: geopandas.GeoDataFrame
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the units may be imported."""
        return not self.errors

    def render(self, language: Language = "vi") -> str:
        """A readable report: verdict, errors, warnings; of each kind the first 20."""
        counts = len(self.units), len(self.errors), len(self.warnings)
        if language == "vi":
            verdict = "Đạt kiểm tra" if self.accepted else "Không đạt kiểm tra, chưa nhập gì"
            counted = "{} đơn vị, {} lỗi, {} cảnh báo".format(*counts)
            titles = ("LỖI", "CẢNH BÁO")
        else:
            verdict = "Accepted" if self.accepted else "Refused, nothing imported"
            counted = "{} units, {} errors, {} warnings".format(*counts)
            titles = ("ERRORS", "WARNINGS")
        lines = [f"{verdict}: {counted}."]
        lines += _section(titles[0], self.errors, language)
        lines += _section(titles[1], self.warnings, language)
        return "\n".join(lines)


def _section(title: str, findings: list[Finding], language: Language) -> list[str]:
    lines = [title] if findings else []
    by_kind = sorted(findings, key=lambda finding: (_rank(finding.code), finding.code))
    for code, group in groupby(by_kind, key=lambda finding: finding.code):
        members = list(group)
        lines += [f"- {one.message(language)} [{code}]" for one in members[:MOST_SHOWN]]
        if len(members) > MOST_SHOWN:
            rest = len(members) - MOST_SHOWN
            more = f"và {rest} mục cùng loại" if language == "vi" else f"and {rest} more of these"
            lines.append(f"  … {more} [{code}]")
    return lines


def _rank(code: str) -> int:
    return CAUSES.index(code) if code in CAUSES else len(CAUSES)


def listed(codes: Iterable[str]) -> str:
    """The first codes of many, with how many more there are."""
    every = list(codes)
    rest = len(every) - MOST_SHOWN
    return ", ".join(every[:MOST_SHOWN]) + (f" … (+{rest})" if rest > 0 else "")


def with_comma(number: str) -> str:
    """A formatted number as Vietnamese writes it."""
    return number.replace(".", ",")
