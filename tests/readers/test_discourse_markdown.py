import gzip
import json
import re
from collections import Counter

import pandas as pd
import pytest
from test_discourse_json import post, topic

from threadkit.base.text import fold
from threadkit.readers.body import from_html
from threadkit.readers.discourse_raw import from_raw
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read

RULE = "\n\n-------------------------\n\n"


def raw(*posts, title="On tea"):
    """Return a topic as an archiver renders it, of (number, author, time, text)."""
    head = f"# {title}\n\n" if title else ""
    return head + "".join(f"{who} | 2024-03-{when} UTC | #{n}\n\n{text}{RULE}" for n, who, when, text in posts)


QUOTE = '[quote="ines, post:2, topic:7"]\nIt is *safe*.\n[/quote]\n\nNo.'
THREE = [
    (1, "mira", "01 10:00:00", "Tea is safe.\n\n# Why\n\nWe drink it."),
    (2, "ines", "01 11:00:00", "It is *safe*."),
    (3, "Bo_1", "01 12:30:00", QUOTE),
]


def test_a_topic_is_read_with_its_tree(corpus_of):
    corpus = corpus_of(raw(*THREE), name="2024-03-01-on-tea-id7.md")
    row = corpus.posts.loc["7"]
    assert (row.title, row.author, row.text) == ("On tea", "mira", "Tea is safe.\n\nWhy\n\nWe drink it.")
    assert row.posted_at == pd.Timestamp("2024-03-01T10:00:00Z")
    assert list(corpus.comments.index) == ["7#2", "7#3"]
    assert corpus.comments.author.tolist() == ["ines", "Bo_1"]
    assert corpus.comments.text.tolist() == ["It is safe.", "> It is safe.\n\nNo."]
    assert corpus.comments.parent_id.fillna("-").tolist() == ["-", "7#2"]
    assert corpus.comments.karma.isna().all()
    assert corpus.problems.severity.tolist() == ["info"]


@pytest.mark.parametrize("name", ["raw.txt", "7.md"])
def test_a_topic_without_a_title_finds_its_id(corpus_of, name):
    corpus = corpus_of(raw(*THREE, title=""), name=name)
    assert corpus.sources[0]["format"] == "discourse-markdown"
    assert list(corpus.posts.index) == ["7"]
    assert pd.isna(corpus.posts.loc["7", "title"])


def test_the_name_stands_in_where_nothing_tells_the_topic(corpus_of):
    assert list(corpus_of(raw(*THREE[:2]), name="on-tea.md").posts.index) == ["on-tea"]


def test_a_second_page_has_no_first_post(write, tmp_path):
    write("7.md", raw(*THREE[:2]))
    page = raw((101, "ines", "05 10:00:00", QUOTE.replace("post:2", "post:2")), title="")
    write("page-2-id7.md", page)
    corpus = read(tmp_path)
    assert list(corpus.comments.index) == ["7#2", "7#101"]
    assert corpus.posts.loc["7", "text"].startswith("Tea is safe.")


def test_rules_and_headers_within_a_post_are_its_text(corpus_of):
    shown = "A raw topic looks so:\n\nines | 2024-03-01 11:00:00 UTC | #2" + RULE + "and so on."
    corpus = corpus_of(raw(*THREE, (4, "mira", "02 10:00:00", shown)), name="a-id7.md")
    assert list(corpus.comments.index) == ["7#2", "7#3", "7#4"]
    assert corpus.comments.loc["7#4", "text"].endswith("and so on.")


def test_a_cut_file_keeps_what_it_has(corpus_of):
    corpus = corpus_of(raw(*THREE)[:-40], name="a-id7.md")
    assert len(corpus.comments) == 2
    assert corpus.problems.what.str.contains("no line of dashes").sum() == 1


def test_posts_taken_back_are_deleted(corpus_of):
    gone = (4, "ines", "02 10:00:00", "(post deleted by author)")
    corpus = corpus_of(raw(*THREE, gone, (5, "mira", "02 11:00:00", "![tea|6x9](upload://abc.png)")), name="a-id7.md")
    assert corpus.comments.loc["7#4", ["status", "text"]].tolist() == ["deleted", ""]
    assert corpus.comments.loc["7#5", "status"] == "live"
    assert corpus_of(
        raw((1, "x", "02 10:00:00", "(topic deleted by author)")), name="a-id8.md"
    ).posts.text.tolist() == [""]


def test_no_post_is_later_than_the_next(corpus_of):
    corpus = corpus_of(raw(*THREE[:1], (2, "mira", "09 10:00:00", "Tea."), THREE[2]), name="a-id7.md")
    assert corpus.comments.loc["7#2", "posted_at"] == corpus.comments.loc["7#3", "posted_at"]
    assert corpus.problems.cure.str.contains("may be earlier; 1 moved to the time of the next post").tolist() == [True]


