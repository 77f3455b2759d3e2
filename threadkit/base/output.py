"""Write a folder as a whole or not at all, and never over what is not ours."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.base.errors import OutputError, ThreadkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Every folder that threadkit writes holds this file; a folder with it is ours to replace.
MARK = "run.json"
# What only a saved analysis holds.
ANALYSIS = "cruxes.parquet"
# How the name of a folder ends while it is written.
_PARTIAL = ".partial"


@contextmanager
def folder(path: Path, *, force: bool | None = None, analysis: bool = False) -> Iterator[Path]:
    """Yield a new folder to write into; it becomes `path` when the block ends well, and vanishes otherwise.

    An earlier result of ours is replaced. Raises OutputError where `path` cannot be written, and as `check`; with
    `force`, files of other names stay.
    """
    check(path, force=force, analysis=analysis)
    # A folder cannot be renamed to a link that leads nowhere yet.
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Within a folder that is there: it may be on another device than the one that it stands in.
        where = place if place.is_dir() else place.parent
        aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=_PARTIAL, dir=where))
        aside.chmod(0o755)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another folder with -o") from error
    try:
        yield aside
        _put(aside, place)
    except OSError as error:
        raise OutputError(
            f"{path}: writing failed ({error.strerror or error}); nothing was left half-written"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_text(path: str | Path, text: str) -> Path:
    """Write one file, making its folder; returns its path. Raises OutputError where it cannot be written."""
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write one file whole or not at all, making its folder; returns its path. Raises OutputError as `write_text`."""
    path = Path(path)
    with new_file(path) as aside:
        aside.write_bytes(data)
    return path


def write_pieces(path: str | Path, pieces: Iterable[str]) -> Path:
    """Write one file as its pieces come, whole or not at all; as `write_text`, without the whole in memory."""
    path = Path(path)
    with new_file(path) as aside, aside.open("wb") as file:
        file.writelines(piece.encode("utf-8") for piece in pieces)
    return path


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield where to write one file, making its folder; it becomes `path` when the block ends well, and vanishes else.

    Raises OutputError as `write_text`.
    """
    if path.is_dir():
        raise OutputError(f"{path}: cannot be written: is a folder; give the name of a file in it")
    aside = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except ThreadkitError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}; choose another folder") from error
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def check(path: Path, *, force: bool | None = None, analysis: bool = False) -> None:
    """Refuse a folder that is not ours to write: raises OutputError, before any work is done.

    It must be empty, or an earlier result of ours, or `force` must be set, which is None where a command has no
    --force. A saved analysis is written over by another alone, or by what belongs to it: by an `analysis`.
    """
    check_name(path)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: is a file; give a folder with -o")
    if not analysis and (path / ANALYSIS).exists():
        raise OutputError(f"{path}: holds a run, which would be spoilt; choose another folder with -o")
    if not force and not (path / MARK).is_file() and any(held(path)):
        cure = "" if force is None else ", or add --force to write into it"
        raise OutputError(f"{path}: holds other files; choose an empty folder with -o{cure}")


def check_name(path: Path) -> None:
    """Refuse a path that is not UTF-8, which Parquet's writer cannot open: raises OutputError."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = str(path).encode("utf-8", "replace").decode("utf-8")
        raise OutputError(f"{shown}: this name is not UTF-8; choose another with -o") from error


def held(path: Path) -> Iterator[str]:
    """Yield the names of what a folder holds, none where there is no folder; what a killed run left is nothing."""
    if path.is_dir():
        yield from (entry.name for entry in path.iterdir() if not entry.name.endswith(_PARTIAL))


def _put(new: Path, path: Path) -> None:
    if not path.exists():
        new.rename(path)
        return
    # Ours or empty: whole files change places one by one, the mark last, so that a reader never sees half a file.
    names = sorted((entry.name for entry in new.iterdir()), key=lambda name: name == MARK)
    for name in names:
        if (path / name).is_dir():
            shutil.rmtree(path / name)
        (new / name).replace(path / name)
