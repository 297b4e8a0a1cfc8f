"""How the coverage gap of a unit comes about, in plain words and two languages."""

from dataclasses import dataclass
from datetime import date

from geo.analysis.coverage import GapClass
from geo.errors import Language
from geo.wording import number

VERDICTS: dict[GapClass, dict[Language, str]] = {
    GapClass.RISK_CLEARLY_AHEAD: {
        "vi": "Nguy cơ vượt rõ độ phủ tuyên truyền.",
        "en": "Risk is clearly ahead of outreach.",
    },
    GapClass.RISK_LIKELY_AHEAD: {
        "vi": "Nguy cơ có lẽ vượt độ phủ tuyên truyền, nhưng chưa chắc chắn.",
        "en": "Risk is likely ahead of outreach, though not for certain.",
    },
    GapClass.NOT_CLEAR: {
        "vi": "Chưa thấy nguy cơ vượt độ phủ tuyên truyền.",
        "en": "Risk is not seen to be ahead of outreach.",
    },
    GapClass.REACH_AHEAD: {
        "vi": "Độ phủ tuyên truyền vượt rõ nguy cơ.",
        "en": "Outreach is clearly ahead of risk.",
    },
}
# Ranks alone are compared: where most have none, the little that some have is much.
MUCH_REACH = 0.9
REACHED_ALREADY: dict[Language, str] = {
    "vi": "Dù vậy độ phủ ở đây đã thuộc nhóm cao nhất: hãy xét trước những nơi chưa được phủ.",
    "en": "Even so its reach is among the highest: look first at places without any.",
}
NO_GAP: dict[Language, str] = {
    "vi": (
        "Không so sánh được: quá ít vụ việc để phân biệt các nơi, chưa có số dân, hoặc đơn vị nằm"
        " ngoài phạm vi so sánh."
    ),
    "en": (
        "Not compared: too few incidents to tell units apart, no population figure, or the unit"
        " was outside the comparison."
    ),
}
APPROXIMATE: dict[Language, str] = {
    "vi": (
        "Số vụ ngoài địa bàn của bạn đã làm tròn, nên nguy cơ là gần đúng; khoảng tin cậy đã tính"
        " đến điều đó."
    ),
    "en": (
        "Incidents outside your units are rounded, so the risk is approximate, and the interval"
        " allows for that."
    ),
}


@dataclass(frozen=True, slots=True)
class CoverageEvidence:
    """What is known of one unit; `reach` is per 1,000 inhabitants.

    `last_session` is None where none was ever held up to `last_day`. `risk_above` and `reach_above`
    are the shares of units that have less; without a gap there is no class, and neither counts.
    """

    last_day: date
    last_session: date | None
    sessions: int
    reach: float | None
    risk_above: float
    reach_above: float
    gap_class: GapClass | None
    is_approximate: bool


def explain_coverage(evidence: CoverageEvidence, language: Language) -> str:
    """When the last session was, where the unit stands among the others, and what follows."""
    parts = [_sessions(evidence, language)]
    if evidence.gap_class is None:
        return f"{parts[0]} {NO_GAP[language]}"
    parts += [_standing(evidence, language), VERDICTS[evidence.gap_class][language]]
    if evidence.gap_class > 0 and evidence.reach_above >= MUCH_REACH:
        parts.append(REACHED_ALREADY[language])
    if evidence.is_approximate:
        parts.append(APPROXIMATE[language])
    return " ".join(parts)


def _sessions(evidence: CoverageEvidence, language: Language) -> str:
    until = f"{evidence.last_day:%d/%m/%Y}"
    if evidence.last_session is None:
        if language == "vi":
            return f"Đến hết {until} chưa có buổi tuyên truyền nào ở đây."
        return f"Up to {until} no session was ever held here."
    day = f"{evidence.last_session:%d/%m/%Y}"
    ago = (evidence.last_day - evidence.last_session).days
    held = number(evidence.sessions, language, 0)
    if language == "vi":
        return f"Buổi gần nhất: {day} (trước {until} {ago} ngày); đến nay {held} buổi."
    days, sessions = ("day" if ago == 1 else "days"), ("session" if held == "1" else "sessions")
    return f"Last session: {day} ({ago} {days} before {until}); {held} {sessions} so far."


def _standing(evidence: CoverageEvidence, language: Language) -> str:
    risk, reach = _percent(evidence.risk_above), _percent(evidence.reach_above)
    people = number(evidence.reach or 0.0, language)
    if language == "vi":
        return (
            f"Nguy cơ cao hơn {risk} % số đơn vị, độ phủ ({people} lượt người trên 1.000 dân, sau"
            f" khi trừ dần theo thời gian) cao hơn {reach} %."
        )
    return (
        f"Its risk is higher than in {risk} % of units, its reach ({people} participants per 1,000"
        f" inhabitants, fading with time) than in {reach} %."
    )


def _percent(share: float) -> int:
    # Rounded down: nobody stands above all units, himself among them.
    return int(100 * share + 1e-9)