@pytest.mark.parametrize(
    ("day", "posted_at"),
    [
        ("2024-03-01", "2024-03-01T10:00:00Z"),
        ("2024-02-28", "2024-02-28T23:59:59Z"),
        ("2024-03-02", "2024-03-01T10:00:00Z"),
    ],
)
def test_the_files_name_tells_the_first_posts_day(corpus_of, day, posted_at):
    corpus = corpus_of(raw(*THREE), name=f"{day}-on-tea-id7.md")
    assert corpus.posts.loc["7", "posted_at"] == pd.Timestamp(posted_at)
    assert corpus.comments.posted_at.dt.day.tolist() == [1, 1]
    assert corpus.problems.cure.str.contains("file's name").tolist() == [day == "2024-02-28"]


@pytest.mark.parametrize("names", [("a-id7.md", "b-id7.md"), ("b-id7.md", "a-id7.md")])
def test_the_latest_version_of_every_post_counts(write, tmp_path, names):
    late = [(1, "mira", "08 10:00:00", "Tea is good."), (2, "ines", "01 11:00:00", "It is *safe*.")]
    gone = [(3, "Bo_1", "03 12:00:00", "(post deleted by author)"), (4, "mira", "08 11:00:00", "Since then.")]
    write(names[0], raw(*THREE))
    write(names[1], raw(*late, *gone, title="[Old] On tea"))
    corpus = read(tmp_path)
    assert corpus.posts.loc["7", ["title", "text"]].tolist() == ["[Old] On tea", "Tea is good."]
    assert corpus.posts.loc["7", "posted_at"] == pd.Timestamp("2024-03-01T10:00:00Z")
    assert corpus.comments.sort_index().text.tolist() == ["It is safe.", "", "Since then."]
    assert corpus.comments.loc["7#3", "status"] == "deleted"
    assert set(corpus.problems.severity) == {"info"}


@pytest.mark.parametrize("first", ["json", "markdown"])
def test_the_same_topic_as_json_and_markdown_is_one(write, tmp_path, first):
    posts = [post(n, username=who, cooked=f"<p>{text}</p>") for n, who, _, text in THREE[:2]]
    write("1.json" if first == "json" else "2.json", topic(*posts))
    write("2-id7.md" if first == "json" else "1-id7.md", raw(*THREE))
    corpus = read(tmp_path)
    assert len(corpus.posts) == 1
    assert len(corpus.comments) == 2
    assert corpus.comments.parent_id.isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "content",
    [
        "# A page\n\nSome words.",
        "# A page\n\nines | 2024-03-01 | #1\n\nWords.",
        "On tea | 2024-03-01 11:00:00 UTC | #2\n\nWords.",
        "ines | 2024-03-01 11:00:00 UTC | 2\n\nWords.",
        "Words.\n\nines | 2024-03-01 11:00:00 UTC | #2\n\nWords.",
    ],
)
def test_strangers_are_not_claimed(known_as, content):
    assert "discourse-markdown" not in known_as(content)


RAW = {
    "nested": ('[quote="a"]\n[quote="b"]\nOld.\n[/quote]\nNew.\n[/quote]\nMine.', ">> Old.\n\n> New.\n\nMine."),
    "one line": ('[quote="a, post:2, topic:7"]Tea.[/quote] No.', "> Tea.\n\nNo."),
    "no end": ('[quote="a"]\nTea.', '[quote="a"] Tea.'),
    "no begin": ("Tea.\n[/quote]", "Tea. [/quote]"),
    "code": ("```\n[quote]\n<b>[/quote]\n```", "```\n[quote]\n<b>[/quote]\n```"),
    "code in a quote": ('[quote="a"]\n```\nx < y\n```\n[/quote]\nYes.', "> x < y\n\nYes."),
    "details": ('[details="Why so"]\nIt is hot.\n[/details]', "Why so\n\nIt is hot."),
    "tags": ("[spoiler]She lived.[/spoiler] [b]Ever[/b].", "She lived. Ever."),
    "date": ("At [date=2024-03-01 time=14:00:00 timezone=Etc/UTC].", "At 2024-03-01 14:00:00."),
    "picture": ("Look:\n\n![cup|690x500, 75%](upload://x.png)", "Look:"),
    "footnotes": ("Tea[^a] and ale[^b].\n\n[^a]: Hot.\n[^b]: Cold.", "Tea[1] and ale[2].\n\n1. Hot.\n2. Cold."),
    "script": ("Push <script> then `<n>` and <b>run</b>.", "Push <script> then <n> and run."),
    "old link": (
        "[url=https://e.org/a]this[/url], [URL]https://e.org/b[/URL], [url='https://e.org/c']c[/url], [url=x]y",
        "[this](https://e.org/a), https://e.org/b, [c](https://e.org/c), [url=x]y",
    ),
    "link": ("See <https://example.org/a>.", "See https://example.org/a."),
}


@pytest.mark.parametrize("case", RAW)
def test_discourse_markdown_becomes_canonical(case):
    source, canonical = RAW[case]
    assert from_raw(source) == canonical


