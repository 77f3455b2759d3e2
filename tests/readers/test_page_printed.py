"""Hacker News and Discourse pages saved as text: every header read, nothing printed lost."""

import re

import orjson
import pandas as pd
import pytest
from lxml import html

from threadkit.readers import page_text
from threadkit.readers.draft import Draft
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.page.discourse import like_discourse
from threadkit.readers.page.hackernews import like_hackernews
from threadkit.readers.read import read


def missing(values):
    return [None if pd.isna(value) else value for value in values]


NEWS = """Hacker News
new | past | comments | ask | show | jobs | submit
login

Oak gates outlast iron ones (sluices.example.org)
1,204 points by mira_v 2 days ago | hide | past | favorite | 8 comments

Ask me anything about them.

add comment

ana 2 days ago | next [\u2013]

Oak swells in the first week and then holds for years, which no other wood of ours does.

It is also what we have.

reply

bo-l 2 days ago | parent | next [\u2013]

> Oak swells in the first week and then holds for years, which no other wood of ours does.

Elm does.

reply

3 points by cy 1 day ago | root | parent | next [\u2013]

Elm rots at the waterline, as every miller below the ford has learned to his cost.

reply

dee 1 day ago | root | parent | prev | next [\u2013]

Not where it is always wet.

reply

eve on March 5, 2024 | root | parent | prev | next [\u2013]

> Elm rots at the waterline, as every miller below the ford has learned to his cost.

Which millers?

reply

fay 1 day ago | parent | prev | next [\u2013]

[flagged]

reply

2 days ago | prev | next [\u2013]

[deleted]

reply

gil 3 hours ago | prev [\u2013]

Iron.

reply

Guidelines | FAQ | Lists | API | Security | Legal | Apply to YC | Contact
Search:
"""


def test_a_hacker_news_page(write):
    path = write("thread.txt", NEWS)
    corpus = read(path)
    assert [source["format"] for source in corpus.sources] == ["page-text"]
    post = corpus.posts.loc["thread"]
    assert (post.site, post.title, post.author) == ("Hacker News", "Oak gates outlast iron ones", "mira_v")
    assert (post.karma, post.n_comments_stated, post.text) == (1204, 8, "Ask me anything about them.")
    comments = corpus.comments
    assert missing(comments.author) == ["ana", "bo-l", "cy", "dee", "eve", "fay", None, "gil"]
    assert missing(comments.karma) == [None, None, 3, None, None, None, None, None]
    assert comments.status.tolist() == ["live"] * 5 + ["removed", "deleted", "live"]
    assert set(comments.origin) == {"stated"}
    assert comments.posted_at.loc["thread#5"] == pd.Timestamp("2024-03-05", tz="UTC")
    assert comments.posted_at.notna().sum() == 1
    assert comments.text.loc["thread#1"].endswith("It is also what we have.")
    assert comments.text.loc["thread#8"] == "Iron."
    assert comments.text.loc["thread#2"].startswith("> Oak swells")
    assert not comments.text.str.contains("reply|Guidelines").any()


def test_hacker_news_links_tell_the_tree(write):
    comments = read(write("t.txt", NEWS)).comments
    # The fifth stands beside an answer to the second, as its `prev` says; there is no other place for it.
    assert missing(comments.parent_id) == [None, "t#1", "t#2", "t#2", "t#2", "t#1", None, None]


def test_an_unsettled_place_goes_to_whom_it_quotes(write):
    deeper = NEWS.replace(
        "dee 1 day ago | root | parent | prev | next", "dee 1 day ago | root | parent | next"
    )  # dee now answers cy; eve may stand beside cy or beside dee
    corpus = read(write("t.txt", deeper))
    assert missing(corpus.comments.parent_id)[:5] == [None, "t#1", "t#2", "t#3", "t#3"]
    assert corpus.problems.what.str.contains("does not settle what 1 of 8 comments answer").any()
    other = deeper.replace(
        "> Elm rots at the waterline, as every miller below the ford has learned to his cost.", "So."
    )
    assert missing(read(write("o.txt", other)).comments.parent_id)[4] == "o#3"


def random_tree(rng, n):
    depths = [0]
    while len(depths) < n:
        depths.append(rng.randint(0, min(depths[-1] + 1, 5)))
    parents = []
    for i, depth in enumerate(depths):
        parents.append(max((k for k in range(i) if depths[k] == depth - 1), default=None) if depth else None)
    return depths, parents


