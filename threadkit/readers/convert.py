"""Exports → tables on disk, in memory that grows by some bytes a comment and not with the texts."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from threadkit.base import output
from threadkit.base.errors import OutputError
from threadkit.corpus.tally import Count, Tally
from threadkit.corpus.writing import FolderWriter, JsonLinesWriter, ParquetFileWriter
from threadkit.readers.read import files_of, gather
from threadkit.readers.repair import Mended
from threadkit.readers.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from threadkit.base.progress import Progress
    from threadkit.corpus.writing import Writer
    from threadkit.readers.read import File, Gathered

_FILES: dict[str, Callable[[Path], Writer]] = {
    ".parquet": ParquetFileWriter,
    ".jsonl": JsonLinesWriter,
    ".ndjson": JsonLinesWriter,
}


def convert(
    *paths: str | Path,
    out: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    formats: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Tally:
    """Read exports as `read.read` does, and write what they hold; returns what was read, counted.

    What is read is laid aside on disk, beside `out`, as columns (readers/shelf.py), and written from there once every
    file is known. Formats that are read line by line (Reddit archives, threadkit's JSON Lines) are never held.

    Parameters
    ----------
    out : Path or None
        A file ending in ``.parquet``, ``.jsonl`` or ``.ndjson``: threadkit's own format, one row a post or comment.
        Anything else: a folder of the tables, as `Corpus.save` writes it. None writes nothing.
    force : bool
        Write into a folder although it holds other files.
    paths, progress, formats, columns
        As `read.read`.

    Raises
    ------
    FormatError
        As `read.read`.
    OutputError
        Where `out` cannot be written, or is one of the exports; nothing is left half-written.
    """
    files = files_of(paths)
    _check(out, files, force=force)
    with closing(Shelf(_beside(out))) as shelf:
        gathered = gather(files, progress, formats, columns, shelf)
        mended = Mended(gathered.whole)
        with _writer(out, len(gathered.whole.problems), force=force) as writer:
            return _write(mended, gathered, writer)


def _write(mended: Mended, gathered: Gathered, writer: Writer | None) -> Tally:
    count = Count()
    tables = (
        ("posts", mended.posts, count.add_posts),
        ("comments", mended.comments, count.add_comments),
        ("problems", mended.problems, count.add_problems),
    )
    for name, every, add in tables:
        for rows in every():
            add(rows)
            if writer:
                writer.write(name, rows)
    tally = count.tally(gathered.told())
    if writer:
        writer.close(tally.sources)
    return tally


def is_file(out: Path) -> bool:
    """Tell whether a path means one file rather than a folder of tables.

    >>> from pathlib import Path
    >>> is_file(Path("tea.parquet")), is_file(Path("tea"))
    (True, False)
    """
    return out.suffix.lower() in _FILES and not out.is_dir()


def _check(out: Path | None, files: Sequence[File], *, force: bool) -> None:
    if out is None:
        return
    if not is_file(out):
        output.check(out, force=force)
        return
    if out.suffix.lower() == ".parquet":
        output.check_name(out)
    if os.path.realpath(out) in {os.path.realpath(file.path) for file in files}:
        raise OutputError(f"{out}: is one of the exports, and would be overwritten; choose another name with -o")


def _beside(out: Path | None) -> Path | None:
    """Return the folder that `out` is to be in, or is below; None where nothing is written."""
    return None if out is None else next(folder for folder in out.absolute().parents if folder.is_dir())


@contextmanager
def _writer(out: Path | None, n_problems: int, *, force: bool) -> Iterator[Writer | None]:
    if out is None:
        yield None
    elif is_file(out):
        with output.new_file(out) as aside:
            yield _FILES[out.suffix.lower()](aside)
    else:
        with output.folder(out, force=force) as new:
            yield FolderWriter(new, n_problems)
