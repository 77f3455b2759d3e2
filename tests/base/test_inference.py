"""A text's result depends on the text alone: not on its company, on threads, on windows, or on what is kept."""

import numpy as np
import pytest

from threadkit.base import inference
from threadkit.base.cache import FILE
from threadkit.base.errors import SettingError
from threadkit.base.inference import Network, check_device, cut, run

WORDS = "The survey is far too small to show that anything of this kind was ever going to pay for itself"
TEXTS = [WORDS[3 * (i % 7) : 12 + (29 * i) % 80] + "." for i in range(40)]


@pytest.fixture(scope="module")
def network():
    return Network("SentenceTransformer", "threadkit-point", "encoder")


@pytest.fixture(scope="module")
def alone(network):
    return np.concatenate([run(network, [text], "sentence_embedding") for text in TEXTS])


def test_company_and_threads_do_not_matter(network, alone):
    for threads in (1, 2):
        assert run(network, TEXTS, "sentence_embedding", threads).tobytes() == alone.tobytes()
    assert run(network, TEXTS[::-1], "sentence_embedding")[::-1].tobytes() == alone.tobytes()


def test_windows_do_not_matter(network, alone, monkeypatch):
    monkeypatch.setattr(inference, "_WINDOW", 7)
    monkeypatch.setattr(inference, "_BATCHES", 1)
    told = []
    assert run(network, TEXTS, "sentence_embedding", 1, told.append).tobytes() == alone.tobytes()
    assert sum(told) == len(set(TEXTS))


def test_what_is_kept_does_not_matter(network, alone, tmp_path):
    half = run(network, TEXTS[::2], "sentence_embedding", cache=tmp_path)
    assert half.tobytes() == alone[::2].tobytes()
    told = []
    assert run(network, TEXTS, "sentence_embedding", 1, told.append, tmp_path).tobytes() == alone.tobytes()
    assert sum(told) == len(set(TEXTS))
    assert (tmp_path / FILE).is_file()


def test_what_is_kept_is_not_computed_again(network, tmp_path, monkeypatch):
    first = run(network, TEXTS, "sentence_embedding", cache=tmp_path)
    monkeypatch.setattr(inference, "tokenize", lambda *_: pytest.fail("was computed again"))
    again = Network("SentenceTransformer", "threadkit-point", "encoder")
    assert run(again, TEXTS, "sentence_embedding", cache=tmp_path).tobytes() == first.tobytes()
    assert "model" not in vars(again), "the weights were loaded for nothing"


def test_batches_are_of_one_shape_and_never_without_padding():
    lengths = [1, 7, 8, 9, 15, 16, 159, 8, 8]
    batches = list(cut(lengths, 64))
    assert sorted(i for batch in batches for i in batch.places) == list(range(len(lengths)))
    for batch in batches:
        assert 0 < len(batch.places) <= batch.size == max(4, 64 // batch.length)
        assert batch.length % inference.STEP == 0
        assert all(lengths[i] < batch.length <= lengths[i] + inference.STEP for i in batch.places)


def test_long_texts_fit_what_the_model_takes(network):
    features = inference.tokenize(network.model, ["word " * 3000])
    [batch] = cut([len(ids) for ids in features["input_ids"]], 512)
    assert batch.length <= network.model.max_seq_length
    assert np.isfinite(run(network, ["word " * 3000], "sentence_embedding")).all()


def test_packed_weights_give_the_same_bytes(alone, monkeypatch):
    import torch

    if inference.fastest_dtype() != torch.bfloat16:
        pytest.skip("this processor computes in float32")
    model = Network("SentenceTransformer", "threadkit-point", "encoder").model
    linear = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    assert all("forward" in vars(layer) for layer in linear)
    monkeypatch.setattr(inference, "pack", lambda model: model)
    plain = Network("SentenceTransformer", "threadkit-point", "encoder")
    assert run(plain, TEXTS, "sentence_embedding").tobytes() == alone.tobytes()


@pytest.mark.parametrize(("device", "words"), [("tpu", "one of cpu, cuda, mps"), ("mps", "finds none"), ("", "one of")])
def test_a_device_that_is_not_there_is_told(device, words):
    import torch

    if device == "mps" and torch.backends.mps.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(SettingError, match=words):
        check_device(device)


@pytest.mark.parametrize(
    ("tiles", "wide", "vendor", "wanted"),
    [
        (True, True, "GenuineIntel", "bfloat16"),
        (False, True, "GenuineIntel", "float32"),
        (False, True, "AuthenticAMD", "bfloat16"),
        (False, False, "AuthenticAMD", "float32"),
    ],
)
def test_bfloat16_is_taken_where_it_is_quicker(monkeypatch, tiles, wide, vendor, wanted):
    import torch

    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: wide)
    monkeypatch.setattr(inference, "_vendor", lambda: vendor)
    assert inference.fastest_dtype("cpu") == getattr(torch, wanted)
