"""Posts, comments and problems written a table at a time: as the folder that `Corpus.save` writes, or as one file."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import orjson
import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from threadkit.corpus.corpus import save_sources
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# What one row group of a Parquet file holds: room for good packing, and little to hold at once.
_GROUP_BYTES = 2**25
_GROUP_ROWS = 2**17
# threadkit's own format (readers/records.py): one row a post or comment.
PLAIN = pa.schema(
    {
        **dict.fromkeys(("kind", "id", "post_id", "parent_id", "author"), pa.string()),
        **dict.fromkeys(("karma", "agreement", "af_karma"), pa.int32()),
        "posted_at": pa.timestamp("us", tz="UTC"),
        **dict.fromkeys(("title", "url", "text", "status", "site"), pa.string()),
        "n_comments_stated": pa.int32(),
    }
)


class Writer(Protocol):
    """What takes the tables of a corpus, each with its id in front, in this order: posts, comments, problems."""

    def write(self, name: str, rows: pa.Table) -> None:
        """Write some rows of a table: posts, comments or problems."""
        ...

    def close(self, sources: Iterable[dict[str, object]]) -> None:
        """End what was begun."""
        ...


class _Groups:
    """A Parquet file, row group by row group."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = ParquetWriter(path, schema, compression="zstd")
        self._held: list[pa.Table] = []
        self._size = self._n = 0

    def add(self, rows: pa.Table) -> None:
        self._held.append(rows)
        self._size += rows.nbytes
        self._n += len(rows)
        if self._size >= _GROUP_BYTES or self._n >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._n:
            self._writer.write_table(pa.concat_tables(self._held).select(self._schema.names).cast(self._schema))
        self._held, self._size, self._n = [], 0, 0

    def close(self) -> None:
        self._flush()
        self._writer.close()


class FolderWriter:
    """posts.parquet, comments.parquet, problems.parquet and run.json, which read as those of `Corpus.save`."""

    def __init__(self, folder: Path, n_problems: int) -> None:
        self._folder = folder
        schemas = {table.name: pa.Table.from_pandas(table.empty()).schema for table in (POSTS, COMMENTS)}
        schemas[PROBLEMS.name] = _numbered(PROBLEMS.empty(), n_problems)
        self._files = {name: _Groups(folder / f"{name}.parquet", schema) for name, schema in schemas.items()}

    def write(self, name: str, rows: pa.Table) -> None:
        """Write some rows of a table."""
        self._files[name].add(rows)

    def close(self, sources: Iterable[dict[str, object]]) -> None:
        """End the files, and say where the rows come from."""
        with ExitStack() as files:
            for file in self._files.values():
                files.callback(file.close)
        save_sources(self._folder, sources)


def _numbered(empty: pd.DataFrame, n: int) -> pa.Schema:
    """Return the schema of a table of n rows whose index is their numbers: pandas notes them, and makes no column."""
    schema = pa.Table.from_pandas(empty.set_axis(pd.RangeIndex(0, name=empty.index.name))).schema
    noted = json.loads(schema.metadata[b"pandas"])
    noted["index_columns"][0]["stop"] = n
    return schema.with_metadata({"pandas": json.dumps(noted)})


class ParquetFileWriter:
    """One Parquet file in threadkit's own format."""

    def __init__(self, path: Path) -> None:
        self._file = _Groups(path, PLAIN)

    def write(self, name: str, rows: pa.Table) -> None:
        """Write posts or comments; problems have no place."""
        if name != PROBLEMS.name:
            self._file.add(_plain(name, rows))

    def close(self, sources: Iterable[dict[str, object]]) -> None:  # noqa: ARG002  has no place for them either
        """End the file."""
        self._file.close()


class JsonLinesWriter:
    """One JSON Lines file in threadkit's own format; what is unknown is left out."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")  # open until `close`

    def write(self, name: str, rows: pa.Table) -> None:
        """Write posts or comments; problems have no place."""
        if name != PROBLEMS.name:
            self._file.writelines(_lines(_plain(name, rows)))

    def close(self, sources: Iterable[dict[str, object]]) -> None:  # noqa: ARG002  has no place for them either
        """End the file."""
        self._file.close()


def _plain(name: str, rows: pa.Table) -> pa.Table:
    """Return posts or comments as rows of threadkit's own format."""
    kind = name.removesuffix("s")
    held = {**dict(zip(rows.column_names, rows.columns, strict=True)), "id": rows[f"{kind}_id"]}
    held["kind"] = pa.repeat(kind, len(rows))
    if name == POSTS.name:
        del held["post_id"]
    return pa.table([held.get(field.name, pa.nulls(len(rows), field.type)) for field in PLAIN], schema=PLAIN)


def _lines(rows: pa.Table) -> Iterator[bytes]:
    for row in rows.to_pylist():
        yield orjson.dumps({name: value for name, value in row.items() if value is not None}) + b"\n"
