"""What each prose segment answers: the words it quotes, else the best match in its parent, else the post's claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import among, looked_up
from threadkit.base.text import plain, shorten
from threadkit.dispute.addressed import Address, addressed
from threadkit.dispute.candidates import best_passages, needed, passages, scrap, weigh, wordless
from threadkit.dispute.quotes import around, own_words
from threadkit.dispute.segment import goes_on

if TYPE_CHECKING:
    from collections.abc import Mapping

# TF-IDF cosine from which a passage of the parent counts as what a segment answers; below it one passage stands for
# the whole parent. How often each is right on r/changemyview stands in models/TRIED.md.
MIN_MATCH = 0.15

# Characters of a target that are kept; about 50 of the stance model's tokens. Its cost grows with every token.
MAX_TARGET = 220

# Prose segments below a quote that answer it. Those further on go on with a matter of their own.
BELOW = 3

# A lead-in that says whose words follow: "As you said:".
_YOURS = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)


def answered(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return whose words each comment answers: a comment id, or `post <post_id>`; NA where nobody else's.

    Someone who goes on under their own comment answers what that comment answered; who names another author without
    having a parent answers that author, or nobody where that author is not there.
    """
    return _answered(comments, posts, addressed(comments, posts))


def _answered(comments: pd.DataFrame, posts: pd.DataFrame, called: Mapping[str, list[Address]]) -> pd.Series:
    author = comments["author"].to_dict()
    parent = comments["parent_id"].to_dict()
    post = comments["post_id"].to_dict()
    poster = posts["author"].to_dict()
    out: dict[str, str | None] = {}
    for comment_id in comments.sort_values("depth", kind="stable").index:
        above, own = parent[comment_id], author[comment_id]
        if pd.isna(above):
            mine = pd.notna(own) and poster.get(post[comment_id]) == own
            begins = next((call for call in called.get(comment_id, []) if not call.start), None)
            out[comment_id] = begins.said if begins else None if mine else f"post {post[comment_id]}"
        elif pd.notna(own) and author[above] == own:
            out[comment_id] = out[above]
        else:
            out[comment_id] = above
    return pd.Series(out, dtype="string").reindex(comments.index)