# ---- the real archive, walked independently


HEAD = re.compile(r"^(\S+) \| (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC \| #(\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def stated(shared):
    """Return the newest version of every post in the rendered files: (topic, number) to (time, author, raw)."""
    newest = {}
    for path in (shared / "exports/delving_rendered").iterdir():
        text = path.read_text(encoding="utf-8")
        name = re.search(r"-id(\d+)", path.name)[1]
        heads = list(HEAD.finditer(text))
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            body = text[head.end() : after.start() if after else None].strip().removesuffix("-" * 25).strip()
            key = (name, int(head[3]))
            newest[key] = max(newest.get(key, ("",)), (head[2], head[1], body))
    return newest


@pytest.fixture(scope="module")
def rows(shared):
    """Return our reading as (topic, number) to (author, time, text)."""
    corpus = read(shared / "exports" / "delving_rendered")
    posts = {(name, 1): row for name, row in corpus.posts.iterrows()}
    comments = {(row.post_id, int(name.partition("#")[2])): row for name, row in corpus.comments.iterrows()}
    return posts | comments


@pytest.fixture(scope="module")
def forum(shared):
    """Return the forum's own JSON of the same posts."""
    with gzip.open(shared / "data/threads/delving_bitcoin_odd_topics.jsonl.gz") as lines:
        posts = [json.loads(line) for line in lines]
    return {(str(post["topic_id"]), post["post_number"]): post for post in posts}


def said(text):
    """Return the words of a text, without links: titles of linked pages stand only in what the forum renders."""
    text = re.sub(r"\[[^\[\]]*\]\((?:[^()\s]|\([^()\s]*\))*\)|https?://\S+", " ", text)
    return re.findall(r"\w+", fold(text))


def alike(one, two):
    """Return the share of words that two texts have in common."""
    return 2 * (Counter(said(one)) & Counter(said(two))).total() / max(1, len(said(one)) + len(said(two)))


def test_every_post_of_the_archive_is_read_once(stated, rows):
    assert rows.keys() == stated.keys()
    assert len(rows) == 714
    for key, (_, author, body) in stated.items():
        assert rows[key].author == author
        assert rows[key].text == "" if body.endswith("deleted by author)") else rows[key].text


def test_times_are_those_of_the_headers(stated, rows):
    moved = 0
    for key, (time, _, _) in stated.items():
        late = min(t for (name, n), (t, _, _) in stated.items() if name == key[0] and n >= key[1])
        got = rows[key].posted_at.strftime("%Y-%m-%d %H:%M:%S")
        moved += got != time
        assert got <= max(time, late)
    assert moved < 0.06 * len(rows)


def late(row, post):
    """Return how many seconds after the writing our reading dates a post."""
    return (row.posted_at - pd.Timestamp(post["created_at"]).floor("s")).total_seconds()


def right(row, post):
    """Tell whether author, time and text are the forum's; the archive's times are those of last edits."""
    cooked = from_html(post["cooked"])
    text = alike(row.text, cooked) > 0.9 or ("deleted by author" in cooked and not row.text)
    return row.author == post["username"] and text and 0 <= late(row, post) < 86_400


def test_authors_times_and_texts_are_those_of_the_forum(rows, forum):
    both = rows.keys() & forum.keys()
    assert len(both) == 713
    assert all(rows[key].author == forum[key]["username"] for key in both)
    # The names of the files tell the days of the first posts, so that only comments are later than a day.
    times = [late(rows[key], forum[key]) for key in both]
    assert min(times) >= 0
    assert sum(seconds < 86_400 for seconds in times) == 708
    wrong = {key for key in both if not right(rows[key], forum[key])}
    assert len(wrong) <= 0.01 * len(both), sorted(wrong)


def test_the_walk_sees_faults(rows, forum):
    key = next(key for key in rows.keys() & forum.keys() if right(rows[key], forum[key]))
    row, post = rows[key], forum[key]
    faults = [{"author": "nobody"}, {"posted_at": row.posted_at + pd.Timedelta("1D")}, {"text": row.text[::2]}]
    faults.append({"posted_at": pd.Timestamp(post["created_at"]) - pd.Timedelta("2s")})
    assert not any(right(pd.Series(row.to_dict() | fault), post) for fault in faults)


def test_raw_and_cooked_of_the_forum_say_the_same(forum):
    some = list(forum.values())[::4]
    good = sum(alike(from_raw(post["raw"]), from_html(post["cooked"])) > 0.95 for post in some)
    assert good >= 0.99 * len(some)


def test_nothing_else_is_claimed(shared):
    paths = [path for path in (shared / "exports").rglob("*") if path.is_file() and "delving" not in path.parent.name]
    paths += (shared / "seeds").iterdir()
    for name in ("discourse-markdown", "discourse-rss"):
        assert not [path.name for path in paths if FORMATS.load(name).detect(sample(path))]
