"""Packed files (gzip, bzip2, xz, zstd): known by how they begin, and read as if they were unpacked.

A reader of a line format opens a file with `open_bytes` and never holds more than a line of it; any other
reader is given an unpacked copy in a temporary folder (`as_file`). Both end where a file expands beyond all
reason: who trusts such a file unpacks it first.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Protocol

from threadkit.base.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zstandard import ZstdDecompressionObj

    from threadkit.readers.draft import Draft

_BEGINNINGS = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
_SUFFIXES = frozenset({".gz", ".bz2", ".xz", ".zst", ".zstd"})

# Forum text packs 3 to 30 times smaller. Beyond both bounds a file is a bomb: up to a GiB it harms nobody.
_MAX_TIMES = 100
_MAX_HARMLESS = 2**30
# Bytes that a reader which holds a file as a whole is given; it takes several times as much memory.
_MAX_COPY = 8 * 2**30
# Bytes of a line, or of a copy in the making, held at once; the longest forum posts have 100,000 characters.
_CHUNK = 2**20
# How much of a file detection may look at: room for the first records of every format, yet read in no time.
SAMPLE_BYTES = 64 * 1024
# The dumps of Reddit are packed with this window, eight times what zstd accepts by itself.
_WINDOW = 2**31
# Bytes given to zstd at once: a block of it takes 4 bytes or more and yields 128 KiB at most, so 128 MiB in all.
_SIP = 4096

# OSError among them (bzip2, gzip) comes from the data: the file itself was opened and begun.
_DAMAGES: tuple[type[Exception], ...] = (EOFError, OSError, zlib.error, lzma.LZMAError)


class DamageError(FormatError):
    """A packed file is damaged or cut off; what stands before the damage was given."""


class _Inner(Protocol):
    def read1(self, size: int, /) -> bytes:
        """Return some bytes, at most `size`; none at the end."""
        ...


class _Zstd:
    """What the standard library has for the other three; knows a whole file from a cut one."""

    def __init__(self, file: BinaryIO) -> None:
        from zstandard import ZstdDecompressor

        self._file = file
        self._begin = ZstdDecompressor(max_window_size=_WINDOW).decompressobj
        self._frame: ZstdDecompressionObj | None = None
        self._packed = b""
        self._given = memoryview(b"")

    def read1(self, size: int, /) -> bytes:
        from zstandard import ZstdError

        while not self._given:
            self._packed = self._packed or self._file.read(_SIP)
            if not self._packed:
                if self._frame:
                    raise EOFError("it ends in the middle of a frame")
                return b""
            frame = self._frame or self._begin()
            try:
                self._given = memoryview(frame.decompress(self._packed))
            except ZstdError as error:
                raise EOFError(str(error)) from error
            self._frame, self._packed = (None, frame.unused_data) if frame.eof else (frame, b"")
        given, self._given = self._given[:size], self._given[size:]
        return bytes(given)


_OPEN: dict[str, Callable[[BinaryIO], _Inner]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": _Zstd,
}


class _Unpacking(io.RawIOBase):
    """The unpacked bytes of a file; raises FormatError at damage, and where they are too many."""

    def __init__(self, path: Path, kind: str) -> None:
        self._name, self._kind = path.name, kind
        self._file = path.open("rb")
        self._inner = _OPEN[kind](self._file)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))
        except _DAMAGES as error:
            raise DamageError(
                f"{self._name}: the {self._kind} data is damaged or cut off after {self._given:,} unpacked bytes"
                f" ({error}); pack or download it again"
            ) from error
        self._given += len(data)
        times = self._given // max(1, self._file.tell())
        if self._given > _MAX_HARMLESS and times > _MAX_TIMES:
            raise FormatError(
                f"{self._name}: it unpacks to more than {self._given:,} bytes, {times:,} times its size: forum text"
                " does not; if you trust it, unpack it and read what comes out"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def packing(path: Path) -> str | None:
    """Return how a file is packed, told by its first bytes; None where it is not."""
    with path.open("rb") as file:
        beginning = file.read(16)
    return next((kind for kind, pattern in _BEGINNINGS.items() if pattern.match(beginning)), None)


def open_bytes(path: Path) -> BinaryIO:
    """Open a file, unpacking it as it is read, however it is packed; reading raises FormatError at damage."""
    kind = packing(path)
    return path.open("rb", _CHUNK) if kind is None else io.BufferedReader(_Unpacking(path, kind), _CHUNK)


def head(path: Path, size: int) -> bytes:
    """Return the first bytes of a file, unpacked; raises FormatError where damage leaves none of them."""
    kind = packing(path)
    if kind is None:
        with path.open("rb") as file:
            return file.read(size)
    data = b""
    with _Unpacking(path, kind) as unpacking:
        while len(data) < size:
            try:
                more = unpacking.read(size - len(data))
            except DamageError:
                if data:
                    break
                raise
            if not more:
                break
            data += more
    return data


@contextmanager
def as_file(path: Path, draft: Draft) -> Iterator[Path]:
    """Give a file that is not packed: the file itself, or a copy for as long as it is needed.

    Damage becomes a row in problems, and the copy holds what stands before it.
    """
    kind = packing(path)
    if kind is None:
        yield path
        return
    with TemporaryDirectory(prefix="threadkit-") as folder:
        copy = Path(folder, path.stem if path.suffix.lower() in _SUFFIXES else path.name)
        try:
            _write(path, kind, copy)
        except DamageError as error:
            draft.problem(str(error), "what stands before the damage was read", severity="error")
        try:
            yield copy
        except FormatError as error:
            raise FormatError(str(error).replace(str(copy), path.name)) from error


def _write(path: Path, kind: str, copy: Path) -> None:
    with _Unpacking(path, kind) as unpacking, copy.open("wb") as file:
        while data := unpacking.read(_CHUNK):
            if file.tell() > _MAX_COPY:
                raise FormatError(
                    f"{path.name}: it unpacks to more than {_MAX_COPY:,} bytes, more than its reader can hold; part it"
                )
            file.write(data)
