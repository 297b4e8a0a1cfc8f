"""What a row says, as one short hash, so that the store knows which rows have changed."""

import numpy as np
import pandas
import pyarrow
import pyarrow.compute as pc


def with_content_hash(rows: pyarrow.Table, also: pyarrow.Array | None = None) -> pyarrow.Table:
    """The rows with content_hash, over every column but the row's number in its file.

    64 bits are enough: a row is only ever compared with its own earlier version. `also` holds one
    more text for each row: what belongs to it in other tables.
    """
    columns = {
        name: _hashable(rows[name].combine_chunks())
        for name in rows.column_names
        if name != "row_number"
    }
    if also is not None:
        columns["also"] = also
    hashes = pandas.util.hash_pandas_object(pyarrow.table(columns).to_pandas(), index=False)
    digits = hashes.to_numpy().astype(">u8").tobytes().hex().encode()
    return rows.append_column(
        "content_hash", pyarrow.array(np.frombuffer(digits, "S16").astype("U16"))
    )


def _hashable(column: pyarrow.Array) -> pyarrow.Array:
    return pc.binary_join(column, "+") if pyarrow.types.is_list(column.type) else column
