"""Where a disagreement may move: what people say would change their mind, and questions that nobody answered.

Both are found by the words alone and shown verbatim: nothing is judged here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from threadkit.base.text import plain, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threadkit.corpus.analysis import Analysis

_I = r"\bi(?:'d|'ll|\s+(?:would|will|could|might|may|can))"
_VIEW = r"(?:mind|view|opinion|position|stance|estimate|belief|objection)"
_WON = r"(?:convinced|persuaded|swayed|won over|reassured|satisfied)"
_EVIDENCE = r"(?:evidence|data|result|study|experiment|observation)s?"
_YIELD = r"(?:concede|retract|recant|withdraw|admit|apologi[sz]e|come\s+around|back\s+down|eat\s+my\s+(?:hat|words))"
# What people write when they name what would move them. Each pattern stands for one way of saying it; the sentences
# in tests/corpus/test_openings.py show what each is for, and what it must leave alone: a mind that has changed already
# is a concession, and a wish that somebody else's mind would change is none of this.
WOULD_CHANGE = tuple(
    re.compile(pattern)
    for pattern in (
        # "What would change my mind is a second count."  "Nothing short of a trial would change my mind."
        rf"\b(?:would|could|might|may|will|to|can|'d)\s+(?:\w+\s+)?(?:change|shift|move|sway)\s+(?:my|our)\s+{_VIEW}",
        # "I would change my mind if the count were repeated."
        rf"{_I}\s+(?:\w+\s+)?(?:change|revise|reconsider|update|rethink|drop|abandon|reverse)\s+(?:my\s+|our\s+)?"
        + _VIEW,
        # "I'd update toward you if …"
        rf"{_I}\s+(?:\w+\s+)?update\s+(?:on|toward|towards|away|if|in)\b",
        # "I would be convinced by a map."  "I might be persuaded if …"
        rf"{_I}\s+(?:\w+\s+)?be\s+(?:\w+\s+)?{_WON}\s+(?:by|if|when|once|that)\b",
        # "I'll concede if you can show one."
        rf"{_I}\s+(?:\w+\s+)?{_YIELD}\b[^.?!]*\b(?:if|when|once)\b",
        rf"\b(?:if|when|once)\b[^.?!]*{_I}\s+(?:\w+\s+)?{_YIELD}\b",
        # "What would convince me is …"  "That would persuade me."
        r"\b(?:would|could|might|'d|to)\s+(?:\w+\s+)?(?:convince|persuade|satisfy|sway|reassure)\s+(?:me|us)\b",
        # "Convince me that the gate holds."  "Prove me wrong."
        r"(?:^|[.;:,]\s*|\bplease\s+)(?:convince\s+me|prove\s+me\s+wrong|change\s+my\s+(?:mind|view))\b",
        # "Show me one town where it worked and I will agree."
        rf"\bshow\s+(?:me|us)\b[^.?!]*\band\s+{_I}",
        # "I would need to see the accounts before I believe it."
        rf"{_I}\s+(?:\w+\s+)?(?:need|want|have|like)\s+to\s+see\b[^.?!]*\b(?:before|to\s+(?:be|change|believe|agree|accept)|in\s+order)\b",
        # "If it turned out that the wells are dry, I would be wrong."
        rf"\bif\b[^.?!]*{_I}\s+be\s+(?:wrong|mistaken)\b",
        r"\bi(?:'d|\s+would|'ll|\s+will)\s+be\s+(?:wrong|mistaken)\s+(?:if|when)\b",
        # "My crux is whether …"  "The crux for me is …"
        r"\b(?:my|a|the|one)\s+(?:main\s+|real\s+)?crux(?:es)?\s+(?:here\s+|for\s+me\s+)?(?:is|are|would be|was)\b",
        # "The evidence that would settle it for me is …"
        rf"\b{_EVIDENCE}\s+(?:that|which)\s+would\s+(?:settle|decide|refute|falsify|disprove)\b",
        rf"\bwhat\s+{_EVIDENCE}\s+would\s+(?:convince|change|persuade|falsify|settle)\b",
    )
)  # fmt: skip
# A question of fewer words ("Why?", "Really?") asks nothing that a reader could take up later.
MIN_QUESTION_WORDS = 4
_BAIT = re.compile(r"^(?:who cares|so what|are you (?:kidding|serious|joking)|what the)\b")


def would_change(sentence: str) -> bool:
    """Tell whether a sentence names what would change its writer's mind.

    >>> would_change("I would change my mind if the count were repeated.")
    True
    >>> would_change("You have changed my mind, thank you.")
    False
    """
    folded = " ".join(sentence.replace("\u2019", "'").lower().split())
    return any(pattern.search(folded) for pattern in WOULD_CHANGE)


def asks(sentence: str) -> bool:
    """Tell whether a sentence is a question that can be answered.

    >>> asks("Who pays for the second bridge?"), asks("Really?")
    (True, False)
    """
    bare = sentence.rstrip("\"'\u201d\u2019)]* ")
    return bare.endswith("?") and len(bare.split()) >= MIN_QUESTION_WORDS and not _BAIT.match(bare.lower())


class Openings:
    """The sentences around each crux that say what would change a mind, and its open questions.

    A comment is around a crux when it objects, defends or answers there, or answers one that does.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        segments = analysis.segments
        self._prose = segments[segments["kind"] == "prose"].groupby("comment_id", sort=False)["text"].apply(list)
        comments = analysis.comments
        self._replies = comments.groupby("parent_id", sort=False).groups
        others = comments["author"].isna() | (
            comments["author"] != comments["author"].reindex(comments["parent_id"]).array
        ).fillna(value=True)
        self._replied = set(comments["parent_id"][others & (comments["status"] == "live")].dropna())

    def would_change(self, crux_id: int) -> pd.DataFrame:
        """Return a row a sentence: comment_id, text; best karma first."""
        return self._said(self._around(crux_id), would_change)

    def questions(self, crux_id: int) -> pd.DataFrame:
        """Return the questions asked around a crux in comments that nobody else answered: comment_id, text."""
        return self._said([name for name in self._around(crux_id) if name not in self._replied], asks)

    def _around(self, crux_id: int) -> list[str]:
        """List the comments around a crux, in the order of the corpus."""
        analysis = self.analysis
        crux = analysis.crux(crux_id)
        on_it = {
            *crux.sides["comment_id"].dropna(),
            *crux.objections["comment_id"],
            *crux.answers["answer_id"].dropna(),
        }
        near = on_it.union(*(self._replies.get(name, ()) for name in on_it))
        rows = analysis.comments.index.get_indexer(pd.Index(sorted(near), dtype="string"))
        return analysis.comments.index[sorted(int(row) for row in rows if row >= 0)].tolist()

    def _said(self, comments: list[str], wanted: Callable[[str], bool]) -> pd.DataFrame:
        rows = [(name, sentence) for name in comments for sentence in self._sentences(name) if wanted(sentence)]
        found = pd.DataFrame(rows, columns=["comment_id", "text"], dtype="string").drop_duplicates("text")
        karma = self.analysis.comments["karma"].reindex(found["comment_id"]).array
        order = found.assign(karma=karma).sort_values("karma", ascending=False, kind="stable", na_position="last")
        return found.loc[order.index].reset_index(drop=True)

    def _sentences(self, comment_id: str) -> Iterator[str]:
        for paragraph in self._prose.get(comment_id, ()):
            yield from sentences(plain(paragraph))
