"""Tables laid aside on disk: of what a large export holds, only the part that is looked at is in memory."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from pyarrow import ipc

from threadkit.base.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Bytes that are kept in memory before a file is begun: a small export touches no disk.
_IN_MEMORY = 2**24


class Place(NamedTuple):
    """Where a table lies on a shelf."""

    start: int
    size: int
    schema: pa.Schema


class Shelf:
    """Tables in one file without a name, which is gone with the shelf, even where a run is killed.

    `folder`: where the file is made; None = the system's folder for temporary files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY, dir=None if folder is None else str(folder))  # noqa: SIM115  open as long as the shelf
        self._folder = folder
        self._stop = 0
        self._options = ipc.IpcWriteOptions(compression="lz4")

    def put(self, table: pa.Table) -> Place:
        """Lay a table aside."""
        sink = pa.BufferOutputStream()
        with ipc.new_stream(sink, table.schema, options=self._options) as writer:
            writer.write_table(table)
        data = sink.getvalue()
        place = Place(self._stop, data.size, table.schema)
        try:
            self._file.seek(place.start)
            self._file.write(memoryview(data))
        except OSError as error:
            where = self._folder or "the folder for temporary files"
            raise OutputError(
                f"{where}: what was read cannot be laid aside there ({error.strerror}); make room, or choose another -o"
            ) from error
        self._stop += data.size
        return place

    def get(self, place: Place, names: Sequence[str] = ()) -> pa.Table:
        """Return a table that was laid aside, or some columns of it in the order asked for."""
        self._file.seek(place.start)
        data = self._file.read(place.size)
        wanted = sorted(map(place.schema.get_field_index, names))
        # Of the other columns nothing is unpacked.
        with ipc.open_stream(data, options=ipc.IpcReadOptions(included_fields=wanted)) as reader:
            rows = reader.read_all()
        return rows.select(list(names)) if names else rows

    def close(self) -> None:
        """Give the room on disk back."""
        self._file.close()
