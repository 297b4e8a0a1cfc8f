"""Coverage and plans of sessions as tables and as GeoJSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import __version__
from geo.analysis.coverage import GapClass
from geo.errors import Language
from geo.pipeline.coverage import Coverage
from geo.pipeline.session_plans import SessionPlan
from geo.pipeline.sheets import Cell, source_lines

HEADINGS: dict[str, dict[Language, str]] = {
    "code": {"vi": "Mã", "en": "Code"},
    "full_name": {"vi": "Đơn vị", "en": "Unit"},
    "province_name": {"vi": "Tỉnh, thành phố", "en": "Province"},
    "team": {"vi": "Đội", "en": "Team"},
    "post": {"vi": "Nơi đóng quân", "en": "Post"},
    "travel_km": {"vi": "Đường chim bay (km)", "en": "Crow's way (km)"},
    "gap_class": {"vi": "Mức", "en": "Class"},
    "gap": {"vi": "Khoảng trống", "en": "Gap"},
    "lower": {"vi": "Khoảng trống, cận dưới", "en": "Gap, lower end"},
    "upper": {"vi": "Khoảng trống, cận trên", "en": "Gap, upper end"},
    "risk": {"vi": "Vụ/100.000 dân/năm, làm trơn", "en": "Incidents per 100,000 a year, smoothed"},
    "reach": {"vi": "Lượt người/1.000 dân, còn lại", "en": "Participants per 1,000, faded"},
    "sessions": {"vi": "Số buổi", "en": "Sessions"},
    "last_session": {"vi": "Buổi gần nhất", "en": "Last session"},
    "incidents": {"vi": "Số vụ", "en": "Incidents"},
    "population": {"vi": "Số dân", "en": "Inhabitants"},
}
CLASSES: dict[GapClass | None, dict[Language, str]] = {
    GapClass.RISK_CLEARLY_AHEAD: {"vi": "nguy cơ vượt rõ", "en": "risk clearly ahead"},
    GapClass.RISK_LIKELY_AHEAD: {"vi": "nguy cơ có lẽ vượt", "en": "risk likely ahead"},
    GapClass.NOT_CLEAR: {"vi": "chưa rõ", "en": "not clear"},
    GapClass.REACH_AHEAD: {"vi": "độ phủ vượt rõ", "en": "outreach clearly ahead"},
    None: {"vi": "không so sánh", "en": "not compared"},
}
SHEETS: dict[Language, tuple[str, str, str]] = {
    "vi": ("Khoảng trống tuyên truyền", "Kế hoạch", "Nguồn"),
    "en": ("Coverage gap", "Plan", "Source"),
}
OF_UNITS = (
    "code", "full_name", "province_name", "gap_class", "gap", "lower", "upper", "risk", "reach",
    "sessions", "last_session", "incidents", "population",
)  # fmt: skip
OF_VISITS = ("team", "post", "code", "full_name", "province_name", "travel_km", *OF_UNITS[3:11])


def coverage_columns(coverage: Coverage, numbers: Sequence[int]) -> dict[str, list[Any]]:
    """What is told of some units, by number, as columns; None stands for what is unknown."""
    gaps = coverage.gaps
    listed: dict[str, Sequence[Any]] = {
        "classes": [None if one is None else int(one) for one in gaps.classes],
        "gap": _rounded(gaps.gap, 3),
        "lower": _rounded(gaps.lower, 3),
        "upper": _rounded(gaps.upper, 3),
        "risk": _rounded(gaps.risk.rate, 3),
        "risk_lower": _rounded(gaps.risk.lower, 3),
        "risk_upper": _rounded(gaps.risk.upper, 3),
        "reach": _rounded(coverage.reach.per_1000, 2),
        "sessions_faded": _rounded(coverage.reach.sessions, 2),
        "sessions": coverage.tally.sessions,
        "last_session": coverage.tally.last_session,
        "incidents": coverage.incidents,
        "population": [None if np.isnan(one) else int(one) for one in coverage.population],
    }
    of_units = {name: [column[number] for number in numbers] for name, column in listed.items()}
    return {"codes": [coverage.units[number].code for number in numbers], **of_units}


def coverage_rows(coverage: Coverage) -> list[dict[str, Any]]:
    """The units that were asked for, the widest gap first; those without one come last."""
    columns = coverage_columns(coverage, coverage.asked)
    names = [name for name in columns if name not in ("codes", "classes")]
    rows = []
    for place, number in enumerate(coverage.asked):
        unit, gap_class = coverage.units[number], columns["classes"][place]
        rows.append(
            {
                "code": unit.code,
                "full_name": unit.full_name,
                "province_name": unit.province_name,
                "gap_class": None if gap_class is None else GapClass(gap_class),
                "lon": unit.lon,
                "lat": unit.lat,
                **{name: columns[name][place] for name in names},
            }
        )
    rows.sort(key=lambda row: (row["gap"] is None, -(row["gap"] or 0.0), row["code"]))
    return rows


def visit_rows(made: SessionPlan) -> list[dict[str, Any]]:
    """The visits of a plan, by team and code of the unit; teams are numbered from 1."""
    of_unit = {row["code"]: row for row in coverage_rows(made.coverage)}
    rows = []
    for visit in made.plan.visits:
        unit, team = made.coverage.units[made.asked[visit.unit]], made.teams[visit.team]
        way = {"team": visit.team + 1, "post": team.name, "travel_km": round(visit.metres / 1e3, 2)}
        rows.append(of_unit[unit.code] | way)
    return rows


def table(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], language: Language
) -> list[list[Cell]]:
    """Rows under headings, with the class in words."""
    found: list[list[Cell]] = [[HEADINGS[name][language] for name in names]]
    for row in rows:
        told = dict(row) | {"gap_class": CLASSES[row["gap_class"]][language]}
        found.append([told[name] for name in names])
    return found


def geojson(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as points, each where the name of its unit stands on the map."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["code"],
                "geometry": {
                    "type": "Point",
                    "coordinates": [round(row["lon"], 6), round(row["lat"], 6)],
                },
                "properties": {name: row[name] for name in names},
            }
            for row in rows
        ],
    }


def plan_document(made: SessionPlan) -> dict[str, Any]:
    """What stands beside the visits of a plan: what was asked, how good it is, and its coverage."""
    return {
        "asked": _asked(made),
        "plan": plan_facts(made),
        "coverage": _with_base(made.coverage),
    }


def _with_base(coverage: Coverage) -> dict[str, Any]:
    """The context, and of what counts outside of one's own units are multiples; None of none."""
    protection = coverage.protection
    return context(coverage) | {"base": protection and protection.base}


