"""Records as clients send them: GeoJSON features whose properties are the fields of the type.

A network is a feature without a geometry: its places are features of their own, each with the
fields that a row of a network file has for its place, and its legs name places by their sequence.
"""

import json
import math
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import uuid_utils.compat
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from geo import pipeline
from geo.importers.network_tables import MOST_PLACES
from geo.records.code_lists import code_list
from geo.records.fields import NETWORK_COLUMNS, RecordType, fields_of
from geo.records.fields import Field as RecordField
from geo.store.actors import Actor
from geo.store.reading import BORDER_COLUMNS, SHOWN_INCIDENT, UNIT_COLUMNS
from geo.store.tables import Network, NetworkNode, OutreachEvent, PreventionModel

# What has properties, and the table that keeps them.
Part = Literal["incident", "outreach_event", "prevention_model", "network", "network_place"]
TABLES = {
    "incident": SHOWN_INCIDENT,
    "outreach_event": OutreachEvent.__table__,
    "prevention_model": PreventionModel.__table__,
    "network": Network.__table__,
    "network_place": NetworkNode.__table__,
}
OF_NETWORK = ("external_id", *NETWORK_COLUMNS)
# Places come by the geometry, a crossing with its leg; a breakdown comes as the one property
# victims_by.
NOT_PROPERTIES = {"lon", "lat", "crossing"}
MOST_LEGS = 10_000
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
        "organiser": "HLHPN",
        "partners": ["CA_X", "DTN"],
        "notes": "Tuyên truyền tại chợ phiên.",
    },
    "prevention_model": {
        "kind": "M06",
        "name": "Gia đình hạnh phúc, bản Búng",
        "state": "active",
        "started_on": "2024-03-08",
        "members": 32,
        "organiser": "HLHPN",
    },
    "network": {
        "case_code": "A725",
        "scope": "trans",
        "dismantled_on": "2025-08-20",
        "lead_agency": "BDBP_T",
        "arrested": 4,
        "rescued": 2,
    },
    "network_place": {"sequence": 1, "role": "recruit", "stated_code": "17263"},
}


class Point(BaseModel):
    """A position in degrees of WGS 84: longitude, latitude; a height is not kept."""

    type: Literal["Point"]
    coordinates: Annotated[
        list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)
    ] = Field(examples=[[104.83, 18.97]])


def _fields(part: Part) -> dict[str, RecordField]:
    fields = fields_of("network" if part == "network_place" else part)
    if part == "network":
        return {name: fields[name] for name in OF_NETWORK}
    if part == "network_place":
        return {name: one for name, one in fields.items() if name not in OF_NETWORK}
    return fields


def properties_taken(part: Part) -> list[str]:
    """The names of properties that a client may set."""
    return [name for name in _fields(part) if "." not in name and name not in NOT_PROPERTIES]


def properties_schema(part: Part) -> dict[str, Any]:
    """The JSON schema of properties, from the registry of fields."""
    fields = _fields(part)
    described = {}
    for name in properties_taken(part):
        one = fields[name]
        schema: dict[str, Any] = {"type": JSON_TYPES.get(one.kind, "string")}
        schema["description"] = f"{one.label_vi} / {one.label_en}"
        codes = {}
        if one.codes and "open" not in one.kind:
            codes = {"enum": list(code_list(one.codes))}
        schema |= {"items": {"type": "string"} | codes} if schema["type"] == "array" else codes
        described[name] = schema
    required = [name for name in described if fields[name].required]
    return {
        "type": "object",
        "properties": described,
        "required": required,
        "example": EXAMPLES[part],
    }


def as_cells(part: Part, properties: dict[str, Any]) -> dict[str, str | None]:
    """Properties as the text that a cell of a file would hold, without what only the server sets.

    Raises:
        PydanticCustomError: a property is not known, its value can be no property, or no text.
    """
    try:
        # JSON can spell half of a pair of surrogates; no text of the store can hold it.
        json.dumps(properties, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "text_broken", "a text holds half of a surrogate pair, which is no letter: type it anew"
        ) from None
    taken = properties_taken(part)
    served = {*TABLES[part].columns.keys(), *UNIT_COLUMNS, *BORDER_COLUMNS} - set(taken)
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


def _prevention_model(properties: dict[str, Any]) -> dict[str, str | None]:
    return as_cells("prevention_model", properties)


def _network(properties: dict[str, Any]) -> dict[str, str | None]:
    return as_cells("network", properties)


def _network_place(properties: dict[str, Any]) -> dict[str, str | None]:
    return as_cells("network_place", properties)


