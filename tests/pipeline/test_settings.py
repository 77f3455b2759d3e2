"""Settings: what they say of the models that they name."""

import shutil

import pytest

from threadkit.base.errors import ModelError
from threadkit.base.weights import manifest
from threadkit.pipeline.settings import Settings


def test_our_stance_models_read_english_only_by_whatever_name(tmp_path, monkeypatch):
    folder = manifest()["threadkit-stance-static"].folder
    copy = tmp_path / "mine"
    shutil.copytree(folder, copy)
    (copy / "README.md").write_text("Taken along.")
    monkeypatch.chdir(folder.parent)
    for model in ("threadkit-stance", "threadkit-stance-static", str(folder), f"./{folder.name}", str(copy)):
        assert Settings(stance_model=model).reads_english_only, model


def test_other_models_may_read_anything(tmp_path):
    other = tmp_path / "other"
    shutil.copytree(manifest()["threadkit-stance-static"].folder, other)
    (other / "stance.npz").write_bytes(b"other weights")
    for model in (str(other), str(tmp_path), "somebody/xlm-stance", str(manifest()["threadkit-point"].folder)):
        assert not Settings(stance_model=model).reads_english_only, model


def test_a_cross_encoder_is_no_encoder(tmp_path):
    for name in ("threadkit-stance", "threadkit-point"):
        shutil.copytree(manifest()[name].folder, tmp_path / name)
    assert Settings(encoder=str(tmp_path / "threadkit-point")).revisions()
    with pytest.raises(ModelError, match="is a cross-encoder, which judges pairs of texts; give an encoder"):
        Settings(encoder=str(tmp_path / "threadkit-stance")).revisions()
