"""Name each crux: a title and a claim in people's own words, and the words that set it apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.align import find_passage
from threadkit.base.text import plain, sentences, squeeze, words
from threadkit.crux.content import content_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.crux.encode import Encoder

# A title is read at a glance: in words.
TITLE_WORDS = (5, 24)

# Fewer words of content than this make no proposition ("It is not true.").
MIN_TITLE_CONTENT = 3

# How many of a crux's most central objections may lend it their words.
CANDIDATES = 8

# How many of their sentences are compared with the crux's middle, best fit first: each costs an encoding, and most
# cruxes of a large forum stand on one post or are one author's.
N_SENTENCES = 8
N_SENTENCES_ELSE = 2

# The columns that name a crux.
NAMES = ("title", "title_id", "title_start", "title_stop", "reworded", "claim", "words", "example_id")

# What it adds to a sentence's fitness as the claim that twice as many authors object to the passage it stands in.
ASKED = 0.1

N_WORDS = 6

# What counts as a word when words are weighed: three letters or more.
LONG_WORD = r"[^\W\d_]{3,}"

# What only links a sentence to the talk around it is dropped from the front of a title.
_CONNECTIVE = re.compile(
    r"^(?:(?:but|and|so|also|well|however|still|yes|yeah|no|nope|ok|okay|sure|right|again|plus|anyway|honestly|"
    r"actually|besides|moreover|furthermore|edit|imo|imho|except|because|though|yet|then)\b[,:;]?\s+)+",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^(?:i (?:also |really |just |still |do |would )?(?:think|believe|guess|suspect|feel|say|argue|disagree|mean)"
    r"(?: that)?|my (?:main |only )?(?:problem|issue|objection|concern|worry)(?: here| with (?:this|that))? is that|"
    r"the (?:problem|issue|thing|trouble) is,?(?: that)?|it seems(?: to me)?(?: that)?)\b[,:]?\s+",
    re.IGNORECASE,
)
_LEANS_ON_CONTEXT = re.compile(
    r"^(?:this|that|these|those|it|he|she|they|which|who|i|you|your|my|as you|none of)\b|^\(", re.IGNORECASE
)

# Talk between two people, and giving way to the other side, are no points against it.
_PERSONS = re.compile(r"\b(?:i|i'm|i’m|i've|i’ve|me|my|you|you're|you’re|your)\b", re.IGNORECASE)
_GIVES_WAY = re.compile(
    r"\b(?:i agree|you(?:'re| are|’re) right|fair (?:point|enough)|good point|reasonable point|thanks?|thank you|sorry|"
    r"i see what|i get what|overlooked)\b",
    re.IGNORECASE,
)


_EDGES = "\"'“”‘’*_-–—•() "


def as_proposition(sentence: str) -> str:
    """Drop what ties a sentence to the talk around it; begin with a capital.

    >>> as_proposition("But I think that the study is too small.")
    'The study is too small.'
    """
    text = squeeze(plain(sentence)).strip(_EDGES)
    before = ""
    while text != before:
        before = text
        text = _FRAME.sub("", _CONNECTIVE.sub("", text)).strip(_EDGES)
    return text[:1].upper() + text[1:]


def fitness(sentence: str) -> float:
    """Return how well a sentence can stand alone as a title, 0 (good) down to −1 (not at all).

    Questions, fragments, sentences that lean on their context and very short or long ones lose.
    """
    n = len(words(sentence))
    low, high = TITLE_WORDS
    score = -0.04 * max(0, low - n) - 0.02 * max(0, n - high)
    score -= 0.10 * max(0, MIN_TITLE_CONTENT - len(content_words(sentence)))
    score -= 0.15 * sentence.rstrip("\"'”’)").endswith("?")
    score -= 0.08 * bool(_LEANS_ON_CONTEXT.match(sentence))
    score -= 0.03 * min(4, len(_PERSONS.findall(sentence)))
    score -= 0.15 * bool(_GIVES_WAY.search(sentence))
    score -= 0.60 * bool(re.search(r"https?:|www\.|```|\|", sentence, re.IGNORECASE))
    score -= 0.10 * bool(re.search(r"[\"“”]|\.\.\.$|…$|:$", sentence))
    return max(-1.0, score)


def central(objections: pd.DataFrame) -> pd.DataFrame:
    """Return each crux's most central objections, at most CANDIDATES, best first; ties by id."""
    grouped = objections[objections["crux_id"].notna() & objections["copy_of"].isna()]
    ordered = grouped.assign(id=grouped.index).sort_values(["crux_id", "strength", "id"], ascending=[True, False, True])
    return ordered.drop(columns="id").groupby("crux_id", sort=True).head(CANDIDATES)


