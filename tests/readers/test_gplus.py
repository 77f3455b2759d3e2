import html
import json
import re

import pandas as pd
import pytest

from threadkit.readers.read import read

ANA, BO = "https://plus.google.com/10000000000000000001", "https://plus.google.com/10000000000000000002"


def said(n, body, who=ANA, name="Ana&nbsp;Lind", time=None):
    return [name, who, f"gp-{n}", body, 1_360_000_000 + n if time is None else time]


def test_comments_are_read_under_the_post_the_file_names(corpus_of):
    corpus = corpus_of(
        [said(1, "<p>Tea is&nbsp;safe.\n<br>\n<br>\nReally.</p>"), said(2, "<p>No.</p>", BO, "Bo")], "on-tea.json"
    )
    assert corpus.posts.index.tolist() == ["on-tea"]
    assert corpus.posts.site.tolist() == ["plus.google.com"]
    row = corpus.comments.loc["gp-1"]
    assert (row.author, row.text) == ("Ana Lind", "Tea is safe.\n\nReally.")
    assert row.posted_at == pd.Timestamp(1_360_000_001, unit="s", tz="UTC")
    assert pd.isna(row.karma)
    assert corpus.problems.what.tolist() == [
        "the text of post 'on-tea' is not in the export, only comments under it are"
    ]


def test_linked_names_and_quoted_words_are_replies(corpus_of):
    at_ana = f'<p>@<a href="{ANA}">Ana</a> no.</p>'
    corpus = corpus_of(
        [
            said(1, "<p>Tea is always safe.</p>"),
            said(2, "<p>Not mine.</p>", BO, "Bo"),
            said(3, at_ana, BO, "Bo"),
            said(4, '<p>"Tea is always safe."\n<br>\n<br>\nNever.</p>', BO, "Bo"),
            said(5, '<p>"Nobody said this here."\n<br>\n<br>\nSo?</p>'),
            said(6, f'<p>@<a href="{ANA}9">Cy</a> no.</p>'),
            said(7, at_ana, BO, "Bo"),
        ]
    )
    parents = corpus.comments.parent_id.dropna().to_dict()
    assert parents == {"gp-3": "gp-1", "gp-4": "gp-1", "gp-7": "gp-6"}
    assert corpus.comments.loc["gp-4", "text"] == "> Tea is always safe.\n\nNever."
    assert corpus.comments.loc["gp-5", "text"].startswith('"Nobody')


def test_people_are_told_apart_by_profile(corpus_of):
    rows = corpus_of(
        [said(1, "a", ANA, "Ana"), said(2, "b", BO, "Ana"), said(3, "c", ANA, "Ana"), said(4, "d", BO + "3", "")]
    )
    assert rows.comments.author.tolist()[:3] == [
        "Ana (10000000000000000001)", "Ana (10000000000000000002)", "Ana (10000000000000000001)",
    ]  # fmt: skip
    assert pd.isna(rows.comments.author["gp-4"])


def test_broken_comments_are_told(corpus_of):
    corpus = corpus_of([said(1, "a"), ["Ana", ANA], None, {"x": 1}, said(2, "b", time="soon"), ["A", ANA, "", "x", 1]])
    assert list(corpus.comments.index) == ["gp-1", "gp-2"]
    assert corpus.problems.severity.eq("error").sum() == 4
    assert corpus.problems.what.str.contains("posted_at is 'soon'").sum() == 1
    whole = json.dumps([said(n, "words") for n in range(9)])
    cut = corpus_of(whole[: len(whole) // 2])
    assert 3 <= len(cut.comments) <= 5
    assert cut.problems.what.str.contains("cut off").any()


def test_other_lists_are_not_taken(known_as):
    assert known_as([said(1, "a")]) == ["gplus-json"]
    assert known_as([["a", "https://e.example", "c", "d", 1]]) == []
    assert known_as([[1, 2, 3, 4, 5]]) == known_as([]) == []


def test_real_every_comment_is_read_with_what_it_states(shared):
    [path] = (shared / "exports" / "gplus").iterdir()
    corpus = read(path)
    stated = json.loads(path.read_text(encoding="utf-8"))
    assert list(corpus.comments.index) == [item[2] for item in stated]
    word = re.compile(r"\w{3,}")
    earlier = {}
    for name, profile, key, body, epoch in stated:
        row = corpus.comments.loc[key]
        assert row.author.startswith(html.unescape(name).replace("\u00a0", " "))
        assert row.posted_at == pd.Timestamp(epoch, unit="s", tz="UTC")
        assert set(word.findall(html.unescape(re.sub("<[^>]*>", " ", body)))) <= set(word.findall(row.text))
        linked = re.search(r'@<a href="([^"]+)"', body)
        if linked and linked.group(1) in earlier:
            assert row.parent_id == earlier[linked.group(1)]
        earlier[profile] = key
    profiles = {item[1] for item in stated}
    assert corpus.comments.author.nunique() == len(profiles)


@pytest.mark.parametrize("entity", ["&nbsp;", "\u00a0", " "])
def test_blanks_in_names(corpus_of, entity):
    assert corpus_of([said(1, "a", name=f"Ana{entity}Lind")]).comments.author.tolist() == ["Ana Lind"]
