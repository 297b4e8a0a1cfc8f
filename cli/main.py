"""Entry point of the `bienmap` command.

Groups are imported when one of their commands runs and not before: `bienmap --help` and shell
completion would otherwise pay for pandas, rasterio and the web framework.
"""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from geo.errors import BienmapError


class Entry(NamedTuple):
    """Where a command lies: a module with a typer `app`, and one command of it or all."""

    module: str
    help: str
    command: str | None = None


ENTRIES = {
    "up": Entry("cli.service", "Chuẩn bị và khởi động hệ thống / prepare and start.", "up"),
    "down": Entry("cli.service", "Dừng máy chủ và cơ sở dữ liệu / stop everything.", "down"),
    "status": Entry("cli.service", "Tình trạng hệ thống / what is running.", "status"),
    "prepare": Entry(
        "cli.preparation", "Chuẩn bị dữ liệu, không chạy máy chủ / data only.", "prepare"
    ),
    "serve": Entry("cli.service", "Chạy máy chủ ở tiền cảnh / serve in the foreground.", "serve"),
    "worker": Entry("cli.worker", "Tính các việc trong hàng đợi / work off the queue.", "worker"),
    "jobs": Entry("cli.jobs", "Việc chờ tính và đang tính / queued and running jobs."),
    "cluster": Entry("cli.cluster", "Cụm PostGIS riêng / the private PostGIS cluster."),
    "db": Entry("cli.db", "Lược đồ cơ sở dữ liệu / database schema."),
    "boundaries": Entry("cli.boundaries", "Địa giới hành chính / administrative boundaries."),
    "import": Entry("cli.imports", "Nhập dữ liệu CSV, XLSX / import records from files."),
    "account": Entry("cli.accounts", "Tài khoản người dùng / accounts."),
    "audit": Entry("cli.audit", "Nhật ký không sửa được / the chain of what was written."),
    "demo": Entry("cli.demo", "Dữ liệu minh họa / synthetic demonstration data."),
    "place": Entry("cli.places", "Tọa độ thuộc xã nào / the place of coordinates.", "place"),
    "places": Entry("cli.place_names", "Tên nơi do người dùng thêm / names that people add."),
    "population": Entry("cli.population", "Số dân từng đơn vị, từng năm / inhabitants by year."),
    "hotspots": Entry("cli.hotspots", "Phân tích điểm nóng / hotspot analysis."),
    "coverage": Entry(
        "cli.coverage", "Nơi tuyên truyền chưa theo kịp nguy cơ / the coverage gap.", "coverage"
    ),
    "plan": Entry("cli.coverage", "Kế hoạch các buổi tuyên truyền / a plan of sessions.", "plan"),
    "effect": Entry(
        "cli.effect", "Trước và sau một việc đã làm / what an intervention did.", "effect"
    ),
    "density": Entry(
        "cli.density", "Mật độ vụ việc, tệp GeoTIFF / density as a GeoTIFF.", "density"
    ),
    "rasters": Entry("cli.rasters", "Lớp ảnh GeoTIFF trên bản đồ / raster layers of the map."),
    "basemaps": Entry("cli.basemaps", "Nền bản đồ thêm / further basemaps of the map."),
    "briefing": Entry(
        "cli.briefing", "Báo cáo một tỉnh, PDF hoặc DOCX / a province's briefing.", "briefing"
    ),
    "map": Entry(
        "cli.map_file", "Bản đồ một tệp HTML, không cần mạng / the map as one HTML file.", "map"
    ),
    "networks": Entry("cli.networks", "Đường dây đã triệt phá / dismantled networks."),
}


class LazyGroup(TyperGroup):
    """A group whose commands are listed without being imported."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 typer's signature
        """Names in the order of `ENTRIES`."""
        return list(ENTRIES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 typer's signature
        """A stand-in that carries the help line, for listings."""
        entry = ENTRIES.get(cmd_name)
        return entry and TyperCommand(name=cmd_name, help=entry.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, imported now that it is going to run."""
        entry = ENTRIES.get(args[0])
        if entry is None:
            return super().resolve_command(ctx, args)
        group = get_group(import_module(entry.module).app)
        group.help = group.help or entry.help
        return args[0], group.commands[entry.command] if entry.command else group, args[1:]

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a domain error ends it with the message in both languages."""
        try:
            return super().invoke(ctx)
        except BienmapError as error:
            typer.echo(f"Lỗi: {error.vi}\nError: {error.en}", err=True)
            raise typer.Exit(1) from error


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def bienmap() -> None:
    """Bienmap: bản đồ giám sát phòng, chống mua bán người / anti-trafficking monitoring map."""


if __name__ == "__main__":
    app(prog_name="bienmap")
