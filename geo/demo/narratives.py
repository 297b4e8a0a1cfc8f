"""Short texts of synthetic records: made from labels of code lists, and marked as synthetic."""

from collections.abc import Mapping

import pyarrow
import pyarrow.compute as pc

from geo.records.code_lists import code_list

MARK = "[Dữ liệu minh họa]"


def of_incidents(columns: Mapping[str, pyarrow.Array]) -> pyarrow.Array:
    """One sentence for each incident, after its own codes."""
    parts = [
        phrase(f"{MARK} ", "incident_kind", columns["kind"]),
        columns["place_text"],
        phrase("; thủ đoạn: ", "tactic", columns["tactic"]),
        phrase("; qua: ", "channel", first_of(columns["channels"])),
        phrase("; nơi đến: ", "destination", columns["destination"]),
    ]
    return pc.binary_join_element_wise(parts[0], " tại ", *parts[1:], ".", "")


def phrase(before: str, name: str, codes: pyarrow.Array) -> pyarrow.Array:
    """The Vietnamese label of each code of a list, after some words; empty where null."""
    entries = code_list(name)
    labels = pyarrow.array(["", *(before + entry.label_vi for entry in entries.values())])
    position = pc.index_in(codes, pyarrow.array(["", *entries]))
    return labels.take(pc.fill_null(position, 0))


def first_of(values: pyarrow.Array) -> pyarrow.Array:
    """The first entry of each list, null where it is empty."""
    empty = pc.equal(pc.list_value_length(values), 0)
    return pc.list_element(pc.if_else(empty, pyarrow.scalar([""], values.type), values), 0)
