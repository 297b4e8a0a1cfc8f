"""What stands on the paper, in order and in words: the same for PDF and DOCX."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from geo.analysis.coverage import HALF_LIFE_DAYS, GapClass
from geo.analysis.explanation import CONFIDENCE
from geo.errors import Language
from geo.pipeline.briefing import Briefing, Commune
from geo.records.code_lists import code_list
from geo.wording import number
from web.briefing.chart_svg import draw_chart
from web.briefing.map_svg import draw_map
from web.briefing.wording import change, day, figure, month_since, place_and_day, words

ONE_DAY = timedelta(days=1)
# So many places without a session are named.
MOST_NAMES = 8
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; widths are parts of the whole."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a section; `kind` says which of the others it has."""

    kind: Literal["point", "note", "table", "drawing"]
    text: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    svg: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """The paper; `mark` stands on every page, empty where there is nothing to be said there."""

    language: Language
    title: str
    period: str
    place_and_day: str
    dated: date
    mark: str
    sections: Sequence[Section]
    said: Mapping[str, str] = field(repr=False)


def compose(briefing: Briefing, language: Language) -> Document:
    """The paper in one language."""
    said = words(language)
    name = briefing.province if language == "vi" else briefing.province_en
    place = name.removeprefix("Tỉnh ").removeprefix("Thành phố ").removesuffix(" Province")
    shown = name[0].lower() + name[1:] if language == "vi" else name
    sections: list[tuple[str, Callable[[Briefing, Language], list[Block]]]] = [
        ("section_summary", _summary),
        ("section_months", _months),
        ("section_map", _hotspots),
        ("section_gaps", _gaps),
        ("section_networks", _networks),
        ("section_sources", _sources),
    ]
    return Document(
        language=language,
        title=said["subject"].format(province=shown),
        period=said["period"].format(
            first=day(briefing.first, language), last=day(briefing.last - ONE_DAY, language)
        ),
        place_and_day=place_and_day(place.removesuffix(" City"), briefing.question.dated, language),
        dated=briefing.question.dated,
        mark=_mark(briefing, said),
        sections=[
            Section(f"{numeral}. {said[title]}", make(briefing, language))
            for numeral, (title, make) in zip(NUMERALS, sections, strict=False)
        ],
        said=said,
    )


def _mark(briefing: Briefing, said: Mapping[str, str]) -> str:
    is_exact = any(one.incidents.base is None for one in briefing.communes)
    marks = [said["demo"]] if briefing.is_demo else []
    return " · ".join([*marks, said["exact"]] if is_exact else marks)


def _summary(briefing: Briefing, language: Language) -> list[Block]:
    said = words(language)
    counts = [
        said[key].format(
            value=figure(now, language),
            before=figure(before, language),
            change=change(now, before, language),
        )
        for key, now, before in (
            ("incidents", briefing.incidents, briefing.incidents_before),
            ("victims", briefing.victims, briefing.victims_before),
        )
    ]
    lines = [*counts, *_classes(briefing, said), _unvisited(briefing, language)]
    return [Block("point", line) for line in lines]


def _classes(briefing: Briefing, said: Mapping[str, str]) -> list[str]:
    if briefing.hotspots is None:
        return [said["no_run"]]
    found = [("hotspots", [one.hot_class or 0 for one in briefing.communes])]
    if briefing.is_land_border:
        found.append(("hotspots_border", [one.border_class or 0 for one in briefing.communes]))
    return [
        said[key].format(
            hot=sum(one > 0 for one in classes),
            all=len(classes),
            **{f"c{level}": classes.count(level) for level in CONFIDENCE},
        )
        for key, classes in found
    ]


def _unvisited(briefing: Briefing, language: Language) -> str:
    said = words(language)
    hottest = sorted(briefing.unvisited, key=lambda one: (-one.hottest, one.code))
    hot = [one.full_name for one in hottest if one.hottest]
    names = ", ".join(hot[:MOST_NAMES])
    if len(hot) > MOST_NAMES:
        names += said["more"].format(count=len(hot) - MOST_NAMES)
    return said["unvisited"].format(
        count=len(briefing.unvisited),
        all=len(briefing.communes),
        hot=said["unvisited_hot"].format(count=len(hot), names=names) if hot else "",
    )


