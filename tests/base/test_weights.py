"""The shipped weights: named, verified, and loadable without threadkit."""

import json
import shutil

import numpy as np
import pytest

from threadkit.base import weights
from threadkit.base.errors import ModelError


def test_every_shipped_file_is_in_the_manifest_and_whole():
    for row in weights.manifest().values():
        row.verify()
        there = {f.relative_to(row.folder).as_posix() for f in row.folder.rglob("*") if f.is_file()}
        assert there == set(row.files)
        assert "README.md" in there, f"{row.name} has no card"


def test_all_weights_stay_under_100_mb():
    assert sum(row.size for row in weights.manifest().values()) < 100e6


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """Return a copy of the models whose stance card was changed by one letter."""
    shutil.copytree(weights.shipped("models"), tmp_path / "models")
    monkeypatch.setattr(weights, "_PLACES", (tmp_path,))
    weights.resolve.cache_clear()
    yield tmp_path / "models"
    weights.resolve.cache_clear()


def test_a_changed_file_is_refused(damaged):
    card = damaged / "threadkit-stance/config.json"
    card.write_text(card.read_text() + " ")
    with pytest.raises(ModelError, match=r"config.json: sha256 .*, expected .*; install threadkit again"):
        weights.resolve("threadkit-stance", "stance")


def test_a_missing_file_is_told(damaged):
    (damaged / "threadkit-point/modules.json").unlink()
    with pytest.raises(ModelError, match="missing; install threadkit again"):
        weights.resolve("threadkit-point", "encoder")


def test_the_encoder_is_an_ordinary_sentence_transformer():
    from sentence_transformers import SentenceTransformer

    from threadkit.crux.encode import SentenceEncoder

    texts = ["The study is too small.", "It shifts the traffic to our street.", ""]
    plain = SentenceTransformer(str(weights.shipped("models") / "threadkit-point"), device="cpu")
    ours = SentenceEncoder().encode(texts)
    theirs = plain.encode(texts, normalize_embeddings=True)
    assert ours.dtype == np.float32
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)
    assert (np.einsum("ij,ij->i", ours, theirs) > 0.999).all()


def test_the_manifest_is_what_its_script_writes():
    rows = json.loads((weights.shipped("models") / "manifest.json").read_text())
    assert all(set(row) == {"name", "kind", "revision", "license", "dim", "about", "files"} for row in rows)
    assert all(len(row["revision"]) == 12 for row in rows)
