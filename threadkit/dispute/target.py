"""What each prose segment answers: the words it quotes, else the best match in its parent, else the post's claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import among, looked_up
from threadkit.base.text import plain, shorten
from threadkit.dispute.addressed import addressed
from threadkit.dispute.candidates import best_passages, passages, weigh, wordless
from threadkit.dispute.quotes import around, own_words
from threadkit.dispute.segment import goes_on

# TF-IDF cosine from which a passage of the parent counts as what a segment answers; below it one passage stands for
# the whole parent. How often each is right on r/changemyview stands in models/TRIED.md.
MIN_MATCH = 0.15

# Characters of a target that are kept; about 50 of the stance model's tokens. Its cost grows with every token.
MAX_TARGET = 220

# Prose segments below a quote that answer it. Those further on go on with a matter of their own.
BELOW = 3


def answered(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return whose words each comment answers: a comment id, or `post <post_id>`; NA where nobody else's.

    Someone who goes on under their own comment answers what that comment answered; who names another author without
    having a parent answers that author.
    """
    called = addressed(comments)
    author = comments["author"].to_dict()
    parent = comments["parent_id"].to_dict()
    post = comments["post_id"].to_dict()
    poster = posts["author"].to_dict()
    out: dict[str, str | None] = {}
    for comment_id in comments.sort_values("depth", kind="stable").index:
        above, own = parent[comment_id], author[comment_id]
        if pd.isna(above):
            mine = pd.notna(own) and poster.get(post[comment_id]) == own
            out[comment_id] = called.get(comment_id, None if mine else f"post {post[comment_id]}")
        elif pd.notna(own) and author[above] == own:
            out[comment_id] = out[above]
        else:
            out[comment_id] = above
    return pd.Series(out, dtype="string").reindex(comments.index)


def quoted_above(segments: pd.DataFrame) -> pd.Series:
    """Return, for each prose segment, the quote that stands last before it, BELOW segments at most; NA = none.

    A quote without a word (an address, a smiley) is passed over.
    """
    quote = (segments["kind"] == "quote").to_numpy(dtype=bool)
    quote[quote] = [not wordless(text) for text in values(segments["text"][quote])]
    ids = (
        pd.Series(segments.index, index=segments.index, dtype="string")
        .where(quote)
        .groupby(segments["comment_id"].to_numpy(), sort=False)
        .ffill()
    )
    prose = (segments["kind"] == "prose").to_numpy(dtype=bool)
    held = ids[prose]
    far = held.groupby(held.array, sort=False, dropna=False).cumcount() >= BELOW
    return held.mask(far).reindex(segments.index)


def quoted_inside(segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Return, for each prose segment, the longest span of others that it holds in quotation marks; NA = none."""
    traced = quotes.index[quotes["source_id"].notna() & ~quotes["of_self"].fillna(value=False)]
    inline = segments[(segments["kind"] == "inline") & among(segments.index, traced)]
    inline = inline.assign(size=inline["text"].str.len(), around=around(inline.index))
    first = inline.sort_values("size", ascending=False, kind="stable").drop_duplicates("around")
    return pd.Series(first.index, index=first["around"], dtype="string").reindex(segments.index)


def aim(
    segments: pd.DataFrame,
    quotes: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
) -> pd.DataFrame:
    """Give each prose segment that answers somebody else's words its target.

    Returns a table like stances without its probabilities, plus `text` (its own words, those that it quotes left
    out) and `grants` (whether its paragraph turns after it); index segment_id. Evidence is `quote` (the words quoted
    inside or above it), `parent` (a passage of the comment it answers), `thread` (the passage that stands for that
    comment), `post` (a passage of the post) or `claim` (the post's title or first words).
    """
    texts = passages(segments, comments, posts)
    weights = weigh(texts.compared, texts.posts)
    prose = segments[segments["kind"] == "prose"]
    rows = np.arange(len(prose))  # passages begins with the prose segments
    owner = looked_up(answered(comments, posts), prose["comment_id"]).to_numpy(dtype=object, na_value="")
    known = np.array([name in texts.first for name in owner], dtype=bool)
    first = np.array([texts.first.get(name, 0) for name in owner], dtype=np.int64)
    count = np.array([texts.size.get(name, 1) for name in owner], dtype=np.int64)
    best, score = first, np.zeros(0)
    if len(prose):
        best, score = best_passages(rows, first, count, weights, texts.stands)
        best = np.where(score >= MIN_MATCH, best, [texts.opening.get(name, 0) for name in owner])
    to_post = np.array([str(name).startswith("post ") for name in owner], dtype=bool)
    evidence = np.select(
        [to_post & (score >= MIN_MATCH), to_post, score >= MIN_MATCH], ["post", "claim", "parent"], "thread"
    )
    out = pd.DataFrame(
        {
            "comment_id": prose["comment_id"],
            "target_id": texts.ids[best] if len(prose) else [],
            "target_text": [shorten(texts.texts[i], MAX_TARGET) for i in best],
            "evidence": evidence,
            "text": list(map(plain, values(own_words(segments).reindex(prose.index)))),
            "grants": goes_on(segments)[(segments["kind"] == "prose").to_numpy(dtype=bool)],
        },
        index=prose.index,
    )
    quoted = quoted_inside(segments, quotes).fillna(quoted_above(segments)).reindex(out.index)
    out = _prefer_quotes(out, known, segments, quotes, quoted)
    out["post_id"] = looked_up(comments["post_id"], out["comment_id"]).to_numpy()
    out["author"] = looked_up(comments["author"], out["comment_id"]).to_numpy()
    return out


def _prefer_quotes(
    targets: pd.DataFrame, known: np.ndarray, segments: pd.DataFrame, quotes: pd.DataFrame, quote: pd.Series
) -> pd.DataFrame:
    has = quote.notna().to_numpy()
    # Words that the source only quotes from elsewhere are not its own: the quote itself is what is answered.
    source = quotes["source_id"].mask(quotes["via"].eq(quotes["source_id"]).fillna(value=False)).reindex(quote[has])
    words = segments["text"].reindex(quote[has])
    out = targets.copy()
    out.loc[has, "evidence"] = "quote"
    out.loc[has, "target_id"] = source.fillna(pd.Series(source.index, index=source.index)).to_numpy()
    out.loc[has, "target_text"] = [shorten(plain(text.replace("\n>", "\n")), MAX_TARGET) for text in values(words)]
    return out[known | has]