def _hotspots(briefing: Briefing, language: Language) -> list[Block]:
    said, run = words(language), briefing.hotspots
    first, last = (run.first, run.last) if run else (briefing.first, briefing.last)
    period = f"{day(first, language)} – {day(last - ONE_DAY, language)}"
    note = said["map_note"].format(
        source=briefing.boundary_source.rstrip(".") + ".",
        crs=briefing.ground.crs,
        approximate=said["approximate"] if briefing.is_approximate else "",
    )
    blocks = [
        Block(
            "drawing",
            said["figure_map"].format(period=period),
            svg=draw_map(briefing, said, language),
            alternative=said["map_alt"],
        ),
        Block("note", note),
    ]
    if run and run.is_stale:
        blocks.append(Block("note", said["stale"]))
    if not briefing.ranked:
        return [*blocks, Block("point", said["none_ranked"])]
    columns = [
        Column(said["column_number"], 0.6, "center"),
        Column(said["column_unit"], 3),
        Column(said["column_incidents"], 1.4, "right"),
        Column(said["column_rate"], 1.7, "right"),
        Column(said["column_class"], 2.2, "center"),
        Column(said["column_since"], 1.2, "center"),
        Column(said["column_session"], 1.6, "center"),
    ]
    rows = [_ranked(number, one, language) for number, one in enumerate(briefing.ranked, 1)]
    return [*blocks, Block("table", said["table_ranked"], columns, rows)]


def _ranked(place: int, one: Commune, language: Language) -> list[str]:
    said = words(language)
    rate = said["unknown"] if one.rate is None else number(one.rate, language)
    if one.rate is not None and one.incidents.base:
        rate = said["near"].format(value=rate)
    return [
        str(place),
        one.full_name,
        figure(one.incidents, language, "near"),
        rate,
        _class(one, said),
        month_since(one.since, language),
        _session(one.last_session, language),
    ]


def _class(one: Commune, said: Mapping[str, str]) -> str:
    told = [
        said[key].format(confidence=CONFIDENCE[level])
        for key, level in (("class_country", one.hot_class), ("class_border", one.border_class))
        if level in CONFIDENCE
    ]
    return "; ".join(told) or said["class_none"]


def _session(last: date | None, language: Language) -> str:
    return words(language)["never"] if last is None else day(last, language)


def _months(briefing: Briefing, language: Language) -> list[Block]:
    said = words(language)
    chart = Block(
        "drawing",
        said["figure_months"],
        svg=draw_chart(briefing.months, said),
        alternative=said["chart_alt"],
    )
    base = briefing.months[0].incidents.base
    return [chart, Block("note", said["months_protected"].format(base=base))] if base else [chart]


def _gaps(briefing: Briefing, language: Language) -> list[Block]:
    said = words(language)
    if not briefing.gaps:
        return [Block("point", said["none_gaps"])]
    columns = [
        Column(said["column_number"], 0.6, "center"),
        Column(said["column_unit"], 3),
        Column(said["column_gap"], 1.9, "center"),
        Column(said["column_risk"], 1.5, "right"),
        Column(said["column_reach"], 1.5, "right"),
        Column(said["column_sessions"], 1.2, "right"),
        Column(said["column_session"], 1.8, "center"),
    ]
    rows = [
        [
            str(place),
            one.full_name,
            said["gap_clear" if one.gap_class == GapClass.RISK_CLEARLY_AHEAD else "gap_likely"],
            number(one.risk, language),
            number(one.reach, language),
            number(one.sessions, language, 0),
            _session(one.last_session, language),
        ]
        for place, one in enumerate(briefing.gaps, 1)
    ]
    note = said["gap_note"].format(half_life=number(HALF_LIFE_DAYS, language, 0))
    return [Block("table", said["table_gaps"], columns, rows), Block("note", note)]


def _networks(briefing: Briefing, language: Language) -> list[Block]:
    said, names = words(language), code_list("network_node_role")
    told = [
        f"{names[role].label(language).lower()} ({count})"
        for role, count in briefing.networks.roles.items()
    ]
    roles = said["networks_roles"].format(roles=", ".join(told)) if told else ""
    return [
        Block(
            "point", said["networks"].format(count=len(briefing.networks.identifiers), roles=roles)
        )
    ]


def _sources(briefing: Briefing, language: Language) -> list[Block]:
    said, run = words(language), briefing.hotspots
    days = {
        "first": day(briefing.first, language),
        "last": day(briefing.last - ONE_DAY, language),
    }
    lines = [said["source_records"].format(**days)]
    if briefing.base:
        lines.append(said["source_protected"].format(base=briefing.base))
    if run:
        of_run = {"first": day(run.first, language), "last": day(run.last - ONE_DAY, language)}
        lines.append(said["source_hotspots"].format(**of_run))
    lines += [
        said["source_gaps"],
        said["source_networks"],
        said["source_software"].format(
            version=briefing.software_version, fingerprint=briefing.data_fingerprint[:16]
        ),
    ]
    return [Block("point", line) for line in lines]
