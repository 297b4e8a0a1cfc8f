"""Which hotspot runs may be told to everybody: those whose classes give no single incident away.

Classes come from true counts. Where a handful of incidents is all that a run counts, a unit is hot
because of one of them alone, and the neighbours that it shares with other hot units say where it
was; the figures behind the limits are in docs/methods/disclosure.md.
"""

import math

from geo.analysis.space_time import EmergingParameters
from geo.errors import InputError
from geo.pipeline.hotspot_questions import WEEK, Question
from geo.pipeline.releases import Audience

FEWEST_MONTHS, FEWEST_WEEKS = 3, 13
# One alone makes a class where chance puts none into nine of ten neighbourhoods: with seven units
# in each, where there are 1.5 incidents for a hundred units. This is twice as many.
FEWEST_INCIDENTS, FEWEST_PER_UNIT = 50, 0.03


class NarrowQuestionError(InputError):
    """A run that only those may ask for who see all counts anyway."""


def refuse_narrow(fault: NarrowQuestionError | None, audience: Audience) -> None:
    """Raises the fault, unless the audience sees all counts."""
    if fault and not audience.sees_all:
        raise fault


def narrow(question: Question) -> NarrowQuestionError | None:
    """Why a question is too narrow whatever was counted, by its period or its kinds; else None."""
    begin, end = question.period_from, question.period_to
    months = question.months[1] - question.months[0]
    if question.by_weeks:
        is_long = end - begin >= FEWEST_WEEKS * WEEK
    else:
        is_long = begin.day == end.day == 1 and months >= FEWEST_MONTHS
    parameters = question.parameters
    if isinstance(parameters, EmergingParameters):
        # Each slice has classes of its own.
        is_long = is_long and parameters.step >= FEWEST_MONTHS
    if not is_long:
        return NarrowQuestionError(
            "hotspots.narrow_period",
            f"Kỳ ngắn có thể để lộ một nạn nhân ở xã nào. Hãy chọn ít nhất {FEWEST_MONTHS} tháng"
            " trọn, từ ngày đầu tháng đến ngày cuối tháng (mỗi lát của điểm nóng theo thời gian"
            f" cũng vậy); quét theo tuần: ít nhất {FEWEST_WEEKS} tuần.",
            "A short period can tell in which commune one victim was. Choose at least"
            f" {FEWEST_MONTHS} whole months, from the first day of a month to the last day of one"
            " (for a slice of emerging hotspots, too); of a scan by weeks at least"
            f" {FEWEST_WEEKS} weeks.",
            fewest_months=FEWEST_MONTHS,
        )
    if len(set(question.kinds)) > 1:
        return NarrowQuestionError(
            "hotspots.narrow_kinds",
            "So sánh nhiều cách chọn loại vụ việc có thể để lộ một nạn nhân ở xã nào. Hãy chọn một"
            " loại, hoặc mọi loại.",
            "Choices of several kinds, held against each other, can tell in which commune one"
            " victim was. Choose one kind of incident, or all of them.",
        )
    return None


def sparse(incidents: int, units: int) -> NarrowQuestionError | None:
    """Why so many incidents in so many units are too few; else None.

    Args:
        incidents: that take part in what a class speaks of, or of the kinds that were left out:
            the classes of all kinds are known too.
        units: that take part.
    """
    fewest = max(FEWEST_INCIDENTS, math.ceil(FEWEST_PER_UNIT * units))
    if incidents >= fewest:
        return None
    return NarrowQuestionError(
        "hotspots.narrow_counts",
        "Quá ít vụ việc: điểm nóng có thể để lộ một nạn nhân ở xã nào. Kỳ (lát cuối của điểm nóng"
        f" theo thời gian) cần ít nhất {fewest} vụ việc thuộc loại đã chọn, và ít nhất chừng ấy"
        " thuộc các loại khác. Hãy chọn kỳ dài hơn, hoặc mọi loại.",
        "Too few incidents: hotspots could tell in which commune one victim was. The period (of"
        f" emerging hotspots the last slice) must hold at least {fewest} incidents of the kind that"
        " was chosen, and as many of other kinds. Choose a longer period, or all kinds.",
        fewest=fewest,
    )
