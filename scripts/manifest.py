"""Refresh models/manifest.json: every file's size and SHA-256, and each model's revision.

    python scripts/manifest.py

A row's name, kind, licence and description are edited by hand in the manifest; a revision is the beginning
of a hash over the checksums, so it changes exactly when a file does.
"""

from __future__ import annotations

import hashlib
import json

import click
from training import ROOT

from threadkit.base.weights import sha256

MODELS = ROOT / "models"


@click.command()
def main() -> None:
    """Rewrite the manifest and print one line a model."""
    path = MODELS / "manifest.json"
    manifest = json.loads(path.read_text())
    for row in manifest:
        files = sorted(f for f in (MODELS / row["name"]).rglob("*") if f.is_file())
        row["files"] = {
            f.relative_to(MODELS / row["name"]).as_posix(): {"sha256": sha256(f), "size": f.stat().st_size}
            for f in files
        }
        digests = "".join(entry["sha256"] for entry in row["files"].values())
        row["revision"] = hashlib.sha256(digests.encode()).hexdigest()[:12]
        size = sum(entry["size"] for entry in row["files"].values())
        click.echo(f"{row['name']} {row['revision']} {size / 1e6:.1f} MB in {len(files)} files")
    path.write_text(json.dumps(manifest, indent=2) + "\n")
    total = sum(entry["size"] for row in manifest for entry in row["files"].values())
    click.echo(f"in all {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
