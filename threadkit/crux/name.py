"""Name each crux: a title and a claim in people's own words, and the words that set it apart."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from threadkit.base.align import find_passage
from threadkit.crux.wording import Middles, Said, best_claims, best_titles

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadkit.crux.encode import Encoder

# How many of a crux's most central objections may lend it their words.
CANDIDATES = 8

# The columns that name a crux.
NAMES = ("title", "title_id", "title_start", "title_stop", "reworded", "claim", "words", "example_id")

N_WORDS = 6
# Of how many words, the best first, they are chosen; and how many of a crux's objections tell them.
_LOOKED_AT, N_TELLING = 4 * N_WORDS, 200

# What counts as a word when words are weighed: three letters or more.
LONG_WORD = r"[^\W\d_]{3,}"


def central(objections: pd.DataFrame) -> pd.DataFrame:
    """Return each crux's most central objections, at most CANDIDATES, best first; ties by id."""
    keys = _grouped(objections, "strength")
    ordered = keys.sort_values(["crux_id", "strength", "id"], ascending=[True, False, True])
    return objections.iloc[ordered.groupby("crux_id", sort=True).head(CANDIDATES)["row"]]


def most_targeted(objections: pd.DataFrame) -> pd.DataFrame:
    """Return of each crux the passages that its objectors answer, at most CANDIDATES, most asked for first.

    `asked` counts the distinct authors who object to a passage; those who quote it count twice.
    """
    keys = _grouped(objections, "strength", "target_id", "author", "comment_id", "evidence")
    # A nameless author is somebody else in every comment.
    who = keys["author"].fillna(keys["comment_id"])
    voices = (keys["evidence"] == "quote").groupby([keys["crux_id"], keys["target_id"], who]).max()
    asked = voices.groupby(level=[0, 1]).agg(["size", "sum"]).sum(axis=1).rename("asked")
    once = keys.sort_values(["strength", "id"], ascending=[False, True]).drop_duplicates(["crux_id", "target_id"])
    once = once.join(asked, on=["crux_id", "target_id"])
    ordered = once.sort_values(["crux_id", "asked", "strength", "id"], ascending=[True, False, False, True])
    first = ordered.groupby("crux_id", sort=True).head(CANDIDATES)
    return objections.iloc[first["row"]].assign(asked=first["asked"].to_numpy())


def _grouped(objections: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return some columns of the objections that make a crux, with crux_id, id, and row: where each stands.

    Texts are left out, for what is put in order is copied.
    """
    row = np.flatnonzero((objections["crux_id"].notna() & objections["copy_of"].isna()).to_numpy())
    keys = objections[["crux_id", *columns]].iloc[row]
    return keys.assign(id=keys.index, row=row).reset_index(drop=True)


def where(title: object, text: object) -> tuple[int, int] | None:
    """Return where the words of a title stand in the text that it is taken from, in characters.

    >>> where("The study is too small.", "But the study  is too small.")
    (4, 28)
    """
    if not isinstance(title, str) or not isinstance(text, str):
        return None
    at = text.find(title)
    if at >= 0:  # most titles stand there as they are; a pattern would be compiled for each
        return at, at + len(title)
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

    # A large crux is told by its most central members: the words of all would fill the memory of a large run.
    ordered = _grouped(objections, "strength").sort_values(["strength", "id"], ascending=[False, True])
    telling = ordered.groupby("crux_id").head(N_TELLING).sort_values("id")
    texts = objections["text"].iloc[telling["row"]].groupby(telling["crux_id"].to_numpy()).agg(" ".join)
    texts.index = texts.index.astype("int64").rename("crux_id")
    vectorizer = CountVectorizer(stop_words="english", token_pattern=LONG_WORD, ngram_range=(1, 2))
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # nothing but stop words
        return pd.Series("", index=texts.index, dtype="string")
    names = vectorizer.get_feature_names_out()
    idf = np.log1p(counts.sum() / len(texts) / np.asarray(counts.sum(axis=0)).ravel())
    out = []
    for start, stop in pairwise(counts.indptr):
        weight = counts.data[start:stop] * idf[counts.indices[start:stop]]
        # Only the best need be put in order, and all that are as good as the last of them.
        least = np.partition(weight, -_LOOKED_AT)[-_LOOKED_AT] if len(weight) > _LOOKED_AT else 0
        kept = np.flatnonzero(weight >= least)
        best = sorted(zip(-weight[kept], names[counts.indices[start:stop][kept]], strict=True))
        out.append(", ".join(_not_nested([name for _, name in best])[:N_WORDS]))
    return pd.Series(out, index=texts.index, dtype="string")


def _not_nested(names: list[str]) -> list[str]:
    """Drop a word that a better one already holds, looking no further than needed."""
    kept: list[str] = []
    for name in names[:_LOOKED_AT]:
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
    # From here on crux i of the n is the one of row i of `middles`.
    crux = np.full(len(own), -1)
    crux[own] = place
    grouped = objections[own].assign(crux_id=place)
    middles = Middles.of(vectors, crux, len(ids))
    wanted = np.arange(len(ids)) if only is None else np.flatnonzero(np.isin(ids, only))
    asked = grouped if only is None else grouped[np.isin(place, wanted)]
    best = central(asked)
    said = Said(best, vectors[np.flatnonzero(own)[grouped.index.get_indexer(best.index)]])
    titles = best_titles(said, middles, encoder, done)
    targets = most_targeted(asked)
    claims = best_claims(targets, said, titles["sentence"], middles, encoder, done)
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