@pytest.mark.parametrize("seed", range(12))
def test_where_the_links_settle_the_tree_it_is_the_true_one(write, seed):
    import random

    depths, parents = random_tree(random.Random(seed), 30)
    lines = []
    for i, depth in enumerate(depths):
        sibling = any(parents[k] == parents[i] for k in range(i))
        below = next((k for k in range(i + 1, len(depths)) if depths[k] <= depth), None)
        links = ["root"] * (depth > 1) + ["parent"] * (depth > 0) + ["prev"] * sibling + ["next"] * (below is not None)
        lines += [f"user{i} 3 hours ago | {' | '.join(links)} [\u2013]", "", f"Comment {i}.", "", "reply", ""]
    draft = Draft("t.txt")
    page_text.read(write("t.txt", "\n".join(lines)), draft)
    corpus = draft.finish()
    got = [None if pd.isna(p) else int(p.split("#")[1]) - 1 for p in corpus.comments.parent_id]
    shallow = [i for i, depth in enumerate(depths) if depth < 2]
    first = [i for i, depth in enumerate(depths) if depth > 1 and not any(parents[k] == parents[i] for k in range(i))]
    assert all(got[i] == parents[i] for i in [*shallow, *first])
    n_wrong = sum(a != b for a, b in zip(got, parents, strict=True))
    told = corpus.problems.what.str.extract(r"settle what (\d+) of")[0].dropna()
    assert n_wrong <= (int(told.iloc[0]) if len(told) else 0)


def test_the_real_hacker_news_page_as_text(shared, tmp_path):
    tree = html.fromstring((shared / "exports/hackernews/karan_7404389.html").read_bytes())
    cells = tree.xpath("//td[contains(@class, 'default')]")
    lines = [" ".join(cell.text_content().split()) for cell in tree.xpath("//td[@class='title' or @class='subtext']")][
        :2
    ]
    truth = []
    for cell in cells:
        (head,) = cell.xpath(".//span[@class='comhead']")
        (said,) = cell.xpath(".//span[@class='comment']")
        names = head.xpath(".//a[contains(@href, 'user?id=')]/text()")
        truth.append((names[0] if names else None, said))
        lines += ["", " ".join(head.text_content().split()), "", *blocks(said), "", "reply"]
    path = tmp_path / "page.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    corpus = read(path)
    assert len(cells) > 60
    assert missing(corpus.comments.author) == [name for name, _ in truth]
    assert corpus.posts.karma.iloc[0] == 161
    assert len(corpus.posts.title.iloc[0]) == len(" ".join(lines[0].split())) - len(" (howwastheburger.com)")
    for text, (_, said) in zip(corpus.comments.text, truth, strict=True):
        assert letters(text) == letters(" ".join(blocks(said)))


def blocks(element):
    """Return the text of each block of an element, one line each."""
    lines, line = [], element.text or ""
    for child in element.iter():
        if child is element:
            continue
        if child.tag in {"p", "pre", "div", "li", "h1", "h2", "h3", "blockquote", "aside", "tr", "br"}:
            lines.append(line)
            line = ""
        line += child.text or ""
        line += child.tail or ""
    return [" ".join(part.split()) for part in [*lines, line] if part.strip()]


def letters(text):
    return re.sub(r"\W+", "", text)


# --- Discourse ------------------------------------------------------------------------------------------------

TOPIC = """Millers' Forum

Which wood for a sluice gate?
Building

mira December 3, 2022, 4:05pm 1

Our valley has rebuilt its seven sluices, and I want to know what others use.

2 Likes

ana (Ana Berg) December 3, 2022,  5:10pm 2

Oak. It swells in the first week and then holds for years, which no other wood of ours does.

bo December 4, 2022, 9:00am 3

ana:

Oak. It swells in the first week and then holds for years, which no other wood of ours does.

So does elm.

1 Like

ana
December 5, 2022, 12:30am
4

Where it is always wet.

Related Topics
Topic Replies Views Activity
Weirs 4 100 January 3, 2021
"""


def test_a_topic_as_crawlers_see_it(write):
    corpus = read(write("topic.txt", TOPIC))
    post = corpus.posts.loc["topic"]
    assert (post.site, post.author, post.karma) == ("Discourse", "mira", 2)
    assert post.title == "Which wood for a sluice gate?"
    assert post.posted_at == pd.Timestamp("2022-12-03T16:05", tz="UTC")
    comments = corpus.comments
    assert comments.author.tolist() == ["ana", "bo", "ana"]
    assert missing(comments.karma) == [None, 1, None]
    assert missing(comments.parent_id) == [None, "topic#1", None]
    assert comments.posted_at.tolist() == [
        pd.Timestamp(when, tz="UTC") for when in ("2022-12-03T17:10", "2022-12-04T09:00", "2022-12-05T00:30")
    ]
    assert comments.text.tolist()[1].startswith("> Oak. It swells")
    assert comments.text.tolist()[1].endswith("So does elm.")
    assert comments.text.tolist()[2] == "Where it is always wet."


