"""Ids by 64 bits: an id's number is its own, whatever stands beside it."""

import pyarrow as pa
import pytest

from threadkit.base.keys import hashes


@pytest.mark.parametrize("beside", ["b", "eight by", "nine byte", "an id of more than sixteen bytes", "0¡¡𐀀"])
@pytest.mark.parametrize("own", ["", "0", "seven b", "eight by", "nine byte"])
def test_a_number_does_not_depend_on_the_others(own, beside):
    assert hashes(pa.array([own]))[0] == hashes(pa.array([own, beside]))[0]
