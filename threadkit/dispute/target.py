"""What each prose segment answers: the words it quotes, else the best match in its parent, else the post's claim."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from threadkit.base.columns import values
from threadkit.base.lookup import among, looked_up
from threadkit.base.text import fold, plain, shorten
from threadkit.dispute.quotes import around, own_words
from threadkit.dispute.segment import pieces

# TF-IDF cosine from which a passage of the parent counts as what a segment answers; below it the parent's
# opening words stand for the whole parent.
MIN_MATCH = 0.08

# Characters of a target that are kept; about 50 of the stance model's tokens. Its cost grows with every token.
MAX_TARGET = 220


# What counts as a word when passages are compared: three letters or more.
LONG_WORD = r"[^\W\d_]{3,}"


class Passages(NamedTuple):
    """Prose passages of comments and posts: one row a passage, those of one owner side by side."""

    ids: np.ndarray
    texts: list[str]
    posts: np.ndarray
    first: dict[str, int]
    size: dict[str, int]


def passages(segments: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> Passages:
    """Collect the prose segments of comments, and the prose paragraphs of posts (ids `post_id:n`)."""
    prose = segments[segments["kind"] == "prose"]
    ids, texts, owners = values(prose.index), list(map(plain, values(prose["text"]))), values(prose["comment_id"])
    where = values(looked_up(comments["post_id"], prose["comment_id"]))
    for post_id, title, text in zip(*map(values, (posts.index, posts["title"], posts["text"])), strict=True):
        if title is not None:
            ids.append(post_id)
            texts.append(plain(title))
            owners.append(f"post {post_id}")
            where.append(post_id)
        for n, piece in enumerate(pieces(text)):
            if piece.kind == "prose":
                ids.append(f"{post_id}:{n}")
                texts.append(plain(text[piece.start : piece.stop]))
                owners.append(f"post {post_id}")
                where.append(post_id)
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for row, owner in enumerate(owners):
        first.setdefault(owner, row)
        count[owner] = count.get(owner, 0) + 1
    return Passages(np.array(ids, dtype=object), texts, np.array(where, dtype=str), first, count)


def weigh(texts: list[str], groups: np.ndarray) -> sparse.csr_matrix:
    """Return TF-IDF rows of unit length (n, words); a word is rare or common within its own group (n,), here a post.

    So the words of one thread weigh the same whatever else is read with it, and what its subject is weighs little.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    vectorizer = CountVectorizer(preprocessor=fold, token_pattern=LONG_WORD, dtype=np.float32)
    try:
        counts = sparse.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # no text has a word of three letters
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
    group = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    row = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    _, place, with_word = np.unique(
        group[row] * counts.shape[1] + counts.indices, return_inverse=True, return_counts=True
    )
    n_texts = np.bincount(group)[group[row]]
    rarity = np.log((1 + n_texts) / (1 + with_word[place])) + 1
    counts.data = ((1 + np.log(counts.data)) * rarity).astype(np.float32)
    return sparse.csr_matrix(normalize(counts))


def best_passages(
    rows: np.ndarray, first: np.ndarray, count: np.ndarray, weights: sparse.csr_matrix
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each row, the best of the passages first..first+count, and its cosine.

    All pairs are laid out in one array and multiplied in chunks: linear in their number.
    """
    best = first.copy()
    score = np.zeros(len(rows), dtype=np.float32)
    ends = np.cumsum(count)
    for start in range(0, len(rows), 4096):
        part = slice(start, start + 4096)
        sizes = count[part]
        offset = np.arange(sizes.sum()) - np.repeat(ends[part] - sizes - (ends[start] - count[start]), sizes)
        left, right = np.repeat(rows[part], sizes), np.repeat(first[part], sizes) + offset
        cosine = np.asarray(weights[left].multiply(weights[right]).sum(axis=1)).ravel()
        starts = np.cumsum(sizes) - sizes
        top = np.maximum.reduceat(cosine, starts)
        where = np.flatnonzero(cosine == np.repeat(top, sizes))
        owner = np.repeat(np.arange(len(sizes)), sizes)[where]
        lowest = np.unique(owner, return_index=True)[1]
        best[part], score[part] = right[where[lowest]], top
    return best, score


def answered(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return whose words each comment answers: a comment id, or `post <post_id>`; NA where nobody else's.

    Someone who goes on under their own comment answers what that comment answered.
    """
    author = comments["author"].to_dict()
    parent = comments["parent_id"].to_dict()
    post = comments["post_id"].to_dict()
    poster = posts["author"].to_dict()
    out: dict[str, str | None] = {}
    for comment_id in comments.sort_values("depth", kind="stable").index:
        above, own = parent[comment_id], author[comment_id]
        if pd.isna(above):
            mine = pd.notna(own) and poster.get(post[comment_id]) == own
            out[comment_id] = None if mine else f"post {post[comment_id]}"
        elif pd.notna(own) and author[above] == own:
            out[comment_id] = out[above]
        else:
            out[comment_id] = above
    return pd.Series(out, dtype="string").reindex(comments.index)


def quoted_above(segments: pd.DataFrame) -> pd.Series:
    """Return, for each prose segment, the quote segment that stands last before it in the same comment; NA = none."""
    ids = pd.Series(segments.index, index=segments.index, dtype="string").where(segments["kind"] == "quote")
    return ids.groupby(segments["comment_id"].to_numpy(), sort=False).ffill()


def quoted_inside(segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Return, for each prose segment, the longest traced span that it holds in quotation marks; NA = none."""
    traced = quotes.index[quotes["source_id"].notna()]
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
    out); index segment_id. Evidence is `quote` (the words quoted inside or above it), `parent` (a passage of the
    comment it answers), `thread` (that comment's opening words), `post` (a passage of the post) or `claim` (the
    post's title or first words).
    """
    texts = passages(segments, comments, posts)
    weights = weigh(texts.texts, texts.posts)
    prose = segments[segments["kind"] == "prose"]
    rows = np.arange(len(prose))  # passages begins with the prose segments
    owner = looked_up(answered(comments, posts), prose["comment_id"]).to_numpy(dtype=object, na_value="")
    known = np.array([name in texts.first for name in owner], dtype=bool)
    first = np.array([texts.first.get(name, 0) for name in owner], dtype=np.int64)
    count = np.array([texts.size.get(name, 1) for name in owner], dtype=np.int64)
    best, score = best_passages(rows, first, count, weights) if len(prose) else (first, np.zeros(0))
    best = np.where(score >= MIN_MATCH, best, first)
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
