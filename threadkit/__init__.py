"""threadkit: what forum disagreements turn on, which objections recur across posts, and whether they were answered."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadkit.base.errors import ThreadkitError as ThreadkitError
    from threadkit.corpus.analysis import Analysis as Analysis
    from threadkit.corpus.analysis import load as load
    from threadkit.corpus.corpus import Corpus as Corpus
    from threadkit.crux.cluster import CruxClusterer as CruxClusterer
    from threadkit.crux.compare import compare as compare
    from threadkit.crux.encode import SentenceEncoder as SentenceEncoder
    from threadkit.dispute.stance import StanceClassifier as StanceClassifier
    from threadkit.pipeline import analyze as analyze
    from threadkit.pipeline import match as match
    from threadkit.readers.read import read as read

__version__ = "0.1.0"

# Each name is imported when it is first used, so that `import threadkit` costs next to nothing.
_FACE = {
    "read": "threadkit.readers.read",
    "analyze": "threadkit.pipeline",
    "match": "threadkit.pipeline",
    "compare": "threadkit.crux.compare",
    "load": "threadkit.corpus.analysis",
    "Corpus": "threadkit.corpus.corpus",
    "Analysis": "threadkit.corpus.analysis",
    "StanceClassifier": "threadkit.dispute.stance",
    "SentenceEncoder": "threadkit.crux.encode",
    "CruxClusterer": "threadkit.crux.cluster",
    "ThreadkitError": "threadkit.base.errors",
}
__all__ = ["__version__", *_FACE]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module 'threadkit' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_FACE[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
