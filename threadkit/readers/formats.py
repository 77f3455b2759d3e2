"""The registry of formats, and what a reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from threadkit.base.registry import Registry
from threadkit.readers.decode import as_text

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft

# How much of a file detection may look at: room for the first records of every format, yet read in no time.
SAMPLE_BYTES = 64 * 1024


class Sample(NamedTuple):
    """The beginning of a file: what detection may look at."""

    path: Path
    head: bytes
    """Its first 64 KiB, or all of it."""
    text: str
    """`head` as text, byte-order mark dropped, undecodable bytes replaced."""


def sample(path: Path) -> Sample:
    """Read the beginning of a file."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    return Sample(path, head, as_text(head)[0])


class Reader(Protocol):
    """A module that reads one format."""

    TITLE: str
    """What a user calls the format, for `threadkit formats`."""

    def detect(self, sample: Sample) -> bool:
        """Tell from content alone whether this is the format; cheap, and never raises."""
        ...

    def read(self, path: Path, draft: Draft) -> None:
        """Fill the draft; raises FormatError where nothing can be read."""
        ...


# The first that detects a file reads it: the most particular formats stand first, page text last.
FORMATS = Registry(
    "format",
    {
        "lesswrong-json": "threadkit.readers.lesswrong_json",
        "reddit-json": "threadkit.readers.reddit_json",
        "discourse-json": "threadkit.readers.discourse_json",
        "threadkit-jsonl": "threadkit.readers.jsonl",
        "threadkit-parquet": "threadkit.readers.parquet",
        "threadkit-csv": "threadkit.readers.csv",
        "page-text": "threadkit.readers.page_text",
    },
    group="threadkit.formats",
)
