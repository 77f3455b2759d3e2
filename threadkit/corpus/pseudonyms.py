"""An analysis with other names: every author's name replaced, in every table and in every text.

The same run gives the same pseudonyms, each author the same one everywhere. Which name stands behind one cannot be
told without the run: they are numbered in an order that a key made of the run's own texts decides. Links to the
comments stay, and so do the comments' words: who looks them up in the forum finds who wrote them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from threadkit.corpus.mask import SOMEBODY, Edit, Mask, moved, tokens
from threadkit.corpus.schema import TEXT
from threadkit.corpus.tables import ANALYSIS_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from threadkit.corpus.analysis import Analysis


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# What becomes of a text column, by its name; tests/corpus/test_pseudonyms.py holds that every column has its place.
AUTHORS = frozenset({"author", "answer_author"})
IDS = _names(
    "post_id comment_id parent_id segment_id target_id source_id copy_of example_id title_id best_answer_id set_off_by "
    "answered_by answer_id concession_id via"
)
ADDRESSES = frozenset({"url"})
WORDS = _names("site title reworded text claim words target_text answer_text source place what cure")
OURS = _names("origin status severity kind form language stance evidence topoi reception rhythm side how")

# English's most frequent words (function words, and what every comment says): somebody of this name is replaced
# where the name is marked as one ("@will", "u/will") or written with its capitals, and not wherever the word stands.
FREQUENT = frozenset((Path(__file__).parent / "frequent_words.txt").read_text(encoding="utf-8").split())
# A word that stands in this share of the comments, and in so many, is common on this forum.
_COMMON_SHARE, _COMMON_COUNT = 0.05, 20
# A part of a name ("Lopez") is taken for a name in a text only where the corpus nearly always writes it with a capital.
_MAX_LOWER = 0.1
# Only names that look like people's are parted ("Ana Maria Lopez", "Ana_Lopez"): the parts of "RussiaWillFail" name
# nobody.
_PERSON = re.compile(r"(?:[^\W\d_]{3,})(?:(?: [^\W\d_]{3,}){1,3}|[_\-][^\W\d_]{3,})")
# A word that stands alone: a part of an address, or of a name that is joined, says nothing of how the word is written.
_ALONE = re.compile(r"(?<![\w/\-.@])[^\W_]+(?![\w/\-@])")
_GONE = frozenset({"", "[deleted]", "[removed]"})
_NUMBERS_BACKWARDS = re.compile(r"(?:\d+(?:\.\d+)?[:#])*+")


def pseudonymous(analysis: Analysis) -> Analysis:
    """Return the same analysis with pseudonyms for names.

    Authors' names are replaced in their columns, in every text (mentions and parts of names too), in ids and in the
    record of the run; addresses of people's own pages, and addresses that hold a name, are dropped.
    """
    return _Renaming(analysis).analysis()


def pseudonyms(analysis: Analysis) -> dict[str, str]:
    """Return the pseudonym of each author.

    The order of the numbers is decided by a keyed hash of the names; the key is a digest of all that the run read.
    """
    names = {str(name) for table in _authored(analysis) for name in table.dropna().unique()} - _GONE
    digest = hashlib.blake2b(str(analysis.run.get("lineage", "")).encode(), digest_size=32)
    for table in (analysis.posts, analysis.comments):
        for column in (table.index, table["author"], table["text"]):
            digest.update("\x1f".join(column.fillna("").tolist()).encode("utf-8", "replace"))
    key = digest.digest()
    stem = "Author"
    folded = {word for name in names for word in tokens(name)}
    while stem.casefold() in folded:
        stem += "x"
    order = sorted(names, key=lambda name: hashlib.blake2b(name.encode("utf-8", "replace"), key=key).digest())
    return {name: f"{stem}-{i}" for i, name in enumerate(order, start=1)}


def mask(named: Mapping[str, str], texts: pd.Series) -> Mask:
    """Return what replaces these names in texts; `texts` (comments) tell which words are common there."""
    written = Counter[str]()
    for text in texts:
        written.update(set(_ALONE.findall(text)))
    common = _common(written, len(texts))
    free: dict[tuple[str, ...], str] = {}
    cased: dict[str, str] = {}
    marked: dict[str, str] = {}
    # Of two names that differ in case alone, the first in order owns the words.
    for name in sorted(named, reverse=True):
        new, words = named[name], tokens(name)
        marked[name.casefold()] = marked["_".join(words)] = marked["-".join(words)] = marked["".join(words)] = new
        joined = "".join(words)
        if not words or joined.isdigit() or len(joined) < 3:
            continue
        if len(words) == 1 and words[0] in common:
            if name != name.lower():
                cased[name] = new
            continue
        free[words] = new
        if len(words) > 1 and len(joined) >= 6 and joined not in common:
            free.setdefault((joined,), new)
    for part, new in _parts(named, written, common).items():
        free.setdefault(tokens(part), new)
    return Mask(free, cased, marked)


def _common(written: Counter[str], n_texts: int) -> frozenset[str]:
    often = max(_COMMON_COUNT, _COMMON_SHARE * n_texts)
    return FREQUENT | {word for word, n in written.items() if word.islower() and n >= often}


def _parts(named: Mapping[str, str], written: Counter[str], common: Iterable[str]) -> dict[str, str]:
    """Return the parts of names by which texts may call people; one that two share becomes nobody in particular."""
    owners: dict[str, set[str]] = {}
    for name, new in named.items():
        for part in re.split(r"[ _\-]", name) if _PERSON.fullmatch(name) else ():
            if part[0].isupper():
                owners.setdefault(part, set()).add(new)
    return {
        part: new.pop() if len(new) == 1 else SOMEBODY
        for part, new in owners.items()
        if part.casefold() not in common
        and written[part.lower()] <= _MAX_LOWER * (written[part] + written[part.lower()])
    }


def _authored(analysis: Analysis) -> list[pd.Series]:
    return [
        getattr(analysis, name)[column]
        for name, table in ANALYSIS_TABLES.items()
        for column in table.columns
        if column in AUTHORS
    ]


class _Renaming:
    """One analysis on its way to another: its pseudonyms, its mask, and the edits made to each text."""

    def __init__(self, analysis: Analysis) -> None:
        self.old = analysis
        self.named = pseudonyms(analysis)
        live = analysis.comments["text"].fillna("")
        self.mask = mask(self.named, live[live != ""])
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()
        # Offsets in posts and comments move with the names before them.
        self.edits: dict[str, list[Edit]] = {
            str(name): edits
            for table in (analysis.posts, analysis.comments)
            for name, text in table["text"].dropna().items()
            if (edits := self.mask.edits(text))
        }

    def analysis(self) -> Analysis:
        """Return the analysis renamed."""
        tables: dict[str, Any] = {name: self._table(name) for name in ANALYSIS_TABLES}
        tables["segments"] = self._segments(tables["segments"], tables["comments"])
        tables["quotes"] = self._quotes(tables["quotes"])
        tables["cruxes"] = self._titles(tables["cruxes"])
        return replace(self.old, **tables, run=self._record(dict(self.old.run)))

    def _table(self, name: str) -> pd.DataFrame:
        schema, table = ANALYSIS_TABLES[name], getattr(self.old, name)
        flat = table.reset_index()
        for column in [*schema.index, *schema.columns]:
            if (column in schema.columns and schema.columns[column].dtype != TEXT) or column not in flat:
                continue
            if (change := self._change(column)) is not None:
                flat[column] = flat[column].map(change, na_action="ignore")
        return schema.cast(flat.set_index(list(schema.index)))

    def _change(self, column: str) -> Any:
        if column in AUTHORS:
            return lambda name: self.named.get(name, pd.NA)
        if column in IDS:
            return self._id
        if column in ADDRESSES:
            return lambda url: pd.NA if self.mask.names_someone(url) else url
        return self.mask.text if column in WORDS else None

    def _id(self, name: str) -> str:
        """Return an id without names; two ids stay two."""
        # Read backwards, so that each character is looked at once: `a1#2:3` is `a1` and `#2:3`.
        numbers = _NUMBERS_BACKWARDS.match(name[::-1])
        stop = len(name) - (numbers.end() if numbers else 0)
        base, rest = name[:stop], name[stop:]
        if base not in self._ids:
            new, n = self.mask.text(base), 1
            while new in self._taken:
                n += 1
                new = f"{self.mask.text(base)}-{n}"
            self._ids[base] = new
            self._taken.add(new)
        return self._ids[base] + rest

    def _segments(self, segments: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
        old = self.old.segments
        ends = [
            (moved(start, edits), moved(stop, edits, stop=True)) if (edits := self.edits.get(name)) else (start, stop)
            for name, start, stop in zip(old["comment_id"], old["start"], old["stop"], strict=True)
        ]
        texts = comments["text"].reindex(segments["comment_id"])
        cut = [
            new if pd.isna(whole) else whole[start:stop]
            for new, whole, (start, stop) in zip(segments["text"], texts, ends, strict=True)
        ]
        return segments.assign(start=[a for a, _ in ends], stop=[b for _, b in ends], text=cut)

    def _quotes(self, quotes: pd.DataFrame) -> pd.DataFrame:
        old = self.old.quotes
        ends = [
            (moved(start, edits), moved(stop, edits, stop=True))
            if pd.notna(start) and pd.notna(name) and (edits := self.edits.get(name))
            else (start, stop)
            for name, start, stop in zip(old["source_id"], old["start"], old["stop"], strict=True)
        ]
        return quotes.assign(
            start=pd.array([a for a, _ in ends], dtype="Int32"), stop=pd.array([b for _, b in ends], dtype="Int32")
        )

    def _titles(self, cruxes: pd.DataFrame) -> pd.DataFrame:
        """Move the places of titles with the names in the objections that they are taken from."""
        old = self.old.cruxes
        texts = self.old.objections["text"].reindex(old["title_id"])
        ends = [
            (moved(start, edits), moved(stop, edits, stop=True))
            if pd.notna(start) and pd.notna(text) and (edits := self.mask.edits(text))
            else (start, stop)
            for text, start, stop in zip(texts, old["title_start"], old["title_stop"], strict=True)
        ]
        return cruxes.assign(
            title_start=pd.array([a for a, _ in ends], dtype="Int32"),
            title_stop=pd.array([b for _, b in ends], dtype="Int32"),
        )

    def _record(self, entry: Any) -> Any:
        """Return the record of the run with names in its words replaced: a file may be called after somebody."""
        if isinstance(entry, dict):
            return {key: self._record(value) for key, value in entry.items()}
        if isinstance(entry, (list, tuple)):
            return [self._record(value) for value in entry]
        return self.mask.text(entry) if isinstance(entry, str) else entry