BROWSER = """Which wood for a sluice gate?

Building

mira
Mira Vogt
Mar 2023

Our valley has rebuilt its seven sluices, and I want to know what others use.

12 Likes

ana
keeper
3 months ago

Oak.

bo
ana
5d

Elm, said my grandmother.

1 Like
Reply

mira
Jan 5

Thank you both.

Suggested Topics
Topic list, column headers with buttons are sortable.
Weirs
4
"""


def test_a_topic_as_a_browser_shows_it(write):
    path = write("topic.txt", BROWSER)
    assert page_text.detect(sample(path))
    draft = Draft("topic.txt")
    page_text.read(path, draft)
    corpus = draft.finish()
    post = corpus.posts.loc["topic"]
    assert (post.title, post.author, post.karma) == ("Which wood for a sluice gate?", "mira", 12)
    comments = corpus.comments
    assert comments.author.tolist() == ["ana", "bo", "mira"]
    assert missing(comments.karma) == [None, 1, None]
    assert comments.posted_at.isna().all()
    assert missing(comments.parent_id) == [None, "topic#1", None]
    assert comments.text.tolist() == ["Oak.", "Elm, said my grandmother.", "Thank you both."]


def test_the_real_topic_as_text(shared, tmp_path):
    posts = orjson.loads((shared / "exports/discourse/cf_t_2108_posts.json").read_bytes())["post_stream"]["posts"]
    posts.sort(key=lambda post: post["post_number"])
    lines = ["A topic of the forum", ""]
    truth = []
    for n, post in enumerate(posts, 1):
        when = pd.Timestamp(post["created_at"])
        likes = next((action.get("count", 0) for action in post["actions_summary"] if action["id"] == 2), 0)
        said = blocks(html.fromstring(f"<div>{post['cooked']}</div>"))
        lines += [
            f"{post['username']} {when:%B} {when.day}, {when:%Y}, {when.hour % 12 or 12}:{when:%M}{when:%p}".replace(
                "AM", "am"
            ).replace("PM", "pm")
            + f" {n}"
        ]
        lines += [
            "",
            *(line for part in said for line in (part, "")),
            *([f"{likes} Like{'s' * (likes > 1)}", ""] if likes else []),
        ]
        truth.append((post["username"], when.floor("min"), likes or None, said))
    path = tmp_path / "topic.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    corpus = read(path)
    assert len(truth) == 20
    assert corpus.posts.author.iloc[0] == truth[0][0]
    rows = corpus.comments
    assert list(zip(rows.author, rows.posted_at, missing(rows.karma), strict=True)) == [row[:3] for row in truth[1:]]
    for text, (*_, said) in zip(rows.text, truth[1:], strict=True):
        kept = letters(text)
        lost = [part for part in said if letters(part) not in kept]
        assert all(part.endswith(":") for part in lost), lost
    quotes = sum(line.startswith("> ") for text in rows.text for line in text.split("\n"))
    assert quotes > 0
    assert rows.parent_id.notna().any()


# --- no other text is one of these ----------------------------------------------------------------------------


def test_no_other_text_is_taken_for_them(shared):
    files = [*shared.glob("seeds/*.txt"), *shared.glob("exports/*/*.md"), *shared.glob("exports/lesswrong/*.txt")]
    assert len(files) > 50
    for path in files:
        lines = path.read_text(encoding="utf-8").split("\n")
        assert not like_hackernews(lines), path.name
        assert not like_discourse(lines), path.name


def test_other_formats_come_first(shared):
    names = [name for name in FORMATS.names() if name != "page-text"]
    assert FORMATS.names()[-1] == "page-text"
    for path in sorted(shared.glob("exports/*/*.json")) + sorted(shared.glob("exports/*/*.html")):
        head = sample(path)
        if any(FORMATS.load(name).detect(head) for name in names):
            continue
        assert not page_text.detect(head), path.name


PROSE = "A list of people who wrote to us: ana, bo and cy, each about a gate.\n"


@pytest.mark.parametrize(
    "text",
    [
        "ana 3 hours ago\n\nOak.",
        PROSE + "mira_v 2 days ago | next [\u2013]",
        "ana\n5d\n\nbo\n3d\n\ncy\n2d\n\n",
        "ana December 3, 2022, 4:05pm\n\nOak.",
        "The log says:\nana December 3, 2022, 4:05pm 17\n",
    ],
)
def test_a_stray_line_makes_no_page(text):
    assert not like_hackernews(text.split("\n"))
    assert not like_discourse(text.split("\n"))
