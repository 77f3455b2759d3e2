"""The short way gives what the parser gives, or nothing."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from threadkit.readers import body

# What bodies in HTML are made of, and what may be mistaken for it.
PIECES = [
    "a", "word", "It is.", " ", "  ", "\n", "\t", "<p>", "</p>", "<p/>", "<i>", "</i>", "<b>", "</b>", "<em>", "</strong>", "<br>", "<br/>",
    "<br />", "&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "&#x2F;", "&gt; ", "&", "&nbsp;", "&amp;amp;", "\u00a0", "\u200b", "\u2028", "é", "😀",
    '<a href="https://e.org/a?b=1&amp;c=2">', "</a>", '<a href="https://e.org/a_(b)" rel="nofollow">see</a>', '<a href="#fn1">^</a>',
    '<a href="mailto:ana@e.org">ana@e.org</a>', '<a href="/u/ana">@ana</a>', '<a href="https://e.org/x">https://e.org/…</a>',
    '<a href="">none</a>', '<a href="https://e.org"></a>', '<a href="https://e.org"> a [b] </a>', "```", ">", "> ", "<", "<u>", "<code>", "<ul><li>",
    "<blockquote>", "</blockquote>", "<P>", "<p class='x'>", "<!-- x -->", "\x01", "\x0c", "\x85", "]]>",
]  # fmt: skip


@pytest.fixture
def parsed(monkeypatch):
    """Return `from_html` without the short way."""
    monkeypatch.setattr(body, "plain_html", lambda html, link, marks: None)
    return body.from_html


short = body.plain_html


def agree(parsed, html):
    for marks in (False, True):
        said = short(body.clean(html), body._link, marks=marks)
        if said is not None:
            assert said == parsed(html, marks=marks)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=9))
@example(["<p>", "a", "<br>", "<br>", "b"])
@example(["&gt;", "a", "<p>", "```"])
@example(["<i>", "a", "<p>", "b", "</i>", "c"])
def test_pieces_of_html_are_read_alike(parsed, pieces):
    agree(parsed, "".join(pieces))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text())
def test_any_text_is_read_alike(parsed, text):
    agree(parsed, text)


@pytest.mark.parametrize(
    ("html", "canonical"),
    [
        ("<p>Tea\nis <i>safe</i>.</p>\n\n<p>No &amp; no.</p>", "Tea is safe.\n\nNo & no."),
        ("One.<p>Two: <a href='x'>", None),
        ('See <a href="https://e.org/a?b=1&amp;c=2" rel="nofollow">this</a>.', "See [this](https://e.org/a?b=1&c=2)."),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("&gt; a", "\\> a"),
        ("", ""),
    ],
)
def test_the_short_way_is_taken_where_it_is_safe(html, canonical):
    assert short(html, body._link) == canonical
