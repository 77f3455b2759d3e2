"""The registry of formats, and what a reader is."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from threadkit.base.registry import Registry
from threadkit.readers.decode import as_text
from threadkit.readers.unpack import SAMPLE_BYTES
from threadkit.readers.unpack import head as unpacked_head

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threadkit.readers.draft import Draft


class Sample(NamedTuple):
    """The beginning of a file, unpacked where it is packed: what detection may look at."""

    path: Path
    head: bytes
    """Its first 64 KiB, or all of it."""
    text: str
    """`head` as text, byte-order mark dropped, undecodable bytes replaced."""
    columns: Mapping[str, str] = MappingProxyType({})
    """What the user says the file calls columns of ours."""


def sample(path: Path, columns: Mapping[str, str] | None = None) -> Sample:
    """Read the beginning of a file; raises FormatError where it is packed and nothing of it can be unpacked."""
    head = unpacked_head(path, SAMPLE_BYTES)
    return Sample(path, head, as_text(head)[0], columns or {})


class Reader(Protocol):
    """A module that reads one format.

    `read` is given an unpacked copy of a packed file, which may be at most 8 GiB. A module with
    ``STREAMS = True`` is given the packed file itself, and opens it with `unpack.open_bytes`.
    """

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
        "lesswrong-markdown": "threadkit.readers.lesswrong_markdown",
        "lesswrong-clipping": "threadkit.readers.lesswrong_clipping",
        "greaterwrong-scrape": "threadkit.readers.greaterwrong_scrape",
        "bdfr-json": "threadkit.readers.bdfr_json",
        "reddit-ndjson": "threadkit.readers.reddit_ndjson",
        "reddit-json": "threadkit.readers.reddit_json",
        "discourse-json": "threadkit.readers.discourse_json",
        "discourse-markdown": "threadkit.readers.discourse_markdown",
        "discourse-rss": "threadkit.readers.discourse_rss",
        "stackexchange-xml": "threadkit.readers.stackexchange_xml",
        "disqus-xml": "threadkit.readers.disqus_xml",
        "disqus-json": "threadkit.readers.disqus_json",
        "convokit": "threadkit.readers.convokit",
        "gplus-json": "threadkit.readers.gplus",
        "lemmy-json": "threadkit.readers.lemmy",
        "iac-json": "threadkit.readers.iac_json",
        "mbox": "threadkit.readers.mbox",
        "hackernews-json": "threadkit.readers.hackernews_json",
        "hackernews-html": "threadkit.readers.hackernews_html",
        "lesswrong1-html": "threadkit.readers.lesswrong1_html",
        "greaterwrong-html": "threadkit.readers.greaterwrong_html",
        "forummagnum-html": "threadkit.readers.forummagnum_html",
        "github-json": "threadkit.readers.github_json",
        "github-html": "threadkit.readers.github_html",
        "threadkit-jsonl": "threadkit.readers.jsonl",
        "threadkit-parquet": "threadkit.readers.parquet",
        "threadkit-csv": "threadkit.readers.csv",
        "page-text": "threadkit.readers.page_text",
    },
    group="threadkit.formats",
)
