"""Which objections say enough to be grouped: a bare "That is not true" is no point that could recur."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.base.text import prose_only, words

if TYPE_CHECKING:
    import pandas as pd

# Fewer words of content than this name no point: "This is literally not true at all." has none.
MIN_CONTENT = 4

# Words that judge an utterance instead of saying something about its subject.
_VERDICTS = frozenset(
    words("""
    true false wrong right correct incorrect agree disagree agreed point points argument arguments claim claims
    sense nonsense logic opinion comment comments post question questions answer thanks thank sorry fair reasonable
    confused ridiculous stupid dumb silly bullshit crap lol literally actually really simply obviously just yes no
    saying said say says mean means think thought know read reading understand believe
    """)
)


def content_words(text: str) -> set[str]:
    """Return the distinct words that say something: no stop words, no verdicts, no addresses.

    >>> sorted(content_words("That is literally not true, the poor pay the toll: https://example.org"))
    ['pay', 'poor', 'toll']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    found = {word.split("'")[0] for word in words(prose_only(text))}
    return {word for word in found if len(word) > 2 and word not in ENGLISH_STOP_WORDS and word not in _VERDICTS}


def says_something(texts: pd.Series) -> pd.Series:
    """Tell for each text whether it has MIN_CONTENT words of content and does not only announce what follows."""
    return texts.map(lambda text: not text.rstrip().endswith(":") and len(content_words(text)) >= MIN_CONTENT).astype(
        bool
    )
