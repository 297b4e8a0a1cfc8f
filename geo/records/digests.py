"""What a row says, as one short digest, so that the store knows which rows have changed."""

from hashlib import blake2b
from typing import Any

import pyarrow
import pyarrow.compute as pc

# Where a row stands and what it is called is no part of what it says.
NOT_CONTENT = ("row_number", "external_id", "content_hash")


def content_digests(rows: pyarrow.Table, also: pyarrow.Array | None = None) -> pyarrow.Array:
    """A digest of each row's values, whatever the file's spelling; empty cells do not count.

    128 bits as 32 hexadecimal digits. `also` holds one more text for each row: what belongs to it
    in other tables.
    """
    columns = {name: rows[name] for name in sorted(rows.column_names) if name not in NOT_CONTENT}
    if also is not None:
        columns[""] = also
    parts: list[Any] = []
    for name, column in columns.items():
        sign = f"\x1f{name}="
        if not column.null_count:
            parts += [sign, _as_text(column)]
        elif column.null_count < rows.num_rows:
            parts.append(pc.binary_join_element_wise(sign, _as_text(column), ""))
    if not rows.num_rows:
        return pyarrow.array([], pyarrow.string())
    whole = pc.binary_join_element_wise(*parts, "", null_handling="replace")
    texts = pc.cast(whole, pyarrow.large_binary()).to_pylist()
    digests = b"".join([blake2b(text, digest_size=16).digest() for text in texts])
    letters = pyarrow.py_buffer(digests.hex().encode())
    wide = pyarrow.FixedSizeBinaryArray.from_buffers(
        pyarrow.binary(32), rows.num_rows, [None, letters]
    )
    return pc.cast(pc.cast(wide, pyarrow.binary()), pyarrow.string())


def with_content_hash(rows: pyarrow.Table, also: pyarrow.Array | None = None) -> pyarrow.Table:
    """The rows with their digests as the column content_hash."""
    return rows.append_column("content_hash", content_digests(rows, also))


def _as_text(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    if pyarrow.types.is_list(column.type):
        return pc.binary_join(column, ";")
    if pyarrow.types.is_timestamp(column.type):
        column = pc.cast(column, pyarrow.int64())
    return pc.cast(column, pyarrow.string())
