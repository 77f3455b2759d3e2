"""What disagreements turn on: from the stances to objections, their vectors, groups, names, map and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import fresh, looked_up, true
from threadkit.base.memory import let_go
from threadkit.base.static import MODEL as TABLE
from threadkit.base.static import StaticEncoder
from threadkit.base.text import plain, shorten
from threadkit.corpus import earlier
from threadkit.corpus.tables import CRUXES, OBJECTIONS, STANCES
from threadkit.crux import answers, name, recurrence, sides, trends
from threadkit.crux.cluster import CruxClusterer
from threadkit.crux.copies import fold_copies
from threadkit.crux.evidence import weigh
from threadkit.crux.layers import themes
from threadkit.crux.layout import place_beside
from threadkit.crux.members import fit
from threadkit.crux.stability import under_other_threads
from threadkit.crux.talk import is_talk
from threadkit.crux.topoi import voiced
from threadkit.crux.voices import voices, weigh_once
from threadkit.dispute import kinds
from threadkit.dispute.language import foreign
from threadkit.dispute.quotes import own_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus
    from threadkit.crux.encode import Encoder
    from threadkit.crux.opposed import Opposition
    from threadkit.pipeline.settings import Work

# Characters of an objection that its vector stands for: a paragraph makes its point early, and the cost grows with
# every token.
MAX_POINT = 320


def object_(
    found: Mapping[str, pd.DataFrame],
    corpus: Corpus,
    encoding: Encoder,
    work: Work,
    known: Analysis | None,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the segments that disagree, as objections in no crux yet, and their vectors (n_objections, dim)."""
    stances = found["stances"]
    against = stances[stances["stance"] == "disagree"]
    said = looked_up(own_words(found["segments"]), against.index)
    text = pd.array([plain(words) for words in values(said)], "string")
    rows = against.assign(text=text, talk=None, topoi=None, p_topos=None, crux_id=None, strength=0.0, x=0.0, y=0.0)
    with work.report.stage("folding copies"):
        objections = OBJECTIONS.cast(rows.assign(copy_of=fold_copies(rows, corpus.comments)))
    row = np.full(len(objections), -1) if known is None else earlier.rows_before(objections, known)
    opening = openings(objections["text"][row < 0])
    new = work.done.keep("vectors", lambda: {"vectors": encoded(opening, encoding, work)})["vectors"]
    if known is None:
        vectors = new
    else:
        vectors = np.empty((len(objections), new.shape[1]), dtype=np.float32)
        vectors[row < 0], vectors[row >= 0] = new, known.vectors[row[row >= 0]]
    with work.report.stage("telling kinds"):
        told = kinds_of(objections, found["segments"], vectors, work)
    return objections.assign(**told), vectors


def openings(texts: pd.Series) -> pd.Series:
    """Return what of each text its vector stands for."""
    return pd.Series([shorten(text, MAX_POINT) for text in values(texts)], texts.index, dtype="string")


def encoded(texts: pd.Series, encoding: Encoder, work: Work) -> np.ndarray:
    """Return the vectors of texts (n, dim)."""
    with work.report.stage("encoding objections", texts.nunique()) as done:
        return encoding.encode(texts.tolist(), done)


def kinds_of(objections: pd.DataFrame, segments: pd.DataFrame, vectors: np.ndarray, work: Work) -> pd.DataFrame:
    """Return kind, p_kind, talk, topoi and p_topos of each objection; NA where its language is not the models'."""
    opening = openings(objections["text"])
    encoder = work.settings.encoder
    roughly = vectors if encoder == TABLE else StaticEncoder().encode(opening.tolist())
    if encoder not in kinds.WEIGHTS:
        encoder = kinds.ENCODER
        vectors = work.encoder(encoder).encode(opening.tolist())
    strange = foreign(looked_up(segments["language"], objections.index)).to_numpy(dtype=bool)
    general = voiced(vectors, roughly, encoder).set_axis(objections.index)
    told = kinds.tell(opening, vectors, encoder).assign(talk=is_talk(opening.tolist(), roughly), **general)
    return told.astype({"talk": "boolean"}).mask(np.repeat(strange[:, None], told.shape[1], axis=1))


def with_kinds(stances: pd.DataFrame, objections: pd.DataFrame) -> pd.DataFrame:
    """Return the stances with the kinds of those that are objections."""
    return STANCES.cast(stances.assign(**looked_up(objections[["kind", "p_kind"]], stances.index)))


def group(
    objections: pd.DataFrame, own: np.ndarray, vectors: np.ndarray, foes: Opposition, work: Work
) -> dict[str, np.ndarray]:
    """Return the group of each objection that counts (`own`, bool), −1 = none, and how well it fits in.

    Arrays (n,) named labels and strengths. Where members of a group are `foes`, it is parted.
    """
    if not own.any():
        return {"labels": np.full(len(own), -1), "strengths": np.zeros(len(own), dtype=np.float32)}
    with work.report.stage("grouping"):
        voice = voices(vectors, objections["author"].where(own), work.settings.distance)
        weight = np.where(own, weigh_once(voice), 0.0)
        clusterer = clusterer_of(work).fit(vectors, sample_weight=weight)
        near = np.where(own, clusterer.labels_, -1)
        labels = foes.part(near, vectors, weight)
        parted = np.isin(near, near[foes.within(near)])
        strengths = np.where(labels >= 0, clusterer.strengths_, np.float32(0))
        strengths[parted] = fit(vectors[parted], labels[parted], weight[parted])
    return {"labels": labels, "strengths": strengths}


