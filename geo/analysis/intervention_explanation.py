"""What an intervention did, or that the data cannot tell, in plain words and two languages."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from geo.analysis.intervention import Displacement, Effect, Verdict
from geo.analysis.rate_ratio import Change, Detectable
from geo.errors import Language
from geo.wording import number

Kind = Literal["network", "campaign"]
NO_CONTROLS: dict[Language, str] = {
    "vi": (
        "Dữ liệu không cho biết được: không có đủ đơn vị tương tự, chưa bị tác động, để so sánh"
        " (cùng loại biên giới, cùng cách đếm, có số dân)."
    ),
    "en": (
        "The data cannot tell: there are not enough units like these, where nothing of the kind was"
        " done, to compare with (alike on the border and in how they are counted, with a"
        " population)."
    ),
}
NO_EVENTS: dict[Language, str] = {
    "vi": "Dữ liệu không cho biết được: các đơn vị đối chứng có quá ít vụ việc.",
    "en": "The data cannot tell: there were too few incidents in the control units.",
}
NEVER_SEEN: dict[Language, str] = {
    "vi": "Với ít vụ việc như vậy, dù chấm dứt hẳn cũng không phân biệt được với ngẫu nhiên.",
    "en": "With so few incidents, even a complete stop could not be told from chance.",
}
BALANCED: dict[Language, str] = {
    "vi": (
        "Nơi đối chứng trước đó cũng có số vụ như vậy, nên phần giảm chỉ vì trước đó cao bất"
        " thường đã được trừ ra."
    ),
    "en": (
        "The controls had as many incidents before, so what falls only because it was high by"
        " chance is taken out."
    ),
}
UNBALANCED: dict[Language, str] = {
    "vi": (
        "Nơi đối chứng trước đó không thật giống (xem bảng cân bằng): một phần thay đổi có thể chỉ"
        " là trở về mức thường."
    ),
    "en": (
        "The controls were not quite alike before (see the balance): part of the change may be no"
        " more than a return to what is usual."
    ),
}
REPORTING: dict[Language, str] = {
    "vi": "Số vụ là số được trình báo: tăng cũng có thể vì người dân tố giác nhiều hơn.",
    "en": "Incidents are those reported: a rise can also mean that more is reported.",
}
DISPLACED: dict[Displacement, dict[Language, str]] = {
    Displacement.DISPLACED: {
        "vi": "Các đơn vị liền kề tăng: có dấu hiệu dịch chuyển sang bên cạnh.",
        "en": "The neighbouring units rose: there are signs that it moved next door.",
    },
    Displacement.BENEFITED: {
        "vi": "Các đơn vị liền kề cũng giảm: lợi ích lan sang bên cạnh.",
        "en": "The neighbouring units fell too: the benefit spread next door.",
    },
    Displacement.CANNOT_TELL: {
        "vi": "Dữ liệu không cho biết có dịch chuyển sang các đơn vị liền kề hay không.",
        "en": "The data cannot tell whether it moved to the neighbouring units.",
    },
}
APPROXIMATE: dict[Language, str] = {
    "vi": "Số vụ ngoài địa bàn của bạn đã làm tròn; khoảng tin cậy đã tính đến điều đó.",
    "en": "Incidents outside your units are rounded; the interval allows for that.",
}


@dataclass(frozen=True, slots=True)
class InterventionEvidence:
    """What is told of beside the effect.

    `others` are treated units where more of the kind was done, `left_out` those that nothing could
    be compared with.
    """

    kind: Kind
    effect: Effect
    months_before: int
    months_after: int
    others: int
    left_out: int
    is_approximate: bool


def explain_intervention(evidence: InterventionEvidence, language: Language) -> str:
    """The counts, the verdict, what could have been seen, where it may have gone, and caveats."""
    found = evidence.effect
    # Of none that could be compared there is nothing to count.
    parts = [_counts(evidence, language)] if len(found.matched) else []
    if not len(found.matched) or not found.balance:
        parts.append(NO_CONTROLS[language])
    elif found.changes is None or found.detectable is None:
        parts.append(NO_EVENTS[language])
    else:
        parts.append(_verdict(found.verdict, found.changes[0], language))
        if found.verdict is Verdict.CANNOT_TELL:
            parts.append(_detectable(found.detectable, language))
        parts += _caveats(found, language)
    if evidence.left_out and len(found.matched):
        parts.append(_left_out(evidence.left_out, language))
    if evidence.others:
        parts.append(_others(evidence.others, language))
    if evidence.is_approximate:
        parts.append(APPROXIMATE[language])
    return " ".join(parts)


def _counts(evidence: InterventionEvidence, language: Language) -> str:
    found, ours = evidence.effect, evidence.effect.tallies[0]
    before, after = evidence.months_before, evidence.months_after
    had = number(ours.before, language, 0), number(ours.after, language, 0)
    units, controls = len(found.matched), found.controls.size
    others = [
        number(count, language, 0) for count in (found.of_controls.before, found.of_controls.after)
    ]
    if language == "vi":
        what = {"network": "có đường dây bị triệt phá", "campaign": "có tuyên truyền"}
        return (
            f"{units} đơn vị {what[evidence.kind]}: {had[0]} vụ trong {before} tháng trước,"
            f" {had[1]} vụ trong {after} tháng sau; {controls} đơn vị đối chứng: {others[0]} và"
            f" {others[1]} vụ."
        )
    what = {"network": "of the network", "campaign": "with outreach"}
    return (
        f"Incidents in {units} {_units(units)} {what[evidence.kind]}: {had[0]} in {before} months"
        f" before, {had[1]} in {after} {'month' if after == 1 else 'months'} after; in {controls}"
        f" control {_units(controls)}: {others[0]} and {others[1]}."
    )


def _units(count: int) -> str:
    return "unit" if count == 1 else "units"


def _verdict(verdict: Verdict, change: Change, language: Language) -> str:
    lower, upper = _percent(change.lower, language), _percent(change.upper, language)
    if verdict is Verdict.CANNOT_TELL:
        if language == "vi":
            return (
                "Dữ liệu không cho biết việc này có tác dụng hay không: so với đối chứng, thay đổi"
                f" nằm trong khoảng từ {lower} đến {upper}."
            )
        return (
            "The data cannot tell whether it did anything: against the controls the change lies"
            f" anywhere from {lower} to {upper}."
        )
    ratio = _percent(change.ratio, language)
    if language == "vi":
        way = "giảm" if verdict is Verdict.FELL else "tăng"
        return f"So với đối chứng số vụ {way}: {ratio} (khoảng tin cậy 95 %: {lower} đến {upper})."
    way = "fell" if verdict is Verdict.FELL else "rose"
    return f"Against the controls incidents {way}: {ratio} (95 % interval: {lower} to {upper})."


def _detectable(smallest: Detectable, language: Language) -> str:
    if not isfinite(smallest.fall):
        return NEVER_SEEN[language]
    fall = _percent(smallest.fall, language)
    rise = _percent(smallest.rise, language) if isfinite(smallest.rise) else None
    if language == "vi":
        more = f", hoặc tăng từ {rise}" if rise else ""
        return f"Chỉ thấy được nếu thay đổi ít nhất {fall}{more}."
    more = f" or {rise}" if rise else ""
    return f"Only a change of {fall}{more} or beyond was likely to be seen."


def _caveats(found: Effect, language: Language) -> list[str]:
    is_balanced = all(one.is_balanced for one in found.balance)
    parts = [(BALANCED if is_balanced else UNBALANCED)[language]]
    if found.verdict is Verdict.ROSE:
        parts.append(REPORTING[language])
    if found.displacement:
        parts.append(DISPLACED[found.displacement][language])
    return parts


def _left_out(count: int, language: Language) -> str:
    if language == "vi":
        return f"Còn {count} đơn vị không có nơi tương tự để so sánh nên không được tính."
    return f"Left out: {count} {_units(count)} more, with nothing alike to compare with."


def _others(count: int, language: Language) -> str:
    if language == "vi":
        return f"Ở {count} đơn vị có tác động còn có việc khác cùng loại trong thời gian đó."
    return f"In {count} of the treated units more of the kind was done in that time."


def _percent(ratio: float, language: Language) -> str:
    """A ratio as a change in percent, with its sign; a rise without end is said to be so."""
    if not isfinite(ratio):
        return {"vi": "vô hạn", "en": "without limit"}[language]
    percent = round(100 * (ratio - 1))
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return f"{sign}{number(abs(percent), language, 0)} %"
