"""What a long run will take, told before it begins: from a probe of some threads, and from what runs were seen to need.

The probe does with some threads, drawn evenly, what the run does with all: it cuts their comments up, traces quotes,
chooses what is judged, and judges and embeds some paragraphs against the clock.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from threadkit.base.errors import SettingError
from threadkit.base.executor import available_threads
from threadkit.base.lookup import among, places_of
from threadkit.base.progress import Silent
from threadkit.base.text import shorten
from threadkit.corpus.corpus import Corpus
from threadkit.crux import encode
from threadkit.dispute.stance import StanceClassifier, judge
from threadkit.pipeline.cruxes import MAX_POINT
from threadkit.pipeline.disputes import segmented, targeted
from threadkit.pipeline.settings import Work

if TYPE_CHECKING:
    import pandas as pd

# From so many comments on a plan is made: a shorter run is over before one could be read.
LONG = 2_000

# Comments that are probed: one of so many, but no fewer and no more than these; and with how few a step is begun first,
# for what it loads at its beginning is loaded once, however long the run.
_ONE_OF, _FEWEST, _MOST, _WARM = 100, 200, 2_000, 8
# Paragraphs that are judged and embedded against the clock: first some, and many more where these took less than so
# many seconds.
_PARAGRAPHS, _MORE, _ENOUGH = 48, 800, 0.3

# How long a run takes for each second of what is probed, for naming goes with the encoder; and the seconds of what goes
# with no model (grouping, counting, the map, the report) for a number of comments to this power. scripts/bench.py: of
# 10,000 comments with --fast 46 s, of 100,000 213 s, of a million 1,170 s on two threads.
_WITH_NAMING, _REST, _GROWTH = 1.15, 0.042, 0.75

# Bytes, rather too many than too few: what the packages and models take, and what tables and vectors take at the peak
# for each letter of text and each objection. Runs of 4,000 short comments (scripts/bench.py) took 1.1 GB, of 20,000
# long ones 1.4 GB before the map, of a million short ones with --fast 3.8 GB.
_BASE, _PER_LETTER, _PER_OBJECTION = 950e6, 10.0, 3_500.0
# Bytes on the disk: tables and reports for each letter of text; vectors, here and in the cache, for each objection.
_DISK_LETTER, _DISK_OBJECTION = 2.5, 5_000.0

_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


class Plan(NamedTuple):
    """What a run is expected to do and to need; counts, seconds and bytes."""

    comments: int
    paragraphs: int
    judged: int
    objections: int
    seconds: float
    memory: float
    disk: float

    def __str__(self) -> str:
        return (
            f"{self.comments:,} comments, about {self.paragraphs:,} paragraphs; {self.judged:,} to judge, "
            f"{self.objections:,} objections to embed: about {_duration(self.seconds)}, "
            f"{_size(self.memory)} of memory, {_size(self.disk)} on the disk"
        )


def plan(corpus: Corpus, work: Work) -> Plan:
    """Return what a run over a corpus is expected to need; takes a few seconds."""
    probe = _probe(corpus)
    aside = Work(work.settings, work.threads, Silent(), work.device)
    _cut_up(Corpus(probe.posts, _by_themselves(probe.comments.head(_WARM))), aside)
    begun = time.monotonic()
    targets, may_disagree = _cut_up(probe, aside)
    light = (time.monotonic() - begun) / max(1, len(probe.comments))
    share, each = _judged(targets[may_disagree], aside)
    n = len(corpus.comments)
    whole = n / max(1, len(probe.comments))
    judged, objections = may_disagree.sum() * whole, may_disagree.sum() * whole * share
    hands = 1 if work.device != "cpu" else work.threads or available_threads()
    seconds = _WITH_NAMING * (n * light + judged * each / hands) + _REST * n**_GROWTH
    letters = float(corpus.comments["text"].str.len().sum() + corpus.posts["text"].str.len().sum())
    return Plan(
        n,
        round(len(targets) * whole),
        round(judged),
        round(objections),
        seconds,
        _BASE + _PER_LETTER * letters + _PER_OBJECTION * objections,
        _DISK_LETTER * letters + _DISK_OBJECTION * objections,
    )


def _probe(corpus: Corpus) -> Corpus:
    """Return some comments of threads drawn evenly over the corpus."""
    sizes = corpus.comments["post_id"].value_counts(sort=False)
    if sizes.empty:
        return Corpus(corpus.posts.head(0), corpus.comments)
    wanted = int(np.clip(len(corpus.comments) / _ONE_OF, _FEWEST, _MOST))
    n = max(1, round(len(sizes) * wanted / len(corpus.comments)))
    names = sizes.index[np.unique(np.linspace(0, len(sizes) - 1, n).astype(int))]
    comments = corpus.comments[among(corpus.comments["post_id"], names)].head(2 * wanted)
    return Corpus(corpus.posts.take(places_of(names, corpus.posts.index)), _by_themselves(comments))


def _by_themselves(comments: pd.DataFrame) -> pd.DataFrame:
    """Return a part of a thread that stands alone: who answers a comment outside it answers the post."""
    inside = among(comments["parent_id"], comments.index)
    return comments.assign(parent_id=comments["parent_id"].where(inside))


def _cut_up(probe: Corpus, work: Work) -> tuple[pd.DataFrame, np.ndarray]:
    """Return what each segment answers, and which are to be judged (n,) bool."""
    read = segmented(probe.comments, probe.posts, work)
    return targeted(probe.posts, probe.comments, read, work)


def _judged(targets: pd.DataFrame, work: Work) -> tuple[float, float]:
    """Return which share of some paragraphs objects, and how long judging and embedding one takes on one thread."""
    if len(targets) <= _WARM:
        return 1.0, 0.0
    classifier = StanceClassifier(work.settings.stance_model, 1, work.device)
    encoder = encode.open_encoder(work.settings.encoder, 1, work.device)
    _against_the_clock(targets.head(_WARM), classifier, encoder)
    share, judging, embedding = _against_the_clock(_evenly(targets, _PARAGRAPHS), classifier, encoder)
    if len(targets) > _PARAGRAPHS and _PARAGRAPHS * (judging + embedding) < _ENOUGH:
        share, judging, embedding = _against_the_clock(_evenly(targets, _MORE), classifier, encoder)
    return share, judging + share * embedding


def _evenly(targets: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return about n rows, from all over the table."""
    return targets.iloc[np.unique(np.linspace(0, len(targets) - 1, n).astype(int))]


