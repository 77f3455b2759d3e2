"""Save the mean of the weights of trainings that began with the same ones.

    python scripts/mean_weights.py a b --out models/threadkit-stance

Where they lie in one valley, their mean is often better than each (Wortsman et al. 2022,
https://arxiv.org/abs/2203.05482), and costs no more to run.
"""

from __future__ import annotations

from pathlib import Path

import click
import torch
from training import ship


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--encoder", is_flag=True, help="They are encoders, no cross-encoders.")
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(folders: tuple[Path, ...], encoder: bool, out: Path) -> None:
    """Save the mean of the models in FOLDERS to OUT."""
    from sentence_transformers import CrossEncoder, SentenceTransformer

    kind = SentenceTransformer if encoder else CrossEncoder
    models = [kind(str(folder), device="cpu") for folder in folders]
    with torch.no_grad():
        for mean, *others in zip(*(model.parameters() for model in models), strict=True):
            mean.add_(sum(others)).div_(len(models))
    ship(models[0], out)


if __name__ == "__main__":
    main()
