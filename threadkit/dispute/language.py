"""The language of each comment, so that models that read English are not asked about others.

A paragraph that is surely of another language than its comment has its own.

Most English is told by its small words, which costs next to nothing; py3langid (BSD, its weights in its wheel) is
asked about the rest. A text in Latin letters that is too short, or that it is not sure of, has no language and is
judged: an English comment that is passed over is worse than a foreign one that is judged.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd

from threadkit.base.columns import values
from threadkit.base.lookup import true
from threadkit.base.text import fold, plain

ENGLISH = "en"


def _names(listed: str) -> list[str]:
    return listed.split()


# Words of English that other languages seldom have, or not as often.
_SMALL = frozenset(
    _names(
        "the and that with you this have not they what would there your it's don't i'm from which because been their "
        "just like should think about who how why when where than then his them were does isn't can't you're that's "
        "i've doesn't didn't if of to it be are but will can more some any these those could only also very my he she "
        "has had did get know say people really much even same make other into its our out up yes thanks please sorry "
        "nice great good"
    )
)
# The share of them from which a text is English; a text in another language that quotes some English stays below. And
# how many there must be, all different: "to" is a word of Polish, "he" of Spanish, "will" of German, and comes again.
_MUCH, _DIFFERENT = 0.15, 3

# Scripts in which no English is written, and the languages of forums that are. Letters beyond Latin that stand alone
# are of a smiley ("\u0ca0_\u0ca0") or a formula; in Greek two are.
_SCRIPTS = tuple(
    (re.compile(rf"[{block}]{{{least},}}"), _names(listed))
    for block, least, listed in (
        (r"\u0370-\u03ff\u1f00-\u1fff", 3, "el"),
        (r"\u0400-\u052f", 2, "bg kk mk ru sr uk"),
        (r"\u0590-\u05ff", 2, "he"),
        (r"\u0600-\u06ff\u0750-\u077f", 2, "ar fa ur"),
        (r"\u0900-\u097f", 2, "hi mr ne"),
        (r"\u0980-\u09ff", 2, "bn"),
        (r"\u0a80-\u0aff", 2, "gu"),
        (r"\u0b80-\u0bff", 2, "ta"),
        (r"\u0c00-\u0c7f", 2, "te"),
        (r"\u0d00-\u0d7f", 2, "ml"),
        (r"\u0e00-\u0e7f", 2, "th"),
        (r"\u10a0-\u10ff", 2, "ka"),
        (r"\u3040-\u30ff\u3400-\u9fff", 2, "ja zh"),
        (r"\uac00-\ud7af", 2, "ko"),
    )
)

# Letters that must be there before anything else is asked; scripts that write a syllable in one sign need less.
MIN_LETTERS, MIN_SIGNS = 20, 4
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SIGN = re.compile(r"[\u0900-\u0dff\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LATIN = re.compile(r"[a-z]")
# What is no language: code, addresses, names of accounts, files and functions, abbreviations in capitals.
_NOISE = re.compile(
    r"`[^`]*+`|(?<!\S)[^\s@/\\_=<>{}()\[\]#$`]*+[@/\\_=<>{}()\[\]#$]\S*+|www\.\S+|\b\w+\.\w+(?:\.\w+)*\b|"
    r"\b[A-Z][A-Z0-9]+s?\b|\b\w*\d\w*\b"
)

# Characters from which a paragraph within an English comment is asked for its own language: a name or a title is none.
# One of these in it and it is not asked: to list its words is dear, and hardly any English paragraph is without.
MIN_PARAGRAPH = 60
_PASSING = (" the ", " and ", " that ", " with ", " you ")

# Probability from which a language other than English is believed, and characters that are looked at. What several
# languages share is foreign all the same if English is as good as ruled out, by so many different words.
_SURE, _ENOUGH = 0.95, 600
_RULED_OUT, _SOME = 0.001, 4

# Languages of forums; among all 139 a list of names is soon taken for one that hardly anybody writes.
_KNOWN = _names(
    "ar bg bn bs ca cs da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk ko lt lv mk ml mn mr ms "
    "nb ne nl nn no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh"
)

# Languages so close that they share the probability of one text.
_KIN = tuple(map(frozenset, map(_names, ("da nb nn no", "id ms", "bs hr sr", "cs sk", "hi mr ne"))))


def language(text: str) -> str | None:
    """Return the language of a text as ISO 639-1 code; None where it cannot be told.

    >>> language("Das stimmt doch hinten und vorne nicht, die Zahlen sind falsch."), language("lol")
    ('de', None)
    """
    # Its beginning, as it stands, is enough to tell nearly all English.
    if _is_english(_WORD.findall(fold(text[:_ENOUGH]))):
        return ENGLISH
    folded = fold(_NOISE.sub(" ", plain(text[: 8 * _ENOUGH])[: 4 * _ENOUGH]))
    words = _WORD.findall(folded)
    if _is_english(words):
        return ENGLISH
    if scripted := _of_script(folded):
        return next((name for name, _ in _ranked(words) if name in scripted), scripted[0])
    n_signs, some = len(_SIGN.findall(folded)), len(set(words)) >= _SOME
    if n_signs < MIN_SIGNS and sum(map(len, words)) < MIN_LETTERS and not some:
        return None
    ranked = _ranked(words)
    found = ranked[0][0]
    kin = next((names for names in _KIN if found in names), {found})
    ruled_out = some and dict(ranked)[ENGLISH] < _RULED_OUT
    if not ruled_out and sum(p for name, p in ranked if name in kin) < _SURE:
        return None
    # A line of names and terms without any small word is no language; a script that is not Latin leaves no doubt.
    if found != ENGLISH and len(_LATIN.findall(folded)) > n_signs and len(words) < 5:
        return None
    return str({"nb": "no", "nn": "no"}.get(found, found))


def _is_english(words: list[str]) -> bool:
    small = [word for word in words if word in _SMALL]
    return len(small) >= _MUCH * len(words) and len(set(small)) >= _DIFFERENT


def _of_script(folded: str) -> list[str]:
    """Return the languages of the script of which more letters are than Latin ones; none where it is Latin."""
    n_latin = len(_LATIN.findall(folded))
    for letters, names in _SCRIPTS:
        if sum(map(len, letters.findall(folded))) > n_latin:
            return names
    return []


def _ranked(words: list[str]) -> list[tuple[str, float]]:
    ranked: list[tuple[str, float]] = _identifier().rank(" ".join(words)[:_ENOUGH])
    return ranked


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([name for name in _KNOWN if name in identifier.labels])
    return identifier


def languages(segments: pd.DataFrame) -> pd.Series:
    """Return the language of each prose segment; no row for quotes and code.

    It is that of its comment, told by all of its prose, unless the segment alone is surely of another.
    """
    prose = segments.loc[true(segments["kind"] == "prose"), ["comment_id", "text"]]
    owners, texts = values(prose["comment_id"]), values(prose["text"])
    parts: dict[str, list[str]] = {}
    for owner, text in zip(owners, texts, strict=True):
        parts.setdefault(owner, []).append(text)
    whole = {owner: language("\n".join(own)) for owner, own in parts.items()}
    told = [
        whole[owner] if len(parts[owner]) == 1 else _own(text, whole[owner])
        for owner, text in zip(owners, texts, strict=True)
    ]
    return pd.Series(told, index=prose.index, dtype="string", name="language")


def _own(text: str, whole: str | None) -> str | None:
    """Return the language of one paragraph of a comment that as a whole is of the language `whole`."""
    if whole == ENGLISH and (len(text) < MIN_PARAGRAPH or any(word in text for word in _PASSING)):
        return whole
    if _is_english(_WORD.findall(fold(text[:_ENOUGH]))):
        return ENGLISH
    return (language(text) or whole) if whole == ENGLISH else whole


def foreign(language_of: pd.Series) -> pd.Series:
    """Tell which languages are known and other than English (bool).

    >>> foreign(pd.Series(["en", "de", None], dtype="string")).tolist()
    [False, True, False]
    """
    return language_of.ne(ENGLISH).fillna(value=False).astype(bool)
