"""What articles stand in the tables of Parquet and Arrow?

A row is a record, a column a field; only the columns that may mean something are read.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from dedup.article import Article, Skipped
from dedup.errors import needing
from dedup.extraction import Page
from dedup.place import Place
from dedup.readers.fields import Fields
from dedup.readers.jsonl import read_record

if TYPE_CHECKING:
    import pyarrow

TOGETHER: Final = 16 * 1024 * 1024  # bytes of rows that are decoded together, as far as the file tells
MOST_ROWS: Final = 1024
PYARROW: Final = "pyarrow", "'dedup[arrow]'"


def read_parquet(file: BinaryIO, path: str, fields: Fields) -> Iterator[Article | Skipped | Page]:
    """Yield the articles of a Parquet file, or the reason why a row, or all of it, gives none.

    Raises UsageError where pyarrow is not installed.
    """
    with needing("Parquet files", *PYARROW):
        from pyarrow import parquet

    def batches() -> Iterator["pyarrow.RecordBatch"]:
        table = parquet.ParquetFile(file)
        columns = _meant(table.schema_arrow.names, fields)
        for number in range(table.num_row_groups):
            group = table.metadata.row_group(number)
            rows = TOGETHER * group.num_rows // max(1, group.total_byte_size)
            yield from table.iter_batches(min(max(1, rows), MOST_ROWS), row_groups=[number], columns=columns)

    yield from _rows(batches(), path, fields, "Parquet")


def read_arrow(file: BinaryIO, path: str, fields: Fields) -> Iterator[Article | Skipped | Page]:
    """Yield the articles of an Arrow file or stream, or the reason why a row, or all of it, gives none.

    Raises UsageError where pyarrow is not installed.
    """
    with needing("Arrow files", *PYARROW):
        from pyarrow import ipc

    def batches() -> Iterator["pyarrow.RecordBatch"]:
        is_file = file.read(6) == b"ARROW1"
        file.seek(0)
        whole = ipc.open_file(file) if is_file else ipc.open_stream(file)
        columns = _meant(whole.schema.names, fields)
        for batch in map(whole.get_batch, range(whole.num_record_batches)) if is_file else whole:
            batch.validate()  # the buffers of a damaged file may be shorter than it says
            rows = min(max(1, TOGETHER * batch.num_rows // max(1, batch.nbytes)), MOST_ROWS)
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows).select(columns)

    yield from _rows(batches(), path, fields, "Arrow")


def _meant(names: Sequence[str], fields: Fields) -> list[str]:
    """Return the columns that may mean something, or, if none does, all, so that they can be named."""
    return [name for name in names if name in fields.columns()] or list(names)


def _rows(
    batches: Iterator["pyarrow.RecordBatch"], path: str, fields: Fields, kind: str
) -> Iterator[Article | Skipped | Page]:
    number = 0
    while True:
        try:
            batch = next(batches, None)
        # What a damaged file makes the library raise is any of a dozen classes; it is named, and the next file read.
        except Exception as error:
            after = f" after row {number}" if number else ""
            yield Skipped(path, None, f"corrupt {kind}{after} ({_short(error)})")
            return
        if batch is None:
            return
        for row in _decoded(batch):
            number += 1
            place = Place(path, record=number)
            yield place.skip(row) if isinstance(row, str) else read_record(row, place, fields)


def _decoded(batch: "pyarrow.RecordBatch") -> Iterator[dict[str, object] | str]:
    """Yield each row, or why it cannot be decoded."""
    try:
        batch.validate(full=True)  # where it says that a value stands need not be in the buffer
        batch = _in_microseconds(batch)
        yield from [{name: _plain(value) for name, value in row.items()} for row in batch.to_pylist()]
    except Exception as error:  # as above; of many rows, each is tried alone
        if batch.num_rows == 1:
            yield f"it cannot be decoded ({_short(error)})"
            return
        for row in range(batch.num_rows):
            yield from _decoded(batch.slice(row, 1))


def _in_microseconds(batch: "pyarrow.RecordBatch") -> "pyarrow.RecordBatch":
    """Return the batch with times as Python knows them, in UTC, whatever their zone is called."""
    import pyarrow

    for at, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type):
            known = pyarrow.timestamp("us", None if field.type.tz is None else "UTC")
            batch = batch.set_column(at, field.name, batch.column(at).cast(known, safe=False))
    return batch


def _plain(value: Any) -> object:
    """Return a value as JSON would give it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value  # a page in another encoding
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
