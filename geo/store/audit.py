"""The chain of what was written and read: triggers of the database add what was written, the API
what was read; verified here.

Verification computes every hash again outside the database. What a superuser cut off at the end, or
made anew from some point on, shows only against an anchor that was kept elsewhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from geo.errors import InputError

READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest link at some time, to be kept where the keepers of the database cannot write."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain does not hold, and why; `sequence` is null for an entry without a link."""

    sequence: int | None
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found."""

    links: int
    head: Anchor | None
    flaws: tuple[Flaw, ...]


def note_reading(
    connection: Connection, record_type: str, identifiers: Iterable[UUID | str]
) -> None:
    """Add that whom the transaction acts for was shown these records; the database says who it is.

    One entry, with the ids in their order, however many there are: to ask later who saw a record.
    """
    read = sorted({str(identifier) for identifier in identifiers})
    if read:
        connection.execute(
            text("SELECT audit_reading(:record_type, CAST(:read AS uuid[]))"),
            {"record_type": record_type, "read": read},
        )


def head(connection: Connection) -> Anchor | None:
    """The newest link; None while nothing was written."""
    row = connection.execute(
        text("SELECT sequence, hash FROM audit_link ORDER BY sequence DESC LIMIT 1")
    ).first()
    return Anchor(row.sequence, row.hash.hex()) if row else None


def read_anchors(lines: str) -> list[Anchor]:
    """Anchors from lines of JSON, as `bienmap audit anchor` writes them.

    Raises:
        InputError: a line is no anchor.
    """
    anchors = []
    for number, line in enumerate(filter(str.strip, lines.splitlines()), 1):
        try:
            content = json.loads(line)
            anchors.append(Anchor(int(content["sequence"]), str(content["hash"])))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                "audit.anchor",
                f"Dòng {number} không phải mốc. Hãy dùng tệp do `bienmap audit anchor` ghi.",
                f"Line {number} is no anchor. Use a file that `bienmap audit anchor` wrote.",
            ) from error
    return anchors


def verify(connection: Connection, anchors: Sequence[Anchor] = ()) -> Verdict:
    """Compute the whole chain again: a change, a loss, an addition or a swap shows where it begins.

    A link that does not hold is named once; those after it are held against what it should have
    been followed by, so that one change is one flaw.
    """
    kept = {anchor.sequence: anchor.hash for anchor in anchors}
    flaws: list[Flaw] = []
    previous, expected, links = b"", 1, 0
    for sequence, stored, content in _links(connection):
        if sequence != expected:
            flaws.append(_missing(expected, sequence - 1))
        elif content is None or _hash(previous, sequence, content) != stored:
            flaws.append(_changed(sequence))
        if kept.pop(sequence, stored.hex()) != stored.hex():
            flaws.append(_other_anchor(sequence))
        previous, expected, links = stored, sequence + 1, links + 1
    flaws += [_lost_anchor(sequence) for sequence in sorted(kept)]
    flaws += [_unlinked(entry) for entry in _entries_without_link(connection)]
    return Verdict(links, head(connection), tuple(flaws))


def newest(connection: Connection, count: int) -> list[dict[str, Any]]:
    """The newest entries, the last first, each with its sequence."""
    rows = connection.execute(
        text(
            "SELECT sequence, content FROM audit_link JOIN audit_entry ON id = entry_id"
            " ORDER BY sequence DESC LIMIT :count"
        ),
        {"count": count},
    )
    return [{"sequence": row.sequence, **json.loads(row.content)} for row in rows]


def write_entry(
    connection: Connection, actor: str | None, action: str, target: str, details: dict[str, Any]
) -> None:
    """One entry of the chain; it is linked when the transaction commits."""
    connection.execute(
        text("SELECT audit_write(:actor, :action, :target, CAST(:details AS jsonb))"),
        {"actor": actor, "action": action, "target": target, "details": json.dumps(details)},
    )


def _links(connection: Connection) -> Iterator[tuple[int, bytes, str | None]]:
    rows = connection.execute(
        text(
            "SELECT sequence, hash, content FROM audit_link"
            " LEFT JOIN audit_entry ON id = entry_id ORDER BY sequence"
        ),
        execution_options={"yield_per": READ_AT_ONCE},
    )
    for row in rows:
        yield row.sequence, bytes(row.hash), row.content


def _entries_without_link(connection: Connection) -> list[int]:
    return list(
        connection.scalars(
            text(
                "SELECT id FROM audit_entry WHERE NOT EXISTS"
                " (SELECT FROM audit_link WHERE entry_id = audit_entry.id) ORDER BY id"
            )
        )
    )


def _hash(previous: bytes, sequence: int, content: str) -> bytes:
    return sha256(previous + sequence.to_bytes(8, "big") + content.encode()).digest()


def _missing(first: int, last: int) -> Flaw:
    which = str(first) if first == last else f"{first}–{last}"
    return Flaw(first, f"Mất mắt xích {which}.", f"Link {which} is missing.")


def _changed(sequence: int) -> Flaw:
    return Flaw(
        sequence,
        f"Mắt xích {sequence} không khớp: nội dung của nó, hoặc mắt xích trước nó, đã bị thay.",
        f"Link {sequence} does not fit: its content, or the link before it, was replaced.",
    )


def _other_anchor(sequence: int) -> Flaw:
    return Flaw(
        sequence,
        f"Mắt xích {sequence} khác với mốc đã lưu: nhật ký đã bị viết lại.",
        f"Link {sequence} is not that of the anchor: the chain was written anew.",
    )


def _lost_anchor(sequence: int) -> Flaw:
    return Flaw(
        sequence,
        f"Không còn mắt xích {sequence} của mốc đã lưu: phần cuối đã bị cắt.",
        f"Link {sequence} of the anchor is gone: the end was cut off.",
    )


def _unlinked(entry: int) -> Flaw:
    return Flaw(
        None,
        f"Mục {entry} không thuộc chuỗi: nó được thêm không qua hệ thống.",
        f"Entry {entry} is in no link: it was put in past the system.",
    )
