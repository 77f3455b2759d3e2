"""What a reader of a page could point at to say that a comment begins here, or goes on."""

from __future__ import annotations

import re
from collections import Counter
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from threadkit.base.text import words
from threadkit.readers.page.layout import like_heading
from threadkit.readers.page.quotations import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadkit.readers.page.paragraphs import Paragraph
    from threadkit.readers.page.quotations import Source

# The four below are set by hand; what another figure gives, `scripts/fit_boundaries.py --choose` tells.
# How far back a quotation of the paragraphs just above reaches, in paragraphs.
_RECENT = 4
# Paragraphs back in which earlier words of the same comment's quotations count as one passage after another.
_CHAIN = 8
# Paragraphs before the last that the likeness to earlier comments looks at.
_EARLIER = 12
# A paragraph of fewer characters than this that agrees or thanks is followed by what the comment has to say.
_BRIEF = 120

_AGREES = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|ok|okay|oh|ah|wow|hm+|right|sure)[,.!]? )?(?:\+1|(?:i )?(?:strongly |mostly |broadly |"
    r"very much |also |totally |fully |completely |largely |generally |basically |do )?(?:dis)?agreed?|seconded|"
    r"thanks?|thx|great|good|nice|excellent|interesting|fascinating|cool|wow|congrat\w*|i (?:really )?(?:like|love|"
    r"enjoy)|this is (?:a |an )?(?:great|good|nice|excellent|interesting|really)|(?:\w+ ){1,3}i (?:dis)?agree[.!,])"
    r"(?!\w)"
)
_ANSWERS = re.compile(
    r"^(?:yes|yeah|yep|yup|no|nope|nah|hm+|huh|oh|ah|well|sure|fair|right|true|exactly|indeed|ok|okay|sorry|lol|haha|"
    r"what|why|how|where|when|who|really|do you|are you|have you|can you|could you|would you|did you|is there|"
    r"not sure|i'm not sure|i don't|i think you|that's|it's not)\b"
)
_GOES_ON = re.compile(
    r"^(?:and|but|however|so|thus|therefore|hence|also|moreover|furthermore|additionally|besides|instead|then|"
    r"for (?:example|instance)|in (?:particular|other words|addition|short|fact|general|conclusion)|more (?:broadly|"
    r"generally)|similarly|likewise|conversely|on the (?:other|contrary)|that said|still|finally|lastly|overall|"
    r"second|secondly|third|thirdly|next|another|even|this|these|those|such|it|they|he|she|edit|to be clear|"
    r"nonetheless|nevertheless|anyway|because|if|given|as a)\b"
)
_FIRST = re.compile(r"^(?:first|firstly|1[.)]|a\))")
_NUMBERED = re.compile(r"^(?:[2-9][.)]|1\d[.)]|[b-h]\))\s")
_LABEL = re.compile(r"^[A-Z][\w-]{1,14}(?: #?\d+)?:\s")
_YOU = re.compile(r"\b(?:you|your|you're|yours|op)\b")
_SENTENCE = re.compile(r"[.!?](?:\s|$)")


def cues(body: Sequence[Paragraph], parts: Sequence[Paragraph], found: Sequence[Source | None]) -> np.ndarray:
    """Return the cues of each paragraph, (n, len(CUES)) float64."""
    marks = quoted(parts, found)
    likeness = _Likeness([part.text for part in [*body, *parts]])
    rows = []
    for i in range(len(parts)):
        named: dict[str, float] = {}
        _quotation(named, i, parts, found, marks)
        _wording(named, parts[i], parts[i - 1] if i else None)
        _vocabulary(named, i, len(body), len(parts), likeness)
        rows.append([named.get(name, 0.0) for name in CUES])
    return np.array(rows, dtype=float).reshape(len(parts), len(CUES))


def _quotation(
    named: dict[str, float],
    i: int,
    parts: Sequence[Paragraph],
    found: Sequence[Source | None],
    marks: Sequence[bool],
) -> None:
    """Add what quotations tell: an answer opens with one; the words under one belong to its quoter."""
    source = found[i]
    after = i > 0 and marks[i - 1]
    named["words under a quotation"] = float(after and not marks[i])
    if not marks[i]:
        return
    # Point by point: quoted in order from words above the last quotation. Words below it are the quoter's own,
    # and nobody quotes himself.
    last = next((k for k in range(i - 1, max(-1, i - 1 - _CHAIN), -1) if found[k]), None)
    near = False
    if source and last is not None and (before := found[last]):
        own = not source.in_post and source.place > last
        reach = _CHAIN if not source.in_post else source.place
        near = not own and source.in_post == before.in_post and 0 <= source.place - before.place <= reach
        named["quotation of words under the last quotation"] = float(own)
    named["quotation under a quotation"] = float(after)
    # Comments use the post's headings as their own: one that stands again begins nothing.
    heading = like_heading(parts[i].text)
    named["quotation of the post"] = float(bool(source and source.in_post) and not near and not heading)
    named["quotation of a comment"] = float(bool(source and not source.in_post) and not near)
    named["quotation that goes on where the last one stopped"] = float(near and not after)
    above = i - source.place if source and not source.in_post and not near else 0
    named["quotation of the paragraphs just above"] = float(0 < above <= _RECENT)
    named["quotation of the paragraph above"] = float(above == 1)


def _wording(named: dict[str, float], part: Paragraph, before: Paragraph | None) -> None:
    """Add what the first words tell, and how the paragraph above ended."""
    text = part.text.lower().replace("\u2019", "'")
    first = _SENTENCE.split(text, maxsplit=1)[0]
    named["opens with agreement, thanks or praise"] = float(bool(_AGREES.match(text)))
    named["opens with an answer or a question"] = float(bool(_ANSWERS.match(text)))
    named["opens with a word that goes on"] = float(bool(_GOES_ON.match(text)))
    named["opens with I"] = float(bool(re.match(r"i(?:'\w+)?\b", text)))
    named["opens with a name called"] = float(text.startswith("@"))
    named["you in the first sentence"] = float(bool(_YOU.search(first)))
    named["opens in lower case or brackets"] = float(part.text[:1].islower() or part.text[:1] == "(")
    named["list item"] = float(part.item or bool(_NUMBERED.match(text)) or part.note)
    named["opens with a label"] = float(bool(_LABEL.match(part.text)))
    named["first of a list"] = float(bool(_FIRST.match(text)))
    named["heading"] = float(not part.item and like_heading(part.text))
    named["length"] = log(1 + len(part.text))
    named["one sentence"] = float(len(_SENTENCE.findall(text)) <= 1)
    if before is None:
        return
    named["length of the paragraph above"] = log(1 + len(before.text))
    named["under a colon"] = float(before.text.endswith(":"))
    named["under a question"] = float(before.text.rstrip(")\"\u201d'").endswith("?"))
    brief = len(before.text) < _BRIEF
    named["under brief agreement, thanks or praise"] = float(brief and bool(_AGREES.match(before.text.lower())))
    named["under a list item"] = float(before.item and not part.item)
    named["under a heading"] = float(not before.item and like_heading(before.text))
    named["under an exclamation or ellipsis"] = float(before.text.endswith(("!", "...", "\u2026", ":)")))


def _vocabulary(named: dict[str, float], i: int, n_body: int, n_parts: int, likeness: _Likeness) -> None:
    """Add what shared rare words tell: a comment goes on with its own; an answer takes up an earlier one's."""
    if not i:
        return
    at = n_body + i
    own = likeness(at, at - 1)
    earlier = [likeness(at, n_body + k) for k in range(max(0, i - _EARLIER), i - 1)]
    last = n_body + n_parts - 1
    across = [likeness(at - k, min(at + m, last)) for k, m in ((2, 0), (1, 1), (2, 1)) if i >= k]
    named["words of the paragraph above"] = own
    named["words on both sides"] = max(across, default=0.0)
    named["words of the paragraph below"] = likeness(at, at + 1) if at < last else 0.0
    named["words of an earlier paragraph"] = max(earlier, default=0.0)


class _Likeness:
    """Cosine of the rare words of two paragraphs."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        seen = Counter(word for count in counts for word in count)
        total = len(texts)
        self._vectors = [
            {word: (1 + log(n)) * log((1 + total) / (1 + seen[word])) for word, n in count.items()} for count in counts
        ]
        self._norms = [sqrt(sum(value * value for value in vector.values())) for vector in self._vectors]

    def __call__(self, one: int, two: int) -> float:
        """Return the cosine, 0 to 1."""
        short, long = sorted((self._vectors[one], self._vectors[two]), key=len)
        norm = self._norms[one] * self._norms[two]
        return sum(value * long[word] for word, value in short.items() if word in long) / norm if norm else 0.0


# Every cue, in the order of the features of the model.
CUES: tuple[str, ...] = (
    "words under a quotation",
    "quotation under a quotation",
    "quotation of the post",
    "quotation of a comment",
    "quotation that goes on where the last one stopped",
    "quotation of words under the last quotation",
    "quotation of the paragraphs just above",
    "quotation of the paragraph above",
    "opens with agreement, thanks or praise",
    "opens with an answer or a question",
    "opens with a word that goes on",
    "opens with I",
    "opens with a name called",
    "you in the first sentence",
    "opens in lower case or brackets",
    "list item",
    "opens with a label",
    "first of a list",
    "heading",
    "length",
    "one sentence",
    "length of the paragraph above",
    "under a colon",
    "under a question",
    "under a list item",
    "under brief agreement, thanks or praise",
    "under a heading",
    "under an exclamation or ellipsis",
    "words of the paragraph above",
    "words on both sides",
    "words of the paragraph below",
    "words of an earlier paragraph",
)
