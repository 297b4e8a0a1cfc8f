"""The place box on the command line."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.errors import InputError
from geo.pipeline import Place, find_places
from geo.places.coordinates import SLIP_TEXTS
from geo.settings import load_settings
from geo.store.database import create_engine, transaction

app = typer.Typer(no_args_is_help=True)


@app.command()
def place(
    words: Annotated[list[str], typer.Argument(help="tọa độ, liên kết bản đồ / coordinates, link")],
    province: Annotated[
        str | None, typer.Option(help="tỉnh, cho VN-2000 / province, for VN-2000")
    ] = None,
) -> None:
    """Tọa độ này ở xã nào / which commune these coordinates lie in."""
    text = " ".join(words)
    with transaction(create_engine(load_settings().database_url)) as connection:
        found = find_places(connection, text, province)
    if not found:
        raise InputError(
            "place.unreadable",
            f"Không đọc được tọa độ trong “{text[:80]}”. Ví dụ: 18,8885; 104,848.",
            f"There are no coordinates in “{text[:80]}”. Write for example 18.8885, 104.848.",
        )
    table = Table("", "vĩ độ / latitude", "kinh độ / longitude", "EPSG", "ở đâu / where", "±m")
    for number, one in enumerate(found, 1):
        position = one.position
        table.add_row(
            str(number),
            f"{position.latitude:.6f}",
            f"{position.longitude:.6f}",
            str(position.system),
            Text(_where(one)),
            f"{position.accuracy_m:g}",
        )
    Console().print(table)


def _where(place: Place) -> str:
    around = place.surroundings
    names: dict[str, list[str]] = {}
    for unit in around["units"]:
        names.setdefault(unit["edition"], []).insert(0, f"{unit['full_name']} ({unit['code']})")
    lines = [f"{edition}: {', '.join(units)}" for edition, units in names.items()]
    if not place.is_inside:
        lines.append("ngoài Việt Nam / outside Vietnam")
    if around["border_m"] is not None:
        lines.append(f"cách biên giới / to the border: {around['border_m'] / 1000:.1f} km")
    if place.position.slip:
        lines += SLIP_TEXTS[place.position.slip]
    return "\n".join(lines)
