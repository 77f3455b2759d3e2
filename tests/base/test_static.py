"""The static encoder: a mean of token vectors, read without a network."""

import subprocess
import sys

import numpy as np
import pytest

import threadkit as tk
from corpora import town
from threadkit.base.static import StaticEncoder
from threadkit.base.weights import manifest
from threadkit.crux.encode import SentenceEncoder, open_encoder

TEXTS = ["The toll costs far too much.", "Nobody can afford the toll.", "Foxes sleep under the shed.", "", "👾"]


@pytest.fixture(scope="module")
def encoder():
    return StaticEncoder()


def test_rows_have_unit_length_and_a_text_without_a_token_has_none(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-5)
    assert not vectors[3].any()
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_the_same_point_is_nearer_than_another(encoder):
    a, b, c = encoder.encode(TEXTS[:3])
    assert a @ b > a @ c


def test_neighbours_in_the_batch_do_not_matter(encoder):
    many = [f"Reason {i} against the toll, and {i % 7} more." for i in range(3000)] + TEXTS
    told = []
    vectors = encoder.encode(many, told.append)
    assert sum(told) == len(many)
    assert vectors[-len(TEXTS) :].tobytes() == encoder.encode(TEXTS).tobytes()


def test_it_ships_small_and_needs_no_torch():
    assert manifest()["threadkit-static"].size <= 10e6
    code = (
        "import sys; from threadkit.base.static import StaticEncoder; StaticEncoder().encode(['Too dear.']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_choose_the_encoder():
    assert isinstance(open_encoder("threadkit-static"), StaticEncoder)
    assert isinstance(open_encoder(), SentenceEncoder)


def test_a_run_with_it_can_be_continued():
    analysis = tk.analyze(town(), encoder="threadkit-static", stability=0)
    assert len(analysis.objections)
    assert analysis.vectors.shape == (len(analysis.objections), StaticEncoder().dim)
    again = tk.match(town(), analysis)
    assert again.changes.empty
    assert again.vectors.tobytes() == analysis.vectors.tobytes()
