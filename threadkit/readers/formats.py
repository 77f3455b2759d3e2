"""The registry of formats, and what a reader is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from threadkit.base.registry import Registry
from threadkit.readers.draft import Draft


class Sample(NamedTuple):
    """The beginning of a file: what detection may look at."""

    path: Path
    head: bytes
    """Its first 64 KiB, or all of it."""
    text: str
    """`head` as text, byte-order mark dropped, undecodable bytes replaced."""


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
