"""A text's result depends on the text alone: not on its company, on threads, on windows, or on what is kept."""

import random
import shutil
import time

import numpy as np
import pytest

from threadkit.base import inference
from threadkit.base.cache import FILE
from threadkit.base.errors import ModelError, SettingError
from threadkit.base.inference import Network, check_device, cut, run
from threadkit.base.weights import shipped

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


@pytest.mark.parametrize(
    ("device", "words"), [("tpu", "one of cpu, cuda, mps"), ("mps", "finds none"), ("", "one of"), ("cpu:x", "one of")]
)
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


class Limited:
    """What `tokenize` asks of a model."""

    def __init__(self, tokenizer, max_seq_length):
        self.tokenizer, self.max_seq_length = tokenizer, max_seq_length


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("step", [8, 1])
@pytest.mark.parametrize("limit", [24, 33])
def test_texts_are_cut_as_the_tokenizer_itself_cuts(network, limit, step, side, monkeypatch):
    rng = random.Random(0)
    words = [
        *WORDS.split(),
        "e\u0301t\u00e9",
        "\U0001f697",
        "\x00",
        "   ",
        "\n\n",
        "n\u200bo",
        "x" * 150,
        "\u7981\u6b62",
    ]
    texts = [" ".join(rng.choices(words, k=rng.choice([0, 1, 5, 9, 10, 11, 12, 20, 60]))) for _ in range(300)]
    pairs = list(zip(texts, texts[::-1], strict=True)) + list(zip(texts, texts[7:] + texts[:7], strict=True))
    tokenizer = network.model.tokenizer
    monkeypatch.setattr(inference, "STEP", step)
    monkeypatch.setattr(tokenizer, "truncation_side", side)
    for items in (texts, pairs):
        columns = [list(column) for column in zip(*items, strict=True)] if items is pairs else [items]
        own = tokenizer(*columns, truncation=True, max_length=limit // step * step - 1, padding=False)
        assert inference.tokenize(Limited(tokenizer, limit), items) == {name: list(own[name]) for name in own}


def test_two_long_texts_take_time_by_their_length(network):
    long = "No. word " * 5000
    begun = time.process_time()
    features = inference.tokenize(Limited(network.model.tokenizer, 96), [(long, long)])
    assert len(features["input_ids"][0]) == 95
    # Every piece beside every other took gigabytes, and seconds.
    assert time.process_time() - begun < 1


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(shipped("models") / "threadkit-point", copy)
    return copy


def test_a_folder_without_its_tokenizer_is_told(folder):
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    with pytest.raises(ModelError, match=r"has no tokenizer: .* holds none of tokenizer.json, vocab.txt; copy it"):
        Network("SentenceTransformer", str(folder), "encoder").model  # noqa: B018  it is loaded when asked for


@pytest.mark.parametrize("size", [0, 5, 100_000])
def test_weights_that_are_cut_off_are_told(folder, size):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:size])
    with pytest.raises(ModelError, match="cannot be loaded"):
        Network("SentenceTransformer", str(folder), "encoder").model  # noqa: B018  it is loaded when asked for
