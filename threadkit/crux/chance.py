"""Tell recurrence from chance: objections elsewhere must come nearer to a crux than unrelated ones do.

With many objections, any two posts hold some that look alike. The null hypothesis: what people object under other
posts is unrelated to the crux. Then which posts hold the objections near to it is a matter of permutation: every
post keeps its number of objections and every author theirs, and each objection is as near to the crux's home as
unrelated ones are. How near that is, the crux's own similarities to a sample of all objections tell: their bulk
(median, and the distance from it to the 84th percentile) is the empirical null (Efron 2004,
https://doi.org/10.1198/016214504000000089), a normal distribution, so that the few that are related do not count.

Shuffling is not needed. An objection is nearer than s with probability ε, a post with n objections is reached with
probability 1 − (1 − ε)^n, an author with n likewise; the posts that can each be credited to a different author are
no more than the posts, or the authors, that are reached. Sums of independent yes and no have an upper tail below
Poisson's (Hoeffding 1956, https://doi.org/10.1214/aoms/1177728178), which therefore errs on the safe side and,
unlike a count of shuffles, has no smallest p-value. The k nearest returns are tested for each k, and the best
p-value is multiplied by their number (Bonferroni). Where several posts may be the home alike, the one whose objections
are most central is taken, and the p-value multiplied by the number of these posts: whatever way one of them is chosen,
an objection that could be a home is counted once. scripts/simulate_recurrence.py measures what the q-values are
worth; tests/crux/test_chance.py shuffles and compares.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.special import gammaln

# Objections that a crux's usual similarities are told from; a median of so many is good to about 0.002.
SAMPLE = 4096
# Fewer tell nothing about chance.
MIN_SAMPLE = 30
# The place of one standard deviation above the median of a normal distribution.
ONE_SD = 0.8413
# Digits to which two cosines must agree to be one: another order of the same sums moves the fifteenth.
SAME = 9
# Similarities in one block of the computation: 64 MB. Vectors that are looked at together.
BLOCK, ROWS = 8_000_000, 4096


def against_chance(
    every: pd.DataFrame, vectors: np.ndarray, seed: int = 0, row: np.ndarray | None = None
) -> pd.DataFrame:
    """Compare how many posts each crux comes back on with what unrelated objections give.

    Parameters
    ----------
    every : DataFrame
        crux_id (NA = in none), post_id, author: one row an objection that is no copy.
    vectors : ndarray of shape (n_objections, dim)
        Unit length; row i belongs to every.iloc[i], unless `row` says otherwise.
    seed : int
        Seed of the sample of objections that chance is told from.
    row : ndarray of shape (len(every),) or None
        Which row of `vectors` each objection has: nothing need be copied where others stand among them.

    Returns
    -------
    DataFrame
        Index crux_id. n_independent: its home, and the posts beyond it that can each be credited to a different
        author. n_posts_close of these are so near that n_posts_expected would be by chance; effect is their
        ratio, with its 95 % interval. p_value in 0..1; q_value: Benjamini and Hochberg over all cruxes and over
        all objections that made none, since each could have.
    """
    crux = every["crux_id"].to_numpy(dtype=np.int64, na_value=-1)
    row = np.arange(len(every)) if row is None else row
    own = every[["post_id", "author"]].assign(crux_id=crux, row=row)[crux >= 0]
    homes = home_posts(own, vectors, _total(vectors, row))
    home = homes["post_id"]
    at_home = stand_at_home(own, home)
    mass = own[at_home].groupby("crux_id").size()
    away = own[~at_home]
    middle = _middles(own[at_home], vectors, mass.index)
    returns = nearest_returns(away, middle, vectors, mass.index)
    usual, sd = usual_similarity(middle, home.to_numpy(), every["post_id"], vectors, row, seed)
    which = mass.index.get_indexer(pd.Index(returns["crux_id"]))
    nearer = stats.norm.sf((returns["similarity"].to_numpy() - usual[which]) / sd[which])
    returns["expected"] = expected_posts(nearer, every)
    returns["p"] = stats.poisson.sf(returns["k"] - 1, returns["expected"])
    best = returns.sort_values(["crux_id", "p", "k"], kind="stable").drop_duplicates("crux_id").set_index("crux_id")
    best = best.reindex(mass.index)
    tried = returns.groupby("crux_id").size().reindex(mass.index, fill_value=0)
    p = (best["p"] * tried * homes["n_tied"]).clip(upper=1).fillna(1.0).where(np.isfinite(usual))
    n_close, expected = 1 + best["k"].fillna(0), 1 + best["expected"]
    low, high = poisson_interval(best["k"].fillna(0).to_numpy())
    table = pd.DataFrame(
        {
            "n_independent": 1 + matched_posts(away).reindex(mass.index, fill_value=0),
            "n_posts_close": n_close.astype("int64"),
            "n_posts_expected": expected,
            "effect": n_close / expected,
            "effect_low": (1 + low) / expected,
            "effect_high": (1 + high) / expected,
            "p_value": p,
            "q_value": adjust(np.append(p.fillna(1.0), np.ones(int((crux < 0).sum()))))[: len(p)],
        }
    )
    table.loc[p.isna(), ["n_posts_expected", "effect", "effect_low", "effect_high", "q_value"]] = np.nan
    return table


def _middles(some: pd.DataFrame, vectors: np.ndarray, names: pd.Index) -> np.ndarray:
    """Return the direction (n_cruxes, dim) that some objections of each crux share."""
    out = np.zeros((len(names), vectors.shape[1]))
    row, which = some["row"].to_numpy(), names.get_indexer(pd.Index(some["crux_id"]))
    for start in range(0, len(row), ROWS):
        part = slice(start, start + ROWS)
        np.add.at(out, which[part], vectors[row[part]].astype(np.float64))
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))


def _total(vectors: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the sum (dim,) of the vectors of some rows."""
    parts = [vectors[row[i : i + ROWS]].sum(axis=0, dtype=np.float64) for i in range(0, len(row), ROWS)]
    return np.asarray(np.sum(parts, axis=0)) if parts else np.zeros(vectors.shape[1])


