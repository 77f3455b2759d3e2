"""The README's table of formats is what the readers find in our own exports, and every format has one."""

from formats_table import EXPORTS, FIELDS, MARKS, ROOT, TICK, corpus, placed, table

from threadkit.readers.formats import FORMATS, sample


def test_every_format_has_an_export_of_ours_that_it_claims_first():
    assert {path.name for path in EXPORTS.iterdir()} == set(FORMATS.names())
    for path in (path for path in EXPORTS.rglob("*") if path.is_file()):
        head = sample(path)
        first = next(name for name in FORMATS.names() if FORMATS.load(name).detect(head))
        assert first == path.relative_to(EXPORTS).parts[0], path.name


def test_the_readme_holds_the_table():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(readme.count(mark) == 1 for mark in MARKS)
    assert placed(readme, table()) == readme, "run python scripts/formats_table.py --write"


def test_ticks_are_what_is_read():
    own = corpus("threadkit-jsonl")
    assert all(has(own) for has in FIELDS.values())
    mail = {name for name, has in FIELDS.items() if has(corpus("mbox"))}
    assert "score" not in mail
    assert {"author", "time", "parent", "quotes", "title"} <= mail
    assert table().count(TICK) > 100
