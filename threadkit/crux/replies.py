"""Which comments may answer an objection, and which of their words do: replies, quotes, and the author further down."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from threadkit.base.lookup import among, looked_up, true
from threadkit.base.text import plain, sentences
from threadkit.crux.content import content_words

# Both were chosen by reading answers in real threads; tests/test_demo_ledger.py holds the result to planted truth.
# A comment of at most so many paragraphs is answered as a whole; in a longer one a reply that quotes nothing answers
# the paragraphs that it speaks of.
MAX_WHOLE = 5

# Words of content that a reply must share with an objection to speak of it.
MIN_SHARED = 2


def find_replies(
    own: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame, segments: pd.DataFrame, quotes: pd.DataFrame
) -> pd.DataFrame:
    """Pair each objection with the live comments that may answer it: one row a pair.

    `own` are objections with the columns comment_id, start and stop (of the segment in its comment). Columns
    of the result: objection (segment_id), source (its comment), reply (comment_id), n_between (comments that
    stand between them; NA = the reply is elsewhere and quotes it), quoting (it quotes words of the objection).
    A comment that quotes other passages of the objecting comment, and none of the objection, answers those.
    """
    live = comments[true(comments["status"] == "live")]
    below = pd.concat([_direct(own, live), _author_below(own, live, comments, posts)])
    below = own_pairs(own).merge(below, on="source")
    quoted = quotations(own, segments, quotes)
    quoted = quoted[among(quoted["reply"], live.index)]
    hits = quoted.loc[quoted["hit"], ["objection", "source", "reply"]].drop_duplicates().assign(quoting=True)
    pairs = below.merge(hits, on=["objection", "source", "reply"], how="outer")
    pairs["quoting"] = true(pairs["quoting"].eq(True))
    elsewhere = pd.MultiIndex.from_frame(quoted[["source", "reply"]])
    answers_those = pd.MultiIndex.from_frame(pairs[["source", "reply"]]).isin(elsewhere) & ~pairs["quoting"]
    return pairs[~answers_those & (pairs["reply"] != pairs["source"])].reset_index(drop=True)


def own_pairs(own: pd.DataFrame) -> pd.DataFrame:
    """Return the objections and their comments as columns objection and source."""
    return pd.DataFrame({"objection": own.index, "source": own["comment_id"].to_numpy()}, dtype="string")


def _direct(own: pd.DataFrame, live: pd.DataFrame) -> pd.DataFrame:
    found = live.loc[among(live["parent_id"], own["comment_id"]), "parent_id"]
    return _below(found, 0)


def _below(found: pd.Series, n_between: int) -> pd.DataFrame:
    columns = {"source": found.to_numpy(), "reply": found.index.to_numpy()}
    return pd.DataFrame(columns, dtype="string").assign(n_between=pd.array([n_between] * len(found), dtype="Int32"))


def _author_below(own: pd.DataFrame, live: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return the comments of the post's author that answer somebody else's question directly under an objecting one."""
    asks = true(comments["text"].str.contains("?", regex=False))
    asked = comments[asks & among(comments["parent_id"], own["comment_id"])]
    objector = looked_up(comments["author"], asked["parent_id"]).set_axis(asked.index)
    asked = asked[true(asked["author"] != objector) & ~true(by_post_author(asked, posts))]
    found = live.loc[among(live["parent_id"], asked.index) & true(by_post_author(live, posts)), "parent_id"]
    return _below(looked_up(asked["parent_id"], found).set_axis(found.index), 1)


