"""Zipped Shapefiles, unpacked by our own hand before GDAL sees a part of them."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from geo.errors import InputError

MOST_ENTRIES = 1_000
MOST_BYTES = 500 * 2**20
MOST_RATIO = 100
# A small text packs far better than 100:1 and harms nobody.
RATIO_MATTERS_FROM = 10 * 2**20
NEEDED_PARTS = (".shp", ".shx", ".dbf")
PARTS = (*NEEDED_PARTS, ".prj", ".cpg")
_BLOCK = 2**20


def unpack_shapefile(archive: Path, layer: str | None) -> Path:
    """Unpack one Shapefile of a zip beside it, under names of our own.

    Args:
        layer: the Shapefile's name without .shp; needed only where the zip holds several.

    Returns:
        The path of the .shp.

    Raises:
        InputError: a hostile or unusable archive, no Shapefile in it, or a part is missing.
    """
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
        _check_entries(entries, archive.stat().st_size)
        parts = _parts_of_layer(entries, layer)
        left = MOST_BYTES
        for suffix, entry in parts.items():
            left -= _extract(opened, entry, archive.with_name(f"layer{suffix}"), left)
    return archive.with_name("layer.shp")


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _unsafe(
            f"có {len(entries)} mục, nhiều hơn {MOST_ENTRIES}",
            f"it has {len(entries)} entries, more than {MOST_ENTRIES}",
        )
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise _unsafe(
                f"mục “{name[:80]}” trỏ ra ngoài tệp nén",
                f"entry “{name[:80]}” points outside the archive",
            )
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _unsafe(
                f"mục “{name[:80]}” là liên kết, không phải tệp",
                f"entry “{name[:80]}” is a link or device, not a file",
            )
        if entry.flag_bits & 1:
            raise _unsafe("được đặt mật khẩu", "it is encrypted")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or (total > RATIO_MATTERS_FROM and total > MOST_RATIO * packed):
        raise _too_big()


def _parts_of_layer(
    entries: list[zipfile.ZipInfo], layer: str | None
) -> dict[str, zipfile.ZipInfo]:
    layers: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.suffix.lower() in PARTS and "__MACOSX" not in path.parts:
            layers.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = entry
    layers = {name: parts for name, parts in layers.items() if ".shp" in parts}
    if not layers:
        raise InputError(
            "zip_without_shapefile",
            "Tệp zip không chứa Shapefile (.shp). Tệp zip chỉ được dùng cho Shapefile; các định "
            "dạng khác hãy đưa vào không nén.",
            "The zip holds no Shapefile (.shp). Zips are for Shapefiles only; give other formats "
            "unpacked.",
        )
    names = {PurePosixPath(name).name: parts for name, parts in layers.items()}
    parts = names[choose_layer(list(names), layer)]
    missing = [suffix for suffix in NEEDED_PARTS if suffix not in parts]
    if missing:
        listed = ", ".join(missing)
        raise InputError(
            "shapefile_part_missing",
            f"Shapefile trong tệp zip thiếu phần {listed}. Hãy nén đủ .shp, .shx, .dbf và .prj.",
            f"The Shapefile in the zip lacks {listed}. Zip .shp, .shx, .dbf and .prj together.",
            missing=missing,
        )
    return parts


def choose_layer(names: list[str], layer: str | None) -> str:
    """The layer that was asked for, or the only one.

    Raises:
        InputError: there is none of that name, or several to choose from, or none at all.
    """
    if layer in names:
        return str(layer)
    if layer is None and len(names) == 1:
        return names[0]
    listed = ", ".join(sorted(names)[:30]) or "—"
    raise InputError(
        "layer_not_found" if layer else "layer_needed",
        f"Hãy chọn một lớp bằng --layer. Các lớp trong tệp: {listed}.",
        f"Choose a layer with --layer. Layers in the file: {listed}.",
        layers=names[:30],
    )


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Unpack one entry and count what really comes out: the stated size may be a lie."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as copy:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > most:
                raise _too_big()
            copy.write(block)
    return written


def _too_big() -> InputError:
    return _unsafe(
        f"bung ra lớn hơn {MOST_BYTES // 2**20} MB hoặc {MOST_RATIO} lần kích thước nén",
        f"it unpacks to more than {MOST_BYTES // 2**20} MB or {MOST_RATIO} times its size",
    )


def _unsafe(vi: str, en: str) -> InputError:
    return InputError(
        "zip_unsafe",
        f"Tệp zip bị từ chối vì {vi}. Hãy nén lại chỉ các phần của Shapefile.",
        f"The zip was refused: {en}. Zip again the parts of the Shapefile alone.",
    )
