import pandas as pd
import pytest
from test_discourse_json import post, topic

from threadkit.readers.read import read

ASIDE = '<aside class="quote" data-username="ines" data-post="2" data-topic="7"><blockquote><p>Old.</p></blockquote></aside>'


def item(n, words, who="mira", guid=None, tail="", wrap=False):
    url = f"https://talk.example.org/t/on-tea/7/{n}"
    body = f"<p>{words}</p>" if not words.startswith("<") else words
    creator = f"@{who} Full Name" if wrap else who
    if wrap:
        body = f'<p><a href="https://talk.example.org/u/{who}">@{who}</a> wrote:</p><blockquote>{body}</blockquote>'
    return f"""<item><title>On tea</title><dc:creator><![CDATA[{creator}]]></dc:creator>
      <description><![CDATA[ {body} {tail}<p><a href="{url}">Read full topic</a></p> ]]></description>
      <link>{url}</link><pubDate>Fri, 0{n} Mar 2024 10:00:00 +0000</pubDate>
      <discourse:topicPinned>No</discourse:topicPinned>
      <guid isPermaLink="false">{guid or f"talk.example.org-post-7-{n}"}</guid>
      <source url="https://talk.example.org/t/on-tea/7.rss">On tea</source></item>"""


def feed(*items, link="https://talk.example.org/t/on-tea/7", description="Tea is *safe*.\n\n> So they say."):
    names = 'xmlns:discourse="http://www.discourse.org/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" {names} xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>On tea</title>
<link>{link}</link><description>{description.replace("&", "&amp;").replace(">", "&gt;")}</description>
<language>en</language>{"".join(items)}</channel></rss>"""


@pytest.mark.parametrize("wrap", [True, False])
def test_a_topic_is_read_newest_first(corpus_of, wrap):
    items = [item(3, ASIDE + "<p>No.</p>", "bo", wrap=wrap), item(2, "Why?", "ines", wrap=wrap)]
    corpus = corpus_of(feed(*items, item(1, "Tea is <b>safe</b>.", wrap=wrap)), name="7.rss")
    row = corpus.posts.loc["7"]
    assert (row.site, row.title, row.author, row.text) == ("talk.example.org", "On tea", "mira", "Tea is safe.")
    assert row.url == "https://talk.example.org/t/on-tea/7"
    assert corpus.comments.loc["7#3", ["author", "text", "parent_id"]].tolist() == ["bo", "> Old.\n\nNo.", "7#2"]
    assert corpus.comments.loc["7#2", ["author", "text"]].tolist() == ["ines", "Why?"]
    assert pd.isna(corpus.comments.loc["7#2", "parent_id"])
    assert corpus.comments.loc["7#3", "posted_at"] == pd.Timestamp("2024-03-03T10:00Z")
    assert corpus.comments.karma.isna().all()
    assert corpus.problems.empty


def test_the_first_post_stands_in_the_description(corpus_of):
    corpus = corpus_of(feed(item(9, "Why?")), name="7.rss")
    assert corpus.posts.loc["7", "text"] == "Tea is safe.\n\n> So they say."
    assert corpus.problems.what.tolist() == ["topic '7': 7 of the posts before #9 are not in the feed, or were deleted"]


def test_latest_posts_carry_their_ids_and_join_the_topic(write, tmp_path):
    write("1.json", topic(post(1), post(2)))
    write(
        "2.rss",
        feed(item(2, "Words 2.", guid="talk.example.org-post-102"), item(3, "Why?"), link="https://talk.example.org"),
    )
    corpus = read(tmp_path)
    assert list(corpus.comments.index) == ["102", "7#3"]
    assert list(corpus.posts.index) == ["7"]


def test_a_list_of_topics_counts_their_posts(corpus_of):
    small = "<p><small>26 posts - 9 participants</small></p>"
    one = item(1, "Tea.", guid="talk.example.org-topic-7", tail=small).replace("/7/1", "/7")
    corpus = corpus_of(feed(one, link="https://talk.example.org/latest"), name="latest.rss")
    assert corpus.posts.loc["7", ["text", "n_comments_stated"]].tolist() == ["Tea.", 25]
    assert corpus.problems.what.tolist() == ["post '7': 25 of its 25 comments are not in the export"]


def test_hidden_posts_pictures_and_strange_items(corpus_of):
    hidden = "This post was flagged by the community and is temporarily hidden."
    strange = "<item><title>x</title><link>https://talk.example.org/about</link></item>"
    corpus = corpus_of(feed(item(2, hidden), item(3, "<img src=x>"), strange), name="7.rss")
    assert corpus.comments.status.tolist() == ["deleted", "live"]
    assert corpus.problems.what.tolist() == ["an item links to no post"]


def test_a_cut_feed_keeps_its_whole_items(corpus_of):
    text = feed(item(2, "Why?"), item(3, "Because."))
    corpus = corpus_of(text[: text.index("Because")], name="7.rss")
    assert list(corpus.comments.index) == ["7#2"]
    assert corpus.problems.what.str.contains("cut off").sum() == 1


@pytest.mark.parametrize(
    "content",
    [
        '<rss version="2.0"><channel><item><guid>https://example.org/1</guid></item></channel></rss>',
        "<html><body>www.discourse.org</body></html>",
        '{"rss": 1}',
    ],
)
def test_strangers_are_not_claimed(known_as, content):
    assert "discourse-rss" not in known_as(content)


@pytest.mark.parametrize("year", ["9" * 30, "99999"])
def test_a_year_that_no_calendar_has_is_unknown(corpus_of, year):
    corpus = corpus_of(feed(item(2, "Why?").replace(" 2024 ", f" {year} "), item(1, "Tea is safe.")), name="7.rss")
    assert corpus.comments.posted_at.isna().tolist() == [True]
