"""The place box on the command line."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.errors import InputError
from geo.pipeline import Place, find_places
from geo.places.slips import SLIP_TEXTS
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)
Language = Annotated[Literal["vi", "en"], typer.Option(help="ngôn ngữ trả lời / language")]

TEXTS = {
    "sure": ("chắc", "sure"),
    "latitude": ("vĩ độ", "latitude"),
    "longitude": ("kinh độ", "longitude"),
    "where": ("ở đâu", "where"),
    "outside": ("ngoài Việt Nam", "outside Vietnam"),
    "border": ("cách biên giới: {km:.1f} km", "to the border: {km:.1f} km"),
    "gate": (
        "{name}: {km:.1f} km (gần nhất trong các cửa khẩu đã có tọa độ)",
        "{name}: {km:.1f} km (the nearest of those whose position is known)",
    ),
    "before": ("có thể là, trước 7/2025: {names}", "perhaps, before July 2025: {names}"),
    "exact": ("điểm đo được", "a measured point"),
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
    language: Language = "vi",
) -> None:
    """Nơi này ở xã nào, trước và sau 7/2025 / which commune a place lies in, in both editions."""
    text = " ".join(words)
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = find_places(connection, text, province)
    if not found:
        raise InputError(
            "place.unreadable",
            f"Không tìm được nơi nào trong “{text[:80]}”. Ví dụ: xã Môn Sơn, Nghệ An hoặc"
            " 18,8885; 104,848.",
            f"No place was found in “{text[:80]}”. Write for example xã Môn Sơn, Nghệ An or"
            " 18.8885, 104.848.",
        )
    # On a terminal of 80 columns the words need the room.
    columns = [_said(key, language) for key in ("sure", "latitude", "longitude")]
    table = Table("", *columns, "EPSG")
    table.add_column(_said("where", language), ratio=1)
    table.add_column("±m", no_wrap=True)
    for number, one in enumerate(found, 1):
        table.add_row(
            str(number),
            f"{one.confidence:.0%}",
            f"{one.latitude:.6f}",
            f"{one.longitude:.6f}",
            str(one.system),
            Text(_where(one, language)),
            f"{one.accuracy_m:.0f}",
        )
    Console().print(table)


def _said(key: str, language: str) -> str:
    return TEXTS[key][language == "en"]


def _where(place: Place, language: str) -> str:
    names: dict[str, list[str]] = {}
    for unit in place.units:
        names.setdefault(unit["edition"], []).insert(0, f"{unit['full_name']} ({unit['code']})")
    lines = [f"{edition}: {', '.join(units)}" for edition, units in names.items()]
    if place.predecessors:
        old = ", ".join(f"{one['full_name']} ({one['code']})" for one in place.predecessors)
        lines.append(_said("before", language).format(names=old))
    if place.name and place.precision != "province":
        lines.insert(0, place.name)
    if place.precision in TEXTS:
        lines.append(_said(place.precision, language))
    if not place.is_inside and not place.remarks:
        lines.append(_said("outside", language))
    lines += _distances(place, language)
    if place.slip:
        lines.append(SLIP_TEXTS[place.slip][language == "en"])
    return "\n".join([*lines, *(one.vi if language == "vi" else one.en for one in place.remarks)])


def _distances(place: Place, language: str) -> list[str]:
    """How far it, or its commune, is from the land border and the nearest known gate."""
    around = place.surroundings or place.unit_border or {}
    lines = []
    if around.get("border_m") is not None:
        lines.append(_said("border", language).format(km=around["border_m"] / 1000))
    if around.get("gate_m") is not None:
        name = around[f"gate_{language}"]
        lines.append(_said("gate", language).format(name=name, km=around["gate_m"] / 1000))
    return lines
