"""What OpenAPI says of answers: an example of each, its schema, and the problems that may come."""

from functools import cache
from typing import Any

from api.errors import MEDIA_TYPE, TITLES
from api.examples import examples
from geo.store.reading import UNIT_COLUMNS
from geo.store.tables.base import Base

PROBLEM_EXAMPLE = {
    "type": "urn:bienmap:problem:bbox.invalid",
    "title": "Dữ liệu vào chưa đúng",
    "status": 422,
    "detail": "bbox “109,8,102,23” có cạnh tây không nhỏ hơn cạnh đông. Hãy ghi tây,nam,đông,bắc"
    " bằng độ, ví dụ 102.1,8.3,109.6,23.4.",
    "code": "bbox.invalid",
    "instance": "/api/v1/incidents",
}
# Every answer may be one of these: the database is away, or the server failed.
ALWAYS = (500, 503)
JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
# What an answer takes from elsewhere, where there may be nothing.
JOINED = {
    "geometry",
    "parent_name",
    "population",
    "population_year",
    "population_source",
    "population_estimated",
    "hotspot",
    "expected_incidents",
    # Held back from who is not responsible there.
    "protection",
    "base",
    "under",
    "incidents",
    "records_used",
    "records_left_out",
    "data_fingerprint",
    "total",
    "slip",
    "stated_name",
    "dismantled_from",
    "dismantled_to",
    "worded_name",
    "moved_from",
    "moved_to",
    "moved_at",
    "checked_at",
    "checked_by",
    "near_longitude",
    "near_latitude",
    "neighbour",
    "nearest_neighbour",
    "border_section",
    "border_m",
    "gate",
    "gate_m",
    "measured_from",
    "distance_m",
    "csrf_token",
    "commune_name",
    "by",
    "reason",
    # Of a unit without a population, or that nobody ever visited.
    "gap",
    "lower",
    "upper",
    "risk",
    "risk_lower",
    "risk_upper",
    "reach",
    "last_session",
    "province",
    # Of an intervention, what cannot be said.
    "network_id",
    "case",
    "ratio",
    "value",
    "fall",
    "rise",
    "verdict",
    "difference",
    "difference_before",
    # Of hotspots that nobody has decided on, or that no run of the border has a class for.
    "review",
    "class_country",
    "class_border",
    "standing_decision",
    "standing_since",
    "responsible_name",
    "event_external_id",
    "event_on",
    # Of units in which a density shows nothing, or of all of it.
    "mean",
    "most",
    "picture",
    # Of a province of 2025, which lies in no other.
    "now",
    # Of a unit, what is not for everybody, or not known of a former commune.
    "channels",
    "slices",
    "share",
}
# Lists with a number or a day for each unit, or none where it is unknown.
COLUMNS_OF_NUMBERS = {
    "values", "z", "q", "classes", "gap", "lower", "upper", "risk", "risk_lower", "risk_upper",
    "reach", "incidents", "population", "crude", "reference_rates", "own_share",
}  # fmt: skip
COLUMNS_OF_DAYS = {"last_session"}
Responses = dict[int | str, dict[str, Any]]


def answers(name: str, *problems: int, status: int = 200) -> Responses:
    """The `responses` of a route: its JSON answer by the example of that name, and its problems."""
    example = examples()[name]
    content = {"application/json": {"schema": schema_of(example), "example": example}}
    success: dict[str, Any] = {"description": "Thành công / success", "content": content}
    return {status: success} | problems_of(*problems)


def problems_of(*statuses: int) -> Responses:
    """Problem details (RFC 9457) by status, those that may always come included."""
    content = {
        MEDIA_TYPE: {"schema": schema_of(PROBLEM_EXAMPLE), "example": PROBLEM_EXAMPLE},
    }
    return {
        status: {"description": " / ".join(TITLES[status]), "content": content}
        for status in (*statuses, *ALWAYS)
    }


def schema_of(example: Any) -> dict[str, Any]:
    """A JSON schema for values like the example; null tells nothing of what else may stand."""
    if isinstance(example, dict):
        properties = {str(name): _property(str(name), value) for name, value in example.items()}
        return {"type": "object", "properties": properties}
    if isinstance(example, list):
        return {"type": "array", "items": _item(example)}
    return {"type": JSON_TYPES[type(example)]} if type(example) in JSON_TYPES else {}


def _item(examples: list[Any]) -> dict[str, Any]:
    """A schema for the items of a list; where one of its examples is null, any may be."""
    known = [one for one in examples if one is not None]
    schema = schema_of(known[0]) if known else {}
    if len(known) < len(examples) and "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    return schema


def _property(name: str, example: Any) -> dict[str, Any]:
    schema = schema_of(example)
    if name == "coordinates":
        # Degrees, however deep they lie; an example may happen to be a whole number of them.
        return {"type": "array"}
    if isinstance(example, list) and name in COLUMNS_OF_NUMBERS | COLUMNS_OF_DAYS:
        item = "number" if name in COLUMNS_OF_NUMBERS else "string"
        return {"type": "array", "items": {"type": [item, "null"]}}
    if name in _nullable() and "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    return schema


@cache
def _nullable() -> frozenset[str]:
    """Names that may stand for nothing: of columns that may be empty, and of what is joined on."""
    columns = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.nullable
    }
    return frozenset(columns | set(UNIT_COLUMNS) | JOINED)