def _cosines(own: pd.DataFrame, middle: np.ndarray, vectors: np.ndarray, names: pd.Index) -> np.ndarray:
    """Return the cosine (n,) of each objection to its crux's direction."""
    row, which = own["row"].to_numpy(), names.get_indexer(pd.Index(own["crux_id"]))
    out = np.empty(len(row))
    for start in range(0, len(row), ROWS):
        part = slice(start, start + ROWS)
        out[part] = np.einsum("ij,ij->i", vectors[row[part]], middle[which[part]])
    return out


def nearest_returns(away: pd.DataFrame, middle: np.ndarray, vectors: np.ndarray, names: pd.Index) -> pd.DataFrame:
    """Return, nearest first, the away objections that can each be credited to a new post and a new author.

    One row a return: crux_id, similarity (cosine to the crux's home), k (1 for the nearest of its crux). Of
    objections that are equally near as many as can be credited together are; their posts and authors are then used.
    """
    similarity = _cosines(away, middle, vectors, names).round(SAME)
    listed = away.assign(similarity=similarity).sort_values(["crux_id", "similarity"], ascending=[True, False])
    rows: list[tuple[int, float, int]] = []
    columns = [listed[name].tolist() for name in ("crux_id", "similarity", "post_id", "author")]
    for crux, of_crux in groupby(zip(*columns, strict=True), key=itemgetter(0)):
        posts, authors, k = set[Any](), set[Any](), 0
        for cosine, alike in groupby(of_crux, key=itemgetter(1)):
            free = [(post, author) for *_, post, author in alike if post not in posts and author not in authors]
            n = _matched(free)
            posts |= {post for post, _ in free}
            authors |= {author for _, author in free}
            rows += [(crux, cosine, k + 1 + i) for i in range(n)]
            k += n
    kinds = {"crux_id": "int64", "similarity": "float64", "k": "int64"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _lots(vectors: np.ndarray, row: np.ndarray, seed: int) -> np.ndarray:
    """Return a number (n,) drawn for each objection by what it says: not by its place, which hangs on names.

    Multiply-shift hashing of the vector's bits (Dietzfelbinger et al. 1997, https://doi.org/10.1006/jagm.1997.0873).
    """
    factors = np.random.default_rng(seed).integers(0, 2**64, vectors.shape[1], dtype=np.uint64)
    out = np.empty(len(row), dtype=np.uint64)
    for start in range(0, len(row), ROWS):
        part = slice(start, start + ROWS)
        bits = np.ascontiguousarray(vectors[row[part]], dtype=np.float32).view(np.uint32)
        out[part] = bits.astype(np.uint64) @ (factors | np.uint64(1))
    return out >> np.uint64(32)


def usual_similarity(
    middle: np.ndarray, home: np.ndarray, posts: pd.Series, vectors: np.ndarray, row: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the median cosine of each crux to objections of other posts, and its spread; NaN where too few are."""
    sample = np.sort(np.argsort(_lots(vectors, row, seed), kind="stable")[:SAMPLE])
    drawn = vectors[row[sample]]
    of_sample = posts.to_numpy(dtype=object)[sample]
    usual, sd = np.full(len(middle), np.nan), np.full(len(middle), np.nan)
    step = max(1, BLOCK // max(len(sample), 1))
    for start in range(0, len(middle), step):
        part = slice(start, start + step)
        cosine = middle[part] @ drawn.T
        cosine[home[part, None] == of_sample[None, :]] = np.nan
        enough = np.isfinite(cosine).sum(axis=1) >= MIN_SAMPLE
        if enough.any():
            median, above = np.nanquantile(cosine[enough], [0.5, ONE_SD], axis=1)
            usual[part][enough], sd[part][enough] = median, np.maximum(above - median, 1e-6)
    return usual, sd


def expected_posts(nearer: np.ndarray, every: pd.DataFrame) -> np.ndarray:
    """Return the mean number of posts, by different authors, that unrelated objections reach.

    `nearer` (n,) is the probability ε that one of them comes so near. The smaller of the mean number of posts
    and the mean number of authors: both bound what can be credited to different ones.
    """
    sizes = [every.groupby(name).size().to_numpy() for name in ("post_id", "author")]
    known = every["author"].notna().any()
    means = [_hits(np.log1p(-np.minimum(nearer, 1 - 1e-9)), size) for size in sizes[: 2 if known else 1]]
    return np.asarray(np.minimum.reduce(means))


def _hits(stay: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return Σ 1 − exp(stay · size) over the sizes for each of `stay`; equal sizes are counted once."""
    size, times = np.unique(sizes, return_counts=True)
    out = np.empty(len(stay))
    step = max(1, BLOCK // max(len(size), 1))
    for start in range(0, len(stay), step):
        out[start : start + step] = -np.expm1(np.outer(stay[start : start + step], size)) @ times
    return out


def home_posts(own: pd.DataFrame, vectors: np.ndarray, total: np.ndarray) -> pd.DataFrame:
    """Return the home of each crux: the post that, with all that its authors wrote elsewhere, explains most of it.

    One author who repeats a point everywhere is so all home. Of several such posts (n_tied of them) the one whose
    objections are nearest to the whole crux, then to what everybody objects: that which chance reaches more easily.
    Names decide only between objections of the same vector. `own` has the columns crux_id, post_id, author, row
    (of `vectors`): one row an objection that counts; `total` (dim,) is the sum of all objections' vectors. Index
    crux_id, columns post_id, n_tied.
    """
    by_author = own.groupby(["crux_id", "author"]).size().rename("n").reset_index()
    places = own[["crux_id", "post_id", "author"]].drop_duplicates()
    known = places.merge(by_author, on=["crux_id", "author"]).groupby(["crux_id", "post_id"])["n"].sum()
    unknown = own[own["author"].isna()].groupby(["crux_id", "post_id"]).size()
    mass = known.add(unknown, fill_value=0).rename("mass").reset_index()
    most = mass[mass["mass"] == mass.groupby("crux_id")["mass"].transform("max")]
    names = pd.Index(own["crux_id"].unique())
    central = _cosines(own, _middles(own, vectors, names), vectors, names)
    usual = _cosines(own, np.broadcast_to(total, (len(names), len(total))), vectors, names)
    near = own[["crux_id", "post_id"]].assign(central=central, usual=usual).groupby(["crux_id", "post_id"]).mean()
    most = most.join(near.round(SAME), on=["crux_id", "post_id"])
    by = ["crux_id", "central", "usual", "post_id"]
    first = most.sort_values(by, ascending=[True, False, False, True]).drop_duplicates("crux_id").set_index("crux_id")
    return first[["post_id"]].assign(n_tied=most.groupby("crux_id").size())


def stand_at_home(own: pd.DataFrame, home: pd.Series) -> pd.Series:
    """Tell which objections stand on the home post of their crux, or are by somebody who wrote there.

    An unknown author is nobody who wrote at home, and nobody else either: their objections count at home.
    """
    on_post = own["post_id"].to_numpy() == home.reindex(own["crux_id"]).to_numpy()
    residents = own.loc[on_post & own["author"].notna(), ["crux_id", "author"]]
    of_resident = pd.MultiIndex.from_frame(own[["crux_id", "author"]]).isin(pd.MultiIndex.from_frame(residents))
    return pd.Series(on_post | of_resident | own["author"].isna().to_numpy(), index=own.index)


def _matched(pairs: list[tuple[Any, Any]]) -> int:
    """Return how many of these posts can each be credited to a different author."""
    if len(pairs) < 2:
        return len(pairs)
    return int(matched_posts(pd.DataFrame(pairs, columns=["post_id", "author"]).assign(crux_id=0))[0])


def matched_posts(away: pd.DataFrame) -> pd.Series:
    """Return, for each crux, the largest number of posts that can each be credited to a different author.

    A maximum matching of posts and authors (Hopcroft and Karp 1973, https://doi.org/10.1137/0202019), for all
    cruxes at once: an author counts once, however many posts they write under.

    >>> away = pd.DataFrame({"crux_id": [7, 7, 7, 7], "post_id": list("pqrp"), "author": ["Al", "Al", "Al", "Bo"]})
    >>> matched_posts(away).to_dict()
    {7: 2}
    """
    if not len(away):
        return pd.Series(dtype="int64")
    post = away.groupby(["crux_id", "post_id"], sort=True).ngroup().to_numpy()
    author = away.groupby(["crux_id", "author"], sort=True).ngroup().to_numpy()
    pairs = sparse.csr_matrix((np.ones(len(post), dtype=np.int8), (post, author)))
    matched = maximum_bipartite_matching(pairs, perm_type="column") >= 0
    crux = pd.Series(away["crux_id"].to_numpy(), index=post).groupby(level=0).first()
    found: pd.Series = crux[matched].value_counts().astype("int64")
    return found


def poisson_interval(count: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact interval of a Poisson mean (Garwood 1936, https://doi.org/10.1093/biomet/28.3-4.437).

    >>> [np.round(end, 2).tolist() for end in poisson_interval(np.array([0, 4]))]
    [[0.0, 1.09], [3.69, 10.24]]
    """
    side = (1 - level) / 2
    low = np.where(count > 0, stats.chi2.ppf(side, 2 * np.maximum(count, 1)) / 2, 0.0)
    return low, stats.chi2.ppf(1 - side, 2 * count + 2) / 2


def adjust(p: np.ndarray) -> np.ndarray:
    """Return q-values: the false discovery rate at which each would be called (Benjamini and Hochberg 1995).

    >>> adjust(np.array([0.01, 0.04, 0.5])).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    return np.asarray(stats.false_discovery_control(p)) if len(p) else p


def spread(n_posts: pd.Series, n_objections: pd.Series, per_post: np.ndarray) -> pd.Series:
    """Return the posts that each crux reaches as a share of those that as many objections drawn at random reach.

    Near 1: raised wherever people object. Near 0: bound to its post. `per_post` holds the number of objections
    of each post. Rarefaction (Hurlbert 1971, https://doi.org/10.2307/1934145): a post with m of all N
    objections is missed by n drawn ones with probability C(N − m, n) / C(N, n).
    """
    size, times = np.unique(per_post, return_counts=True)
    total = int(per_post.sum())
    drawn, crux = np.unique(n_objections.to_numpy(dtype=np.int64), return_inverse=True)
    n, m = drawn[:, None], size[None, :]
    rest = np.maximum(total - m - n, 0)
    missed = gammaln(total - m + 1) - gammaln(rest + 1) - gammaln(total + 1) + gammaln(total - n + 1)
    missed = np.where(total - m >= n, np.exp(missed), 0.0)
    reached = (1 - missed) @ times
    return n_posts / np.maximum(reached[crux], 1e-12)


def effective_authors(own: pd.DataFrame) -> pd.Series:
    """Return the inverse Simpson index of each crux's known authors: as many equally loud ones would be as diverse.

    Simpson (1949, https://doi.org/10.1038/163688a0), as the effective number of Jost (2006). 1 where none is known.

    >>> own = pd.DataFrame({"crux_id": [0, 0, 0, 0], "author": ["Al", "Al", "Al", "Bo"]})
    >>> effective_authors(own).to_dict()
    {0: 1.6}
    """
    n = own.groupby(["crux_id", "author"]).size()
    total = n.groupby("crux_id").sum()
    index = total**2 / (n**2).groupby("crux_id").sum()
    return index.reindex(np.sort(own["crux_id"].unique()), fill_value=1.0).rename_axis("crux_id")
