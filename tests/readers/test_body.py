import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkit.dispute.segment import pieces
from threadkit.readers.body import from_html, from_markdown

HTML = {
    "paragraphs": ("<p>One\n  two.</p><p>Three.</p>", "One two.\n\nThree."),
    "unclosed paragraphs": ("One<p>Two<p><i>Three</i>", "One\n\nTwo\n\nThree"),
    "line breaks": ("<p>One<br>two<br/><br>three</p>", "One\ntwo\n\nthree"),
    "entities": ("<p>a &lt;b&gt; &amp; &#x27;c&#x27;&nbsp;d</p>", "a <b> & 'c' d"),
    "quote": ("<blockquote><p>One.</p><p>Two.</p></blockquote><p>No.</p>", "> One.\n\n> Two.\n\nNo."),
    "bare quote": ("<blockquote>One.<br>Two.</blockquote>No.", "> One.\n> Two.\n\nNo."),
    "nested quotes": (
        "<blockquote><blockquote>In.</blockquote>Out.<blockquote>In.</blockquote></blockquote>",
        ">> In.\n\n> Out.\n\n>> In.",
    ),
    "list": ("<ul><li>One</li><li><p>Two</p><p>more</p></li></ul>After", "- One\n- Two\n  more\n\nAfter"),
    "ordered list": ("<ol start=3><li>One</li><li>Two</ol>", "3. One\n4. Two"),
    "nested list": ("<ul><li>One<ol><li>In</li></ol></li><li>Two</li></ul>", "- One\n  1. In\n- Two"),
    "list in a quote": ("<blockquote><ul><li>A</li><li>B</li></ul></blockquote>C", "> - A\n\n> - B\n\nC"),
    "quote in a list": (
        "<ol><li><blockquote>A</blockquote>No.</li><li>B</li></ol>",
        "> A\n\n  No.\n2. B",
    ),
    "quotation": ("<p>You say <q>it <b>holds</b></q>.</p>", "You say \u201cit holds\u201d."),
    "code": ("<p>See</p><pre><code>if a &lt; b:\n    c\n</code></pre>", "See\n\n```\nif a < b:\n    c\n```"),
    "code that holds a fence": ("<pre>a\n```\nb</pre>", "```\na\n    ```\nb\n```"),
    "code in a quote": ("<blockquote><pre>a\n\nb</pre></blockquote>", "> a\n> b"),
    "link": ('<a href="https://e.org/a_(b)">the <b>page</b></a>', "[the page](https://e.org/a_(b))"),
    "bare link": ('<a href="https://e.org/">https://e.org/</a>', "https://e.org/"),
    "link with blanks": ('<a href=" https://e.org/a b(c ">x</a> y', "[x](https://e.org/a%20b%28c) y"),
    "link of bracketed words": ('<a href="https://e.org">x [1]</a>', "x [1] (https://e.org)"),
    "link that runs a script": ('<a href="javascript:alert(1)">x</a>', "x"),
    "heading": ("<h2>Why</h2>Because.<hr>So.", "Why\n\nBecause.\n\nSo."),
    "table": (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td><p>1</p></td><td>2<br>3</td></tr></table>x",
        "a | b\n1 | 2 3\n\nx",
    ),
    "layout table": ("<table><tr><td><p>One.</p><blockquote>Two.</blockquote></td></tr></table>", "One.\n\n> Two."),
    "quote in a cell": ("<table><tr><td>A</td><td><blockquote>B</blockquote></td></tr></table>", "A\n\n> B"),
    "picture": ('a <img src=x alt=":smile:"> b <img src=y> c', "a :smile: b c"),
    "script and style": ("<script>x()</script><style>p{}</style><p>a<!-- no -->b</p>", "ab"),
    "spoiler": ('<div class="spoilers"><p>She lived.</p></div>', "She lived."),
    "exponent": ("10<sup>6</sup> and 1<sup>st</sup>", "10^6 and 1st"),
    "footnote mark": ('So<sup><a href="#fn1">1</a></sup> it<sup><a href="#fn2">[2]</a></sup>', "So[1] it[2]"),
    "footnotes": (
        """<ol class="footnotes"><li class="footnote-item"><span class="footnote-back-link"><sup><strong>
        <a href="#r">^</a></strong></sup></span><div class="footnote-content"><p>Source.</p></div></li></ol>""",
        "1. Source.",
    ),
    "footnote with an arrow": ('<ol><li><p>Source. <a href="#r">↩︎</a></p></li></ol>', "1. Source."),
    "formula": ('<span class="mjx-math" aria-label="x^2"><span>x</span><span>2</span></span> grows', "x^2 grows"),
    "prose that starts like a quote": ("<p>&gt; 5 apples<br>&gt;6</p>", "\\> 5 apples\n\\>6"),
    "prose that starts like code": ("<p>``` is a fence</p>", "\\``` is a fence"),
    "invisible letters": ("<p>a\u200bb\u00adc</p><p>\u200b</p><p>&nbsp;</p>", "abc"),
    "forum quote": (
        """<aside class="quote no-group" data-post="3"><div class="title"><div class="quote-controls"></div>
        <img alt=''> Ines:</div><blockquote><p>Tea.</p></blockquote></aside>\n<p>Coffee.</p>""",
        "> Tea.\n\nCoffee.",
    ),
    "preview of a link": (
        '<aside class="onebox" data-onebox-src="https://e.org/x"><header>e.org</header><p>Their words</p></aside>',
        "https://e.org/x",
    ),
    "preview of a topic": (
        """<p>See</p><aside class="quote quote-modified" data-post="1" data-topic="7"><div class="title">
        <div class="quote-controls"></div><a href="https://e.org/t/tea/7">Tea</a> <a href="/c/hot/1">Hot</a></div>
        <blockquote>Their words</blockquote></aside><p>No.</p>""",
        "See\n\nhttps://e.org/t/tea/7\n\nNo.",
    ),
    "quote of another topic": (
        """<aside class="quote" data-username="ines" data-post="1" data-topic="7"><div class="title">
        <a href="https://e.org/t/tea/7">Tea</a></div><blockquote><p>Tea.</p></blockquote></aside>""",
        "> Tea.",
    ),
    "quote of a topic without address": (
        '<aside class="quote" data-topic="7"><div class="title">Tea</div><blockquote>Tea.</blockquote></aside>',
        "> Tea.",
    ),
    "uploaded picture": ('<p>Look: <img src="/a.png" alt="cup.drawio" data-base62-sha1="x"></p>', "Look:"),
    "nothing": ("", ""),
    "only blanks": (" \n<p> </p><ul><li></li></ul><blockquote></blockquote>", ""),
    "wrong nesting": ("<b><p>a</b>b</p></blockquote></li>c", "ab\n\nc"),
    "a cut tag": ("<p>a</p><blockq", "a"),
    "nul": ("<p>a\x00b</p>", "ab"),
    "a declaration": ('<?xml version="1.0" encoding="latin-1"?><p>naïve</p>', "naïve"),
}


