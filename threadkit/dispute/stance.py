"""How each segment stands to its target: disagree, neutral or agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

from threadkit.base.columns import values
from threadkit.base.errors import SettingError, TableError
from threadkit.base.text import prose_only, shorten, squeeze
from threadkit.corpus.tables import STANCES
from threadkit.dispute.asking import asks_openly, only_asks
from threadkit.dispute.concede import yields
from threadkit.dispute.courtesy import adds, objects_to_nothing
from threadkit.dispute.fragments import says_nothing
from threadkit.dispute.judges import open_judge
from threadkit.dispute.labels import CLASSES, MIN_DISAGREE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sklearn.utils import Tags

    from threadkit.dispute.judges import Judge

# The columns of a table of pairs.
PAIR = ("target", "reply")
DEFAULT_MODEL = "threadkit-stance"

# Characters of a paragraph that are judged, about 75 tokens: who disagrees says so early, and the cost grows with
# every token.
MAX_REPLY = 320

# What being neutral weighs beside the other two where it is decided who disagrees: to take a supporter for an objector
# is a worse error than to take a bystander for one.
NEUTRAL = 0.75

# How a passage was aimed where it answers nobody's words in particular but what a post is about. From which share on
# one objects to an open question, and to what it seems to add to. Read on Stack Exchange and 4forums: of what answers
# such a question 12 in 20 object to something from there on, 5 in 22 below. To ask that neutral be less likely,
# wherever a passage is aimed so, costs more objections than it saves (gate rows cmv and demo).
UNADDRESSED, SURE = ("claim", "post"), 0.6

# How a passage was aimed where it answers a post or comment as a whole; from which of a comment's segments on it mostly
# goes on with what was begun, and from which share on it objects then. Read on seven forums: below, 5 in 28 object.
AS_A_WHOLE, LATER, EVEN = ("claim", "thread"), 2, 0.5

# What a pair is where one side says nothing: nobody answered anything.
BLANK = np.array([0, 1, 0], dtype=np.float32)
_QUOTE_LINE, _QUOTE_MARK = re.compile(r"^ {0,3}> .*$", re.MULTILINE), re.compile(r"^ {0,3}> ", re.MULTILINE)

# Parts of a reply that `explain` leaves out one by one: each costs as much as a verdict.
MAX_PARTS = 64
_WORD = re.compile(r"\S+")

_NUMBERED = (
    "; where scikit-learn numbered them (cross_val_predict(method='predict_proba'), VotingClassifier), call "
    "predict_proba yourself: nothing is learnt, so all pairs may be judged at once, and models vote by their mean"
)


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Judge a reply's stance toward its target, both read together by a cross-encoder (dispute/judges.py).

    It is pretrained: `fit` checks what it is given, learns nothing and need not be called. It is there because
    scikit-learn's pipelines and cross-validation call it. Pairs are a DataFrame with the columns target and reply,
    or anything of two columns: a list of tuples, an array of shape (n, 2), dicts or a pyarrow table with these names.

    Every pair is judged, whatever language it is in: of other languages than English the models that ship know
    nothing, and their verdicts are worth nothing there. `threadkit.analyze` leaves such comments out beforehand.

    Of long texts only the beginning is read: threadkit-stance takes 156 tokens of target and reply together, about 120
    words, of two long ones half each. A reply's objection after that is not seen. `threadkit.analyze` judges passages,
    not comments, and sets aside what concedes, thanks, names or asks; this class does not.

    Parameters
    ----------
    model : str or path
        A model of ours, or any sentence-transformers CrossEncoder name or path with three outputs: named disagree,
        neutral, agree, or as natural language inference names them, in the `id2label` of its config, else in this
        order.
    threads : int or None
        Threads to use, 1 or more; None takes all that the process may use. The result does not depend on it.
    device : str
        cpu, cuda (or cuda:1) or mps.
    cache : str, path or None
        Folder in which verdicts are kept and found again (base/cache.py); None = nowhere. The result does not depend
        on it.

    Attributes
    ----------
    classes_ : ndarray of shape (3,)
        disagree, neutral, agree: the columns of `predict_proba`.

    Notes
    -----
    scikit-learn's scores of probabilities (neg_log_loss, neg_brier_score, roc_auc_ovr as `scoring`) take the columns
    in alphabetical order and come out wrong here. Give its metrics the columns so, as the last example does. What
    numbers the classes before it calls `fit` (cross_val_predict(method="predict_proba"), VotingClassifier) is refused.

    Examples
    --------
    >>> pairs = pd.DataFrame({"target": ["We should ban cars."], "reply": ["No, that is a terrible idea."]})
    >>> StanceClassifier().predict(pairs).tolist()
    ['disagree']

    >>> from sklearn.metrics import log_loss
    >>> classifier = StanceClassifier()
    >>> shares = classifier.predict_proba(pairs)[sorted(classifier.classes_)]
    >>> bool(log_loss(["disagree"], shares, labels=sorted(classifier.classes_)) < 0.5)
    True
    """

    def __init__(
        self,
        model: str | Path = DEFAULT_MODEL,
        threads: int | None = None,
        device: str = "cpu",
        cache: str | Path | None = None,
    ) -> None:
        self.model = model
        self.threads = threads
        self.device = device
        self.cache = cache

    @property
    def classes_(self) -> np.ndarray:
        """The stances, in the order of the columns of `predict_proba`."""
        return np.array(CLASSES)

    @property
    def min_disagree(self) -> float:
        """The share from which on a reply disagrees (`decide`): each model has its own."""
        return self._opened().min_disagree

    def fit(self, pairs: Any, y: Any = None) -> StanceClassifier:
        """Check pairs, and the stances `y` (n,) where given; learn nothing. Raises TableError or SettingError."""
        n = len(as_pairs(pairs))
        if y is not None:
            stances = np.asarray(y)
            if stances.shape != (n,):
                raise SettingError(f"y has shape {stances.shape}, expected ({n},): one stance a pair")
            strange = sorted(set(map(str, stances)) - set(CLASSES))
            if strange:
                cure = _NUMBERED if stances.dtype.kind in "iu" else ""
                raise SettingError(f"y holds {strange[0]!r}: a stance is one of {', '.join(CLASSES)}{cure}")
        return self

    def predict_proba(self, pairs: Any, done: Callable[[int], None] | None = None) -> pd.DataFrame:
        """Return probabilities (0 to 1, rows sum to 1) with columns disagree, neutral, agree and the index of `pairs`.

        A pair is surely neutral (0, 1, 0) where one side says nothing: it is missing or blank, only an address, or the
        reply only quotes the target ("> …"). `done(k)` is called after each batch of k distinct pairs. Raises
        TableError where `pairs` are none.
        """
        self._check_cache()
        known, threads = as_pairs(pairs), self._threads()
        if known.empty:
            return pd.DataFrame(index=known.index, columns=list(CLASSES), dtype=np.float32)
        cache = None if self.cache is None else Path(self.cache)
        shares, whole = np.tile(BLANK, (len(known), 1)), told(known)
        if whole.any():
            shares[whole] = np.exp(self._opened().log_shares(seen(known[whole]), threads, done, cache))
        return pd.DataFrame(shares, index=known.index, columns=list(CLASSES))

    def predict(self, pairs: Any) -> pd.Series:
        """Return each pair's stance, as `decide` tells it from the probabilities; neutral where a side says nothing."""
        shares = self.predict_proba(pairs)
        return pd.Series(decide(shares, self.min_disagree), index=shares.index, dtype="string")

    def explain(self, pairs: Any, done: Callable[[int], None] | None = None) -> pd.DataFrame:
        """Return the words of each reply that carried its verdict, by leaving each of them out.

        One row a word, or a few words together where a reply has more than MAX_PARTS: pair (the index of `pairs`),
        start and stop in the reply, word, and weight: p(disagree) less what it is without them, −1 to 1; above 0
        they speak for disagreement. The network is asked once a row (Zeiler and Fergus 2014, occlusion).

        >>> found = StanceClassifier().explain([("Ban cars.", "That is wrong.")])
        >>> found.loc[found["weight"].idxmax(), "word"]
        'wrong.'
        """
        known = as_pairs(pairs)
        rows, asked = [], []
        for pair, target, reply in zip(known.index, known["target"], known["reply"], strict=True):
            for start, stop in parts(reply):
                rows.append((pair, start, stop, reply[start:stop]))
                asked.append((target, f"{reply[:start]} {reply[stop:]}"))
        whole = self.predict_proba(known)["disagree"]
        without = self.predict_proba(asked, done)["disagree"].to_numpy()
        found = pd.DataFrame(rows, columns=["pair", "start", "stop", "word"])
        sizes = [len(parts(reply)) for reply in known["reply"]]
        return found.assign(weight=np.repeat(whole.to_numpy(), sizes) - without)

    def _opened(self) -> Judge:
        """Return what judges, opened once a model and device."""
        if not isinstance(self.model, (str, Path)):
            raise SettingError(f"model is {self.model!r}: give a name or a folder, or leave it out")
        asked = (str(self.model), str(self.device))
        opened: tuple[tuple[str, str], Judge] | None = self.__dict__.get("_judge")
        if opened is None or opened[0] != asked:
            opened = self._judge = (asked, open_judge(*asked))
        return opened[1]

    def _check_cache(self) -> None:
        if self.cache is not None and not str(self.cache):
            raise SettingError("cache is '': give a folder, or None to keep nothing")

    def _threads(self) -> int | None:
        whole = isinstance(self.threads, Integral) and not isinstance(self.threads, bool)
        if self.threads is not None and not (whole and self.threads >= 1):
            raise SettingError(f"threads is {self.threads!r}: give a whole number from 1 on, or None for all")
        return self.threads

    def __getstate__(self) -> dict[str, Any]:
        # The judge is opened again where it is needed: weights are never pickled.
        return {name: value for name, value in super().__getstate__().items() if name != "_judge"}

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.no_validation = True
        tags.target_tags.required = False
        tags.input_tags.two_d_array, tags.input_tags.string = False, True
        return tags