def most_targeted(objections: pd.DataFrame) -> pd.DataFrame:
    """Return of each crux the passages that its objectors answer, at most CANDIDATES, most asked for first.

    `asked` counts the distinct authors who object to a passage; those who quote it count twice.
    """
    grouped = objections[objections["crux_id"].notna() & objections["copy_of"].isna()]
    # A nameless author is somebody else in every comment.
    who = grouped["author"].fillna(grouped["comment_id"])
    rows = grouped.assign(id=grouped.index, quoted=grouped["evidence"] == "quote")
    voices = rows.groupby(["crux_id", "target_id", who])["quoted"].max()
    asked = voices.groupby(level=[0, 1]).agg(["size", "sum"]).sum(axis=1).rename("asked")
    once = rows.sort_values(["strength", "id"], ascending=[False, True]).drop_duplicates(["crux_id", "target_id"])
    once = once.join(asked, on=["crux_id", "target_id"])
    ordered = once.sort_values(["crux_id", "asked", "strength", "id"], ascending=[True, False, False, True])
    return ordered.groupby("crux_id", sort=True).head(CANDIDATES)


def best_sentences(
    candidates: pd.DataFrame,
    column: str,
    middle: np.ndarray,
    encoder: Encoder,
    done: Callable[[int], None] | None,
    besides: pd.Series | None = None,
) -> pd.DataFrame:
    """Return, for each crux, the sentence of `column` nearest to its middle that can stand alone.

    `middle` (n_cruxes, dim) holds the mean unit vector of crux i in row i; `besides` (index crux_id)
    holds sentences that are taken already. A column `asked` of the candidates speaks for a sentence, by its logarithm.
    Index crux_id; columns sentence, segment_id.
    """
    asked = candidates["asked"] if "asked" in candidates else pd.Series(1, index=candidates.index)
    rows = [
        (int(crux), segment_id, as_proposition(sentence), ASKED * np.log2(n))
        for segment_id, crux, text, n in zip(
            candidates.index, candidates["crux_id"], candidates[column], asked, strict=True
        )
        for sentence in sentences(plain(text))
    ]
    frame = pd.DataFrame(rows, columns=["crux_id", "segment_id", "sentence", "asked"])
    frame = frame[frame["sentence"].str.len() > 0].reset_index(drop=True)
    if besides is not None:
        frame = frame[frame["sentence"] != frame["crux_id"].map(besides)]
    fit = frame["sentence"].map(fitness).astype("float64") + frame["asked"].astype("float64")
    frame = _fittest(frame.assign(fit=fit), recurring(candidates))
    vectors = encoder.encode(frame["sentence"].tolist(), done)
    near = np.einsum("ij,ij->i", vectors, middle[frame["crux_id"].to_numpy(dtype=np.int64)]) if len(frame) else []
    frame = frame.assign(score=near + frame["fit"].to_numpy() if len(frame) else [])
    ordered = frame.sort_values(["crux_id", "score", "sentence", "segment_id"], ascending=[True, False, True, True])
    return ordered.drop_duplicates("crux_id").set_index("crux_id")[["sentence", "segment_id"]]


def recurring(candidates: pd.DataFrame) -> set[int]:
    """Return the cruxes whose candidates come from two posts and two authors: those that people read first."""
    seen = candidates.groupby("crux_id")[["post_id", "author"]].nunique()
    return {int(crux) for crux in seen.index[(seen >= 2).all(axis=1)]}


def _fittest(sentences: pd.DataFrame, first: set[int]) -> pd.DataFrame:
    """Keep each crux's best fitting sentences, those of more central objections first among equals."""
    place = sentences.sort_values("fit", ascending=False, kind="stable").groupby("crux_id").cumcount()
    allowed = np.where(sentences["crux_id"].isin(first), N_SENTENCES, N_SENTENCES_ELSE)
    return sentences[place.reindex(sentences.index) < allowed]


