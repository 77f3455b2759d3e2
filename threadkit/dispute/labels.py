"""Which output of a cross-encoder says what: disagree, neutral, agree, whatever the model calls them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadkit.base.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES = ("disagree", "neutral", "agree")

# From which share on a reply disagrees, where its model does not say: who is passed over nobody can find again.
MIN_DISAGREE = 0.30

# How models of stance and of natural language inference call them: who contradicts the target disagrees with it.
_CALLED = {
    "disagree": "disagree against attack con contradiction contradicts contradictory deny opposes oppose refute "
    "refutes refuted",
    "neutral": "neutral none neither comment query discuss unrelated unknown nei not_enough_info",
    "agree": "agree favor favour for support supports supported pro entailment entails",
}
_CLASS = {called: name for name, all_called in _CALLED.items() for called in all_called.split()}

# What transformers calls a class that nobody named.
_UNNAMED = re.compile(r"label_\d+")

_CURE = "name another model with --stance-model, or its classes in id2label of its config.json"


def outputs(model: str, n_outputs: int, names: Mapping[int, str] | None) -> list[int]:
    """Return which outputs of a model stand for disagree, neutral and agree, in this order.

    `names` is the model's own id2label. Outputs that it does not name stand in our order. Raises ModelError where
    a model has not three outputs, or names them so that they cannot be told.

    >>> outputs("nli", 3, {0: "ENTAILMENT", 1: "neutral", 2: "Contradiction"})
    [2, 1, 0]
    >>> outputs("ours", 3, {0: "LABEL_0", 1: "LABEL_1"})
    [0, 1, 2]
    """
    if n_outputs != len(CLASSES):
        raise ModelError(
            f"model {model!r} has {n_outputs} output{'s' * (n_outputs != 1)}; a stance model has three: "
            f"disagree, neutral, agree; {_CURE}"
        )
    called = {n: str(name).strip().lower().replace(" ", "_") for n, name in (names or {}).items()}
    if all(_UNNAMED.fullmatch(name) for name in called.values()):
        return list(range(n_outputs))
    places = {_CLASS.get(name): int(n) for n, name in called.items()}
    if len(called) != n_outputs or set(places) != set(CLASSES):
        raise ModelError(
            f"model {model!r} calls its outputs {', '.join(map(repr, called.values()))}: which of them are disagree, "
            f"neutral and agree cannot be told; {_CURE}"
        )
    return [places[name] for name in CLASSES]
