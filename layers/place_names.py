"""Names of the sea, islands and neighbours, on every map and whatever boundaries are loaded.

Vietnam's sovereignty over Hoàng Sa and Trường Sa, with the names in Vietnamese, belongs on every
national map (Law on Surveying and Mapping 2018, Decree 18/2020). An edition may know the two
special zones by their seat alone, so the larger features of both are marked here one by one.
Positions are within 5 km of the survey's polygons, near enough for a mark at the zooms in use.
"""

from layers.definition import Layer, Text

# Name, longitude and latitude in degrees.
HOANG_SA = (
    ("Phú Lâm", 112.34, 16.83),
    ("Hoàng Sa", 111.61, 16.53),
    ("Quang Ảnh", 111.50, 16.45),
    ("Quang Hòa", 111.71, 16.45),
    ("Duy Mộng", 111.74, 16.47),
    ("Tri Tôn", 111.20, 15.78),
    ("Linh Côn", 112.73, 16.67),
    ("Cây", 112.27, 16.98),
    ("Đá Bắc", 111.50, 17.10),
    ("Bom Bay", 112.50, 16.05),
)
TRUONG_SA = (
    ("Trường Sa", 111.92, 8.64),
    ("Trường Sa Đông", 112.35, 8.93),
    ("Đá Lát", 111.67, 8.67),
    ("Đá Tây", 112.23, 8.86),
    ("Song Tử Tây", 114.33, 11.43),
    ("Thị Tứ", 114.28, 11.05),
    ("Bến Lạc", 115.02, 11.08),
    ("Vĩnh Viễn", 115.80, 10.73),
    ("Sơn Ca", 114.48, 10.38),
    ("Nam Yết", 114.36, 10.18),
    ("Sinh Tồn", 114.33, 9.89),
    ("Sinh Tồn Đông", 114.56, 9.91),
    ("Vành Khăn", 115.53, 9.90),
    ("Cỏ Mây", 115.87, 9.73),
    ("Phan Vinh", 113.69, 8.97),
    ("Tốc Tan", 113.98, 8.81),
    ("Núi Le", 114.20, 8.71),
    ("Tiên Nữ", 114.65, 8.86),
    ("Thuyền Chài", 113.30, 8.17),
    ("An Bang", 112.92, 7.89),
)


# Where the name stands in the first view, on wide and narrow screens alike.
NEIGHBOURS = (
    ("CHN", {"vi": "Trung Quốc", "en": "China"}, 109.0, 23.3),
    ("LAO", {"vi": "Lào", "en": "Laos"}, 102.7, 19.6),
    ("KHM", {"vi": "Campuchia", "en": "Cambodia"}, 104.7, 12.8),
)


def _place(identifier: str, kind: str, name: object, lon: float, lat: float) -> dict[str, object]:
    return {"id": identifier, "kind": kind, "name": name, "lon": lon, "lat": lat}


PLACE_NAMES = Layer(
    id="place-names",
    group="reference",
    renderer="labels",
    title=Text("Tên biển, đảo, nước láng giềng", "Names of sea, islands and neighbours"),
    hint=Text("Luôn hiển thị.", "Always shown."),
    source="",
    style={
        "always": True,
        "places": [
            _place("hoang-sa", "archipelago", "Quần đảo Hoàng Sa", 111.95, 15.15)
            | {"note": {"vi": "TP. Đà Nẵng, Việt Nam", "en": "Da Nang City, Viet Nam"}},
            _place("truong-sa", "archipelago", "Quần đảo Trường Sa", 114.3, 12.1)
            | {"note": {"vi": "tỉnh Khánh Hòa, Việt Nam", "en": "Khanh Hoa, Viet Nam"}},
            _place("bien-dong", "sea", "Biển Đông", 112.6, 13.4),
            _place("phu-quoc", "island", "Phú Quốc", 103.1, 10.2),
            _place("con-dao", "island", "Côn Đảo", 106.61, 8.3),
            *(_place(code, "country", name, lon, lat) for code, name, lon, lat in NEIGHBOURS),
            *(_place("", "islet", *islet) for islet in (*HOANG_SA, *TRUONG_SA)),
        ],
    },
    shown=True,
)
