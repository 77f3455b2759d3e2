import re

import pandas as pd
import pytest

from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read

POST = "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/tea"
IDS = ["bbbbbbbbbbbbbbbbb", "ccccccccccccccccc", "ddddddddddddddddd"]


def section(name, header, body, level=0, parent=None):
    to = f' data-reply-to="{parent}"' if parent else ""
    lines = [header, "", *body.split("\n"), "", ""]
    inner = "    " * (level + 1)
    mark = "    " * level + "*   "
    inside = "\n".join(inner + line for line in lines)
    return f'{mark}<section id="{name}" data-type="comment"{to}>\n{inner}\n{inside}\n{inner}</section>\n\n'


def header(name, who, karma=3, agreement=-1):
    return (
        f"[{who}](https://www.lesswrong.com/users/x)[7y (2018-12-09T06:34:05.702Z)]({POST}?commentId={name})"
        f' <span class="OverallVoteAxis-voteScore">{karma}</span> '
        f' <span class="AgreementVoteAxis-agreementScore">{agreement}</span> '
    )


CLIP = f"""**Source:** [Tea]({POST})

##

*   <section data-type="comment">

    [LESSWRONG](https://www.lesswrong.com/)

    </section>

# 102

# [Tea \\[really\\]]({POST})

by [mira](https://www.lesswrong.com/users/mira?from=post_header)

 8th Dec 2018 (2018-12-08T19:51:59.514Z)

*   <section data-type="comment">

    Tea is *safe*.

    1.  So they say.

    </section>

*   <section id="posts-thread-new-comment" data-type="comment">

    New Comment

    </section>

3 comments, sorted by

"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_clipping_is_read_with_its_tree(corpus_of, end):
    text = CLIP + section(IDS[0], header(IDS[0], "Ines"), "> Tea is safe.\n\nIs it?")
    text += section(IDS[1], header(IDS[1], "Milli | M", "\u22122"), "It is.\n\n    code()", level=1, parent=IDS[0])
    text += section(IDS[2], header(IDS[2], "Bo\\_1"), "Hm.")
    corpus = corpus_of(text.replace("\n", end).encode(), name="a.md")
    assert corpus.sources[0]["format"] == "lesswrong-clipping"
    row = corpus.posts.loc["a" * 17]
    assert (row.site, row.title, row.author, row.karma) == ("LessWrong", "Tea [really]", "mira", 102)
    assert row.text == "Tea is safe.\n\n1. So they say."
    assert row.posted_at == pd.Timestamp("2018-12-08T19:51:59.514Z")
    rows = corpus.comments
    assert list(rows.index) == IDS
    assert rows.author.tolist() == ["Ines", "Milli | M", "Bo_1"]
    assert rows.karma.tolist() == [3, -2, 3]
    assert rows.agreement.tolist() == [-1, -1, -1]
    assert rows.parent_id.fillna("-").tolist() == ["-", IDS[0], "-"]
    assert rows.text.tolist() == ["> Tea is safe.\n\nIs it?", "It is.\n\n```\ncode()\n```", "Hm."]
    assert corpus.problems.empty


def test_a_deleted_comment_keeps_its_place(corpus_of):
    gone = f"[comment deleted][7y (2018-12-09T06:34:05.702Z)]({POST}?commentId={IDS[0]})"
    text = CLIP + section(IDS[0], gone, "") + section(IDS[1], header(IDS[1], "Bo"), "Why?", parent=IDS[0])
    corpus = corpus_of(text, name="a.md")
    assert corpus.comments.status.tolist() == ["deleted", "live"]
    assert corpus.comments.author.isna().tolist() == [True, False]


SCRIPT = """# Tea

**Author(s):** mira, bo
**Posted:** 2024-02-01
**Score:** 40 (9 votes)
**Comments:** 3
**Word count:** 4

---

Tea is *safe*.


---

# Comments (3)

### Ines (score: 3) - 2024-02-02

Is it (score: 3) - really?

> ### Bo (B) (score: -2) - 2024-02-03

> It is.
>
> Ever.

>> ### Anonymous (score: 0) -

>> Hm.

"""


def test_the_script_s_file_is_read_by_depth(corpus_of):
    corpus = corpus_of(SCRIPT, name="tea.md")
    row = corpus.posts.loc["tea"]
    assert (row.title, row.author, row.karma, row.n_comments_stated) == ("Tea", "mira", 40, 3)
    assert row.text == "Tea is safe."
    rows = corpus.comments
    assert rows.author.fillna("-").tolist() == ["Ines", "Bo (B)", "-"]
    assert rows.karma.tolist() == [3, -2, 0]
    assert rows.depth.tolist() == [0, 1, 2]
    assert rows.text.tolist() == ["Is it (score: 3) - really?", "It is.\n\nEver.", "Hm."]
    assert corpus.problems.severity.tolist() == ["info"]


@pytest.mark.parametrize(
    "content", ["# Tea\n\n**Posted:** 2024-02-01\n\nWords.", '<section data-type="comment">x</section>']
)
def test_strangers_are_not_claimed(known_as, content):
    assert "lesswrong-clipping" not in known_as(content)


def test_only_the_clipping_is_claimed(shared):
    paths = [path for path in (shared / "exports").rglob("*") if path.is_file()]
    claimed = [path.name for path in paths if FORMATS.load("lesswrong-clipping").detect(sample(path))]
    assert [name.split("_")[1] for name in claimed] == ["webclipper"]


def test_the_real_clipping_is_read_whole(shared):
    path = next((shared / "exports" / "lesswrong").glob("*webclipper*"))
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if "OverallVoteAxis-voteScore" in line]
    corpus = read(path)
    assert len(corpus.comments) == len(lines) == 8
    for line in lines:
        row = corpus.comments.loc[re.search(r"commentId=(\w+)", line)[1]]
        assert row.author == re.match(r"\s*\[([^\]]*)\]", line)[1]
        assert row.karma == int(re.search(r'voteScore">(-?\d+)', line)[1])
        assert row.agreement == int(re.search(r'agreementScore">(-?\d+)', line)[1])
        assert row.posted_at == pd.Timestamp(re.search(r"\((\d{4}-[^)]*Z)\)", line)[1])
        assert len(row.text) > 40
    replies = re.findall(r'id="(\w+)" data-type="comment" data-reply-to="(\w+)"', text)
    assert len(replies) == corpus.comments.parent_id.notna().sum() == 1
    assert corpus.comments.loc[replies[0][0], "parent_id"] == replies[0][1]
    assert corpus.posts.n_comments_stated.tolist() == [8]
    assert corpus.posts.karma.tolist() == [102]
    assert len(corpus.posts.text.iloc[0]) > 5_000
    assert corpus.problems.empty
