"""Read exports: every file by the reader that knows it, all of them into one corpus."""

from __future__ import annotations

import hashlib
import os
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.base.errors import FormatError, ThreadkitError
from threadkit.base.output import ANALYSIS, MARK
from threadkit.base.progress import choose
from threadkit.base.text import clean
from threadkit.corpus.losses import LOSSES
from threadkit.readers.draft import Draft, free
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.given_columns import lacking
from threadkit.readers.merge import absorb
from threadkit.readers.records import check
from threadkit.readers.unpack import as_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from threadkit.base.progress import Progress
    from threadkit.corpus.corpus import Corpus
    from threadkit.readers.shelf import Shelf

    # What carries a function out for each of several things, and gives the results in their order.
    HandOut = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

_TAKEN = ("deleted", "removed")
_CURE = "'threadkit formats' lists what can be read; turn the file into threadkit's JSON Lines, or take it out"
# A reader's own fault costs no more than the file it met it in; tests that look for such faults empty this.
UNEXPECTED: tuple[type[Exception], ...] = (Exception,)
_LONGEST_REASON = 200
_REPORT = "it was left out from there on; report it with the file, or with a part of it that fails alike"
# Files of files, and files packed twice, by what stands at a place in them once it is unpacked.
_ARCHIVES = {
    "zip": (0, b"PK\x03\x04"),
    "gzip": (0, b"\x1f\x8b\x08"),
    "tar": (257, b"ustar"),
    "rar": (0, b"Rar!\x1a\x07"),
    "7z": (0, b"7z\xbc\xaf\x27\x1c"),
    "xls": (0, b"\xd0\xcf\x11\xe0"),
}
# What tells a workbook from other zip files: Excel's parts, LibreOffice's kind.
_WORKBOOK_PARTS = (b"xl/", b"opendocument.spreadsheet")


class File(NamedTuple):
    """A file, and the name it has in the corpus: the same wherever its folder lies."""

    path: Path
    name: str


class Task(NamedTuple):
    """A file to be read, the draft that it goes into, and the formats to try."""

    file: File
    draft: Draft
    formats: Iterable[str]

    def carry_out(self) -> tuple[Draft, dict[str, Any]]:
        """Read the file; returns the filled draft, and what `Corpus.sources` says of the file."""
        return self.draft, _read_file(self.file, self.draft, self.formats)


class Gathered(NamedTuple):
    """The rows of all files, before they are mended, and what is known of each file."""

    whole: Draft
    sources: list[dict[str, Any]]

    def told(self) -> Iterator[dict[str, Any]]:
        """Yield what `Corpus.sources` says of each file, once the rows are mended."""
        return _tally(self.sources, self.whole)


def read(
    *paths: str | Path,
    progress: Progress | None = None,
    formats: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    hand_out: HandOut = map,
) -> Corpus:
    """Read files and folders of exports into one corpus.

    Parameters
    ----------
    paths : str or Path
        Files, or folders that are read with everything below them; hidden files are passed over.
    progress : Progress or None
        Where to report the stage "reading", one step a file; None draws bars on a terminal or in a
        notebook and is silent in a pipe.
    formats : sequence of str or None
        Names of the formats to try, in this order; None tries all.
    columns : mapping or None
        What the columns of a table (CSV, Parquet, JSON Lines) are called, ours to theirs: ``{"text": "body"}``.
    hand_out : callable
        What carries a function out for each file and gives the results in the order of the files, as `map` does:
        that of an executor, or of a cluster (pipeline/beyond.py). The result does not depend on it.

    Returns
    -------
    Corpus
        `problems` tells what was skipped, repaired or guessed at; `sources` counts each file's comments, problems
        and losses (corpus/losses.py).

    Raises
    ------
    FormatError
        Where a path does not exist, or none of the files can be read. A file among others that cannot be
        read is a row in `problems` instead.
    """
    gathered = gather(files_of(paths), progress, formats, columns, hand_out=hand_out)
    corpus = gathered.whole.finish()
    return corpus.from_sources(gathered.told())


