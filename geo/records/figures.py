"""What a support figure is: its key, its period, and the parts that its total may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geo.records.code_lists import Code, code_list


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year, by its first and last day."""

    first: date
    last: date

    @property
    def text(self) -> str:
        """As it is written: 2026-03, or 2024."""
        return f"{self.first:%Y}" if self.last.month > self.first.month else f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Group:
    """One way to break a figure down; where parts overlap, one person may be in several."""

    title_vi: str
    title_en: str
    codes: Mapping[str, Code]
    overlaps: bool = False


GROUPS = {
    "sex": Group("giới tính", "sex", code_list("sex")),
    "age": Group("độ tuổi", "age", code_list("age_band")),
    "ethnicity": Group("dân tộc", "ethnicity", code_list("ethnicity_count")),
    # Who got clothes and a doctor is one person.
    "support": Group("chế độ hỗ trợ", "kind of support", code_list("support"), overlaps=True),
    "model": Group("mô hình", "model", code_list("prevention_model")),
}
# What is asked for each month of a province; other pairs may be imported and are shown too.
MEASURES_OF: dict[str, tuple[str, ...]] = {
    "hotline_111": ("calls", "persons_supported"),
    "reception_verification": ("persons_received_verified", "persons_identified"),
    "emergency_support": ("persons_supported",),
    "statutory_support": ("persons_supported", "persons_referred"),
    "reintegration_pilot": ("persons_reintegrated",),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a breakdown does not fit its total: in which group, in both languages."""

    group: str
    vi: str
    en: str


def figure_key(
    programme: str | None, measure: str | None, unit: tuple[str, str], period: Period
) -> str | None:
    """What says which figure it is, within its source; null where a part of it is missing."""
    if not programme or not measure:
        return None
    return f"{programme}/{measure}/{'-'.join(unit) if unit[1] else 'VN'}/{period.text}"


def fault_of_breakdown(value: int, parts: Mapping[str, Mapping[str, int]]) -> Fault | None:
    """The first group whose parts exceed the total, or are complete and miss it.

    A group is complete when it has every code but that for the unknown. Parts that overlap may add
    up to more than the total, but none alone may exceed it.

    >>> fault_of_breakdown(30, {"sex": {"m": 15, "f": 15}}) is None
    True
    >>> fault_of_breakdown(30, {"sex": {"m": 15, "f": 14}}).en[:54]
    'The parts by sex add up to 29, but the total is 30. Cor'
    """
    for name, counts in parts.items():
        group = GROUPS[name]
        if group.overlaps:
            if max(counts.values(), default=0) > value:
                return _too_large(name, group, max(counts.values()), value)
            continue
        total = sum(counts.values())
        is_complete = set(group.codes) - {"u"} <= set(counts)
        if total > value or (is_complete and total != value):
            return Fault(
                name,
                f"Cộng theo {group.title_vi} được {total}, nhưng tổng là {value}. Hãy sửa một trong"
                " hai, hoặc ghi phần còn lại là chưa rõ.",
                f"The parts by {group.title_en} add up to {total}, but the total is {value}. "
                "Correct one of them, or count the rest as unknown.",
            )
    return None


def _too_large(name: str, group: Group, part: int, value: int) -> Fault:
    return Fault(
        name,
        f"Một phần theo {group.title_vi} là {part}, lớn hơn tổng {value}. Hãy sửa một trong hai.",
        f"A part by {group.title_en} is {part}, more than the total {value}. Correct one of them.",
    )
