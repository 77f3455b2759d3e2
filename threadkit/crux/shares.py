"""Shares of posts: the intervals they can lie in, and whether two of them differ. Arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom, norm

# Every interval of threadkit covers the true value in this share of samples.
LEVEL = 0.95
Z = float(norm.ppf((1 + LEVEL) / 2))
# Tables whose probabilities differ by rounding only are equally extreme; R's fisher.test takes the same margin.
SAME_PROBABILITY = 1e-7


def wilson(part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of the 95 % score interval of a share; NaN where the whole is 0.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. JASA 22.

    >>> [end.round(4).tolist() for end in wilson(np.array([0, 5]), np.array([10, 10]))]
    [[0.0, 0.2366], [0.2775, 0.7634]]
    """
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (part + Z**2 / 2) / (whole + Z**2)
        half = Z / (whole + Z**2) * np.sqrt(part * (whole - part) / whole + Z**2 / 4)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def difference(
    part_a: np.ndarray, whole_a: np.ndarray, part_b: np.ndarray, whole_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return share B less share A and both ends of its 95 % interval; NaN where a whole is 0.

    The hybrid score interval, method 10 of Newcombe, R. G. (1998), Interval estimation for the difference
    between independent proportions. Statistics in Medicine 17.

    >>> [round(float(end), 4) for end in difference(np.array(48), np.array(80), np.array(56), np.array(70))]
    [0.2, 0.0524, 0.3339]
    """
    low_a, high_a = wilson(part_a, whole_a)
    low_b, high_b = wilson(part_b, whole_b)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = np.asarray(part_a) / np.asarray(whole_a), np.asarray(part_b) / np.asarray(whole_b)
    low = b - a - np.hypot(b - low_b, high_a - a)
    return b - a, low, b - a + np.hypot(high_b - b, a - low_a)


def log_odds(
    part_a: np.ndarray, whole_a: np.ndarray, part_b: np.ndarray, whole_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the log of the odds in B over the odds in A and both ends of its 95 % interval.

    Woolf, B. (1955), On estimating the relation between blood group and disease. Annals of Human Genetics 19;
    with half added to every cell (Haldane 1956, Anscombe 1956), so that an empty cell has odds too.

    >>> [round(float(end), 3) for end in log_odds(np.array(2), np.array(10), np.array(7), np.array(10))]
    [1.986, 0.089, 3.883]
    """
    cells = [np.asarray(n, dtype=float) + 0.5 for n in (part_b, whole_b - part_b, part_a, whole_a - part_a)]
    log = np.log(cells[0]) - np.log(cells[1]) - np.log(cells[2]) + np.log(cells[3])
    half = Z * np.sqrt(sum(1 / cell for cell in cells))
    return log, log - half, log + half


def fisher(part_a: np.ndarray, n_a: int, part_b: np.ndarray, n_b: int) -> np.ndarray:
    """Return the two-sided p-value of Fisher's exact test for each pair of shares part_a / n_a and part_b / n_b.

    The wholes are the same for every pair, so that each distinct sum of parts needs its probabilities once.
    Fisher, R. A. (1935), The logic of inductive inference. Journal of the Royal Statistical Society 98.

    >>> fisher(np.array([2, 5]), 10, np.array([7, 5]), 10).round(4).tolist()
    [0.0698, 1.0]
    """
    part_a, part_b = np.asarray(part_a), np.asarray(part_b)
    out = np.empty(len(part_a))
    for total in np.unique(part_a + part_b):
        rows = np.flatnonzero(part_a + part_b == total)
        support = np.arange(max(0, total - n_b), min(total, n_a) + 1)
        # From the least probable table up: the p-value is the sum up to the observed one and its equals.
        chance = hypergeom.pmf(support, n_a + n_b, n_a, total)
        rising = np.sort(chance)
        upto = np.searchsorted(rising, chance[part_a[rows] - support[0]] * (1 + SAME_PROBABILITY), side="right")
        out[rows] = np.cumsum(rising)[upto - 1]
    return np.minimum(out, 1)