@pytest.mark.parametrize("case", HTML)
def test_html(case):
    html, text = HTML[case]
    assert from_html(html) == text


MARKDOWN = {
    "quote": ("> One\n> more.\n\nNo.", "> One more.\n\nNo."),
    "quoted paragraphs": ("> One.\n>\n> Two.\n\nNo.", "> One.\n\n> Two.\n\nNo."),
    "nested quotes": (">> In.\n\n> Out.", ">> In.\n\n> Out."),
    "quote without a blank": (">One.\n\nNo.", "> One.\n\nNo."),
    "quote then reply at once": ("> One.\n\n  No.", "> One.\n\nNo."),
    "spoiler": (">!She lived.!< Really.", "She lived. Really."),
    "spoiler block": (">! She lived.\n>! He too.\n\n> Real.", "She lived. He too.\n\n> Real."),
    "hard break": ("one  \ntwo", "one\ntwo"),
    "emphasis": ("**a** _b_ ~~c~~ `d`", "a b c d"),
    "lists": ("* a\n* b\n  1. c\n  2. d", "- a\n- b\n  1. c\n  2. d"),
    "code": ("```py\na = 1\n```\n\n    b", "```\na = 1\n```\n\n```\nb\n```"),
    "table": ("|a|b|\n|-|-|\n|1|2|", "a | b\n1 | 2"),
    "link": ("[a](https://e.org) <https://e.org>", "[a](https://e.org) https://e.org"),
    "tags are words": ("a <b>c</b> <sarcasm>", "a <b>c</b> <sarcasm>"),
    "comparison": ("x < y > z & w", "x < y > z & w"),
    "escaped mark": ("\\> no quote", "\\> no quote"),
    "blank line by entity": ("a\n\n&#x200B;\n\nb", "a\n\nb"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("case", MARKDOWN)
def test_markdown(case):
    markdown, text = MARKDOWN[case]
    assert from_markdown(markdown) == text


def test_markdown_with_tags_read_as_markup():
    assert from_markdown("a <b>c</b>\n\n<blockquote>d</blockquote>", html=True) == "a c\n\n> d"


@pytest.mark.parametrize("depth", [1_000, 30_000])
@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "ul", "table", "p", "pre"])
def test_deep_tags_lose_no_words(tag, depth):
    text = from_html(f"first <{tag}>" * depth + "last" + f"</{tag}>" * depth)
    assert text.count("first") == depth
    assert "last" in text
    assert len(text) < 60 * depth


