"""Which general points an objection voices."""

import numpy as np
import pandas as pd
import pytest

from threadkit.base.static import StaticEncoder
from threadkit.corpus.topoi import claim_of
from threadkit.crux.encode import open_encoder
from threadkit.crux.topoi import MIN_TOPOS, MOST, load_topoi, voiced

SAID = {
    "costs-too-much": "Who can afford such a lift? The quote alone would eat the choir's savings for ten years.",
    "invades-privacy": "The meter would tell the landlord when I am at home, when I cook and when I sleep.",
    "no-source-given": "Where is your evidence for that? You cite no study and no figures at all.",
    "harms-environment": "The dredging would poison the marsh and kill the birds that breed there.",
}


@pytest.mark.parametrize(("encoder", "least"), [("threadkit-point", 3), ("threadkit-static", 2)])
def test_points_are_told_on_things_never_heard_of(encoder, least):
    said = list(SAID.values())
    told = voiced(open_encoder(encoder).encode(said), StaticEncoder().encode(said), encoder).set_axis(pd.Index(SAID))
    assert sum(name in str(names).split() for name, names in told["topoi"].items()) >= least
    assert told["topoi"].dropna().str.split().str.len().max() <= MOST
    assert (told["p_topos"].dropna() >= MIN_TOPOS).all()
    assert (told["p_topos"].isna() == told["topoi"].isna()).all()


def test_every_point_has_a_sentence():
    names = load_topoi("threadkit-point").names
    assert names == load_topoi("threadkit-static").names
    assert len(set(names)) == len(names) == 91
    assert all(claim_of(name).endswith(".") for name in names)


def test_nothing_asked_is_nothing_told():
    told = voiced(np.zeros((0, 384), np.float32), np.zeros((0, 256), np.float32), "threadkit-point")
    assert told.shape == (0, 2)