def _owners(prose: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> np.ndarray:
    """Return whose words each prose segment answers (n,); "" = nobody's. Each paragraph may name somebody else."""
    called = addressed(comments, posts)
    owner = looked_up(_answered(comments, posts, called), prose["comment_id"]).to_numpy(dtype=object, na_value="")
    later = {name: calls for name, calls in called.items() if calls[-1].start}
    for row in np.flatnonzero(among(prose["comment_id"], pd.Index(later, dtype="string"))):
        start = prose["start"].iloc[row]
        said = [call.said for call in later[prose["comment_id"].iloc[row]] if call.start <= start]
        owner[row] = (said[-1] or "") if said else owner[row]
    return owner


def quoted_above(segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Return, for each prose segment, which paragraph of the quote above it, BELOW segments away at most; NA = none.

    It is the last, unless an earlier paragraph of the same source shares more words with the segment. A quote without a
    word (an address, a smiley) is passed over, and what is brought up as evidence ("See what the survey says:"), from
    nobody known here, is nothing that the writer answers.
    """
    quote = (segments["kind"] == "quote").to_numpy(dtype=bool)
    run = _runs(segments, quotes, quote)
    quote[quote] = [not wordless(text) for text in values(segments["text"][quote])]
    place = pd.Series(np.arange(len(segments)), dtype="Int64").where(quote)
    place = place.groupby(segments["comment_id"].to_numpy(), sort=False).ffill()
    prose = (segments["kind"] == "prose").to_numpy(dtype=bool)
    held = place[prose].dropna()
    held = held[held.groupby(held.to_numpy(), sort=False).cumcount() < BELOW].astype(np.int64)
    held = held[~_cited(segments, quotes, run)[held]]
    rows, last = held.index.to_numpy(), held.to_numpy()
    ids = pd.Series(segments.index[_nearest(segments, run, quote, rows, last)], segments.index[rows], dtype="string")
    return ids.reindex(segments.index)


def _runs(segments: pd.DataFrame, quotes: pd.DataFrame, quote: np.ndarray) -> np.ndarray:
    """Return the row at which the quote of each row begins (n,), paragraphs of one source being one; else its own."""
    row = np.arange(len(segments))
    owner = segments["comment_id"].to_numpy()
    source = quotes["source_id"].reindex(segments.index).fillna("").to_numpy(dtype=object)
    same = quote[1:] & quote[:-1] & (owner[1:] == owner[:-1]) & (source[1:] == source[:-1])
    return np.maximum.accumulate(np.where(np.append(False, same), 0, row)) if len(row) else row


def _cited(segments: pd.DataFrame, quotes: pd.DataFrame, run: np.ndarray) -> np.ndarray:
    """Tell which quotes the writer brings up (n,): of unknown source, below own prose that leads to them.

    What "you" said is answered, though it is not found here.
    """
    unknown = quotes.index[(quotes["source_id"].isna() & quotes["via"].isna()).to_numpy(dtype=bool)]
    out = among(segments.index, unknown)
    owner, kind, text = (segments[name].to_numpy(dtype=object) for name in ("comment_id", "kind", "text"))
    # What prose holds in quotation marks stands between its row and the next.
    said = np.maximum.accumulate(np.where(kind != "inline", np.arange(len(segments)), 0))
    above = said[np.maximum(run - 1, 0)]
    out &= (run > 0) & (owner[above] == owner) & (kind[above] == "prose")
    out[out] = [lead.rstrip(" *_").endswith(":") and not _YOURS.search(lead) for lead in text[above[out]]]
    return out


def _nearest(
    segments: pd.DataFrame, run: np.ndarray, quote: np.ndarray, rows: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Return the row of the quoted paragraph that each of the prose `rows` (k,) answers, `last` or one above it."""
    several = np.flatnonzero(run[last] < last)
    if not len(several):
        return last
    replies, ends = rows[several], np.unique(last[several])
    # The last paragraph of each quote first: of those that are as near it is the best.
    spans = [np.arange(end, run[end] - 1, -1) for end in ends]
    quoted = np.concatenate(spans)
    texts = [plain(text) for text in values(segments["text"].iloc[np.concatenate([quoted, replies])])]
    able = quote[quoted] & np.array([not text.endswith(":") and not scrap(text) for text in texts[: len(quoted)]])
    size = np.array([len(span) for span in spans])
    first = np.cumsum(size) - size
    able[first] = True
    owners = segments["comment_id"].iloc[np.concatenate([quoted, replies])].to_numpy(dtype=str)
    which = np.searchsorted(ends, last[several])
    best, score = best_passages(
        np.arange(len(quoted), len(texts)), first[which], size[which], weigh(texts, owners), able.astype(np.int64)
    )
    out = last.copy()
    out[several] = np.where(score >= MIN_MATCH, quoted[best], last[several])
    return out


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
    owner = _owners(prose, comments, posts)
    known = np.array([name in texts.first for name in owner], dtype=bool)
    first = np.array([texts.first.get(name, 0) for name in owner], dtype=np.int64)
    count = np.array([texts.size.get(name, 1) for name in owner], dtype=np.int64)
    best, score = first, np.zeros(0)
    if len(prose):
        best, score = best_passages(rows, first, count, weights, needed(texts.texts, texts.stands))
        best = np.where(score >= MIN_MATCH, best, [texts.opening.get(name, 0) for name in owner])
    to_post = np.array([str(name).startswith("post ") for name in owner], dtype=bool)
    alike = score >= MIN_MATCH
    grants = goes_on(segments)[(segments["kind"] == "prose").to_numpy(dtype=bool)]
    # What turns answers what it granted before, if nothing tells more.
    turned = np.flatnonzero(grants[:-1] & alike[:-1] & ~alike[1:] & (owner[1:] == owner[:-1])) + 1
    best[turned], alike[turned] = best[turned - 1], True
    evidence = np.select([to_post & alike, to_post, alike], ["post", "claim", "parent"], "thread")
    out = pd.DataFrame(
        {
            "comment_id": prose["comment_id"],
            "target_id": texts.ids[best] if len(prose) else [],
            "target_text": [shorten(texts.texts[i], MAX_TARGET) for i in best],
            "evidence": evidence,
            "text": list(map(plain, values(own_words(segments).reindex(prose.index)))),
            "grants": grants,
        },
        index=prose.index,
    )
    quoted = quoted_inside(segments, quotes).fillna(quoted_above(segments, quotes)).reindex(out.index)
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