class PlacedFeature(BaseModel):
    """Something at a point; without a geometry its properties must name a unit."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"]
    geometry: Point | None = None
    properties: dict[str, Any]

    def cells(self) -> dict[str, str | None]:
        """Properties and position as the cells of a file's row."""
        if self.geometry is None:
            return self.properties
        lon, lat = (format(degree, ".15f") for degree in self.geometry.coordinates[:2])
        return self.properties | {"lon": lon, "lat": lat}


class RecordFeature(PlacedFeature):
    """One record."""

    id: UUID | None = Field(default=None, description="Made by the client: sending again is safe")
    personal_data_checked: bool = Field(
        default=False,
        description="Somebody has read what looks like personal data in its texts: it names nobody",
    )
    reason: str | None = Field(
        default=None, max_length=500, description="Why it is changed; kept with this version"
    )

    def entry(
        self, record_type: RecordType, actor: Actor, identifier: UUID | None = None
    ) -> pipeline.Entry:
        """The record as the pipeline takes it; a new one without an id gets one."""
        identifier = identifier or self.id or uuid_utils.compat.uuid7()
        is_named = self.id is not None
        return pipeline.Entry(
            record_type,
            identifier,
            self.cells(),
            actor,
            is_named=is_named,
            personal_data_checked=self.personal_data_checked,
            reason=self.reason,
        )


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


class PreventionModelFeature(RecordFeature):
    """A club or model of prevention."""

    properties: Annotated[
        dict[str, Any],
        AfterValidator(_prevention_model),
        WithJsonSchema(properties_schema("prevention_model")),
    ]


class NetworkPlace(PlacedFeature):
    """A place of a network; abroad its country alone will do."""

    properties: Annotated[
        dict[str, Any],
        AfterValidator(_network_place),
        WithJsonSchema(properties_schema("network_place")),
    ]


class NetworkLeg(BaseModel):
    """A movement of people from one place to another, by their sequence."""

    from_sequence: int
    to_sequence: int
    crossing: str | None = Field(
        default=None, json_schema_extra={"enum": [*code_list("crossing_type"), None]}
    )

    def leg(self) -> pipeline.Leg:
        """The leg as the pipeline takes it."""
        return pipeline.Leg(self.from_sequence, self.to_sequence, self.crossing)


class NetworkFeature(RecordFeature):
    """A network: the case, its places, and the legs between them as one whole."""

    geometry: None = None
    properties: Annotated[
        dict[str, Any], AfterValidator(_network), WithJsonSchema(properties_schema("network"))
    ]
    places: list[NetworkPlace] = Field(
        min_length=1,
        max_length=MOST_PLACES,
        description="Without a sequence they are numbered 1, 2, 3… as they come",
    )
    legs: list[NetworkLeg] | None = Field(
        default=None,
        max_length=MOST_LEGS,
        description="Left out, each place leads to the next by sequence",
    )

    def entry(
        self, record_type: RecordType, actor: Actor, identifier: UUID | None = None
    ) -> pipeline.Entry:
        """The network as the pipeline takes it."""
        legs = None if self.legs is None else [leg.leg() for leg in self.legs]
        route = pipeline.Route([place.cells() for place in self.places], legs)
        return replace(super().entry(record_type, actor, identifier), route=route)


def _network_example(summary: str, notes: str, place: str) -> dict[str, Any]:
    def at(role: str, geometry: Any, **more: Any) -> dict[str, Any]:
        return {"type": "Feature", "geometry": geometry, "properties": {"role": role} | more}

    point = {"type": "Point", "coordinates": [104.83, 18.97]}
    return {
        "summary": summary,
        "value": {
            "type": "Feature",
            "id": "0198b0c2-7a51-7c3e-9d54-2f6a1f0e8b11",
            "properties": EXAMPLES["network"] | {"notes": notes},
            "places": [
                at("recruit", None, sequence=1, province="Nghệ An", commune="Tương Dương"),
                at("exit", point, sequence=2, place_text=place),
                at("dest", None, sequence=3, country="LA"),
            ],
            "legs": [
                {"from_sequence": 1, "to_sequence": 2},
                {"from_sequence": 2, "to_sequence": 3, "crossing": "trail"},
            ],
        },
    }


NETWORK_EXAMPLES = {
    "vi": _network_example(
        "Đường dây xuyên biên giới",
        "Dụ dỗ đi làm thuê, đưa qua đường mòn.",
        "Đường mòn gần bản Búng",
    ),
    "en": _network_example(
        "A network across the border",
        "Lured by an offer of work, led along a trail.",
        "Trail near the hamlet of Búng",
    ),
}
