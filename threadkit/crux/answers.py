"""The ledger: was each objection answered, by whom, did the objector concede, and did the crux come back."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from threadkit.base.lookup import among, looked_up, true
from threadkit.base.text import fold, plain, sentences, shorten, words
from threadkit.corpus.owners import owners
from threadkit.corpus.scored import is_scored
from threadkit.corpus.tables import ANSWERS
from threadkit.corpus.tree import parent_rows
from threadkit.crux.content import content_words
from threadkit.crux.replies import by_post_author, find_replies, speaks_of, words_of

# Characters of an answer that the ledger keeps.
MAX_ANSWER = 600

# This and MAX_BELOW were chosen by reading answers in real threads; tests/test_demo_ledger.py holds the result to
# planted truth. Words of content and numbers that an answer must have, questions and thanks left out.
MIN_SAID = 3

# Levels below an objection at which a concession is still looked for: further down the talk has moved on.
MAX_BELOW = 8

# Sentences that ask, thank or wish to see more, and answer nothing.
_ASKS = re.compile(
    r"\?[\"')]*$"
    r"|^(?:many )?thank(?:s| you)\b"
    r"|^(?:oh |sure,? |yes,? )?please\b(?: (?:do|explain|give|link|post|send|share|tell|write)\b|[,.!]|$)"
    r"|^(?:oh |sure |yes,? )please\b"
    r"|^(?:i'd|i would) (?:like|love|be (?:curious|glad|happy|interested)) to "
    r"(?:compare|hear|know|learn|look|read|see)\b"
    r"|^i(?:'m| am) (?:curious|interested|wondering)\b|^i wonder\b"
)


def take_up(
    objections: pd.DataFrame,
    comments: pd.DataFrame,
    posts: pd.DataFrame,
    segments: pd.DataFrame,
    quotes: pd.DataFrame,
    concessions: pd.Series,
    stances: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the ledger (table answers): one row for each objection that is in a crux and no copy.

    An objection is answered when the post's author took it up, be it that they rebut or concede it, or when
    somebody else did in a reply that the readers scored higher; unknown karma is no higher one. The objector's
    own words, bots, deleted comments and replies that say nothing answer nothing. Where `stances` are given,
    somebody else's reply must disagree with words of the objecting comment: it could be support, a question, a
    joke, or disagree with whom the objector objects to. Then, where a site scores nothing (corpus/scored.py), no
    reply must be scored higher.
    `concessions` is what `dispute.concede.concedes` returns, bool per segment_id.
    """
    own = occurrences(objections, comments, segments)
    pairs = find_replies(own, comments, posts, segments, quotes)
    pairs = _allowed(pairs, own, comments, posts, unscored=stances is not None)
    parts = words_of(pairs, own, segments, quotes)
    against = None if stances is None else _against(stances, comments, posts)
    pairs = _taken_up(pairs, parts, own, concessions, against)
    pairs = pairs[speaks_of(pairs, pairs["answer_text"], own, comments, segments)].reset_index(drop=True)
    pairs["concession_id"] = _conceded(pairs, comments, _conceding(segments, concessions, stances))
    best = best_first(pairs).drop_duplicates("objection").set_index("objection")
    ledger = own.join(best[[name for name in best if name not in own and name in ANSWERS.columns]])
    ledger["answer_text"] = ledger["answer_text"].map(lambda text: shorten(text, MAX_ANSWER), na_action="ignore")
    ledger["answered"] = ledger["answer_id"].notna()
    ledger["conceded"] = ledger["concession_id"].notna()
    ledger["came_back"] = _came_back(ledger)
    return ANSWERS.cast(ledger.rename_axis("segment_id"))


