"""Who disagrees with which words: from the corpus to the tables segments, quotes and stances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.text import plain
from threadkit.corpus import earlier
from threadkit.dispute import quotes as quoting
from threadkit.dispute import stance
from threadkit.dispute.concede import noted
from threadkit.dispute.language import foreign, languages
from threadkit.dispute.segment import segment
from threadkit.dispute.sieve import load_sieve
from threadkit.dispute.target import aim

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.pipeline.settings import Settings, Work


def disputes(corpus: Corpus, work: Work, known: Analysis | None) -> dict[str, pd.DataFrame]:
    """Tell who disagrees with which words: the tables segments, quotes, stances.

    Of posts that the earlier run `known` holds unchanged, its rows are taken over.
    """
    posts, comments = corpus.posts, corpus.comments
    fresh = posts.index if known is None else earlier.changed_posts(corpus, known)
    part = comments[comments["post_id"].isin(fresh)]
    read = work.done.keep("segments", lambda: segmented(part, posts, len(fresh), work))
    segments, quotes = read["segments"], read["quotes"]
    new = segments.index
    if known is not None:
        segments = earlier.beside(known.segments, segments, comments, part.index)
        quotes = pd.concat([known.quotes[known.quotes.index.isin(segments.index.difference(new))], quotes])
    with work.report.stage("choosing targets"):
        targets = aim(segments, quotes, comments, posts, new)
        may_disagree = to_judge(targets, foreign(segments["language"].reindex(targets.index)), work.settings)
    judged = None if known is None else known.stances.assign(text=quoting.own_words(known.segments).map(plain))
    stances = work.done.keep("stances", lambda: {"stances": stanced(targets[may_disagree], judged, work)})["stances"]
    if known is not None:
        stances = earlier.beside(known.stances, stances, comments, part.index)
    return {"segments": segments, "quotes": quotes, "stances": stances}


def segmented(comments: pd.DataFrame, posts: pd.DataFrame, n_posts: int, work: Work) -> dict[str, pd.DataFrame]:
    """Cut comments into segments, tell whose words each is, and in which language: the tables segments and quotes."""
    with work.report.stage("segmenting"):
        segments = segment(comments)
    with work.report.stage("tracing quotes", n_posts) as done:
        quotes = quoting.trace(segments, comments, posts, done)
        segments = quoting.mark(segments, quotes)
        said = quoting.spoken(segments)
        segments["concedes"] = noted(said)["concedes"]
    with work.report.stage("telling languages"):
        segments["language"] = languages(said)
    return {"segments": segments, "quotes": quotes}


def stanced(targets: pd.DataFrame, judged: pd.DataFrame | None, work: Work) -> pd.DataFrame:
    """Judge each target's segment; what the earlier run `judged` already is taken over."""
    with work.report.stage("judging stance", len(targets)) as done:
        classifier = stance.StanceClassifier(work.settings.stance_model, work.threads, work.device, work.cache)
        return stance.judge(targets, classifier, done, judged)


def to_judge(targets: pd.DataFrame, foreign: pd.Series, settings: Settings) -> np.ndarray:
    """Tell which targets the stance model is to judge (n,) bool; `foreign` tells which are not in English.

    Our models, and the sieve, read English: others are judged by a model that the user names, and never sieved.
    """
    strange = foreign.to_numpy(dtype=bool)
    keep = np.ones(len(targets), dtype=bool) if settings.thorough else load_sieve().keep(targets) | strange
    return keep & ~strange if settings.reads_english_only else keep