def clusterer_of(work: Work) -> CruxClusterer:
    """Return what groups objections, by the settings of the run."""
    return CruxClusterer(work.settings.distance, random_state=work.settings.seed, n_jobs=work.threads)


def steadiness(
    objections: pd.DataFrame, own: np.ndarray, vectors: np.ndarray, foes: Opposition, work: Work, draws: int
) -> pd.Series:
    """Return how stable each crux is under other threads, by crux_id; NA where it is not measured."""
    grouped = own & objections["crux_id"].notna().to_numpy()
    ids, labels = np.unique(objections["crux_id"][grouped], return_inverse=True)
    group_of = np.full(len(own), -1)
    group_of[grouped] = labels
    posts = objections["post_id"].to_numpy()

    def drawn() -> dict[str, np.ndarray]:
        voice = np.where(own, voices(vectors, objections["author"].where(own), work.settings.distance), -1)
        with work.report.stage("testing stability", draws) as done:
            clusterer, seed = clusterer_of(work), work.settings.seed
            found = under_other_threads(vectors, group_of, posts, clusterer, draws, seed, done, voice, foes)
        return {"stability": np.asarray(found)}

    found = work.done.keep("stability", drawn)["stability"]
    return pd.Series(found, index=pd.Index(ids.astype(np.int64), name="crux_id"))


def named(objections: pd.DataFrame, vectors: np.ndarray, encoding: Encoder, known: Analysis, done: Any) -> pd.DataFrame:
    """Return the names of the cruxes: those of the earlier run where their example still stands, new ones else."""
    ids = pd.Index(objections["crux_id"].dropna().unique().astype(np.int64)).sort_values()
    before = known.cruxes[list(name.NAMES)].reindex(ids)
    stands = before["example_id"].map(objections["crux_id"]) == before.index
    kept = before[stands.fillna(value=False).to_numpy(dtype=bool)]
    new = name.name_cruxes(objections, vectors, encoding, done, ids.difference(kept.index))
    return pd.concat([kept, new]).sort_index().rename_axis("crux_id")


def mapped(objections: pd.DataFrame, vectors: np.ndarray, known: Analysis) -> np.ndarray:
    """Return the places on the map (n, 2): those of the earlier run, and new ones among them."""
    before = looked_up(known.objections[["x", "y"]], objections.index).to_numpy(dtype=np.float32, copy=True)
    new = np.isnan(before[:, 0])
    before[new] = place_beside(vectors[new], vectors[~new], before[~new])
    return before


def weighed(
    names: pd.DataFrame,
    objections: pd.DataFrame,
    vectors: np.ndarray,
    found: Mapping[str, pd.DataFrame],
    corpus: Corpus,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Count where each crux comes back, by whom, against chance, whether it was answered: the counted tables."""
    comments = corpus.comments
    ledger, who = answered(objections, found, corpus)
    let_go()
    table = recurrence.count_cruxes(names, objections, ledger, who, comments)
    table = table.join(weigh(objections, vectors, comments, seed)).join(trends.rhythm(objections, comments))
    table["theme_id"] = themes(objections, vectors)
    return {
        "objections": objections,
        "cruxes": CRUXES.cast(table),
        "sides": who,
        "recurrence": recurrence.recur(objections, comments, ledger),
        "answers": ledger,
        "trends": trends.trends(objections, comments),
    }


def answered(
    objections: pd.DataFrame, found: Mapping[str, pd.DataFrame], corpus: Corpus
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables answers and sides: what the objections' comments were told, and who says what of each crux."""
    posts, comments, stances = corpus.posts, corpus.comments, found["stances"]
    # What a reply holds in quotation marks says which objection it takes up, and is no word of the reply's.
    told = found["segments"].assign(text=own_words(found["segments"]))
    concessions = told["concedes"][~true(told["kind"] == "inline")].fillna(value=False).astype(bool)
    ledger = answers.take_up(objections, comments, posts, told, found["quotes"], concessions, stances)
    # Who objects back needs these words alone: the others of a large forum are let go.
    told = looked_up(told[["text"]], stances.index[true(stances["stance"] == "disagree")])
    let_go()
    return ledger, sides.take_sides(objections, stances, told, comments, posts)


def numbered(tables: dict[str, pd.DataFrame], order: pd.Index) -> dict[str, pd.DataFrame]:
    """Give the cruxes the numbers of their places in an order, in every table."""
    places = pd.Series(range(len(order)), index=order)
    out = {}
    for key, table in tables.items():
        if "crux_id" in table.index.names:
            number = places.reindex(table.index.get_level_values("crux_id")).to_numpy()
            rows = np.argsort(number, kind="stable")
            out[key] = table.take(rows).set_axis(_renumbered(table.index[rows], number[rows], len(order)))
        else:
            out[key] = table.assign(crux_id=table["crux_id"].map(places).astype(table["crux_id"].dtype))
    return out


def _renumbered(index: pd.Index, number: np.ndarray, n: int) -> pd.Index:
    """Return an index with other numbers below n for crux_id; of other levels nothing is made anew."""
    if not isinstance(index, pd.MultiIndex):
        renamed: pd.Index = pd.Index(number, dtype=index.dtype, name="crux_id")
        return renamed
    place = index.names.index("crux_id")
    levels: list[Any] = [*map(fresh, index.levels)]
    codes: list[Any] = [*index.codes]
    levels[place], codes[place] = pd.Index(range(n), dtype=levels[place].dtype), number
    return pd.MultiIndex(levels, codes, names=index.names, verify_integrity=False)