def gather(
    files: Sequence[File],
    progress: Progress | None,
    formats: Sequence[str] | None,
    columns: Mapping[str, str] | None,
    shelf: Shelf | None = None,
    hand_out: HandOut = map,
) -> Gathered:
    """Read files into one draft, whose rows lie on the `shelf` where one is given; arguments and errors as `read`."""
    columns = check(columns or {})
    whole = Draft("", shelf=shelf)
    sources: list[dict[str, Any]] = []
    with (progress or choose()).stage("reading", len(files)) as advance:
        for draft, source in hand_out(Task.carry_out, _tasks(files, formats, columns, shelf)):
            sources.append(source)
            absorb(whole, draft)
            advance(1)
    if not any(source["format"] for source in sources):
        first = whole.problems[0]
        raise FormatError(f"{first['source']}: {first['what']}; nothing else was there to read: {first['cure']}")
    return Gathered(whole, sources)


def _tasks(
    files: Iterable[File], formats: Sequence[str] | None, columns: Mapping[str, str], shelf: Shelf | None
) -> Iterator[Task]:
    """Yield what is to be done for each file; two of one name are told apart, so that each has its own problems."""
    names: set[str] = set()
    for file in files:
        draft = Draft(free(file.name, names), columns, shelf)
        names.add(draft.source)
        yield Task(file, draft, FORMATS if formats is None else formats)


def files_of(paths: Iterable[str | Path]) -> list[File]:
    """Return the files that are meant, each once; raises FormatError where there is none."""
    files = _distinct(file for path in paths for file in _files(Path(path)))
    if not files:
        raise FormatError(f"{', '.join(map(str, paths)) or 'no path'}: no file to read; give an export or its folder")
    return files


def _read_file(file: File, draft: Draft, formats: Iterable[str]) -> dict[str, Any]:
    """Fill the draft from one file; returns what `Corpus.sources` says of it."""
    source: dict[str, Any] = {"name": draft.source, "sha256": None, "bytes": 0, "format": None}
    try:
        if not file.path.is_file() and not file.path.is_dir():
            raise FileNotFoundError("it is gone, a broken link, or no regular file")
        with file.path.open("rb") as opened:
            source["sha256"] = hashlib.file_digest(opened, "sha256").hexdigest()
            source["bytes"] = opened.tell()
        name = _choose(file, draft, formats)
        if name:
            source["format"] = name
            _read_as(name, file.path, draft)
    except FormatError as error:
        source["format"] = source["format"] if draft.n_posts or draft.n_comments else None
        _give_up(draft, str(error), "the rest of the file was left out")
    except (ThreadkitError, MemoryError):
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        _give_up(draft, f"the file cannot be read: {reason}", "check that it is there and may be read")
    except UNEXPECTED as error:
        source["format"] = source["format"] if draft.n_posts or draft.n_comments else None
        _give_up(draft, f"threadkit itself failed on the file: {_reason(error)}", _REPORT)
    draft.unpack_repeated()
    return source | _counts(draft)


def _give_up(draft: Draft, what: str, cure: str) -> None:
    draft.problem(what, cure, severity="error", loss="records" if draft.n_posts or draft.n_comments else "files")


