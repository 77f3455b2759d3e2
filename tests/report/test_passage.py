"""Canonical text in blocks and pieces."""

import pytest

from threadkit.report.passage import BLOCK_LIMIT, Piece, passage
from threadkit.report.show import address


def test_quote_code_and_prose_are_told_apart():
    blocks = passage("> you *said*\n>> they said\n\nWell:\n```\na *b* [c](d)\n\nx\n```\nno.")
    assert [(block.kind, block.pieces[0].text) for block in blocks] == [
        ("quote", "you said they said"),
        ("prose", "Well:"),
        ("code", "a *b* [c](d)\n\nx"),
        ("prose", "no."),
    ]


def test_links_keep_their_words_and_lose_unsafe_addresses():
    (block,) = passage(
        "see [**here**](https://example.org/a_(b)), [there](javascript:alert(1)) or https://example.org/c."
    )
    assert block.pieces == (
        Piece("see "),
        Piece("here", "https://example.org/a_(b)"),
        Piece(", "),
        Piece("there", None),
        Piece(" or "),
        Piece("https://example.org/c", "https://example.org/c"),
        Piece("."),
    )


def test_private_characters_cannot_pose_as_a_link():
    (block,) = passage("a \ue000fake\ue001 link [x](https://example.org)")
    assert block.pieces == (Piece("a fake link "), Piece("x", "https://example.org"))


def test_long_blocks_are_cut_even_inside_a_link():
    (block,) = passage("word " * 40 + "[" + "long " * 400 + "](https://example.org)")
    assert sum(len(piece.text) for piece in block.pieces) <= BLOCK_LIMIT
    assert block.pieces[-1].href == "https://example.org"
    assert block.pieces[-1].text.endswith("…")


@pytest.mark.parametrize("text", ["", "\n\n", "```\n```", "\u202e"])
def test_nothing_gives_no_block(text):
    assert passage(text) == ()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://a b",
        "http://[",
        "https://a\u202eb",
        "",
    ],
)
def test_unsafe_addresses_are_no_links(url):
    assert address(url) is None
