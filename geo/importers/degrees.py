"""The coordinates of a file's rows: two columns of degrees, and what may be wrong with them."""

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.boundaries.report import with_comma
from geo.importers.cells import CellError
from geo.importers.columns import Work, as_mask

_NUMBER = r"^[+\-]?[0-9]{1,4}(?:[.,][0-9]{1,18})?$"
# Six digits of an easting or seven of a northing, with or without marks between thousands.
_METRES = r"^(?:[0-9][.,\s]?)?[0-9]{3}[.,\s]?[0-9]{3}(?:[.,][0-9]{1,3})?$"


def coordinates(work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude in degrees of all rows, NaN where there are none."""
    if "lon" not in work.cells or "lat" not in work.cells:
        empty = np.full(work.count, np.nan)
        return empty, empty.copy()
    lon, lat = _degrees(work, "lon"), _degrees(work, "lat")
    has_lon, has_lat = (as_mask(pc.is_valid(work.cells[name])) for name in ("lon", "lat"))
    work.reject_where(has_lon & ~has_lat, "lat", _HALF)
    work.reject_where(has_lat & ~has_lon, "lon", _HALF)
    swapped = (lat >= 102) & (lat <= 110) & (lon >= 8) & (lon <= 24)
    for row in np.flatnonzero(swapped):
        work.reject(
            int(row),
            "lat",
            CellError(
                "coordinates_swapped",
                "Kinh độ và vĩ độ bị đổi chỗ. Hãy ghi: "
                + with_comma(f"kinh độ {lat[row]:g}, vĩ độ {lon[row]:g}")
                + ".",
                f"Longitude and latitude are swapped. Write: longitude {lat[row]:g}, "
                f"latitude {lon[row]:g}.",
            ),
        )
    work.reject_where((np.abs(lat) > 90) & ~swapped, "lat", _LATITUDE)
    work.reject_where(np.abs(lon) > 180, "lon", _LONGITUDE)
    work.reject_where((lon == 0) & (lat == 0), "lon", _ZERO)
    gone = np.isnan(lon) | np.isnan(lat)
    return np.where(gone, np.nan, lon), np.where(gone, np.nan, lat)


def _degrees(work: Work, name: str) -> np.ndarray:
    cells = work.cells[name]
    plain = as_mask(pc.match_substring_regex(cells, _NUMBER))
    bad = as_mask(pc.is_valid(cells)) & ~plain
    if bad.any():
        # What remains: a degree sign, letters of the hemisphere, spaces.
        cells = pc.replace_substring_regex(cells, r"[°º\s]|[ENĐB]$", "")
        plain = as_mask(pc.match_substring_regex(cells, _NUMBER))
        bad = as_mask(pc.is_valid(cells)) & ~plain
        metres = bad & as_mask(pc.match_substring_regex(work.cells[name], _METRES))
        work.reject_where(metres, name, _IN_METRES)
        work.reject_where(bad & ~metres, name, _NO_NUMBER)
    numbers = pc.replace_substring(cells, ",", ".")
    if bad.any():
        numbers = pc.if_else(pyarrow.array(plain), numbers, pyarrow.scalar(None, pyarrow.string()))
    numbers = pc.utf8_ltrim(numbers, "+")
    degrees: np.ndarray = (
        pc.cast(numbers, pyarrow.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    )
    return degrees


_HALF = CellError(
    "coordinate_missing",
    "Chỉ có một trong hai tọa độ. Hãy ghi đủ kinh độ và vĩ độ, hoặc bỏ trống cả hai.",
    "One of the two coordinates is missing. Give both, or neither.",
)
_LATITUDE = CellError(
    "latitude_range",
    "Vĩ độ phải từ -90 đến 90 (Việt Nam: 8 đến 24).",
    "A latitude lies between -90 and 90 (Vietnam: 8 to 24).",
)
_LONGITUDE = CellError(
    "longitude_range",
    "Kinh độ phải từ -180 đến 180 (Việt Nam: 102 đến 118).",
    "A longitude lies between -180 and 180 (Vietnam: 102 to 118).",
)
_ZERO = CellError(
    "coordinates_zero",
    "Tọa độ (0, 0) là giá trị trống của thiết bị. Hãy ghi tọa độ thật hoặc bỏ trống.",
    "(0, 0) is a device's empty value. Give the real point, or leave both empty.",
)
_IN_METRES = CellError(
    "coordinates_metres",
    "Đây là tọa độ theo mét (VN-2000 hoặc UTM), không phải độ. Hãy bỏ trống hai ô này và ghi cả cặp"
    " vào cột “Địa điểm”, ví dụ: VN-2000 KTT 104°45' X=2088497 Y=510325.",
    "These are metres (VN-2000 or UTM), not degrees. Leave both cells empty and write the pair into"
    " the column “Place”, such as: VN-2000 KTT 104°45' X=2088497 Y=510325.",
)
_NO_NUMBER = CellError(
    "coordinate_unreadable",
    "Đây không phải tọa độ. Hãy ghi độ thập phân, ví dụ 107,25 hoặc 107.25.",
    "This is not a coordinate. Write decimal degrees, such as 107.25.",
)