def _reason(error: Exception) -> str:
    """Say in short what an exception is, and where it was raised."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
    return f"{' '.join(said.split())} ({Path(at.filename).name}:{at.lineno})"


def _read_as(name: str, path: Path, draft: Draft) -> None:
    reader = FORMATS.load(name)
    if getattr(reader, "STREAMS", False):
        reader.read(path, draft)
        return
    with as_file(path, draft) as unpacked:
        reader.read(unpacked, draft)


def _choose(file: File, draft: Draft, formats: Iterable[str]) -> str | None:
    """Return the format of a file; None, with a row in problems, where no reader knows it."""
    beginning = sample(file.path, draft.columns)
    if not beginning.text.strip("\x00 \t\r\n"):
        _give_up(draft, "the file is empty", "take it out, or export it again")
        return None
    archive = next((kind for kind, (at, mark) in _ARCHIVES.items() if beginning.head.startswith(mark, at)), None)
    for name in formats:
        # What stands unpacked in an archive could be taken for a damaged file; readers of other packages may know it.
        if (archive is None or name not in FORMATS.rows) and FORMATS.load(name).detect(beginning):
            return name
    lack = lacking(beginning) if draft.columns and archive is None else None
    if lack:
        _give_up(draft, *lack)
        return None
    cure = f"unpack it ({archive}) first" if archive else _CURE
    is_workbook = any(mark in beginning.head for mark in _WORKBOOK_PARTS) if archive == "zip" else archive == "xls"
    _give_up(draft, "no reader knows this file", "save the workbook as CSV first" if is_workbook else cure)
    return None


def _counts(draft: Draft) -> dict[str, Any]:
    comments = list(draft.comments.values())
    packed = draft.packed.counts("status")
    stated = [count for post_id in draft.posts if (count := _stated(draft, post_id)) is not None]
    stated += [
        n * int(count) for count, n in draft.packed_posts.counts("n_comments_stated").items() if count is not None
    ]
    return {
        "posts": draft.n_posts,
        "comments_stated": sum(stated) if stated else None,
        "comments_found": draft.n_comments,
        "comments_inferred": sum(row["origin"] == "inferred" for row in comments),
        "comments_deleted": sum(row["status"] in _TAKEN for row in comments)
        + sum(packed.get(status, 0) for status in _TAKEN),
        "comments_stubbed": sum(row["status"] == "stub" for row in comments),
    }


def _stated(draft: Draft, post_id: str) -> int | None:
    """Return how many comments a file says a post has: it counts them, or lists their ids."""
    stated: int | None = draft.posts[post_id].get("n_comments_stated")
    listed = draft.listed.get(post_id, set()) - draft.held.get(post_id, set())
    return stated if stated is not None or not listed else len(listed)


def _tally(sources: Iterable[dict[str, Any]], whole: Draft) -> Iterator[dict[str, Any]]:
    """Add to each file what was wrong with it and what it lacks, now that the files beside it are known."""
    problems, lost = whole.problems.tally()
    for source in sources:
        name = source["name"]
        lost[name]["inferred"] = source["comments_inferred"]
        source["comments_stubbed"] += lost[name]["folded"]
        kinds = {kind: lost[name][kind] for kind in LOSSES if lost[name][kind]}
        yield source | {"problems": problems[name], "lost": kinds}


def _files(path: Path) -> Iterator[File]:
    """Yield a file, or those below a folder in the order of their names; raises FormatError where nothing is."""
    if path.is_dir():
        yield from _below(path)
    elif path.exists():
        yield File(path, clean(path.name))
    elif str(path) == "-":
        raise FormatError("-: exports are read from files; save what is piped here to one first")
    else:
        raise FormatError(f"{path}: no such file or folder; check the spelling")


def _below(folder: Path) -> Iterator[File]:
    seen: set[str] = set()
    blocked: list[Path] = []
    base = folder.resolve().name
    for root, folders, names in os.walk(folder, followlinks=True, onerror=lambda e: blocked.append(Path(e.filename))):
        if os.path.realpath(root) in seen:
            folders.clear()
            continue
        seen.add(os.path.realpath(root))
        if Path(root) != folder and {MARK, ANALYSIS} <= set(names):  # what was made of these exports is none of them
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = [Path(root, name) for name in sorted(names) if not name.startswith(".")]
        for path in [*below, *blocked]:
            yield File(path, clean(Path(base, path.relative_to(folder)).as_posix()))
        blocked.clear()


def _distinct(files: Iterable[File]) -> list[File]:
    """Keep the first of what is one file on disk, reached twice."""
    found: dict[str, File] = {}
    for file in files:
        found.setdefault(os.path.realpath(file.path), file)
    return list(found.values())
