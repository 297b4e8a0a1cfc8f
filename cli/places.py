"""The place box on the command line."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.errors import InputError, Language
from geo.pipeline import Place, find_places, why_none
from geo.places.coordinates import WGS84
from geo.places.situations import NEIGHBOURS, distance_texts
from geo.places.slips import slip_texts
from geo.places.systems import system_texts
from geo.settings import load_settings
from geo.store.database import create_engine, transaction
from geo.wording import number

app = typer.Typer(no_args_is_help=True)
LanguageOption = Annotated[Literal["vi", "en"], typer.Option(help="ngôn ngữ trả lời / language")]

TEXTS = {
    "sure": ("chắc", "sure"),
    "latitude": ("vĩ độ", "latitude"),
    "longitude": ("kinh độ", "longitude"),
    "where": ("ở đâu", "where"),
    "outside": ("ngoài Việt Nam", "outside Vietnam"),
    "border_point": ("cách biên giới {land}: {km} km", "{km} km to the border with {land}"),
    "border_edge": (
        "cách biên giới {land}: {km} km, tính từ mép gần nhất của xã",
        "{km} km to the border with {land}, from the commune's nearest edge",
    ),
    "on_border": ("xã giáp biên giới {land}", "the commune lies on the border with {land}"),
    "gate_point": (
        "{name}: {km} km (gần nhất trong các cửa khẩu đã có tọa độ)",
        "{name}: {km} km (the nearest of the gates with a known position)",
    ),
    "gate_edge": (
        "{name}: {km} km, tính từ mép gần nhất của xã (gần nhất trong các cửa khẩu đã có tọa độ)",
        "{name}: {km} km from the commune's nearest edge (the nearest of the gates with a known"
        " position)",
    ),
    "gate_unknown": (
        "{name}: chưa biết vị trí, nên không nói cửa khẩu gần nhất",
        "{name}: position unknown, so no nearest gate is named",
    ),
    "accuracy": ("tọa độ, sai số khoảng {distance}", "coordinates, within about {distance}"),
    "before": ("có thể là, trước 7/2025: {names}", "perhaps, before July 2025: {names}"),
    "village": ("thôn, bản hoặc cửa khẩu", "a village or gate"),
    "commune": ("điểm giữa xã, phường", "the middle of a commune"),
    "legacy_district": ("điểm giữa huyện cũ", "the middle of a former district"),
    "province": ("điểm giữa tỉnh", "the middle of a province"),
}


# What begins with a hyphen is a southern latitude, and no option.
@app.command(context_settings={"ignore_unknown_options": True})
def place(
    words: Annotated[
        list[str], typer.Argument(help="địa chỉ, tọa độ, liên kết bản đồ / address, coordinates")
    ],
    province: Annotated[
        str | None, typer.Option(help="tỉnh, nếu biết / province, if known")
    ] = None,
    language: LanguageOption = "vi",
) -> None:
    """Nơi này ở xã nào, trước và sau 7/2025 / which commune a place lies in, in both editions."""
    text = " ".join(words)
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = find_places(connection, text, province)
        reason = None if found else why_none(connection, text)
    if reason:
        raise InputError("place.unreadable", *reason)
    # On a terminal of 80 columns the words need the room.
    columns = [_said(key, language) for key in ("sure", "latitude", "longitude")]
    table = Table("", *columns, "EPSG")
    table.add_column(_said("where", language), ratio=1)
    table.add_column("±", no_wrap=True)
    for rank, one in enumerate(found, 1):
        table.add_row(
            str(rank),
            f"{one.confidence:.0%}",
            f"{one.latitude:.6f}",
            f"{one.longitude:.6f}",
            str(one.system),
            Text(_where(one, language)),
            _accuracy(one, language),
        )
    Console().print(table)


def _said(key: str, language: str) -> str:
    return TEXTS[key][language == "en"]


def _where(place: Place, language: Language) -> str:
    names: dict[str, list[str]] = {}
    for unit in place.units:
        names.setdefault(unit["edition"], []).insert(0, f"{unit['full_name']} ({unit['code']})")
    lines = [f"{edition}: {', '.join(units)}" for edition, units in names.items()]
    if place.predecessors:
        old = ", ".join(f"{one['full_name']} ({one['code']})" for one in place.predecessors)
        lines.append(_said("before", language).format(names=old))
    if place.name and place.precision != "province":
        lines.insert(0, place.name)
    lines.append(_precision(place, language))
    if not place.name and place.system != WGS84:
        lines.append(system_texts(place.system)[language == "en"])
    if not place.is_inside and not place.remarks:
        lines.append(_said("outside", language))
    lines += _distances(place, language)
    if place.slip:
        lines.append(slip_texts(place.slip, place.system)[language == "en"])
    return "\n".join([*lines, *(one.vi if language == "vi" else one.en for one in place.remarks)])


def _precision(place: Place, language: Language) -> str:
    """What its point is: of a name that of a place or unit, of coordinates itself."""
    if place.name:
        return _said(place.precision, language)
    return _said("accuracy", language).format(distance=_accuracy(place, language))


def _accuracy(place: Place, language: Language) -> str:
    return distance_texts(place.accuracy_m, finest_m=1)[language == "en"]


def _distances(place: Place, language: Language) -> list[str]:
    """How far it, or its commune's edge, is from the land border and the nearest known gate."""
    around, begins = place.around, place.measured_from
    lines = []
    if (metres := around.get("border_m")) is not None:
        key = "on_border" if begins == "edge" and metres == 0 else f"border_{begins}"
        lands = around.get("neighbours", [around["neighbour"]])
        land = ", ".join(NEIGHBOURS[one][language == "en"] for one in lands)
        lines.append(_said(key, language).format(land=land, km=_km(metres, language)))
    name, metres = around.get(f"gate_{language}"), around.get("gate_m")
    # A gate that was asked for is no way from itself.
    if name and not (metres == 0 and place.name == around["gate_vi"]):
        key = "gate_unknown" if metres is None else f"gate_{begins}"
        lines.append(_said(key, language).format(name=name, km=_km(metres or 0, language)))
    return lines


def _km(metres: float, language: Language) -> str:
    return number(metres / 1_000, language, 1)