def occurrences(objections: pd.DataFrame, comments: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the objections that count (in a crux, no copies), with their place, scores and time."""
    counted = true(objections["crux_id"].notna() & objections["copy_of"].isna())
    own = objections.loc[counted, ["crux_id", "post_id", "comment_id", "author"]].sort_index()
    facts = looked_up(comments[["karma", "agreement", "posted_at"]], own["comment_id"]).set_axis(own.index)
    place = looked_up(segments[["start", "stop", "text"]], own.index)
    return own.assign(**facts.rename(columns={"posted_at": "objected_at"}), **place)


def best_first(answers: pd.DataFrame) -> pd.DataFrame:
    """Sort answers: those conceded to, the post author's, straight ones, better liked ones, earlier ones, by id."""
    keys = pd.DataFrame(
        {
            "conceded": answers["concession_id"].isna(),
            "author": ~answers["by_post_author"].fillna(False).astype(bool),
            "between": answers["n_between"].fillna(0).astype("int64") if "n_between" in answers else 0,
            "margin": -answers["karma_margin"].astype("Float64"),
            "at": answers["answered_at"],
            "id": answers["answer_id"],
        }
    )
    order = keys.reset_index(drop=True).sort_values(keys.columns.tolist(), na_position="last", kind="stable").index
    return answers.take(order.to_numpy())


def sum_up(ledger: pd.DataFrame) -> pd.DataFrame:
    """Sum the ledger up for each crux: index crux_id, columns as in the table cruxes.

    n_answered: posts on which it was answered. n_conceded: objections whose author conceded. n_after_answer:
    other posts on which known others raised it after its first answer. best_answer_id: NA = never answered.
    """
    answered = ledger[ledger["answered"]]
    first = answered.dropna(subset=["answered_at", "author"]).sort_values(["answered_at", "answer_id"])
    first = first.drop_duplicates("crux_id").set_index("crux_id").reindex(ledger["crux_id"]).set_axis(ledger.index)
    again = ledger["objected_at"] > first["answered_at"]
    again &= (ledger["post_id"] != first["post_id"]) & (ledger["author"] != first["author"])
    out = pd.DataFrame(index=pd.Index(ledger["crux_id"].unique(), dtype="int32", name="crux_id").sort_values())
    out["n_answered"] = answered.groupby("crux_id")["post_id"].nunique()
    out["n_conceded"] = ledger.groupby("crux_id")["conceded"].sum()
    out["n_after_answer"] = ledger[true(again)].groupby("crux_id")["post_id"].nunique()
    out = out.fillna(0).astype("int32")
    out["best_answer_id"] = best_first(answered).drop_duplicates("crux_id").set_index("crux_id")["answer_id"]
    return out


def _allowed(
    pairs: pd.DataFrame, own: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame, *, unscored: bool
) -> pd.DataFrame:
    """Keep the replies of the post's author, and better scored ones of others; never those of who object alike.

    With `unscored`, also all those of others where a site scores nothing.
    """
    answer = looked_up(comments[["post_id", "author", "posted_at", "karma", "agreement"]], pairs["reply"])
    answer = answer.assign(by_post_author=by_post_author(answer, posts)).set_axis(pairs.index)
    to = looked_up(own[["author", "karma", "agreement", "objected_at"]], pairs["objection"]).set_axis(pairs.index)
    pairs = pairs.assign(
        answer_id=pairs["reply"],
        answer_author=answer["author"],
        by_post_author=answer["by_post_author"],
        answered_at=answer["posted_at"],
        karma_margin=answer["karma"] - to["karma"],
        agreement_margin=answer["agreement"] - to["agreement"],
        objector=to["author"],
    )
    crux = looked_up(own["crux_id"], pairs["objection"]).to_numpy()
    alike = pd.MultiIndex.from_frame(own[["crux_id", "author"]].dropna())
    same = pd.MultiIndex.from_arrays([crux, pairs["answer_author"]]).isin(alike)
    earlier = true(pairs["answered_at"] < to["objected_at"])
    enough = true(pairs["by_post_author"]) | true(pairs["karma_margin"] > 0)
    if unscored:
        enough |= ~true(looked_up(is_scored(comments, posts).astype("boolean"), answer["post_id"]))
    allowed: pd.DataFrame = pairs[enough & ~same & ~earlier]
    return allowed.reset_index(drop=True)


def _against(stances: pd.DataFrame, comments: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return the comment that each disagreeing segment disagrees with; NA = the post."""
    disagreeing = stances.loc[true(stances["stance"] == "disagree"), ["target_id", "post_id"]]
    return owners(disagreeing, comments, posts)["owner_id"]


def _taken_up(
    pairs: pd.DataFrame, parts: pd.DataFrame, own: pd.DataFrame, concessions: pd.Series, against: pd.Series | None
) -> pd.DataFrame:
    """Keep the pairs whose reply has words that take the objection up, with those words.

    `against` names the comment that each disagreeing segment disagrees with; None = no stances are known.
    """
    source = looked_up(own["comment_id"], parts["objection"]).array
    opposed = looked_up(pd.Series(dtype="string") if against is None else against, parts["part"]).array
    parts = parts.assign(
        concedes=among(parts["part"], concessions.index[true(concessions)]),
        disagrees=true(pd.Series(opposed == source, dtype="boolean")),
    )
    joined = parts.groupby(["objection", "reply"], sort=False).agg(
        answer_text=("text", " ".join), concedes=("concedes", "any"), disagrees=("disagrees", "any")
    )
    pairs = pairs.merge(joined, left_on=["objection", "reply"], right_index=True).reset_index(drop=True)
    said = pairs["answer_text"].map({text: says(text) for text in pairs["answer_text"].unique()}).astype(bool)
    # A question that disagrees is no question.
    retort = pairs["disagrees"] & (pairs["answer_text"].map(_n_said) >= MIN_SAID)
    author = pairs["by_post_author"] & (said | retort | pairs["concedes"])
    others = ~pairs["by_post_author"] & (said if against is None else retort)
    return pairs[author | others].reset_index(drop=True)


def says(text: str) -> bool:
    """Tell whether a reply says something beside questions, thanks and wishes to see more.

    >>> says("The trades get a transponder for the bollard."), says("Thanks! Could you send me the diary?")
    (True, False)
    """
    told = " ".join(part for part in sentences(plain(text)) if not _ASKS.search(fold(part)))
    return _n_said(told) >= MIN_SAID


def _n_said(text: str) -> int:
    return len(content_words(text) | {word for word in words(text) if word.isdigit()})


def _conceding(segments: pd.DataFrame, concessions: pd.Series, stances: pd.DataFrame | None) -> np.ndarray:
    """Return the comments that concede; not those most of whose paragraphs go on to disagree."""
    conceding = looked_up(segments["comment_id"], concessions.index[true(concessions)]).unique()
    if stances is None:
        return np.asarray(conceding)
    prose = segments.loc[true(segments["kind"] == "prose") & among(segments["comment_id"], conceding), "comment_id"]
    disagrees = pd.Series(among(prose.index, stances.index[true(stances["stance"] == "disagree")]), index=prose.index)
    share = disagrees.groupby(prose).mean()
    return share.index[share <= 0.5].to_numpy()


def _conceded(pairs: pd.DataFrame, comments: pd.DataFrame, conceding: np.ndarray) -> pd.Series:
    """Return for each pair the first comment in which the objector concedes to whoever answered; NA = none.

    It stands below the answer, or below the objection and came later than the answer.
    """
    below = _climb(comments, conceding, pairs["objector"])
    names = ["source", "reply", "objector", "answer_author", "answered_at"]
    wanted = pairs[names].rename_axis("pair").reset_index()
    under = wanted.merge(below.rename(columns={"above": "reply", "author": "objector"}), on=["reply", "objector"])
    to = (under["parent_id"] == under["reply"]) | (under["parent_author"] == under["answer_author"])
    found = pd.concat([under[true(to)], _conceded_later(wanted, below)])
    found = found.sort_values(["posted_at", "concession"], na_position="last")
    return found.drop_duplicates("pair").set_index("pair")["concession"].reindex(pairs.index)


def _conceded_later(wanted: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Give each pair the next concession after its answer, anywhere below the objection, to whoever answered."""
    by = ["source", "objector", "answer_author"]
    later = below.rename(columns={"above": "source", "author": "objector", "parent_author": "answer_author"})
    later = later[["concession", "posted_at", *by]].dropna().sort_values(["posted_at", "concession"])
    asked = wanted.dropna(subset=[*by, "answered_at"]).sort_values("answered_at")
    later = later.astype(asked[by].dtypes)
    found = pd.merge_asof(
        asked,
        later,
        left_on="answered_at",
        right_on="posted_at",
        by=by,
        direction="forward",
        allow_exact_matches=False,
    )
    return found.dropna(subset=["concession"])


def _climb(comments: pd.DataFrame, conceding: np.ndarray, authors: pd.Series) -> pd.DataFrame:
    """Return the comments of these authors that concede, each beside every comment above it, and whom it answers."""
    parents = parent_rows(comments)
    rows = np.flatnonzero(among(comments.index, conceding) & among(comments["author"], authors.dropna()))
    above = parents[rows]
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(MAX_BELOW):
        rows, above = rows[above >= 0], above[above >= 0]
        found.append((rows, above))
        above = parents[above]
    which, where = (np.concatenate(part) for part in zip(*found, strict=True))
    facts = comments[["author", "posted_at", "parent_id"]].iloc[which].rename_axis("concession").reset_index()
    parent_author = comments["author"].iloc[parents[which]].to_numpy()
    return facts.assign(above=comments.index[where], parent_author=parent_author)


def _came_back(ledger: pd.DataFrame) -> pd.Series:
    """Tell for each objection whether a known other raised its crux on another post after the answer.

    Counted by inclusion and exclusion: all later ones, less those on the same post, less those by the same
    author, plus those that are both.
    """
    known = ledger[true(ledger["author"].notna() & ledger["objected_at"].notna())]
    asked = ledger[true(ledger["author"].notna() & ledger["answered_at"].notna())]
    n = sum(
        sign * _n_later(known, asked, by)
        for sign, by in (
            (1, ["crux_id"]),
            (-1, ["crux_id", "post_id"]),
            (-1, ["crux_id", "author"]),
            (1, ["crux_id", "post_id", "author"]),
        )
    )
    return pd.Series(np.asarray(n) > 0, index=asked.index).reindex(ledger.index, fill_value=False)


def _n_later(known: pd.DataFrame, asked: pd.DataFrame, by: list[str]) -> np.ndarray:
    """Count for each row of `asked` (n,) the rows of `known` of its group that came after its answer."""
    group = pd.concat([known[by], asked[by]]).groupby(by, sort=False).ngroup().to_numpy()
    time = pd.concat([known["objected_at"], asked["answered_at"]]).rank(method="dense").to_numpy(dtype=np.int64)
    key = group.astype(np.int64) * (len(time) + 2) + time
    told, sought = np.sort(key[: len(known)]), key[len(known) :]
    ends = (group[len(known) :].astype(np.int64) + 1) * (len(time) + 2) - 1
    return np.asarray(np.searchsorted(told, ends, "right") - np.searchsorted(told, sought, "right"))
