"""Files of networks: one row for each place."""

from datetime import date
from pathlib import Path

from tests.record_files import codes_of, read

NETWORK = "Chuyên án,Phạm vi,Ngày triệt phá,Vai trò,Nước,Kinh độ,Vĩ độ,Cách qua biên giới\n"


def test_networks_have_places_and_legs(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text(
        NETWORK
        + "BG25,Xuyên quốc gia,15/08/2025,Nơi tuyển mộ,,107.0,16.0,\n"
        + "BG25,,,Điểm xuất biên,Trong nước,106.6,16.6,\n"
        + "BG25,,,dest,Lào,,,trail\n",
        encoding="utf-8",
    )
    result = read(path, "network")
    assert result.rejected == []
    assert result.networks is not None
    [network] = result.networks.networks.to_pylist()
    assert (network["external_id"], network["scope"]) == ("BG25", "trans")
    assert network["dismantled_on"] == date(2025, 8, 15)
    nodes = result.networks.nodes.to_pylist()
    assert [(node["sequence"], node["role"], node["country"]) for node in nodes] == [
        (1, "recruit", "VN"),
        (2, "exit", "VN"),
        (3, "dest", "LA"),
    ]
    legs = result.networks.legs.to_pylist()
    assert [(leg["from_sequence"], leg["to_sequence"], leg["crossing"]) for leg in legs] == [
        (1, 2, None),
        (2, 3, "trail"),
    ]


def test_legs_need_no_column_of_crossings(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text(
        "Chuyên án,Phạm vi,Vai trò,Kinh độ,Vĩ độ\n"
        "BG25,Xuyên quốc gia,Nơi tuyển mộ,107.0,16.0\n"
        "BG25,,Điểm xuất biên,106.6,16.6\n",
        encoding="utf-8",
    )
    result = read(path, "network")
    assert result.rejected == []
    assert result.networks is not None
    assert result.networks.legs["crossing"].to_pylist() == [None]


def test_a_bad_place_keeps_its_whole_network_out(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text(
        NETWORK
        + "A,trans,,recruit,,107.0,16.0,\nA,trans,,exit,,16.6,106.6,\n"
        + "B,local,,recruit,,107.0,16.0,\n",
        encoding="utf-8",
    )
    result = read(path, "network")
    assert codes_of(result) == [["network_incomplete"], ["coordinates_swapped"]]
    assert result.networks is not None
    assert result.networks.networks["external_id"].to_pylist() == ["B"]
    assert result.networks.nodes.num_rows == 1
