"""Addresses of tiles as administrators write them: XYZ, or WMTS in either of its two ways.

What is kept is an XYZ template. Tiles must be in the tile matrix set GoogleMapsCompatible (Web
Mercator, EPSG:3857), in which the matrix is the zoom, and row and column count from the north-west:
then the WMTS template is the same address with other names for its places, and no capabilities need
be asked for.
"""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from geo.errors import InputError

LONGEST = 500
PLACES = {"z": "z", "x": "x", "y": "y", "tilematrix": "z", "tilecol": "x", "tilerow": "y"}
MATRIX_SET = "GoogleMapsCompatible"
# The same set by the names that servers give it.
MATRIX_SETS = re.compile(
    r"GoogleMapsCompatible(_Level\d+)?|WebMercatorQuad|(urn:ogc:def:crs:)?EPSG:+(3857|900913)",
    re.IGNORECASE,
)
OTHER_SYSTEM = re.compile(r"EPSG:+(?!3857\b|900913\b)\d+|CRS84|GoogleCRS84Quad", re.IGNORECASE)
# Every reader's browser is told the address: what is in it is no secret.
SECRETS = {
    "access_token", "accesstoken", "api_key", "api-key", "apikey", "key", "pass", "password", "pwd",
    "secret", "sig", "signature", "token", "user", "username",
}  # fmt: skip
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_WRITTEN = re.compile(r"[!#-&(-;=?-\[\]_a-~]+")
_PLACE = re.compile(r"\{([^{}]*)\}")


def read_template(written: str) -> str:
    """The XYZ template, with {z}, {x} and {y}, that an address of tiles stands for.

    Raises:
        InputError: it is none, tells a secret, or its tiles lie in another system.
    """
    written = written.strip()
    if len(written) > LONGEST or not _WRITTEN.fullmatch(written):
        raise _fault(
            "characters",
            f"Địa chỉ phải có tối đa {LONGEST} ký tự ASCII, không có dấu cách, dấu nháy. Ký tự khác"
            " viết dạng %XX.",
            f"The address must be at most {LONGEST} ASCII characters without blanks or quotes."
            " Write others as %XX.",
        )
    parts = _parts(written)
    _refuse_secrets(parts)
    _refuse_other_systems(parts)
    host = str(parts.hostname)
    place = f"{host}:{parts.port}" if parts.port else host
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{place}{_with_places((parts.path or '/') + query)}"


def _fault(code: str, vi: str, en: str) -> InputError:
    return InputError(f"basemap.url_{code}", vi, en, field="url")


def _parts(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or parts.fragment:
        raise _fault(
            "address",
            "Địa chỉ phải bắt đầu bằng https:// hoặc http:// và một tên máy chủ (chữ a-z, số, dấu"
            " chấm, gạch nối; không phải địa chỉ IPv6), không có phần sau dấu #.",
            "The address must begin with https:// or http:// and the name of a host (letters a-z,"
            " digits, dots, hyphens; no IPv6 address), with nothing after a #.",
        )
    return parts


def _refuse_secrets(parts: SplitResult) -> None:
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if "@" in parts.netloc or names & SECRETS:
        raise _fault(
            "secret",
            "Địa chỉ có tên, mật khẩu hoặc khóa. Mọi người mở bản đồ đều thấy địa chỉ này, nên"
            " không được để bí mật trong đó. Hãy dùng nguồn không cần khóa, hoặc một máy chủ trung"
            " gian trong mạng của bạn.",
            "The address holds a name, a password or a key. Whoever opens the map sees the address,"
            " so that no secret may be in it. Take a source that needs none, or a proxy in your"
            " network.",
        )


def _refuse_other_systems(parts: SplitResult) -> None:
    stated = [
        value
        for name, value in parse_qsl(parts.query)
        if name.lower() == "tilematrixset" and not _PLACE.fullmatch(value)
    ]
    is_other = any(not MATRIX_SETS.fullmatch(value) for value in stated)
    if is_other or OTHER_SYSTEM.search(f"{parts.path}?{parts.query}"):
        raise _fault(
            "system",
            f"Chỉ dùng được ô ảnh Web Mercator: bộ ma trận {MATRIX_SET} (EPSG:3857, còn gọi là"
            " WebMercatorQuad). Hãy chọn bộ này của máy chủ.",
            f"Only tiles in Web Mercator can be used: the tile matrix set {MATRIX_SET} (EPSG:3857,"
            " also called WebMercatorQuad). Choose that one of the server's.",
        )


def _with_places(address: str) -> str:
    """The rest of the address with places named as in XYZ."""
    found: set[str] = set()

    def place(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name == "tilematrixset":
            return MATRIX_SET
        found.add(PLACES.get(name, name))
        return f"{{{PLACES.get(name, name)}}}"

    template = _PLACE.sub(place, address)
    if found != {"z", "x", "y"} or re.search(r"[{}]", _PLACE.sub("", address)):
        unknown = ", ".join(f"{{{name}}}" for name in sorted(found - {"z", "x", "y"})) or "–"
        raise _fault(
            "places",
            "Địa chỉ phải có đủ {z}, {x}, {y} (XYZ) hoặc {TileMatrix}, {TileCol}, {TileRow} (WMTS),"
            f" và không có chỗ trống nào khác (thấy thêm: {unknown}). Ghi sẵn tên lớp, kiểu và một"
            " tên máy chủ vào địa chỉ.",
            "The address must have {z}, {x}, {y} (XYZ) or {TileMatrix}, {TileCol}, {TileRow}"
            f" (WMTS), and no other place to be filled in (also found: {unknown}). Write the layer,"
            " the style and one host's name into it.",
        )
    return template
