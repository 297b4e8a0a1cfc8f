"""Addresses to communes of 2025: ours, vietnamadminunits and onflow-location-platform.

    make bench

The corpus is tests/corpus: addresses by rules from the official lists, on a seed that nothing was
tuned on, and those written by hand. The peers have two functions, for addresses of today and for
old ones, and nothing that says which to take: an answer of theirs counts as right if either is.
What is taken without a choice is what the place box takes by Enter, and the import from a file's
words. Hamlets before a former district (tests/corpus/hamlets.csv) name no commune: no other than
that of the hamlet's own name may be taken.
They run in environments of their own, which uv makes for the run, and offline.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.pipeline import load_embedded_boundaries  # noqa: E402
from geo.places.answers import Answer, answer_address  # noqa: E402
from geo.places.gazetteer import Gazetteer  # noqa: E402
from geo.places.remarks import is_sure  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from geo.store.gazetteer import read_gazetteer  # noqa: E402
from tests.corpus.addresses import Address, make_addresses, read_lists  # noqa: E402

BOUNDARIES = ROOT.parent / "shared" / "boundaries"
HANDWRITTEN = ROOT / "tests" / "corpus" / "handwritten.csv"
HAMLETS = HANDWRITTEN.with_name("hamlets.csv")
PEERS = {"vietnamadminunits": "1.0.4", "onflow-location-platform": "1.1.2"}
COUNT, SEED = 2_000, 20_260_920


def main() -> None:
    """Print a JSON line for each figure and peer."""
    with HANDWRITTEN.open(encoding="utf-8", newline="") as file:
        by_hand = [
            Address(row["text"], frozenset(row["right"].split())) for row in csv.DictReader(file)
        ]
    corpora = {
        f"{COUNT:,} addresses by rules": make_addresses(read_lists(BOUNDARIES), COUNT, SEED),
        f"{len(by_hand)} addresses by hand": by_hand,
    }
    settings = load_settings()
    migrate(settings.database_url)
    engine = create_engine(settings.database_url)
    load_embedded_boundaries(engine, settings)
    with transaction(engine) as connection:
        gazetteer = read_gazetteer(connection)
    for title, addresses in corpora.items():
        answers = [answer_address(address.text, gazetteer) for address in addresses]
        peers = {name: share_right(name, addresses) for name in PEERS}
        report(title, addresses, answers, peers)
    report_hamlets(gazetteer)


def report_hamlets(gazetteer: Gazetteer) -> None:
    """Print how often a commune is taken of which only the former district is named."""
    with HAMLETS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        first = answer_address(row["text"], gazetteer)[0]
        is_district = first.precision == "legacy_district"
        own = Address(row["text"], frozenset(row["commune"].split()))
        is_well = is_district or is_right(first, own)
        wrong.append(is_sure(first.confidence, first.remarks) and not is_well)
    title = f"{len(rows)} hamlets before a former district: taken by Enter and wrong"
    line(title, (share(wrong), None), "<= 0.5 %", share(wrong) <= 0.5)


def report(
    title: str, addresses: list[Address], answers: list[list[Answer]], peers: dict[str, float]
) -> None:
    """Print the figures of one corpus."""
    right = [
        [is_right(answer, address) for answer in found[:3]]
        for found, address in zip(answers, addresses, strict=True)
    ]
    first = share([one[:1] == [True] for one in right])
    for name, peer in peers.items():
        goal = max(97.0, peer)
        line(
            f"{title}: right commune first, beside {name} {PEERS[name]}",
            (first, peer),
            ">= 97 % and >= peer",
            first >= goal,
        )
    among = share([any(one) for one in right])
    line(f"{title}: right commune among the first three", (among, None), ">= 99 %", among >= 99)
    taken = [bool(found) and is_sure(found[0].confidence, found[0].remarks) for found in answers]
    wrong = share([one and not hit[0] for one, hit in zip(taken, right, strict=True)])
    line(f"{title}: taken by Enter and wrong", (wrong, None), "<= 0.5 %", wrong <= 0.5)
    line(f"{title}: taken by Enter", (share(taken), None), "-", True)


def is_right(answer: Answer, address: Address) -> bool:
    """Whether its commune of 2025 is one of the right ones."""
    codes = {unit.code for unit in answer.units if (unit.edition, unit.role) == ("2025", "commune")}
    return bool(codes & address.right)


def share_right(package: str, addresses: list[Address]) -> float:
    """Per cent of the addresses of which a peer finds the commune, with either function."""
    command = [
        str(ROOT / ".venv" / "bin" / "uv"),
        *("run", "--no-project", "--isolated", "--quiet", "--with"),
        f"{package}=={PEERS[package]}",
        *("python", str(ROOT / "bench" / "address_peers.py"), package),
    ]
    texts = json.dumps([address.text for address in addresses])
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True)
    return share(
        [
            bool({parsed, converted} & address.right)
            for (parsed, converted, _), address in zip(
                json.loads(done.stdout), addresses, strict=True
            )
        ]
    )


def share(found: list[bool]) -> float:
    """Per cent that is true."""
    return 100 * sum(found) / len(found)


def line(name: str, values: tuple[float, float | None], goal: str, met: bool) -> None:
    """One figure."""
    value, peer = values
    beside = {} if peer is None else {"peer": round(peer, 2), "ratio": round(value / peer, 2)}
    print(
        json.dumps(
            {
                "name": name,
                "value": round(value, 2),
                "unit": "%",
                **beside,
                "goal": goal,
                "met": met,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
