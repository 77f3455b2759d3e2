"""What a run depends on beside its input, and what each of its steps needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.base.errors import ModelError, SettingError
from threadkit.base.static import MODEL as TABLE
from threadkit.base.weights import manifest, resolve, sha256
from threadkit.crux import encode
from threadkit.crux.cluster import DISTANCE
from threadkit.crux.stability import DRAWS
from threadkit.crux.statement import MODEL as STATEMENT
from threadkit.crux.talk import MODEL as TALK
from threadkit.crux.topoi import MODEL as TOPOI
from threadkit.dispute import judges, stance
from threadkit.dispute.kinds import MODEL as KINDS
from threadkit.dispute.static import MODEL as FIRST_LOOK
from threadkit.pipeline.checkpoint import Checkpoints, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from threadkit.base.progress import Progress
    from threadkit.corpus.corpus import Corpus
    from threadkit.crux.encode import Encoder
    from threadkit.pipeline.beyond import Cluster


# What of a model's folder holds what it has learnt; what else is there may be edited.
_READ = frozenset([".npz", ".safetensors"])
_CROSS = re.compile(r'"model_type"\s*:\s*"CrossEncoder"')


@dataclass(frozen=True)
class Settings:
    """What a run depends on beside its input."""

    seed: int = 0
    stance_model: str = stance.DEFAULT_MODEL
    encoder: str = encode.DEFAULT_MODEL
    distance: float = DISTANCE
    stability: int = DRAWS
    thorough: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.distance <= 2:
            raise SettingError(f"distance is {self.distance}: give a cosine distance above 0 and at most 2")
        if self.stability < 0:
            raise SettingError(f"stability is {self.stability}: give how many times threads are drawn, 0 for never")

    @property
    def reads_english_only(self) -> bool:
        """Whether the stance model is one of ours, by name or in a folder: they read English only."""
        return self.stance_model in manifest() or _copied(self.stance_model)

    def revisions(self) -> dict[str, str]:
        """Return the revision of each model; raises ModelError where one is not there, or is of another kind."""
        first = {} if self.thorough else judges.revisions(FIRST_LOOK)
        # The static table, what tells talk and what tells a case help to find and to name cruxes, whatever encoder
        # groups them (crux/talk.py, crux/wording.py).
        kinds = {KINDS: "kinds", TALK: "talk", TOPOI: "topoi", STATEMENT: "statement", TABLE: "encoder"}
        kinds[self.encoder] = "encoder"
        others = {model: resolve(model, kind)[1] for model, kind in kinds.items()}
        _check_encoder(self.encoder)
        return others | first | judges.revisions(self.stance_model)


@cache
def _copied(folder: str) -> bool:
    """Tell whether a folder holds the files of a stance model of ours, whatever else it holds."""
    ours = (
        {name: entry for name, entry in weights.files.items() if Path(name).suffix in _READ}
        for weights in manifest().values()
        if weights.kind == "stance"
    )
    return any(
        all(
            (path := Path(folder) / name).is_file()
            and path.stat().st_size == entry["size"]
            and sha256(path) == entry["sha256"]
            for name, entry in files.items()
        )
        for files in ours
    )


def _check_encoder(model: str) -> None:
    """Raise ModelError where an encoder's folder holds a cross-encoder: it loads as one, and its vectors are noise."""
    stated = Path(model) / "config_sentence_transformers.json"
    if stated.is_file() and _CROSS.search(stated.read_text(encoding="utf-8", errors="replace")):
        raise ModelError(
            f"{model!r} is a cross-encoder, which judges pairs of texts; give an encoder with --encoder, or this model "
            "with --stance-model"
        )


@dataclass(frozen=True)
class Work:
    """What every step of a run needs: its settings, and where and how it runs."""

    settings: Settings
    threads: int | None
    report: Progress
    device: str = "cpu"
    cache: Path | None = None
    done: Checkpoints = field(default_factory=Checkpoints)
    tell: Callable[[str], None] | None = None
    cluster: Cluster | None = None

    def begin(self, corpus: Corpus, revisions: Mapping[str, str], *more: str) -> None:
        """Take up what a killed run over the same corpus left, and say so; `more` is what the run also hangs on."""
        if self.done.place is None:
            return
        steps = self.done.begin(key_of(corpus, self.settings, revisions, *more))
        if steps and self.tell:
            # Parts of one step are told once: "disputes 0", "disputes 1", …
            told = dict.fromkeys(step.rstrip(" 0123456789") for step in steps)
            self.tell(f"An earlier run was cut off: its {', '.join(told)} are taken over.")

    def encoder(self, model: str | None = None) -> Encoder:
        """Open an encoder, that of the settings unless another is named."""
        name = model or self.settings.encoder
        if self.cluster is not None:
            return self.cluster.encoder(name, self)
        return encode.open_encoder(name, self.threads, self.device, self.cache)
