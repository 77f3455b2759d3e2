"""The short way gives what the parser gives, or nothing."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from threadkit.base.text import clean
from threadkit.readers import body
from threadkit.readers.plain_markdown import plain
from threadkit.readers.simple_markdown import simple

# What Markdown is made of, and what may be mistaken for it.
PIECES = [
    "a", "word", "It is.", "3", "2020.", " ", "  ", "\n", "\n\n", "\n \n", "> ", ">", ">!", "!<", "*", "**", "_", "__", "- ", "\n- ",
    "\n* ", "* it", "+ ", "1. ", "1)", "# ", "#", "=", "---", "|", "a|b", ":-", "~", "~~", "`", "\\", "[see](https://e.org/a_b)",
    "[x]", "[", "]", "(", ")", "!", "](", "]: /u", "https://e.org/a?b=1&c=2", "&amp;", "&", "&x", "<3", "< b", "<b>", "<3@u>",
    "(*a*)", "*really*", "**so**", "_em_", "snake_case", "“q”", "’", "\u00a0", "\u200b", "\ufeff", "😀", "é", "\t", "\x0b",
    "\x85", "\u2028", "    ", "\r\n", "\ufffd", "![i](https://e.org)", "$", "{", "%20",
    "*a*", "**so it is!**", "> it\n", "\n> so", "\n* b", "[it is](https://e.org/a#b_c?d=e)", "*a b*.", "x*a*", "*a*x", "*a* *b*", "**a** *b*",
    "\n\n* a\n* b", "\n\n> a\n> b", " > ", "[a](https://e.org) [b](https://e.org)", "[https://e.org/abc](https://e.org/abc)", "*a\nb*",
    "[sic]", "[a (b)!](https://e.org/x,y;z~%2C?a&b=1)", "[a & b](https://e.org/?q=%20&copy=1)", "[a&amp;b](https://e.org)", "][", "]:", " * ", "  \n",
    ">a", "\n>b", "\n  ", "\n    ", "[x [y](https://e.org)](https://e.org)", "£", "👑", "🏽", "\u2019", "→", "\u200d", "[^1]", "^[a", "!", "![x]",
    "\\*", "\\_a", "\\#", "\\>", "\\[", "\\]", "\\(", "\\&", "\\-", "\\\\", "\\a", "1. a\n2. b", "\n3. c", "0) a\n1) b", "\n\n1. a", "**so:**",
    "*a;* b", "\n7. a\n", "[a](https://e.org:80/b)", "[a](https://u@e.org/)", "[a](https://e.org/&lt;)", "[a](https://é.org/)", "[a](https://E.org/%zz)", "[a](https://e,org)",
]  # fmt: skip


@pytest.fixture
def parsed(monkeypatch):
    """Return `from_markdown` without the short way."""
    monkeypatch.setattr(body, "plain", lambda text: None)
    monkeypatch.setattr(body, "simple", lambda text, link: None)
    return body.from_markdown


def agree(parsed, text):
    text = clean(text)
    for short in (plain(text), simple(text, body._link)):
        if short is not None:
            assert short == parsed(text)
            assert short == parsed(text, html=True)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=9))
@example(["> ", "a", "\n", "- ", "b"])
@example(["- ", "a", "\n\n", "- ", "b"])
@example(["* a\n", "    ", "\n", "  ", "b"])
@example(["a|b&", "<3@u>"])
def test_pieces_of_markdown_are_read_alike(parsed, pieces):
    agree(parsed, "".join(pieces))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text())
def test_any_text_is_read_alike(parsed, text):
    agree(parsed, text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("One line.", "One line."),
        ("a\nb  c\n\n\nd", "a b c\n\nd"),
        ("Is it (2020) 50% – “so”…?\n\nYes!", "Is it (2020) 50% – “so”…?\n\nYes!"),
        ("Ünder the brücke, says @ana: 3 + 4 = 7", "Ünder the brücke, says @ana: 3 + 4 = 7"),
        ("", ""),
    ],
)
def test_the_usual_is_read_the_short_way(parsed, text, canonical):
    assert plain(text) == parsed(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "`x`",
        "a  \nb",
        "# a",
        "1. a",
        "a\n===",
        "|a|\n|-|",
        "&lt;",
        "![i](https://e.org)",
        "\\*",
        "> a",
        "*a*",
        "a_b",
        "- a",
    ],
)
def test_what_needs_the_parser_is_left_to_it(text):
    assert plain(text) is None


def test_real_threads_are_read_alike_and_mostly_the_short_way(shared, parsed):
    import orjson

    stack = [orjson.loads(path.read_bytes()) for path in (shared / "exports" / "reddit_threads").iterdir()]
    bodies = []
    while stack:
        value = stack.pop()
        if isinstance(value, dict) and isinstance(value.get("body"), str):
            bodies.append(value["body"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        stack += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    for text in bodies:
        agree(parsed, text)
    assert sum(plain(clean(text)) is not None for text in bodies) > 0.5 * len(bodies)
    short = (plain(clean(text)) is not None or simple(clean(text), body._link) is not None for text in bodies)
    assert sum(short) > 0.93 * len(bodies)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("> Tea is *safe*.\n> Really.\n\nNo.", "> Tea is safe. Really.\n\nNo."),
        ("See [this page](https://e.org/a_b?c=1).", "See [this page](https://e.org/a_b?c=1)."),
        ("**Really?** So:\n\n* one cup\n* two cups\n\nEnough.", "Really? So:\n\n- one cup\n- two cups\n\nEnough."),
        ("**Tea:** it is\n\n2. so\n1. *no*", "Tea: it is\n\n2. so\n3. no"),
        ("\\*Tea\\* is \\[so\\]\n\\# safe", "*Tea* is [so] # safe"),
        (">Tea is safe.\n>Really.  \n>No", "> Tea is safe. Really.\n> No"),
        ("  Tea  \n[sic] – *so* they say 👑", "Tea\n[sic] – so they say 👑"),
        ("See [this (page)!](https://e.org/a,b;c?d=%20&e=~f)", "See [this (page)!](https://e.org/a,b;c?d=%20&e=~f)"),
        ("2 * 3 * 4, a ] and [b", "2 * 3 * 4, a ] and [b"),
        ("[a]: https://e.org", None),
        ("* a\n\n  b", None),
        (">!a!<", None),
        ("Q & A of snake_case, 3 > 2, ~5 cups, #1", "Q & A of snake_case, 3 > 2, ~5 cups, #1"),
        ("* a\n\n* b", None),
        ("> a\nb", None),
        ("*a _b_*", None),
        ("a &amp; b", None),
    ],
)
def test_the_marks_of_forums_go_the_short_way(text, canonical):
    assert simple(text, body._link) == canonical
