"""Who disagrees with which words: from the corpus to the tables segments, quotes and stances."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import among, looked_up
from threadkit.base.memory import let_go
from threadkit.base.progress import Silent
from threadkit.base.text import plain
from threadkit.corpus import earlier
from threadkit.corpus.corpus import Corpus
from threadkit.dispute import quotes as quoting
from threadkit.dispute import stance, static
from threadkit.dispute.bare import at_the_title
from threadkit.dispute.candidates import wordless
from threadkit.dispute.concede import noted
from threadkit.dispute.idioms import stance_of
from threadkit.dispute.language import foreign, languages
from threadkit.dispute.target import aim
from threadkit.pipeline import parts
from threadkit.pipeline.checkpoint import Checkpoints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.corpus.analysis import Analysis
    from threadkit.pipeline.settings import Settings, Work


def disputes(corpus: Corpus, work: Work, known: Analysis | None) -> dict[str, pd.DataFrame]:
    """Tell who disagrees with which words: the tables segments, quotes, stances.

    Of posts that the earlier run `known` holds unchanged, its rows are taken over.
    """
    if known is None:
        return handed_out(corpus, None, work)
    fresh = earlier.changed_posts(corpus, known)
    comments = corpus.comments
    part = Corpus(corpus.posts.loc[fresh], comments[among(comments["post_id"], fresh)])
    judged = known.stances.assign(text=quoting.own_words(known.segments).map(plain))
    found = handed_out(part, judged, work)
    segments = earlier.beside(known.segments, found["segments"], comments, part.comments.index)
    stayed = known.quotes[among(known.quotes.index, segments.index[~among(segments.index, found["segments"].index)])]
    stances = earlier.beside(known.stances, found["stances"], comments, part.comments.index)
    return {"segments": segments, "quotes": pd.concat([stayed, found["quotes"]]), "stances": stances}


def handed_out(corpus: Corpus, judged: pd.DataFrame | None, work: Work) -> dict[str, pd.DataFrame]:
    """Return the tables of `tell_disputes`, computed by the cluster where there is one, else here part by part."""
    if work.cluster is not None:
        cluster = work.cluster
        return work.done.keep("disputes", lambda: cluster.disputes(corpus, judged, work))
    n = len(corpus.comments)
    if n <= 2 * parts.AT_ONCE:
        return tell_disputes(corpus.posts, corpus.comments, judged, work)
    quiet = replace(work, report=Silent(), done=Checkpoints())
    found = []
    with work.report.stage("judging threads", n) as done:
        for number, part in enumerate(parts.cut(corpus, judged, parts.AT_ONCE)):
            tell = partial(tell_disputes, part.posts, part.comments, part.judged, quiet)
            found.append(work.done.keep(f"disputes {number}", tell))
            let_go()
            done(len(part.comments))
    return parts.together(found)


def tell_disputes(
    posts: pd.DataFrame, comments: pd.DataFrame, judged: pd.DataFrame | None, work: Work
) -> dict[str, pd.DataFrame]:
    """Return the tables segments, quotes and stances of whole threads; each thread's rows hang on it alone.

    What the earlier run `judged` (stances with the column text) says of the same words is taken over.
    """
    read = work.done.keep("segments", lambda: segmented(comments, posts, work))
    with work.report.stage("choosing targets"):
        targets, may_disagree = targeted(posts, comments, read, work)
    stances = work.done.keep("stances", lambda: {"stances": stanced(targets[may_disagree], judged, work)})["stances"]
    return {**read, "stances": stances}


def segmented(comments: pd.DataFrame, posts: pd.DataFrame, work: Work) -> dict[str, pd.DataFrame]:
    """Cut comments into segments, tell whose words each is, and in which language: the tables segments and quotes."""
    with work.report.stage("tracing quotes", comments["post_id"].nunique()) as done:
        segments, quotes = quoting.traced(comments, posts, done)
        segments = quoting.mark(segments, quotes)
        said = quoting.spoken(segments)
        segments["concedes"] = noted(said)["concedes"]
    with work.report.stage("telling languages"):
        segments["language"] = languages(said)
    return {"segments": segments, "quotes": quotes}


def targeted(
    posts: pd.DataFrame, comments: pd.DataFrame, read: Mapping[str, pd.DataFrame], work: Work
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return what each segment answers, as `aim` does, and which of them the stance model is to judge (n,) bool."""
    targets = aim(read["segments"], read["quotes"], comments, posts)
    strange = foreign(looked_up(read["segments"]["language"], targets.index))
    # The static model cannot tell for or against what a bare argument is, whatever it answers.
    if work.settings.reads_english_only and work.settings.stance_model != static.MODEL:
        targets = at_the_title(targets, posts, strange.to_numpy(dtype=bool))
    return targets, to_judge(targets, strange, work.settings)


def stanced(targets: pd.DataFrame, judged: pd.DataFrame | None, work: Work) -> pd.DataFrame:
    """Judge each target's segment; what the earlier run `judged` already is taken over."""
    with work.report.stage("judging stance", len(targets)) as done:
        classifier = stance.StanceClassifier(work.settings.stance_model, work.threads, work.device, work.cache)
        return stance.judge(targets, classifier, done, judged)


def to_judge(targets: pd.DataFrame, foreign: pd.Series, settings: Settings) -> np.ndarray:
    """Tell which targets the stance model is to judge (n,) bool; `foreign` tells which are not in English.

    What has no word, and is no known sign of assent, is not judged. Our models read English: others are judged by a
    model that the user names, and the first look never drops them.
    """
    strange = foreign.to_numpy(dtype=bool)
    keep = np.array([not wordless(text) or stance_of(text) is not None for text in values(targets["text"])], dtype=bool)
    if not settings.thorough and settings.stance_model != static.MODEL:
        keep &= static.StaticStance().may_disagree(stance.seen(stance.as_pairs(stance.pairs_of(targets)))) | strange
    return keep & ~strange if settings.reads_english_only else keep
