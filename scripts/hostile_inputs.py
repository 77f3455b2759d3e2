"""Hostile files to read, one function a kind: each tries one in a folder, and says how many texts and what went wrong.

A folder holds `in`, where the input is written, `out` for what threadkit writes, and `canary`, a file that no input may
read or change. See hostile_table.py for what counts as wrong.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import fuzz_readers as fuzz
import hostile_harm as harm
import hostile_live as live
import patterns
import zstandard
from click.testing import CliRunner
from disputes import disputed

from threadkit.base.errors import ThreadkitError
from threadkit.cli import threadkit
from threadkit.dispute.segment import segment
from threadkit.readers import unpack
from threadkit.readers.read import read
from threadkit.report.forms import FORMS, write_as, write_reports

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from threadkit.corpus.corpus import Corpus

CANARY = "canary-7f3a, which nobody was to read"
# A bomb need not be of a gibibyte to show that it is stopped: the bound that unpack.py sets is lowered for the trial.
HARMLESS, UNPACKED = 2**23, 2**25
# Characters of a text that is one text over and over, and how deep brackets stand.
LONG = 60_000
DEEP = (60, 1_100, 20_000, 100_000)

MARKS = [
    b"", b"PAR1", b"\x1f\x8b\x08\x00", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"Rar!\x1a\x07",
    b"{", b"[", b'{"kind":', b'{"data":{', b"<html>", b"<!DOCTYPE html>", b"<?xml version='1.0'?>", b"<rss", b"From a@b ",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"id,kind,text\n", b"\x93NUMPY", b"\x80\x04", b"%PDF-1.7", b"SQLite format 3\x00",
]  # fmt: skip
ENDINGS = [".json", ".jsonl", ".ndjson", ".csv", ".parquet", ".html", ".xml", ".md", ".txt", ".mbox", ".gz", ".zst", ""]

_DOCTYPES = [
    "<!DOCTYPE z [<!ENTITY a 'zqzqzqzqzq'>" + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)) + "]>",
    "<!DOCTYPE z [<!ENTITY j '" + "zq" * 50_000 + "'>]>",
    "<!DOCTYPE z [<!ENTITY j SYSTEM '{canary}'>]>",
    "<!DOCTYPE z [<!ENTITY j PUBLIC 'x' '{canary}'>]>",
    "<!DOCTYPE z SYSTEM '{canary}'>",
    "<!DOCTYPE z SYSTEM 'http://127.0.0.1:9/zq.dtd'>",
    "<!DOCTYPE z [<!ENTITY % p SYSTEM '{canary}'> %p;]>",
    "<!DOCTYPE z [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/zq.dtd'> %p;]>",
    "<!DOCTYPE z [<!ENTITY j '&j;'>]>",
    "<?xml-stylesheet href='{canary}'?><!DOCTYPE z [<!ENTITY j SYSTEM 'php://filter/zq'>]>",
]  # fmt: skip


@cache
def _exports() -> dict[str, dict[Path, bytes]]:
    return fuzz.exports()


@cache
def _patterns() -> list[tuple[str, int, str, str]]:
    # One pattern is shown no more than a title's length: see tests/test_patterns.py.
    return [(*key, where) for key, where in patterns.every_pattern().items() if "github_html._TITLE" not in where]


def prepare() -> None:
    """Import and build everything that is shared, before memory is bounded."""
    _exports(), _patterns()


def _put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "in" / name
    path.write_bytes(data)
    return path


def _read(folder: Path) -> Corpus:
    return read(folder / "in", progress=fuzz.Silent())


def damaged(draw: Random, folder: Path) -> tuple[int, str]:
    """Damage one of our own exports."""
    name = draw.choice(sorted(_exports()))
    return 1, fuzz.attempt(name, fuzz.mutated(_exports()[name], draw.randrange(2**40)), folder / "in")


def noise(draw: Random, folder: Path) -> tuple[int, str]:
    """Read random bytes, behind the mark of a known file or not, printable or not."""
    n = draw.choice([0, 1, 7, 100, 4_000, 70_000])
    data = draw.randbytes(n) if draw.random() < 0.6 else bytes(draw.choices(range(32, 127), k=n))
    _put(folder, f"zq{draw.choice(ENDINGS)}", draw.choice(MARKS) + data)
    _read(folder)
    return 1, ""


@cache
def _packed(kind: str, content: str) -> bytes:
    row = json.dumps({"kind": "comment", "id": "a", "post_id": "p", "text": "zq " * 40}) + "\n"
    unit = {
        "zeros": b"\x00",
        "blanks": b" ",
        "brackets": b"[",
        "rows": row.encode(),
        "divs": b"<div>",
        "quotes": b"> ",
    }[content]
    data = unit * (UNPACKED // len(unit))
    if content == "divs":
        data = b"<!DOCTYPE html><html><body>" + data
    if kind == "zip":
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
            for name in ("zq.json", "../../zq-zip.json", "/tmp/zq-zip.json"):
                file.writestr(name, data)
        return memory.getvalue()
    if kind == "gzip twice":
        return gzip.compress(gzip.compress(data, 6), 6)
    # bzip2 and members in pieces: of one text over and over, bzip2 packs so much in more time than an input is allowed.
    pack = {
        "gzip": lambda: gzip.compress(data, 6), "bzip2": lambda: bz2.compress(data[: 2**20]) * 32, "xz": lambda: lzma.compress(data, preset=0),
        "zstd": lambda: zstandard.compress(data, 3), "members": lambda: gzip.compress(data[: 2**20], 6) * 64,
    }  # fmt: skip
    return pack[kind]()


def bomb(draw: Random, folder: Path) -> tuple[int, str]:
    """Read a file that unpacks to far more than it is."""
    kind = draw.choice(["gzip", "bzip2", "xz", "zstd", "zip", "gzip twice", "members"])
    content = draw.choice(["zeros", "blanks", "brackets", "rows", "divs", "quotes"])
    data = _packed(kind, content)
    _put(folder, f"zq{draw.choice(ENDINGS)}", data)
    # Where its format is named, the reader is handed it whatever it looks like.
    formats = draw.choice([None, None, [draw.choice(sorted(_exports()))]])
    before, unpack._MAX_HARMLESS = unpack._MAX_HARMLESS, HARMLESS
    try:
        read(folder / "in", progress=fuzz.Silent(), formats=formats)
    finally:
        unpack._MAX_HARMLESS = before
    return 1, ""


def entities(draw: Random, folder: Path) -> tuple[int, str]:
    """Read an XML export with entities that multiply, or that name files and addresses."""
    name = draw.choice(["stackexchange-xml", "disqus-xml", "discourse-rss"])
    doctype = draw.choice(_DOCTYPES).replace("{canary}", (folder / "canary").as_uri())
    for path, data in _exports()[name].items():
        head, mark, rest = data.partition(b"?>")
        if not mark:
            head, mark, rest = b"<?xml version='1.0'", b"?>", data
        at = draw.choice([m.end() for m in re.finditer(rb">(?=[^<]*\w)|\"(?=\w)|CDATA\[", rest)] or [0])
        (folder / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / path).write_bytes(
            head + mark + doctype.encode() + rest[:at] + b"&j;" * draw.choice([1, 40]) + rest[at:]
        )
    for formats in ([name], None):
        try:
            corpus = read(folder / "in", progress=fuzz.Silent(), formats=formats)
        except ThreadkitError as error:
            if CANARY in str(error):
                return 1, "the canary stands in an error"
        else:
            told = [
                *corpus.comments["text"].dropna(),
                *corpus.posts["text"].dropna(),
                *corpus.problems["what"].dropna(),
            ]
            if any(CANARY in text for text in told):
                return 1, "the canary was read"
            if sum(map(len, told)) > 10**6:
                return 1, f"{sum(map(len, told)):,} characters came out of {doctype[:60]}"
    return 1, ""


def nested(draw: Random, folder: Path) -> tuple[int, str]:
    """Read, cut and report what is nested deep."""
    depth = draw.choice(DEEP)
    opened, closed = draw.choice([
        *((a.decode(), b.decode()) for a, b in fuzz.NESTS), ("<ul><li>", "</li></ul>"), ("<b><i>", "</i></b>"), ("<span>", ""),
        ("[quote]", "[/quote]"), ("[", "](x)"), ("**", "**"), ("![", "](x)"), ("- ", ""), ("<table><tr><td>", "</td></tr></table>"), (">", "\n"),
    ])  # fmt: skip
    text = f"{opened * depth}It is dear.{closed * draw.choice([depth, depth, 0, 1])}"[: 2**20]
    way = draw.choice(["json", "html", "body", "body"])
    if way == "json":
        name = draw.choice([name for name in sorted(_exports()) if name.endswith(("json", "jsonl"))])
        for path, data in _exports()[name].items():
            at = draw.choice([m.start() for m in re.finditer(rb"[\[{\"]", data)] or [0])
            nest = b'{"replies":' * depth if draw.random() < 0.5 else b"[" * depth
            (folder / "in" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "in" / path).write_bytes(data[:at] + nest + data[at:])
    elif way == "html":
        name = draw.choice([name for name in sorted(_exports()) if name.endswith(("html", "rss", "xml"))])
        for path, data in _exports()[name].items():
            at = draw.choice([m.end() for m in re.finditer(rb">", data)] or [0])
            (folder / "in" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "in" / path).write_bytes(data[:at] + text.encode() + data[at:])
    else:
        row = {"kind": "comment", "id": "a", "post_id": "p", "text": text, "parent_id": None}
        chain = [
            row | {"id": f"r{i}", "parent_id": f"r{i - 1}" if i else "a", "text": "No."}
            for i in range(min(depth, 3_000))
        ]
        rows = [{"kind": "post", "id": "p", "text": "It is cheap."}, row, *chain]
        _put(folder, "zq.jsonl", "\n".join(map(json.dumps, rows)).encode())
    corpus = _read(folder)
    segment(corpus.comments)
    if way == "body":
        made = disputed({"a": (None, "Ana", 1, text, False), "b": (None, "Bo", 1, "It is dear.", True)})
        write_reports(made, folder / "out")
    return 1, ""


def pumped_pattern(draw: Random, folder: Path) -> tuple[int, str]:  # noqa: ARG001
    """Put one text, over and over, to one of threadkit's own patterns."""
    pattern, flags, way, where = draw.choice(_patterns())
    pump = draw.choice(list(patterns.attacks(pattern, flags)))
    compiled = re.compile(pattern, flags)
    before = 0.0
    for length in patterns.LENGTHS:
        text = pump * (length // len(pump)) + draw.choice(["", "\x00"])
        took = min(patterns.seconds(compiled, text, way) for _ in range(2))
        if took > 0.1 and took > 7 * before:
            return 1, f"{where}: {pump!r} over and over takes {took:.2f} s"
        before = took
    return 1, ""


def pumped_text(draw: Random, folder: Path) -> tuple[int, str]:
    """Read a comment, and report an objection, that is one short text over and over."""
    tokens = [
        *(token.decode("utf-8", "replace") for token in fuzz.TOKENS if token),
        *harm.MARKDOWN,
        *harm.HTML,
        "a",
        "a b",
        "e.",
        "“",
        "’",
        "(a",
        "a)",
    ]
    pump = "".join(draw.choice(tokens) for _ in range(draw.choice([1, 2, 2, 3])))
    text = pump * (LONG // len(pump))
    rows = [{"kind": "post", "id": "p", "text": draw.choice([text, "It is cheap."])},
            {"kind": "comment", "id": "a", "post_id": "p", "text": text, "parent_id": None}]  # fmt: skip
    _put(folder, "zq.jsonl", "\n".join(map(json.dumps, rows)).encode())
    segment(_read(folder).comments)
    write_reports(harm.poisoned(draw, [text], share=0.1), folder / "out")
    return 1, ""


def paths(draw: Random, folder: Path) -> tuple[int, str]:
    """Read ids, titles and files that are named like ways out, and write every form."""
    ids = [draw.choice(harm.TRICKS) for _ in range(4)]
    rows = [
        {
            "kind": "post",
            "id": ids[0],
            "title": draw.choice(harm.TRICKS),
            "text": "It is cheap.",
            "url": draw.choice(harm.TRICKS),
        }
    ]
    rows += [
        {"kind": "comment", "id": each, "post_id": ids[0], "text": "No.", "author": draw.choice(harm.TRICKS)}
        for each in ids[1:]
    ]
    names = {"zq.jsonl", *(re.sub(r"[/\x00]", "_", draw.choice(harm.TRICKS))[:200] for _ in range(2))}
    for name in names - {".", ".."}:
        data = "\n".join(map(json.dumps, rows)).encode()
        if draw.random() < 0.4:  # a member's name in gzip's head, which nobody may follow
            memory = io.BytesIO()
            with gzip.GzipFile(
                draw.choice(["../../zq-member", "/tmp/zq-member"]), "wb", fileobj=memory, mtime=0
            ) as file:
                file.write(data)
            data = memory.getvalue()
        _put(folder, name, data)
    if draw.random() < 0.3:
        (folder / "in" / "link.jsonl").symlink_to(draw.choice(["link.jsonl", "..", "/dev/zero", "/dev/stdin"]))
        os.mkfifo(folder / "in" / "pipe.jsonl")
    said = CliRunner().invoke(threadkit, ["read", str(folder / "in"), "-o", str(folder / "out" / "read")])
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    if wrong := live.live_terminal(said.output):
        return len(ids), f"read prints {wrong}"
    analysis = harm.poisoned(draw, harm.TRICKS)
    analysis.save(folder / "out" / "run")
    write_reports(analysis, folder / "out" / "run")
    for form in FORMS.names():
        write_as(analysis, form, None, folder / "out", crux=draw.choice([None, 0]))
    return len(ids) + 2 * harm.cells(analysis), ""
