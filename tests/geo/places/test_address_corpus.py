"""How often the right commune comes first: tests/corpus, on a seed that nothing was tuned on."""

import csv
from pathlib import Path

from geo.places.answers import Answer, answer_address
from geo.places.gazetteer import Gazetteer
from tests.corpus.addresses import Address, make_addresses, read_lists

HELD_OUT_SEED = 20_260_920
COUNT = 2_000
HIGH = 0.9
HANDWRITTEN = Path(__file__).parents[2] / "corpus" / "handwritten.csv"


def handwritten() -> list[Address]:
    with HANDWRITTEN.open(encoding="utf-8", newline="") as file:
        return [
            Address(row["text"], frozenset(row["right"].split())) for row in csv.DictReader(file)
        ]


def is_right(answer: Answer, address: Address) -> bool:
    codes = {unit.code for unit in answer.units if (unit.edition, unit.role) == ("2025", "commune")}
    return bool(codes & address.right)


def test_the_right_commune_comes_first(shared: Path, gazetteer: Gazetteer) -> None:
    addresses = make_addresses(read_lists(shared / "boundaries"), COUNT, HELD_OUT_SEED)
    addresses += handwritten()
    first = among_three = sure_and_wrong = 0
    for address in addresses:
        answers = answer_address(address.text, gazetteer)
        right = [is_right(answer, address) for answer in answers[:3]]
        first += right[:1] == [True]
        among_three += any(right)
        sure_and_wrong += bool(answers) and answers[0].confidence >= HIGH and not right[0]
    assert first / len(addresses) >= 0.97
    assert among_three / len(addresses) >= 0.99
    assert sure_and_wrong / len(addresses) <= 0.005


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
