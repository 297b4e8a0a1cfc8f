"""How often the right commune comes first: tests/corpus, on a seed that nothing was tuned on."""

import csv
from pathlib import Path

from geo.places.answers import Answer, answer_address
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import is_sure
from tests.corpus.addresses import Address, make_addresses, read_lists

HELD_OUT_SEED = 20_260_920
COUNT = 2_000
CORPUS = Path(__file__).parents[2] / "corpus"


def rows_of(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def handwritten() -> list[Address]:
    return [
        Address(row["text"], frozenset(row["right"].split())) for row in rows_of("handwritten.csv")
    ]


def is_taken(answers: list[Answer]) -> bool:
    """Whether Enter takes the first, as the form, the file import and the bench have it."""
    return bool(answers) and is_sure(answers[0].confidence, answers[0].remarks)


def is_right(answer: Answer, address: Address) -> bool:
    codes = {unit.code for unit in answer.units if (unit.edition, unit.role) == ("2025", "commune")}
    return bool(codes & address.right)


def test_the_right_commune_comes_first(shared: Path, gazetteer: Gazetteer) -> None:
    addresses = make_addresses(read_lists(shared / "boundaries"), COUNT, HELD_OUT_SEED)
    addresses += handwritten()
    first = among_three = taken_and_wrong = 0
    for address in addresses:
        answers = answer_address(address.text, gazetteer)
        right = [is_right(answer, address) for answer in answers[:3]]
        first += right[:1] == [True]
        among_three += any(right)
        taken_and_wrong += is_taken(answers) and not right[0]
    assert first / len(addresses) >= 0.97
    assert among_three / len(addresses) >= 0.99
    assert taken_and_wrong / len(addresses) <= 0.005


def test_what_was_written_by_hand(gazetteer: Gazetteer) -> None:
    addresses = handwritten()
    assert len(addresses) >= 100
    assert len({address.text for address in addresses}) == len(addresses)
    wrong = []
    for address in addresses:
        answers = answer_address(address.text, gazetteer)
        if not answers or not is_right(answers[0], address):
            wrong.append(address.text)
    assert wrong == []


def test_a_hamlet_before_a_former_district_is_not_the_commune_of_its_name(
    gazetteer: Gazetteer,
) -> None:
    rows = rows_of("hamlets.csv")
    assert len(rows) >= 40
    wrong = []
    for row in rows:
        answers = answer_address(row["text"], gazetteer)
        own = Address(row["text"], frozenset(row["commune"].split()))
        units = {unit.code for unit in answers[0].units if unit.edition == "2024"}
        is_district = answers[0].precision == "legacy_district" and row["district"] in units
        if not (is_district or is_right(answers[0], own)):
            wrong.append(row["text"])
        # The commune of the hamlet's name stands high, and Enter takes no other.
        if own.right and not any(is_right(answer, own) for answer in answers[:2]):
            wrong.append(row["text"])
    assert wrong == []
