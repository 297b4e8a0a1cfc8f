"""The national figures published for 2024, exactly as published; no demonstration data.

They come from the summary article on anti-trafficking work in 2024 that the project started from.
Its reporting period is taken as the calendar year, and is not confirmed by a second source. It
names no commune but one, in the caption of a photograph. Nothing is estimated: what the article
names without a number is counted as named, not as a quantity.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow

from geo.records.digests import with_content_hash
from geo.records.figures import Period, figure_key

SOURCE = "published-2024"
PERIOD = (date(2024, 1, 1), date(2024, 12, 31))
CITATION = (
    "Bài tổng hợp công tác phòng, chống mua bán người năm 2024 (kỳ báo cáo chưa kiểm chứng) / "
    "summary article on anti-trafficking work in 2024 (reporting period not verified)"
)
MODELS_NAMED = tuple(f"M{number:02d}" for number in range(1, 10))
# Provinces of the reintegration pilot, with their codes of the 2024 edition.
PILOT_PROVINCES = {"40": "Nghệ An", "42": "Hà Tĩnh", "44": "Quảng Bình"}
HANOI = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure with its parts: of the country, or of a province of 2024."""

    programme: str
    measure: str
    value: int
    value_by: dict[str, dict[str, int]] = field(default_factory=dict)
    agencies: tuple[str, ...] = ()
    includes_suspected: bool = False
    edition: str = ""
    code: str = ""


FIGURES = (
    Figure("hotline_111", "calls", 780, agencies=("T111",)),
    Figure(
        "hotline_111",
        "persons_supported",
        30,
        {"sex": {"f": 15, "m": 15}, "ethnicity": {"kinh": 29, "minority": 1}},
        agencies=("T111",),
    ),
    Figure(
        "reception_verification",
        "persons_received_verified",
        85,
        agencies=("LDTBXH",),
        includes_suspected=True,
    ),
    Figure("emergency_support", "persons_supported", 65, agencies=("HLHPN", "CWD", "BLUEDRAGON")),
    Figure(
        "prevention_models",
        "models_named",
        len(MODELS_NAMED),
        {"model": dict.fromkeys(MODELS_NAMED, 1)},
    ),
    Figure("reintegration_pilot", "provinces", len(PILOT_PROVINCES)),
    *(
        Figure(
            "reintegration_pilot", "provinces", 1, {"model": {"M10": 1}}, (), False, "2024", code
        )
        for code in PILOT_PROVINCES
    ),
)


def support_figures() -> pyarrow.Table:
    """The figures as `load_figures` takes them, marked as published."""
    period = Period(*PERIOD)
    rows = [
        asdict(figure)
        | {
            "external_id": figure_key(
                figure.programme, figure.measure, (figure.edition, figure.code), period
            ),
            "value_by": json.dumps(figure.value_by, sort_keys=True),
            "agencies": list(figure.agencies),
            "period_from": period.first,
            "period_to": period.last,
            "published": True,
            "citation": CITATION,
        }
        for figure in FIGURES
    ]
    return with_content_hash(pyarrow.Table.from_pylist(rows))


def seed_outreach_event() -> pyarrow.Table:
    """The one session the article places: a photograph's caption, without a date.

    Its time is the whole of 2024, its place the commune of the 2024 edition: the village has no
    known position, and the district it names does not exist (Pù Mát is a national park; Môn Sơn
    belonged to Con Cuông).
    """
    start = datetime(2024, 1, 1, tzinfo=HANOI).astimezone(UTC)
    end = datetime(2025, 1, 1, tzinfo=HANOI).astimezone(UTC) - timedelta(seconds=1)
    row = {
        "row_number": 1,
        "external_id": "caption-mon-son",
        "kind": "legal_education",
        "occurred_from": start,
        "occurred_to": end,
        "topics": [],
        "audiences": [],
        "attendance": None,
        "sessions": 1,
        "organiser": None,
        "partners": [],
        "hours": None,
        "materials": None,
        "prevention_model": None,
        "prevention_model_id": None,
        "notes": (
            "Chú thích ảnh trong bài tổng hợp năm 2024, không ghi ngày: thời gian để cả năm 2024. "
            "Huyện “Pù Mát” không tồn tại (Pù Mát là vườn quốc gia); xã Môn Sơn khi đó thuộc huyện "
            "Con Cuông. / Caption of a photograph, date unknown: the period is the whole of 2024. "
            "There is no district “Pù Mát” (a national park); Môn Sơn belonged to Con Cuông."
        ),
        "lon": None,
        "lat": None,
        "precision": "commune",
        "accuracy_m": None,
        "place_text": "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)",
        "stated_edition": "2024",
        "stated_level": "commune",
        "stated_code": "17263",
        "found_by": "place",
    }
    return with_content_hash(pyarrow.Table.from_pylist([row], _SCHEMA))


_TEXT, _TIME, _NUMBER = pyarrow.string(), pyarrow.timestamp("us", tz="UTC"), pyarrow.float64()
_SCHEMA = pyarrow.schema(
    [
        ("row_number", pyarrow.int64()), ("external_id", _TEXT), ("kind", _TEXT),
        ("occurred_from", _TIME), ("occurred_to", _TIME), ("topics", pyarrow.list_(_TEXT)),
        ("audiences", pyarrow.list_(_TEXT)), ("attendance", pyarrow.int64()),
        ("sessions", pyarrow.int64()), ("organiser", _TEXT), ("partners", pyarrow.list_(_TEXT)),
        ("hours", _NUMBER),
        ("materials", pyarrow.int64()), ("prevention_model", _TEXT),
        ("prevention_model_id", _TEXT), ("notes", _TEXT),
        ("lon", _NUMBER), ("lat", _NUMBER), ("precision", _TEXT), ("accuracy_m", _NUMBER),
        ("place_text", _TEXT), ("stated_edition", _TEXT), ("stated_level", _TEXT),
        ("stated_code", _TEXT), ("found_by", _TEXT),
    ]
)  # fmt: skip
