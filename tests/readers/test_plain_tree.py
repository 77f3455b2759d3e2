"""The short way through an element gives what the walk gives, or nothing."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from threadkit.readers import body

# What elements of a page are made of, and what may be mistaken for it.
PIECES = [
    "a", "word", "It is.", " ", "\n", "<p>", "</p>", "<p class='x'>", "<p class='reply'>", "<i>", "</i>", "<b class='meta'>", "</b>", "<br>",
    "<code>", "</code>", "<span>", "</span>", "<div>", "</div>", "<div class='x'>", "<div class='title'>", "<span class='reply'>",
    "<span class='mjx-math' aria-label='x'>", "&amp;", "&gt;", "&gt; ", "&nbsp;", "\u200b", "\u2028", "é", "```", "\x0c", "\x85",
    '<a href="https://e.org/a?b=1&amp;c=2">', "</a>", '<a href="#fn1">^</a>', '<a class="mention" href="/u/ana">@ana</a>',
    '<a href="https://e.org/x">https://e.org/…</a>', '<a href="https://e.org">> https</a>', '<a href="">none</a>', "<u>", "<ul><li>",
    "<blockquote>", "</blockquote>", "<img alt='pic'>", "<sup>2</sup>", "<script>x</script>", "<table><tr><td>", "<!-- x -->",
]  # fmt: skip
REPLY = frozenset({"reply"})

short = body.plain_tree


@pytest.fixture
def walked(monkeypatch):
    """Return `from_tree` without the short way."""
    monkeypatch.setattr(body, "plain_tree", lambda *given, **more: None)
    return body.from_tree


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["<div>", "<span>", "<table><tr><td>", "<li>"]))
@example(["<div>", "<p>", "a", "<br>", "<br>", "b"], "<div>")
@example(["<div class='title'>", "a"], "<div>")
@example(["&gt;", "a", "<p>", "```"], "<div>")
@example(['<a href="https://e.org">> https</a>'], "<div>")
def test_pieces_of_a_page_are_read_alike(walked, pieces, around):
    page = etree.HTML(f"<html><body>{around}{''.join(pieces)}")
    for root in page.iter("div", "span", "td", "li"):
        for marks in (False, True):
            said = short(root, body._link, marks=marks, refused=REPLY | body._DROPPED_CLASSES | body._MEANING)
            if said is not None:
                assert said == walked(root, marks=marks, dropped=REPLY)


@pytest.mark.parametrize(
    ("html", "canonical"),
    [
        ('<div>A &lt;b&gt; <i>b</i><p>C <a href="https://e.org">d</a><p></div>', "A <b> b\n\nC [d](https://e.org)"),
        ("<div>\n<div class='x'>\n<p>a<br>b</p></div></div>", "a\nb"),
        ("<div></div>", ""),
        ("<div><ul><li>a</ul></div>", None),
    ],
)
def test_the_short_way_is_taken_where_it_is_safe(html, canonical):
    root = next(etree.HTML(html).iter("div"))
    assert short(root, body._link) == canonical
    assert canonical is None or body.from_tree(root) == canonical
