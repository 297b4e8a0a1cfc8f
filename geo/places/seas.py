"""Where the sea is: the waters of Hoàng Sa and Trường Sa, and the rest off Vietnam's coast.

Boundaries draw only a few islands of the two archipelagos. The outlines here are generous, hold no
land of other countries, and say nothing of where Vietnam's sea ends.
"""

from dataclasses import dataclass

import shapely


@dataclass(frozen=True, slots=True)
class Waters:
    """The waters of an archipelago: its special zone since July 2025, its district before.

    `units`: edition, level and code, coarse to fine, today's first.
    """

    name_vi: str
    name_en: str
    outline: shapely.Polygon
    units: tuple[tuple[str, str, str], ...]

    @property
    def zone(self) -> tuple[str, str, str]:
        """The special zone (đặc khu)."""
        return self.units[1]

    @property
    def islands(self) -> tuple[tuple[str, str, str], ...]:
        """The units that hold nothing else: the special zone, and the district before it."""
        return tuple(unit for unit in self.units if unit[1] != "province")


ARCHIPELAGOS = (
    Waters(
        "Hoàng Sa",
        "Hoàng Sa (Paracel)",
        shapely.Polygon([(110.8, 14.9), (113.4, 14.9), (113.4, 17.8), (110.8, 17.8)]),
        (
            ("2025", "province", "48"),
            ("2025", "commune", "20333"),
            ("2024", "province", "48"),
            ("2024", "district", "498"),
        ),
    ),
    Waters(
        "Trường Sa",
        "Trường Sa (Spratly)",
        # In the south-east along Palawan, which it leaves out.
        shapely.Polygon(
            [
                *((110.9, 6.4), (114.0, 6.2), (115.6, 7.3), (116.7, 8.8), (117.5, 10.0)),
                *((117.9, 11.2), (117.9, 12.4), (110.9, 12.4)),
            ]
        ),
        (
            ("2025", "province", "56"),
            ("2025", "commune", "22736"),
            ("2024", "province", "56"),
            ("2024", "district", "576"),
        ),
    ),
)
# From the mouth of the Ka Long in the north to Hà Tiên, out between Hainan and the mainland; its
# inner side runs through Vietnam's land, all of which lies in some commune.
_OFF_THE_COAST = shapely.Polygon(
    [
        *((108.02, 21.53), (108.06, 21.48), (108.1, 21.3), (108.4, 20.4), (107.7, 19.6)),
        *((107.3, 19.2), (107.4, 18.6), (107.8, 18.0), (108.3, 17.7), (109.3, 17.2)),
        *((110.8, 17.8), (113.4, 17.8), (113.4, 14.9), (112.8, 12.4), (112.8, 6.3), (109.0, 6.0)),
        *((105.8, 6.6), (103.0, 7.8), (102.6, 9.0), (103.2, 9.8), (103.7, 10.42), (104.0, 10.46)),
        *((104.35, 10.35), (104.46, 10.40), (104.9, 10.4), (105.6, 10.5), (106.8, 11.0)),
        *((107.9, 12.2), (108.2, 14.0), (108.0, 15.3), (107.7, 16.05), (106.5, 17.4)),
        *((105.6, 18.6), (105.5, 20.0), (106.4, 21.1), (107.5, 21.42), (107.7, 21.56)),
        *((107.85, 21.58), (107.93, 21.53)),
    ]
)


def waters_of(longitude: float, latitude: float) -> Waters | None:
    """The archipelago in whose waters a position (degrees, EPSG:4326) lies."""
    point = shapely.Point(longitude, latitude)
    return next((one for one in ARCHIPELAGOS if one.outline.intersects(point)), None)


def is_off_the_coast(longitude: float, latitude: float) -> bool:
    """Whether a position that lies in no commune is one on the sea off Vietnam."""
    point = shapely.Point(longitude, latitude)
    return bool(_OFF_THE_COAST.intersects(point)) or waters_of(longitude, latitude) is not None
