"""Save the mean of the weights of two trainings that began with the same ones.

    python scripts/mean_weights.py a b --out models/threadkit-stance

Where both lie in one valley, their mean is often better than either (Wortsman et al. 2022,
https://arxiv.org/abs/2203.05482), and costs no more to run.
"""

from __future__ import annotations

from pathlib import Path

import click
import torch
from training import ship


@click.command()
@click.argument("one", type=click.Path(exists=True, path_type=Path))
@click.argument("other", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(one: Path, other: Path, out: Path) -> None:
    """Save the mean of the cross-encoders ONE and OTHER to OUT."""
    from sentence_transformers import CrossEncoder

    model, second = (CrossEncoder(str(folder), device="cpu") for folder in (one, other))
    with torch.no_grad():
        for mine, theirs in zip(model.parameters(), second.parameters(), strict=True):
            mine.lerp_(theirs, 0.5)
    ship(model, out)


if __name__ == "__main__":
    main()
