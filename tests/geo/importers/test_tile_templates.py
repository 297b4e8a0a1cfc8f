"""Addresses of tiles: what is taken as what, and what is refused with which words."""

import pytest

from geo.errors import InputError
from geo.importers.tile_templates import read_template

KVP = "https://maps.example.vn/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=nen"
PLACES = "TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&FORMAT=image/png"


@pytest.mark.parametrize(
    ("written", "template"),
    [
        ("https://tiles.example.vn/{z}/{x}/{y}.png", "https://tiles.example.vn/{z}/{x}/{y}.png"),
        (" http://10.0.0.7:8080/{z}/{y}/{x} ", "http://10.0.0.7:8080/{z}/{y}/{x}"),
        # The table of basemaps wants a path.
        ("https://a.vn?x={x}&y={y}&z={z}", "https://a.vn/?x={x}&y={y}&z={z}"),
        ("https://Tiles.EXAMPLE.vn/A/{Z}/{X}/{Y}", "https://tiles.example.vn/A/{z}/{x}/{y}"),
        (
            "https://maps.example.vn/wmts/nen/default/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png",
            "https://maps.example.vn/wmts/nen/default/GoogleMapsCompatible/{z}/{y}/{x}.png",
        ),
        (
            "https://maps.example.vn/wmts/nen/EPSG:3857/{TileMatrix}/{TileRow}/{TileCol}.png",
            "https://maps.example.vn/wmts/nen/EPSG:3857/{z}/{y}/{x}.png",
        ),
        (
            f"{KVP}&TILEMATRIXSET=GoogleMapsCompatible&{PLACES}",
            f"{KVP}&TILEMATRIXSET=GoogleMapsCompatible&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"
            "&FORMAT=image/png",
        ),
        (
            f"{KVP}&tilematrixset=EPSG:900913&TileMatrix=EPSG:900913:{{TileMatrix}}"
            "&TileRow={TileRow}&TileCol={TileCol}",
            f"{KVP}&tilematrixset=EPSG:900913&TileMatrix=EPSG:900913:{{z}}&TileRow={{y}}"
            "&TileCol={x}",
        ),
    ],
)
def test_what_is_kept_is_an_xyz_template(written: str, template: str) -> None:
    assert read_template(written) == template


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "characters"),
        ("https://a.vn/{z}/{x}/{y} .png", "characters"),
        ("https://a.vn/{z}/{x}/{y}.png?a='", "characters"),
        ("https://a.vn/ảnh/{z}/{x}/{y}.png", "characters"),
        ("https://a.vn/" + "a" * 500 + "/{z}/{x}/{y}", "characters"),
        ("ftp://a.vn/{z}/{x}/{y}", "address"),
        ("javascript:alert(1)//{z}/{x}/{y}", "address"),
        ("data:image/png,{z}{x}{y}", "address"),
        ("file:///srv/{z}/{x}/{y}.png", "address"),
        ("//a.vn/{z}/{x}/{y}", "address"),
        ("https:///{z}/{x}/{y}", "address"),
        ("https://{s}.a.vn/{z}/{x}/{y}", "address"),
        ("https://*.a.vn/{z}/{x}/{y}", "address"),
        # What would end a policy's list of hosts, or lengthen it.
        ("https://a.vn;script-src/{z}/{x}/{y}", "address"),
        ("https://a.vn,b.vn/{z}/{x}/{y}", "address"),
        ("https://[::1]/{z}/{x}/{y}", "address"),
        ("https://a.vn:99999/{z}/{x}/{y}", "address"),
        ("https://a.vn:https/{z}/{x}/{y}", "address"),
        ("https://a.vn/{z}/{x}/{y}#a", "address"),
        ("https://user:pass@a.vn/{z}/{x}/{y}", "secret"),
        ("https://@a.vn/{z}/{x}/{y}", "secret"),
        ("https://a.vn/{z}/{x}/{y}?key=abc", "secret"),
        ("https://a.vn/{z}/{x}/{y}?v=1&Access_Token=", "secret"),
        ("https://a.vn/{z}/{x}.png", "places"),
        ("https://a.vn/{z}/{x}/{-y}.png", "places"),
        ("https://a.vn/{z}/{x}/{y}{r}.png", "places"),
        ("https://a.vn/{z}/{x}/{y}/{Layer}", "places"),
        ("https://a.vn/{z}/{x}/{y}/{", "places"),
        ("https://a.vn/wms?bbox={bbox-epsg-3857}", "places"),
        ("https://a.vn/wmts/EPSG:4326/{TileMatrix}/{TileRow}/{TileCol}.png", "system"),
        ("https://a.vn/WorldCRS84Quad/{TileMatrix}/{TileRow}/{TileCol}.png", "system"),
        (f"{KVP}&TileMatrixSet=VN2000&{PLACES}", "system"),
    ],
)
def test_what_cannot_be_used_is_told_why_in_both_languages(written: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        read_template(written)
    assert caught.value.code == f"basemap.url_{fault}"
    assert caught.value.vi != caught.value.en