def by_post_author(comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Tell for each comment whether the author of its post wrote it; unknown authors did not."""
    poster = looked_up(posts["author"], comments["post_id"]).set_axis(comments.index)
    return (comments["author"] == poster).fillna(False).astype(bool)


def quotations(own: pd.DataFrame, segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each objection and each quote of its comment.

    Columns: objection, source, reply (the comment that quotes), quote (segment_id), hit (whether the quote
    repeats words of the objection, and not only others of its comment).
    """
    found = quotes[among(quotes["source_id"], own["comment_id"])]
    rows = pd.DataFrame(
        {
            "source": found["source_id"],
            "reply": looked_up(segments["comment_id"], found.index),
            "quote": found.index,
            "quote_start": found["start"],
            "quote_stop": found["stop"],
        }
    )
    rows = own_pairs(own).assign(start=own["start"].to_numpy(), stop=own["stop"].to_numpy()).merge(rows, on="source")
    hit = (rows["quote_start"] < rows["stop"]) & (rows["quote_stop"] > rows["start"])
    return rows[["objection", "source", "reply", "quote"]].assign(hit=true(hit))


def words_of(pairs: pd.DataFrame, own: pd.DataFrame, segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the prose of each reply that takes up the objection: one row a pair and segment, in order.

    Under a quote of the objection, the prose that follows it, or that holds it in quotation marks; in a reply without
    one, all prose that does not follow a quote of other passages of the objecting comment, or of somebody else.
    Columns: objection, reply, part, text.
    """
    prose, heads = _under_quotes(segments[among(segments["comment_id"], pairs["reply"])])
    quoted = quotations(own.loc[among(own.index, pairs["objection"])], segments, quotes)
    quoted = quoted.merge(heads.rename_axis("quote").reset_index(), on="quote")
    runs = quoted.groupby(["objection", "reply", "run"], as_index=False)["hit"].any()
    rows = pairs[["objection", "reply", "n_between"]].merge(prose, on="reply")
    rows = rows.merge(runs, on=["objection", "reply", "run"], how="left")
    rows = rows.merge(_of_others(heads, segments, quotes), on=["reply", "run"], how="left")
    under = rows["hit"].eq(True).fillna(False).astype(bool)
    has = under.groupby([rows["objection"], rows["reply"]]).transform("any")
    free = rows["hit"].isna() & rows["other"].isna() & ~has & rows["n_between"].notna()
    return rows.loc[under | free, ["objection", "reply", "part", "text"]].reset_index(drop=True)


def _of_others(heads: pd.Series, segments: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that quote somebody else, one row each: reply, run, other (the first source).

    Who repeats their own words, or holds others' inside a sentence, still speaks to whom they answer.
    """
    told = quotes["source_id"].notna() & (quotes["form"] != "inline").fillna(value=True)
    found = quotes[true(told) & ~true(quotes["of_self"]) & among(quotes.index, heads.index)]
    runs = pd.DataFrame(
        {
            "reply": looked_up(segments["comment_id"], found.index).array,
            "run": looked_up(heads, found.index).to_numpy(dtype="int64"),
            "other": found["source_id"].array,
        }
    )
    return runs.drop_duplicates(["reply", "run"])


def _under_quotes(segments: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the prose with the number of the run of quotes that it follows (0 = none), and each quote's run.

    Words that a paragraph holds in quotation marks (kind inline) stand before it as a quote would.
    """
    rows = segments.rename_axis("part").reset_index().sort_values(["comment_id", "start"])
    rows = rows[rows["kind"] != "code"]
    inline = rows["kind"] == "inline"
    rows["place"] = rows["start"].mask(inline).groupby(rows["comment_id"]).ffill()
    rows = rows.assign(inline=~inline).sort_values(["comment_id", "place", "inline"], kind="stable")
    quote = rows["kind"].isin(["quote", "inline"])
    before = quote.astype("int8").groupby(rows["comment_id"]).shift(fill_value=0) == 1
    rows["run"] = (quote & ~before).astype("int64").groupby(rows["comment_id"]).cumsum()
    prose = rows.loc[~quote, ["comment_id", "part", "run", "text"]].rename(columns={"comment_id": "reply"})
    prose["text"] = prose["text"].map(plain).astype("string")
    return prose, rows.loc[quote].set_index("part")["run"]


def speaks_of(
    pairs: pd.DataFrame, texts: pd.Series, own: pd.DataFrame, comments: pd.DataFrame, segments: pd.DataFrame
) -> pd.Series:
    """Tell for each pair whether the reply speaks of the objection: bool, index as `pairs`.

    It does when it quotes it, or answers a comment of at most MAX_WHOLE paragraphs directly. Else it must share
    MIN_SHARED words of content with it, of which a question that it answers may hold all but one.
    `texts` are the replies'.
    """
    prose = segments.loc[true(segments["kind"] == "prose"), "comment_id"].value_counts()
    whole = ~among(pairs["source"], prose.index[prose > MAX_WHOLE])
    direct = true(pairs["n_between"] == 0)
    out = true(pairs["quoting"]) | (direct & whole)
    rest = pairs[~out]
    parents = looked_up(comments["parent_id"], rest["reply"])
    above = looked_up(comments["text"], parents).where(true(rest["n_between"] == 1), "")
    said = looked_up(own["text"], rest["objection"])
    shared = [_shares(*row) for row in zip(said, texts[rest.index], above, strict=True)]
    out[~out] = np.array(shared, dtype=bool)
    return pd.Series(out, pairs.index)


def _shares(objection: str, reply: str, above: str) -> bool:
    asked = " ".join(part for part in sentences(plain(above)) if part.endswith("?"))
    wanted, told = _stems(objection), _stems(reply)
    return bool(wanted & told) and len(wanted & (told | _stems(asked))) >= MIN_SHARED


def _stems(text: str) -> set[str]:
    return {re.sub(r"(?:ies|y)$", "i", word).removesuffix("s") for word in content_words(text)}
