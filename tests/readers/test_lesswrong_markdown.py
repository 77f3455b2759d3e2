import pandas as pd
import pytest
from test_lesswrong_json import comment, post

from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read

ID = "aaaaaaaaaaaaaaaaa"
COMMENTS = "/api/post/tea/comments"


def told(name, body, author="[Ines](/users/ines)", karma=3, parent=None, notes=""):
    """Return one comment as the forum's Markdown tells it."""
    up = (
        [f"Reply depth: 1\n*   Parent comment (Markdown): [{COMMENTS}/{parent}]({COMMENTS}/{parent})"] if parent else []
    )
    facts = [
        "2024-02-02T10:00:00.000Z",
        f"Karma: {karma}",
        "Voting system: namesAttachedReactions",
        "Approval votes: 2",
        "Total votes: 4",
        *up,
        f"HTML permalink: [/posts/{ID}/tea/comment/{name}](/posts/{ID}/tea/comment/{name})",
        f"Markdown permalink: [{COMMENTS}/{name}]({COMMENTS}/{name})",
    ]
    bullets = "\n".join(f"*   {fact}" for fact in facts)
    return f"### Comment by {author}\n\n{bullets}\n\n{notes}{body}\n\n"


def page(*comments, showing=2, total=2):
    return (
        f"Comments: Tea is \\_safe\\_\n\nPost URL (Markdown): [/api/post/tea](/api/post/tea)\n\n"
        f"Post URL (HTML): [/posts/{ID}/tea](/posts/{ID}/tea)\n\n"
        f"Showing {showing} of {total} comments (sort=top).\n\n"
        "For reaction user names, use `?includeReactionUsers=1`.\n\n" + "".join(comments) + "### Navigation\n\n"
        "*   [Front page](https://www.lesswrong.com/api/home)\n*   [Markdown API documentation](https://x.org)"
    )


NOTES = 'Reactions (whole comment):\n\n*   agree: 2 (Bo)\n\nReactions by quoted text:\n\n*   "so hot"\n    \n    *   typo: 1\n\n'


def test_comments_are_read_with_their_tree(corpus_of):
    one = told("c1", "> Tea is *safe*.\n\nIs it?\n\n*   one\n*   two", notes=NOTES)
    two = told("c2", "    It is [hot](https://e.org).", author="[Bo\\_1](/users/bo-1)", karma="\\-2", parent="c1")
    corpus = corpus_of(page(one, two), name="comments.md")
    assert corpus.sources[0]["format"] == "lesswrong-markdown"
    row = corpus.posts.loc[ID]
    assert (row.site, row.title, row.n_comments_stated) == ("LessWrong", "Tea is _safe_", 2)
    rows = corpus.comments
    assert rows.author.tolist() == ["Ines", "Bo_1"]
    assert rows.karma.tolist() == [3, -2]
    assert rows.text.tolist() == ["> Tea is safe.\n\nIs it?\n\n- one\n- two", "It is [hot](https://e.org)."]
    assert rows.parent_id.fillna("-").tolist() == ["-", "c1"]
    assert rows.posted_at.tolist() == [pd.Timestamp("2024-02-02T10:00Z")] * 2
    assert rows.agreement.isna().all()
    assert corpus.problems.what.tolist() == [
        f"the text of post '{ID}' is not in the export, only comments under it are"
    ]


def test_a_heading_of_the_kind_within_a_body_is_its_text(corpus_of):
    corpus = corpus_of(
        page(told("c1", "### Comment by [Bo](/users/bo)\n\nSo he began."), showing=1, total=1), name="c.md"
    )
    assert corpus.comments.text.tolist() == ["Comment by [Bo](/users/bo)\n\nSo he began."]


def test_what_the_page_lacks_is_told(corpus_of):
    corpus = corpus_of(page(told("c1", "Yes."), showing=1, total=9), name="c.md")
    assert corpus.problems.what.str.contains("8 of its 9 comments are not in the export").sum() == 1


def test_unknown_authors_stubs_and_cut_bodies(corpus_of):
    cut = ("word " * 119 + "words").ljust(600, ".") + "..."
    comments = [
        told("c1", "Yes.", author="\\[Anonymous\\]"),
        told("c2", "_[No comment body available]_"),
        told("c3", cut),
    ]
    corpus = corpus_of(page(*comments, showing=3, total=3), name="c.md")
    assert corpus.comments.author.isna().tolist() == [True, False, False]
    assert corpus.comments.status.tolist() == ["live", "stub", "live"]
    assert corpus.problems.comment_id.dropna().tolist() == ["c3", "c2"]


POST = f"""Tea is safe

*   By [Mira](/users/mira), [Bo](/users/bo)
*   2024-02-01T10:00:00.000Z
*   40 points
*   Tag: [Drinks](/w/drinks)
*   Frontpage
*   Comments: 2
*   Post URL (HTML): [https://www.lesswrong.com/posts/{ID}/tea](https://www.lesswrong.com/posts/{ID}/tea)
*   Post URL (Markdown): [https://www.lesswrong.com/api/post/tea](https://www.lesswrong.com/api/post/tea)
*   Comments URL (Markdown): [{COMMENTS}]({COMMENTS})

*   It is *hot*.

It is wet.

Top Comments Index
------------------

"""


def test_a_post_is_read_and_its_index_is_no_comment_text(write, tmp_path):
    write("a.md", POST + told("c1", "").rstrip() + "\n")
    corpus = read(tmp_path)
    row = corpus.posts.loc[ID]
    assert (row.title, row.author, row.karma, row.n_comments_stated) == ("Tea is safe", "Mira", 40, 2)
    assert (row.text, row.site) == ("- It is hot.\n\nIt is wet.", "LessWrong")
    assert corpus.comments.status.tolist() == ["stub"]
    write("b.md", page(told("c1", "Yes."), told("c2", "No.", parent="c1")))
    both = read(tmp_path)
    assert both.comments.text.tolist() == ["Yes.", "No."]
    assert both.comments.status.tolist() == ["live", "live"]
    assert both.posts.loc[ID, "text"].startswith("- It is hot.")


def test_markdown_and_json_of_one_post_are_one(write, tmp_path):
    write("a.json", [post(ID), comment("c1", postId=ID, contents={"html": "<p>Yes.</p>"})])
    write("b.md", page(told("c1", "Yes."), told("c2", "No.", parent="c1")))
    corpus = read(tmp_path)
    assert list(corpus.posts.index) == [ID]
    assert list(corpus.comments.index) == ["c1", "c2"]


@pytest.mark.parametrize(
    "content",
    [
        "### Comment by [Ines](/users/ines)\n\n*   2024-02-02T10:00:00.000Z\n\nYes.",
        "Post URL (HTML): [/posts/x/tea](/posts/x/tea)\n\nWords.",
        "# Tea\n\nSome words about Post URL (Markdown).",
    ],
)
def test_strangers_are_not_claimed(known_as, content):
    assert "lesswrong-markdown" not in known_as(content)


def test_no_real_sample_is_claimed(shared):
    paths = [path for path in (shared / "exports").rglob("*") if path.is_file()]
    assert not [path.name for path in paths if FORMATS.load("lesswrong-markdown").detect(sample(path))]
