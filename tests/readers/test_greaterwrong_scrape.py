import json

import pandas as pd
import pytest

from threadkit.readers.formats import FORMATS, sample

URL = "https://www.lesswrong.com/posts/p1/tea"


def scraped(name, text, *comments, **more):
    fields = {
        "id": name,
        "author": f"u_{name}",
        "score": "3",
        "omega_karma": "",
        "votes": "9",
        "date": "2022-03-21T12:30",
    }
    return fields | {"url": f"{URL}?commentId={name}", "text": text, "comments": list(comments), **more}


def post(*comments, **more):
    fields = {"title": "On tea", "tags": "Drinks/Heat", "source": "alignment forum", "omega_karma": "7"}
    return scraped("p1", "Tea is *safe*.\nIt is.\n", *comments, **fields | more, url=URL)


@pytest.mark.parametrize("lines", [True, False])
def test_posts_are_read_with_their_tree(corpus_of, lines):
    reply = scraped("c2", "> Tea, they say.\n\n - one\n - two", score="\u22121,204")
    tree = post(scraped("c1", "Yes.", reply), scraped("c3", "No."))
    corpus = corpus_of(json.dumps(tree) + "\n" if lines else [tree])
    assert corpus.sources[0]["format"] == "greaterwrong-scrape"
    row = corpus.posts.loc["p1"]
    assert (row.site, row.title, row.author, row.karma, row.af_karma) == ("LessWrong", "On tea", "u_p1", 3, 7)
    assert row.text == "Tea is safe.\n\nIt is."
    rows = corpus.comments
    assert rows.parent_id.fillna("-").tolist() == ["-", "c1", "-"]
    assert rows.karma.tolist() == [3, -1204, 3]
    assert rows.af_karma.isna().all()
    assert rows.loc["c2", "text"] == "> Tea, they say.\n\n- one\n- two"
    assert rows.loc["c1", "posted_at"] == pd.Timestamp("2022-03-21T12:30Z")
    assert corpus.problems.empty


def test_dropped_replies_are_suspected(corpus_of):
    corpus = corpus_of([post(scraped("c1", "Yes."), scraped("c2", "No."))])
    assert corpus.problems.what.str.contains("dropped replies").sum() == 1
    assert corpus.sources[0]["lost"] == {"parents": 1}


def test_what_has_no_id_is_told(corpus_of):
    corpus = corpus_of([post(scraped(None, "Yes."), None, "x", scraped("c2", "No.")), post(id=None)])
    assert list(corpus.comments.index) == ["c2"]
    assert corpus.problems.severity.tolist() == ["error"] * 4


def test_a_cut_file_keeps_its_whole_comments(corpus_of):
    text = json.dumps([post(scraped("c1", "Yes."), scraped("c2", "No."))])
    corpus = corpus_of(text[: text.index('"No.')])
    assert list(corpus.comments.index) == ["c1"]


@pytest.mark.parametrize("content", [[{"id": 1, "text": "x", "comments": []}], {"omega_karma": "1"}, [[]]])
def test_strangers_are_not_claimed(known_as, content):
    assert "greaterwrong-scrape" not in known_as(content)


def test_no_real_sample_is_claimed(shared):
    paths = [path for path in (shared / "exports").rglob("*") if path.is_file()]
    assert not [path.name for path in paths if FORMATS.load("greaterwrong-scrape").detect(sample(path))]
