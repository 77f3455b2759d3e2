"""Threads change how fast a result comes, never the result."""

import numpy as np

from threadkit.base.executor import map_items, one_numerical_thread


def test_results_keep_the_order_of_the_items_and_progress_is_told():
    told = []
    assert map_items(lambda x: x * x, range(50), threads=4, done=told.append) == [x * x for x in range(50)]
    assert told == [1] * 50


def test_products_are_the_same_to_the_bit_on_any_number_of_threads():
    rng = np.random.default_rng(0)
    items = [rng.normal(size=(300, 384)) for _ in range(6)]
    one, many = (map_items(lambda a: a @ a.T, items, threads=n) for n in (1, 4))
    assert all(a.tobytes() == b.tobytes() for a, b in zip(one, many, strict=True))


def test_torch_gets_its_threads_back():
    import torch

    before = torch.get_num_threads()
    with one_numerical_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