def where(title: object, text: object) -> tuple[int, int] | None:
    """Return where the words of a title stand in the text that it is taken from, in characters.

    >>> where("The study is too small.", "But the study  is too small.")
    (4, 28)
    """
    if not isinstance(title, str) or not isinstance(text, str):
        return None
    found = re.search(r"\s+".join(map(re.escape, title.split())), text, re.IGNORECASE)
    if found:
        return found.span()
    near = find_passage(title, text)
    return (near.start, near.stop) if near else None


def contrast_words(objections: pd.DataFrame) -> pd.Series:
    """Return, for each crux, the words that set it apart, best first, joined by commas.

    Class-based TF-IDF (Grootendorst 2022, https://arxiv.org/abs/2203.05794): the frequency of a word in
    the crux times log(1 + mean words a crux / frequency of the word in all cruxes).
    """
    from sklearn.feature_extraction.text import CountVectorizer

    grouped = objections[objections["crux_id"].notna() & objections["copy_of"].isna()]
    texts = grouped.sort_index().groupby("crux_id")["text"].agg(" ".join)
    vectorizer = CountVectorizer(stop_words="english", token_pattern=LONG_WORD, ngram_range=(1, 2))
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # nothing but stop words
        return pd.Series("", index=texts.index, dtype="string")
    names = vectorizer.get_feature_names_out()
    idf = np.log1p(counts.sum() / len(texts) / np.asarray(counts.sum(axis=0)).ravel())
    out = []
    for i in range(len(texts)):
        row = counts[[i]]
        weight = row.data * idf[row.indices]
        best = sorted(zip(-weight, names[row.indices], strict=True))
        out.append(", ".join(_not_nested([name for _, name in best])[:N_WORDS]))
    return pd.Series(out, index=texts.index, dtype="string")


def _not_nested(names: list[str]) -> list[str]:
    """Drop a word that a better one already holds, looking no further than needed."""
    kept: list[str] = []
    for name in names[: 4 * N_WORDS]:
        if not any(name in other or other in name for other in kept):
            kept.append(name)
    return kept


def name_cruxes(
    objections: pd.DataFrame,
    vectors: np.ndarray,
    encoder: Encoder,
    done: Callable[[int], None] | None = None,
    only: pd.Index | None = None,
) -> pd.DataFrame:
    """Return the columns NAMES of each crux; index crux_id, ascending.

    `vectors` (n_objections, dim): row i belongs to objections.iloc[i]. `only` names the cruxes wanted, None = all.
    """
    own = (objections["crux_id"].notna() & objections["copy_of"].isna()).to_numpy()
    ids, place = np.unique(objections["crux_id"].to_numpy(dtype=np.int64, na_value=-1)[own], return_inverse=True)
    # From here on crux i of the n is the one of row i of `middle`.
    grouped = objections[own].assign(crux_id=place)
    middle = np.zeros((len(ids), vectors.shape[1]))
    np.add.at(middle, place, vectors[own].astype(np.float64))
    middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-12)
    wanted = np.arange(len(ids)) if only is None else np.flatnonzero(np.isin(ids, only))
    best = central(grouped[grouped["crux_id"].isin(wanted)])
    titles = best_sentences(best, "text", middle, encoder, done)
    targets = most_targeted(grouped[grouped["crux_id"].isin(wanted)])
    claims = best_sentences(targets, "target_text", middle, encoder, done, besides=titles["sentence"])
    examples = pd.Series(best.index, index=best["crux_id"].astype("int64")).groupby(level=0).first()
    titles = titles.reindex(wanted)
    spans = [
        where(title, text)
        for title, text in zip(titles["sentence"], grouped["text"].reindex(titles["segment_id"]), strict=True)
    ]
    table = {
        "title": titles["sentence"],
        "title_id": titles["segment_id"],
        "title_start": pd.array([span[0] if span else None for span in spans], dtype="Int32"),
        "title_stop": pd.array([span[1] if span else None for span in spans], dtype="Int32"),
        "reworded": pd.NA,  # a labeler's, where one is asked for (crux/labeler.py)
        "claim": claims["sentence"].reindex(wanted),
        "words": contrast_words(grouped).reindex(wanted),
        "example_id": examples.reindex(wanted),
    }
    return pd.DataFrame(table, index=wanted).set_axis(pd.Index(ids[wanted], name="crux_id"))
