"""What a run depends on beside its input, and what each of its steps needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.base.errors import SettingError
from threadkit.base.weights import manifest, resolve
from threadkit.crux import encode
from threadkit.crux.cluster import DISTANCE
from threadkit.crux.stability import DRAWS
from threadkit.dispute import stance
from threadkit.dispute.kinds import MODEL as KINDS
from threadkit.dispute.sieve import MODEL as SIEVE

if TYPE_CHECKING:
    from threadkit.base.progress import Progress


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
        """Whether the stance model is one of ours, which read English only."""
        return self.stance_model in manifest()

    def revisions(self) -> dict[str, str]:
        """Return the revision of each model; raises ModelError where one is not there."""
        kinds = {SIEVE: "sieve", KINDS: "kinds", self.stance_model: "stance", self.encoder: "encoder"}
        return {model: resolve(model, kind)[1] for model, kind in kinds.items()}


@dataclass(frozen=True)
class Work:
    """What every step of a run needs: its settings, how many threads, where to report."""

    settings: Settings
    threads: int | None
    report: Progress
