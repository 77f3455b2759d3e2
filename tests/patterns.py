"""Every regular expression of threadkit, and texts that make a bad one slow."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from itertools import permutations
from pathlib import Path
from re import _constants as constants
from re import _parser as parser

import threadkit

SOURCE = Path(threadkit.__file__).parent
ASKING = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE

# Characters of the texts tried, each four times as many (the first few are enough for time that doubles with each), and
# how many kinds of character are taken from a pattern.
LENGTHS = (20, 1_000, 4_000, 16_000)
MOST = 6


# How a pattern is put to a text: from its beginning only, or from every place.
ANCHORED = {"match": "match", "fullmatch": "fullmatch"}


def every_pattern():
    """Return each pattern's text, flags and way of looking, and where it stands: module globals, literals in calls."""
    found = {}
    files = {path: path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}
    for info in pkgutil.walk_packages([str(SOURCE)], "threadkit."):
        if not info.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(info.name)).items():
                for pattern in held(value):
                    own = [Path(info.module_finder.path, *info.name.split(".")[-1:]).with_suffix(".py")]
                    texts = [files[path] for path in own if path in files] if name.startswith("_") else files.values()
                    for way in sorted(ways(name, texts)):
                        found.setdefault((pattern.pattern, pattern.flags & FLAGS, way), f"{info.name}.{name}")
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)):
            for pattern, flags, way in literal(node):
                found.setdefault((pattern, flags, way), f"{path.relative_to(SOURCE.parent)}:{node.lineno}")
    return found


def ways(name, texts):
    """Return how the pattern of a global name is used: match, fullmatch or, where in doubt, finditer."""
    used = {way for text in texts for way in re.findall(rf"\b{name}((?:\.\w+)?)", text)} - {""}
    bare = any(re.search(rf"(?m)(?<![\w.]){name}\b(?!\.|\s*[=:]|\s*$)", text) for text in texts)
    if bare or not used:
        return {"finditer"}
    return {ANCHORED.get(way[1:], "finditer") for way in used if way[1:] not in ("pattern", "flags", "groups")}


def held(value):
    """Yield the compiled patterns in a value, also inside tuples, lists and dicts."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from held(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from held(part)


def literal(node):
    """Yield the pattern, flags and way of a call such as re.sub(r"...", ...), where they are written out.

    A pattern that is compiled stands in a global, and is judged there by how that is used.
    """
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return
    if getattr(node.func.value, "id", "") == "re" and node.func.attr in ASKING:
        flags = " ".join(ast.unparse(part) for part in [*node.args[1:], *node.keywords])
        named = re.findall(r"re\.(I|IGNORECASE|M|MULTILINE|S|DOTALL|X|VERBOSE)\b", flags)
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            way = ANCHORED.get(node.func.attr, "finditer")
            yield node.args[0].value, sum({getattr(re, name).value for name in named}), way


def kinds(tree):
    """Yield characters that parts of a parsed pattern take, from inside repeats first."""
    later = []
    for code, value in tree:
        if code in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield from kinds(value[2])
        elif code is constants.SUBPATTERN:
            later.append(value[3])
        elif code is constants.BRANCH:
            later += value[1]
        elif code in (constants.ASSERT, constants.ASSERT_NOT):
            later.append(value[1])
        elif code is constants.ATOMIC_GROUP:
            later.append(value)
        elif code in (constants.LITERAL, constants.NOT_LITERAL):
            yield chr(value) if code is constants.LITERAL else "a"
        elif code is constants.ANY:
            yield "a"
        elif code is constants.IN:
            yield from members(value)
    for part in later:
        yield from kinds(part)


def members(value):
    """Yield characters of a set."""
    classes = {constants.CATEGORY_DIGIT: "1", constants.CATEGORY_SPACE: " ", constants.CATEGORY_WORD: "a"}
    for code, inner in value:
        if code is constants.LITERAL:
            yield chr(inner)
        elif code is constants.RANGE:
            yield chr(inner[0])
        elif code is constants.CATEGORY:
            yield classes.get(inner, "!")
        elif code is constants.NEGATE:
            yield from "a "


def attacks(pattern, flags):
    """Yield texts to repeat: one character that the pattern takes, and two in turn."""
    chosen = list(dict.fromkeys(kinds(parser.parse(pattern, flags))))[:MOST]
    yield from dict.fromkeys([*chosen, *"a \n"])
    for pair in permutations(chosen, 2):
        yield "".join(pair)


def seconds(compiled, text, way):
    """Return the processor time of looking for a pattern in a text."""
    begun = time.process_time()
    if way == "finditer":
        for _ in compiled.finditer(text):
            pass
    else:
        getattr(compiled, way)(text)
    return time.process_time() - begun


def slow(pattern, flags, way="finditer", longest=LENGTHS[-1]):
    """Return the first repeated text on which time grows faster than the text, and how long it took; None if none."""
    compiled = re.compile(pattern, flags)
    for pump in attacks(pattern, flags):
        for end in ("", "\x00"):
            before = 0.0
            for length in (*(n for n in LENGTHS if n < longest), longest):
                text = pump * (length // len(pump)) + end
                took = seconds(compiled, text, way)
                # A linear pattern needs a millisecond for the longest; one that starts over at each character a hundred.
                if took > 0.05:
                    took = min(took, seconds(compiled, text, way))
                if took > 0.05 and took > 7 * before:
                    return pump, took
                before = took
    return None
