"""Records as clients send them: GeoJSON features whose properties are the fields of the type."""

import math
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from geo.records.code_lists import code_list
from geo.records.fields import RecordType, fields_of
from geo.store.reading import MODELS, UNIT_COLUMNS

# Places come by the geometry; a breakdown comes as the one property victims_by.
NOT_PROPERTIES = {"lon", "lat"}
JSON_TYPES = {
    "codes": "array",
    "open_codes": "array",
    "count": "integer",
    "number": "number",
    "breakdown_json": "object",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "incident": {
        "external_id": "NA-2025-0117",
        "kind": "rescue",
        "occurred_from": "2025-08-14T21:30:00+07:00",
        "channels": ["zalo"],
        "victims": 2,
        "victims_by": {"sex": {"f": 2}},
        "narrative": "Hai phụ nữ được giải cứu tại bản biên giới.",
    },
    "outreach_event": {
        "kind": "school",
        "occurred_from": "2025-09-10",
        "attendance": 120,
        "sessions": 1,
        "notes": "Tuyên truyền tại chợ phiên.",
    },
}


class Point(BaseModel):
    """A position in degrees of WGS 84: longitude, latitude; a height is not kept."""

    type: Literal["Point"]
    coordinates: Annotated[
        list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)
    ] = Field(examples=[[104.83, 18.97]])


def properties_taken(record_type: RecordType) -> list[str]:
    """The names of properties that a client may set."""
    return [
        name for name in fields_of(record_type) if "." not in name and name not in NOT_PROPERTIES
    ]


def properties_schema(record_type: RecordType) -> dict[str, Any]:
    """The JSON schema of a record's properties, from the registry of fields."""
    fields = fields_of(record_type)
    described = {}
    for name in properties_taken(record_type):
        one = fields[name]
        schema: dict[str, Any] = {"type": JSON_TYPES.get(one.kind, "string")}
        schema["description"] = f"{one.label_vi} / {one.label_en}"
        if one.codes:
            codes = {"enum": list(code_list(one.codes))} if "open" not in one.kind else {}
            schema |= {"items": {"type": "string"} | codes} if "codes" in one.kind else codes
        described[name] = schema
    required = [name for name in described if fields[name].required]
    return {
        "type": "object",
        "properties": described,
        "required": required,
        "example": EXAMPLES[record_type],
    }


def as_cells(record_type: RecordType, properties: dict[str, Any]) -> dict[str, str | None]:
    """Properties as the text that a cell of a file would hold, without what only the server sets.

    Raises:
        PydanticCustomError: a property is not known, or its value can be no property.
    """
    taken = properties_taken(record_type)
    served = {*MODELS[record_type].__table__.columns.keys(), *UNIT_COLUMNS} - set(taken)
    if unknown := sorted(set(properties) - served - set(taken)):
        raise PydanticCustomError(
            "property_unknown",
            "unknown properties: {unknown}; known are: {known}",
            {"unknown": ", ".join(unknown)[:300], "known": ", ".join(taken)},
        )
    return {name: _as_text(name, properties[name]) for name in taken if name in properties}


def _as_text(name: str, value: Any) -> str | None:
    match value:
        case None:
            return None
        case str():
            return value
        case dict() if name == "victims_by":
            return orjson.dumps(value).decode()
        case list() if all(isinstance(item, str) for item in value):
            return ";".join(value) or None
        case int() | float() if not isinstance(value, bool) and math.isfinite(value):
            return str(value)
    raise PydanticCustomError(
        "property_value", "{name} must be text, a number or a list of texts", {"name": name}
    )


def _incident(properties: dict[str, Any]) -> dict[str, str | None]:
    return as_cells("incident", properties)


def _outreach_event(properties: dict[str, Any]) -> dict[str, str | None]:
    return as_cells("outreach_event", properties)


class RecordFeature(BaseModel):
    """One record; without a geometry its properties must name a unit."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"]
    id: UUID | None = Field(default=None, description="Made by the client: sending again is safe")
    geometry: Point | None = None

    def place(self) -> dict[str, str | None]:
        """The position as cells of a file."""
        if self.geometry is None:
            return {}
        lon, lat = (format(degree, ".15f") for degree in self.geometry.coordinates[:2])
        return {"lon": lon, "lat": lat}


class IncidentFeature(RecordFeature):
    """An incident."""

    properties: Annotated[
        dict[str, Any], AfterValidator(_incident), WithJsonSchema(properties_schema("incident"))
    ]


class OutreachFeature(RecordFeature):
    """An outreach event."""

    properties: Annotated[
        dict[str, Any],
        AfterValidator(_outreach_event),
        WithJsonSchema(properties_schema("outreach_event")),
    ]
