r"""Text as forums print it: folding for comparison, words, and what a reader or a model should see.

``comments.text`` and ``posts.text`` hold *canonical text*, a small subset of Markdown that every reader
writes: paragraphs parted by blank lines; a quoted paragraph is one line (or more) that begins with ``> ``,
nested quotes with ``>> ``; code stands between lines of three backticks; a list item begins with ``- `` or
``1. ``; a link is ``[words](address)``. Everything else is literal.
"""

from __future__ import annotations

import re
import unicodedata

# Typography that differs between an original and its quotation but not in meaning. Every entry maps one
# character to one character, so that offsets in folded text are offsets in the original.
_SAME = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u00b4": "'", "`": "'", "\u2032": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\u200a": " ", "\u3000": " ",
        "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip

_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_BARE_LINK = re.compile(r"https?://[^\s<>()\[\]]+")
# Where emphasis may begin, and where it may end by its marks.
_OPENED = re.compile(r"(?<![\w*_])([*_])\1{0,2}")
_CLOSED = {mark: re.compile(rf"(?<=\S){re.escape(mark)}(?![\w*_])") for mark in ("***", "**", "*", "___", "__", "_")}
_FOOTNOTE_REF = re.compile(r"(?<=\w|[.,;:!?)\"'\u201d\u2019])\[\d{1,3}\]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def fold(text: str) -> str:
    """Fold typography and case away, keeping every offset.

    >>> fold("We don\u2019t\u00a0need it")
    "we don't need it"
    """
    folded = text.translate(_SAME)
    lowered = folded.lower()
    # A few capitals (as in Turkish) become two characters in lower case; offsets matter more than they do.
    return lowered if len(lowered) == len(folded) else "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def squeeze(text: str) -> str:
    """Turn every run of white space into one blank and strip the ends."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return what a person reads: link words without addresses, no emphasis marks, single blanks.

    >>> plain("See [the *paper*](https://example.org/a_(b)), it **works**[2].")
    'See the paper, it works.'
    """
    # Most texts hold none of these: to look for one character is far cheaper than to try a pattern at each.
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _unmarked(text)
    if "[" in text:
        text = _FOOTNOTE_REF.sub("", text)
    return squeeze(text)


def _unmarked(text: str) -> str:
    """Return text without the marks of emphasis, the longest that are closed on the same line.

    One pattern would look for the end of each mark to the end of the line. Here each search goes on where the last one
    for that mark stopped, so that hostile text takes no longer than any other.
    """
    kept, done = [], 0
    ends, line_end = dict.fromkeys(_CLOSED, -1), -1
    for opened in _OPENED.finditer(text):
        if opened.start() < done:
            continue
        for size in range(len(opened[0]), 0, -1):
            mark, start = opened[0][:size], opened.start() + size
            if text[start : start + 1].isspace():
                continue
            if line_end < start:
                line_end = text.find("\n", start) % (len(text) + 1)  # where there is none, the end
            if ends[mark] <= start:
                closed = _CLOSED[mark].search(text, start + 1)
                ends[mark] = closed.start() if closed else len(text)
            if ends[mark] < line_end:
                kept += [text[done : opened.start()], text[start : ends[mark]]]
                done = ends[mark] + size
                break
    return "".join([*kept, text[done:]])


def prose_only(text: str) -> str:
    """Return `plain` text with bare addresses removed too: what a model should see."""
    text = plain(text)
    return squeeze(_BARE_LINK.sub(" ", text)) if "://" in text else text


def words(text: str) -> list[str]:
    """List the words, lower-cased, apostrophes straight.

    >>> words("It isn\u2019t 3.5 km!")
    ['it', "isn't", '3', '5', 'km']
    """
    return _WORD.findall(fold(text))


def shorten(text: str, limit: int) -> str:
    """Cut at a word so that at most `limit` characters stand, with an ellipsis where something was cut.

    >>> shorten("one two three", 9)
    'one two…'
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return head.rstrip(" ,;:.–—-") + "…"


def printable(text: str) -> str:
    r"""Drop control characters (terminal escapes, NUL, bidi overrides) but keep line ends and tabs.

    >>> printable("a\x1b[31mb\u202ec")
    'a[31mbc'
    """
    if text.isprintable():  # most text is, and to ask is a hundred times faster than to look at each character
        return text
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"} or c == "\u200d"
    )


def clean(text: str) -> str:
    r"""Make text from outside safe to keep: no NUL, no lone surrogates, line ends as LF, accents as NFC has them.

    What looks the same is the same then: some systems write an accent as a character of its own.

    >>> clean("a\r\nb\x00"), clean("cafe\u0301") == "caf\u00e9"
    ('a\nb', True)
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


# An abbreviation, an initial or a number before the dot does not end a sentence; "No" does, unless a number follows.
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:vs|cf|Mr|Ms|Dr|St|eg|ie|al))(?<!\b(?:Mrs|etc|e\.g|i\.e|Fig))(?!(?<=\bNo)\.\s+\d)(?<![.!?\u2026]{2})[.!?\u2026]++[\"'\u201d\u2019)\]]*+\s++(?=[\"'\u201c\u2018(\[]*[A-Z0-9])"
)


def sentences(text: str) -> list[str]:
    """Split one paragraph into sentences.

    >>> sentences("It costs, e.g. in Graz, 3.5 million. Who pays? We do.")
    ['It costs, e.g. in Graz, 3.5 million.', 'Who pays?', 'We do.']
    >>> sentences("No. Tram No. 5 runs at night.")
    ['No.', 'Tram No. 5 runs at night.']
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    parts = [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [part for part in parts if part]
