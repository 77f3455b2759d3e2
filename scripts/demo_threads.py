"""The demo threads as they are written: corpora/demo-truth/threads, their canonical text in parts, and their ids."""

from __future__ import annotations

import hashlib
import html
import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
Json = dict[str, Any]

# Characters of a LessWrong id: none that are mistaken for one another.
ID_LETTERS = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"

LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")


@dataclass(frozen=True)
class Comment:
    """One comment of the source."""

    thread: Thread = field(repr=False)
    n: int
    parent: int | None
    author: str | None
    karma: int | None
    agreement: int | None
    at: datetime
    status: str
    text: str
    labels: tuple[str, ...]
    more: Json
    """What only some formats have: af, lost, answers, reacts, hide_author, hide_karma, reply_unmarked."""


@dataclass
class Thread:
    """One thread of the source."""

    slug: str
    post: Json
    comments: list[Comment] = field(default_factory=list)

    @property
    def tree_order(self) -> list[Comment]:
        """The comments as a page shows them: each followed by its replies."""
        out: list[Comment] = []

        def under(parent: int | None) -> None:
            for comment in self.comments:
                if comment.parent == parent:
                    out.append(comment)
                    under(comment.n)

        under(None)
        return out

    def number(self, n: int) -> int:
        """Return the place of comment `n` in the order of time: 2 for the first, since the post is 1."""
        order = sorted(self.comments, key=lambda c: (c.at, c.n))
        return 2 + [c.n for c in order].index(n)


def load(path: Path) -> Thread:
    """Read one thread of the source."""
    source = tomllib.loads(path.read_text("utf-8"))
    post = source["post"]
    thread = Thread(post["slug"], {**post, "text": post["text"].strip()})
    common = {"id", "parent", "author", "karma", "agreement", "minutes", "status"}
    for row in source["comment"]:
        meta = row["meta"]
        gone = meta["author"] in {"", "[deleted]"} or meta.get("hide_author", False)
        thread.comments.append(
            Comment(
                thread=thread,
                n=meta["id"],
                parent=meta.get("parent"),
                author=None if gone else meta["author"],
                karma=None if meta.get("hide_karma") else meta["karma"],
                agreement=meta.get("agreement"),
                at=post["posted_at"] + timedelta(minutes=meta["minutes"]),
                status=meta.get("status", "live"),
                text=row["text"].strip(),
                labels=tuple(row["labels"]),
                more={k: v for k, v in meta.items() if k not in common},
            )
        )
    return thread


def threads() -> list[Thread]:
    """Read the whole source, sorted by name."""
    return [load(path) for path in sorted((CORPORA / "demo-truth" / "threads").glob("*.toml"))]


# --- canonical text -------------------------------------------------------------------------------------------


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Part canonical text into blocks: (prose, quote, code or list) and their lines without marks."""
    found: list[tuple[str, list[str]]] = []
    for part in re.split(r"(```\n.*?\n```)", text, flags=re.DOTALL):
        if part.startswith("```"):
            found.append(("code", part.split("\n")[1:-1]))
            continue
        for block in filter(None, re.split(r"\n{2,}", part.strip("\n"))):
            lines = block.split("\n")
            if block.startswith("> "):
                found.append(("quote", [line.removeprefix("> ") for line in lines]))
            elif block.startswith("- "):
                found.append(("list", [line.removeprefix("- ") for line in lines]))
            else:
                found.append(("prose", lines))
    return found


def units(text: str) -> list[tuple[str, str]]:
    """Part canonical text into what is labelled: paragraphs, list items, quotes, code, each with its kind."""
    out = []
    for kind, lines in blocks(text):
        if kind == "list":
            out += [("prose", line) for line in lines]
        else:
            out.append((kind, "\n".join(lines)))
    return out


def to_html(text: str) -> str:
    """Render canonical text as the HTML a forum keeps."""

    def inline(line: str) -> str:
        return LINK.sub(r'<a href="\2">\1</a>', html.escape(line, quote=False))

    out = []
    for kind, lines in blocks(text):
        if kind == "code":
            out.append("<pre><code>" + html.escape("\n".join(lines), quote=False) + "\n</code></pre>")
        elif kind == "list":
            out.append("<ul>\n" + "\n".join(f"<li>{inline(line)}</li>" for line in lines) + "\n</ul>")
        elif kind == "quote":
            out.append("<blockquote>\n" + "\n".join(f"<p>{inline(line)}</p>" for line in lines) + "\n</blockquote>")
        else:
            out.append("<p>" + "<br>\n".join(inline(line) for line in lines) + "</p>")
    return "\n".join(out)


# --- ids ------------------------------------------------------------------------------------------------------


def digits(seed: str, letters: str, size: int) -> str:
    """Return `size` letters that depend on the seed alone."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    out = ""
    while len(out) < size:
        number, rest = divmod(number, len(letters))
        out += letters[rest]
    return out


def post_id(thread: Thread) -> str:
    """Return the id of the thread's post, as its export gives it."""
    match thread.post["format"]:
        case "lesswrong-json":
            return digits(thread.slug, ID_LETTERS, 17)
        case "reddit-json":
            return "1" + digits(thread.slug, _BASE36, 6)
        case "discourse-json":
            return str(thread.post["topic"])
    return thread.slug


def comment_id(comment: Comment) -> str:
    """Return the comment's id, as its export gives it or (on pages) as its reader makes it."""
    thread, seed = comment.thread, f"{comment.thread.slug}/{comment.n}"
    match thread.post["format"]:
        case "lesswrong-json":
            return digits(seed, ID_LETTERS, 17)
        case "reddit-json":
            return "l" + digits(seed, _BASE36, 6)
        case "discourse-json":
            return str(thread.post["topic"] * 100 + thread.number(comment.n))
        case "page-text":
            return f"{thread.slug}#{thread.tree_order.index(comment) + 1}"
    return f"{thread.slug}-{comment.n}"


def parent_id(comment: Comment) -> str | None:
    """Return the id of the comment it answers; None where it answers the post."""
    if comment.parent is None:
        return None
    return comment_id(next(c for c in comment.thread.comments if c.n == comment.parent))


def stamp(at: datetime) -> str:
    """Return a time as JSON exports print it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
