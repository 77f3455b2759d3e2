"""Choose where merging stops, for cruxes (crux/cluster.py) and for themes (crux/layers.py), by the encoder that ships.

    python scripts/choose_distance.py

Prints the figures at each distance on the parts that scripts/splits.py keeps for tuning. A crux is right where it is a
key point of one topic and side; a theme is right where it is a topic (KPA-2021) or a claim (Perspectrum, ten texts or
more), all of them mixed.
"""

from __future__ import annotations

import click
import numpy as np
import splits
from grouping import compare, of_one_point, score_groups

CRUXES = (0.3, 0.35, 0.375, 0.4, 0.425, 0.45, 0.475, 0.5, 0.525, 0.55)
THEMES = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)

# A claim of Perspectrum with so many texts counts as a topic.
MIN_TEXTS = 10


def mixed() -> tuple[list[str], np.ndarray]:
    """Return texts of many topics (n), and the topic of each (n,)."""
    rows = [(a["text"], a["topic"]) for a in splits.kpa("tune")]
    rows += [(p["text"], f"claim {p['claim_id']}") for p in splits.perspectrum("tune")]
    topic = np.array([t for _, t in rows])
    names, place, count = np.unique(topic, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(count[place] >= MIN_TEXTS)
    click.echo(f"{len(kept)} texts of {int((count >= MIN_TEXTS).sum())} topics of {len(names)}")
    return [rows[i][0] for i in kept], topic[kept]


@click.command()
@click.option("--encoder", default="threadkit-point", show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(encoder: str, threads: int) -> None:
    """Print adjusted Rand, V-measure and B-cubed F1 at each distance."""
    from threadkit.crux.cluster import CruxClusterer
    from threadkit.crux.encode import open_encoder

    encode = open_encoder(encoder, threads).encode
    arguments = splits.kpa("tune")
    vectors, one = encode([a["text"] for a in arguments]), of_one_point(arguments)
    for name, rows in {"all arguments": np.arange(len(arguments)), "arguments of one key point": one}.items():
        click.echo(f"cruxes, {len(rows)} {name}")
        for row in score_groups([arguments[i] for i in rows], vectors[rows], CRUXES):
            click.echo("  {distance:.3f}  ARI {ari:.3f}  V {v:.3f}  B3 {b3:.3f}".format(**row))
    texts, topic = mixed()
    clusterer = CruxClusterer(random_state=0, n_jobs=threads).fit(encode(texts))
    click.echo("themes")
    for distance in THEMES:
        labels = np.append(clusterer.broader(distance), -1)[clusterer.labels_]
        found = compare(topic, labels)
        click.echo(f"  {distance:.2f}  ARI {found['ari']:.3f}  V {found['v']:.3f}  {len(set(labels))} themes")


if __name__ == "__main__":
    main()