@pytest.mark.parametrize("text", [">" * 5_000 + " last", "> " * 5_000 + "last", "- " * 5_000 + "last", "[" * 30_000])
def test_deep_markdown_loses_no_words(text):
    got = from_markdown(text)
    assert got.endswith("last") or got == text
    assert len(got) <= len(text)


def test_text_too_deep_for_markdown_keeps_its_quotes():
    got = from_markdown("> a quote\n\nan answer\n\n" + "- " * 300 + "x")
    assert [(piece.kind, got[piece.start : piece.stop]) for piece in list(pieces(got))[:2]] == [
        ("quote", "a quote"),
        ("prose", "an answer"),
    ]


words = st.text(st.sampled_from("abcxyz"), min_size=1, max_size=8)
blocks = st.lists(st.tuples(st.sampled_from(["p", "blockquote", "li", "pre", "div", "h2"]), words), min_size=1)
_TAGS = (
    "<p> </p> <blockquote> </blockquote> <ul> <ol> <li> </li> </ul> <pre> </pre> <br> <table> <tr> <td> </td> </tr>"
    " </table> <a~href='https://e.org'> </a> <sup> </sup> &gt; &amp; &# <!-- --> <![CDATA[ ]]> <script> </script>"
    " ``` > - 1. word ( ) [ ] <? ?> < & <td <x:y>"
)
_BITS = [*(bit.replace("~", " ") for bit in _TAGS.split()), "\n", "\x00", "\ud800", "> ", "```\n"]
fragments = st.lists(st.sampled_from(_BITS), max_size=40)


@given(fragments.map(" ".join) | st.text())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_fragment_gives_text_in_which_no_line_is_misread(html):
    text = from_html(html)
    assert text == text.strip("\n")
    assert "\n\n\n" not in text.replace("```\n", "")
    assert text.count("\n```") % 2 == (1 if text.startswith("```") else 0)
    assert "\x00" not in text
    text.encode()


@given(st.text() | fragments.map(" ".join))
@settings(deadline=None)
def test_any_markdown_gives_text(markdown):
    text = from_markdown(markdown)
    assert text == text.strip("\n")
    text.encode()


@given(blocks)
@settings(deadline=None)
def test_no_quote_is_lost_and_no_prose_becomes_one(blocks):
    html = "".join(f"<{tag}>{word}</{tag}>" for tag, word in blocks)
    text = from_html(html)
    got = [(piece.kind, text[piece.start : piece.stop]) for piece in pieces(text)]
    kinds = {"blockquote": "quote", "pre": "code"}
    assert got == [(kinds.get(tag, "prose"), word) for tag, word in blocks]


@given(st.lists(st.tuples(st.integers(0, 3), words), min_size=1))
@settings(deadline=None)
def test_canonical_text_read_as_markdown_stays_as_it_is(paragraphs):
    html = "".join("<blockquote>" * depth + f"<p>{word}</p>" + "</blockquote>" * depth for depth, word in paragraphs)
    once = from_html(html)
    assert from_markdown(once) == once