def parts(reply: str) -> list[tuple[int, int]]:
    """Return where the words of a reply begin and end; of a long one, some words together, MAX_PARTS in all at most.

    >>> parts("No, never.")
    [(0, 3), (4, 10)]
    """
    found = [match.span() for match in _WORD.finditer(reply)]
    size = max(1, -(-len(found) // MAX_PARTS))
    return [(found[n][0], found[min(n + size, len(found)) - 1][1]) for n in range(0, len(found), size)]


def as_pairs(pairs: Any) -> pd.DataFrame:
    """Return pairs as a table with the columns target and reply, missing texts empty; raises TableError.

    >>> as_pairs([("Ban cars.", "No.")]).to_dict("records")
    [{'target': 'Ban cars.', 'reply': 'No.'}]
    """
    table = _as_table(pairs)
    names = list(table.columns)
    absent = [name for name in PAIR if name not in names]
    if absent:
        raise TableError(
            f"pairs need the columns target and reply; {', '.join(absent)} is missing: rename the columns that hold it"
        )
    twice = next((name for name in PAIR if names.count(name) > 1), None)
    if twice:
        raise TableError(f"pairs have the column {twice!r} twice: rename one")
    texts = {name: pd.array([text_of(value) for value in values(table[name])], dtype="string") for name in PAIR}
    return pd.DataFrame(texts, index=table.index)


def _as_table(pairs: Any) -> pd.DataFrame:
    if isinstance(pairs, pd.DataFrame):
        return pairs
    if hasattr(pairs, "to_pandas") and hasattr(pairs, "columns"):
        # A table of pyarrow or polars: a list of it holds its columns, not its rows.
        table: pd.DataFrame = pairs.to_pandas()
        return table
    if isinstance(pairs, (list, tuple)) and any(row is None for row in pairs):
        raise TableError("pairs are rows of two texts, and one of them is None: leave it out")
    try:
        rows = pairs if isinstance(pairs, (np.ndarray, Mapping)) else list(pairs)
        named = isinstance(rows, Mapping) or (len(rows) > 0 and all(isinstance(row, Mapping) for row in rows))
        return pd.DataFrame(rows, columns=None if named else list(PAIR), dtype=object)
    except (TypeError, ValueError) as error:
        raise TableError(
            f"pairs are a table with the columns target and reply, or rows of two texts ({error})"
        ) from error


def text_of(value: Any) -> str:
    r"""Return a cell as text that can be written as UTF-8: bytes decoded, nothing for None.

    >>> text_of(b"Maybe."), text_of(7), text_of("no \ud800")
    ('Maybe.', '7', 'no ?')
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    text = "" if value is None else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def decide(shares: pd.DataFrame, least: float = MIN_DISAGREE) -> np.ndarray:
    """Return the stance of each row (n,): disagree from a share of `least` on unless agree is likelier, else the rest.

    Being neutral counts NEUTRAL times there.
    """
    disagree, neutral, agree = (shares[name].to_numpy(np.float64) for name in CLASSES)
    against = disagree >= least * (disagree + NEUTRAL * neutral + agree)
    rest = np.where(agree > neutral, "agree", "neutral")
    return np.where(against & (disagree > agree), "disagree", rest)


def respecting(stances: np.ndarray, shares: pd.DataFrame, targets: pd.DataFrame) -> np.ndarray:
    """Return the stances (n,) with those of segments that object to nothing no longer disagree, whatever a model says.

    Those that only concede (dispute/concede.py: "Fair point, I had not thought of that") or are courteous
    (dispute/courtesy.py), that grant something before their paragraph turns (the column `grants`), names and headings
    (dispute/fragments.py), what adds to what it answers, mere questions that are likelier neutral
    (models/TRIED.md), what answers an open question of a post's and does not surely disagree, and what only goes on,
    in the third passage of a comment or later, and likelier does not disagree with the post or comment as a whole.
    """
    against = np.flatnonzero(stances == "disagree")
    alone = ~targets["comment_id"].duplicated(keep=False)
    passages = targets.assign(alone=alone, place=_places(targets)).iloc[against]
    told = shares[["disagree", "neutral"]].iloc[against].itertuples(index=False)
    rests = [_rests(passage, *pair) for passage, pair in zip(passages.itertuples(index=False), told, strict=True)]
    calm = against[np.array(rests, dtype=bool)]
    out = stances.copy()
    out[calm] = decide(shares.iloc[calm], least=np.inf)
    return out


def _rests(passage: Any, disagree: float, neutral: float) -> bool:
    """Tell whether a row of targets that a model calls an objection objects to nothing."""
    text, sure = passage.text, disagree >= SURE
    if passage.grants or yields(text) or objects_to_nothing(text) or says_nothing(text, alone=passage.alone):
        return True
    if not sure and adds(text, passage.target_text):
        return True
    if not sure and passage.evidence in UNADDRESSED and asks_openly(passage.target_text):
        return True
    if passage.place >= LATER and passage.evidence in AS_A_WHOLE and disagree < EVEN:
        return True
    return disagree < neutral and only_asks(text)


def _places(targets: pd.DataFrame) -> np.ndarray:
    """Return which segment of its comment each row is (n,), from 0: their ids tell."""
    return np.array([int(str(name).rpartition(":")[2]) for name in targets.index], dtype=np.int64)


def pairs_of(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that the rows of `dispute.target.aim`'s table are judged by."""
    replies = [shorten(text, MAX_REPLY) for text in values(targets["text"])]
    return pd.DataFrame({"target": targets["target_text"], "reply": replies}, index=targets.index)


def told(pairs: pd.DataFrame) -> np.ndarray:
    """Tell of which pairs (n,) bool both sides say something; an address or a quote of the target is no reply."""
    texts = zip(*(values(pairs[name]) for name in PAIR), strict=True)
    return np.array([bool(target.strip()) and _says(reply, target) for target, reply in texts], dtype=bool)


def _says(reply: str, target: str) -> bool:
    """Tell whether a reply says more than its target: where lines were lost, an answer stands behind the quote."""
    if not _QUOTE_LINE.match(reply):
        return bool(prose_only(reply))
    own = prose_only(_QUOTE_LINE.sub("", reply))
    return bool(own) or squeeze(_QUOTE_MARK.sub("", reply)) not in squeeze(target)


def seen(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what a model sees of pairs (n): prose without addresses."""
    texts = (map(prose_only, values(pairs[name])) for name in PAIR)
    return list(zip(*texts, strict=True))


def judge(
    targets: pd.DataFrame,
    classifier: StanceClassifier,
    done: Callable[[int], None] | None = None,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge each segment against its target and return the stances table.

    `targets` is what `dispute.target.aim` returns. `known` holds rows of an earlier stances table with the
    column text: where a segment stands in it with the same words and target, its probabilities are taken over.
    """
    pairs = pairs_of(targets)
    if known is None or known.empty:
        shares = classifier.predict_proba(pairs, done)
    else:
        earlier = known.reindex(targets.index)
        same = (earlier["text"] == targets["text"]) & (earlier["target_text"] == targets["target_text"])
        same = same.fillna(value=False).astype(bool)
        shares = earlier[[f"p_{name}" for name in CLASSES]].set_axis(list(CLASSES), axis=1)
        shares.loc[~same] = classifier.predict_proba(pairs[~same], done)
    return STANCES.build(
        {
            **{
                name: targets[name]
                for name in ("comment_id", "target_id", "target_text", "post_id", "author", "evidence")
            },
            "segment_id": targets.index,
            **{f"p_{name}": shares[name] for name in CLASSES},
            "stance": respecting(decide(shares, classifier.min_disagree), shares, targets),
        }
    )