def _asked(made: SessionPlan) -> dict[str, Any]:
    return {"posts": list(made.posts), "teams": made.teams_per_post} | asdict(made.terms)


def plan_facts(made: SessionPlan) -> dict[str, Any]:
    """How good a plan is, and what it could not do."""
    plan = made.plan
    return {
        "sessions": made.terms.sessions,
        "sessions_left": made.terms.sessions - len(plan.visits),
        "units_served": len(plan.served_units),
        "need": round(plan.need, 4),
        "need_within_travel": round(plan.within_need, 4),
        "need_served": round(plan.served, 4),
        "share_served": round(plan.served / plan.within_need, 4),
        "bound": round(plan.bound, 4),
        "is_optimal": plan.is_optimal,
    }


def context(coverage: Coverage) -> dict[str, Any]:
    """What an answer was computed from; the last day is included."""
    question = coverage.question
    return {
        "edition": question.edition,
        "level": question.level,
        "period_from": question.first,
        "period_to": question.last - timedelta(days=1),
        "parameters": question.parameters,
        "software_version": __version__,
        "data_fingerprint": coverage.data_fingerprint,
        "used": coverage.used,
        "left_out": coverage.left_out,
    }


def plan_source(made: SessionPlan) -> list[list[Cell]]:
    """All that a plan came from, a line for each: it goes where the plan goes."""
    return source_lines(_with_base(made.coverage) | _asked(made) | plan_facts(made))


def coverage_source(coverage: Coverage) -> list[list[Cell]]:
    """All that a table of coverage came from, a line for each."""
    return source_lines(_with_base(coverage))


def _rounded(values: NDArray[np.float64], digits: int) -> list[float | None]:
    return [None if np.isnan(value) else round(value, digits) for value in values.tolist()]
