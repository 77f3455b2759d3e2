"""What run.json says of a run."""

from types import SimpleNamespace

import pandas as pd

from threadkit.pipeline import record
from threadkit.pipeline.settings import Settings


def test_a_run_is_named_alike_however_many_ids_are_held_at_once(monkeypatch):
    settings = Settings()
    posts, comments = (pd.DataFrame(index=pd.Index(ids, dtype="string")) for ids in (["p1", "p2"], list("abcde")))
    corpus = SimpleNamespace(posts=posts, comments=comments)
    name = record.lineage(corpus, settings)
    for n in (1, 2, 5):
        monkeypatch.setattr(record, "_IDS", n)
        assert record.lineage(corpus, settings) == name
    assert record.lineage(SimpleNamespace(posts=posts, comments=comments[:4]), settings) != name
