"""The place box on the command line."""

from typing import Annotated

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


# What begins with a hyphen is a southern latitude, and no option.
@app.command(context_settings={"ignore_unknown_options": True})
def place(
    words: Annotated[
        list[str], typer.Argument(help="địa chỉ, tọa độ, liên kết bản đồ / address, coordinates")
    ],
    province: Annotated[
        str | None, typer.Option(help="tỉnh, nếu biết / province, if known")
    ] = None,
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
    table = Table("", "chắc\nsure", "vĩ độ\nlatitude", "kinh độ\nlongitude", "EPSG")
    table.add_column("ở đâu / where", ratio=1)
    table.add_column("±m", no_wrap=True)
    for number, one in enumerate(found, 1):
        table.add_row(
            str(number),
            f"{one.confidence:.0%}",
            f"{one.latitude:.6f}",
            f"{one.longitude:.6f}",
            str(one.system),
            Text(_where(one)),
            f"{one.accuracy_m:.0f}",
        )
    Console().print(table)


def _where(place: Place) -> str:
    names: dict[str, list[str]] = {}
    for unit in place.units:
        names.setdefault(unit["edition"], []).insert(0, f"{unit['full_name']} ({unit['code']})")
    lines = [f"{edition}: {', '.join(units)}" for edition, units in names.items()]
    if place.precision == "village" and place.name:
        lines.insert(0, place.name)
    if not place.is_inside and not place.remarks:
        lines.append("ngoài Việt Nam / outside Vietnam")
    if place.surroundings and place.surroundings["border_m"] is not None:
        distance = place.surroundings["border_m"] / 1000
        lines.append(f"cách biên giới / to the border: {distance:.1f} km")
    if place.slip:
        lines += SLIP_TEXTS[place.slip]
    return "\n".join([*lines, *(text for one in place.remarks for text in (one.vi, one.en))])