def _against_the_clock(
    targets: pd.DataFrame, classifier: StanceClassifier, encoder: encode.Encoder
) -> tuple[float, float, float]:
    """Return which share of some paragraphs objects, and the seconds that judging and embedding one take."""
    begun = time.monotonic()
    found = judge(targets, classifier)
    judging = time.monotonic() - begun
    encoder.encode([shorten(text, MAX_POINT) for text in targets["text"]])
    embedding = time.monotonic() - begun - judging
    return float((found["stance"] == "disagree").mean()), judging / len(targets), embedding / len(targets)


def bytes_of(text: str) -> float:
    """Return the number of bytes that a size names; raises SettingError.

    >>> bytes_of("1.5GB"), bytes_of("800 m")
    (1500000000.0, 800000000.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmgt]?)i?b?", text.strip().lower())
    if not found:
        raise SettingError(f"memory is {text!r}: give a size such as 4GB or 800MB")
    return float(found[1]) * _UNITS[found[2]]


def check_memory(expected: Plan, allowed: float) -> None:
    """Raise SettingError where a run is expected to need more memory than is allowed."""
    if expected.memory > allowed:
        raise SettingError(
            f"about {_size(expected.memory)} of memory would be needed, {_size(allowed)} are allowed: take --quick, or "
            "analyse a part of the exports and add the rest with 'threadkit match'"
        )


def _duration(seconds: float) -> str:
    """Return a duration in words.

    >>> _duration(40), _duration(600), _duration(9000)
    ('40 s', '10 minutes', '2.5 hours')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _size(n: float) -> str:
    """Return a number of bytes in words.

    >>> _size(2.5e9), _size(3e6)
    ('2.5 GB', '3 MB')
    """
    return f"{n / 1e9:.1f} GB" if n >= 1e9 else f"{max(1, n / 1e6):.0f} MB"
