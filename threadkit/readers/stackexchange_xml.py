"""Stack Exchange data dumps: ``Posts.xml``, ``Comments.xml``, and ``Users.xml`` for the names.

A question is the post, its answers are comments that answer it, and comments stand under the question or the
answer that they were written under. Ids are Stack Exchange's, a comment's is ``comment12`` as in its address, for
posts and comments are numbered apart. A comment that names somebody (``@Ana``) answers Ana's last comment
before it under the same post. The forum is the folder's name where that is a host's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.accounts import distinct
from threadkit.readers.body import from_html, from_markdown
from threadkit.readers.draft import Draft
from threadkit.readers.values import edit_time, number
from threadkit.readers.xml_stream import elements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threadkit.readers.formats import Sample

TITLE = "Stack Exchange: Posts.xml and Comments.xml of a data dump"
# Its other files are looked for beside it, so it must stand where the user has it.
STREAMS = True

_FAMILY = "stackexchange"
_TABLE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>\s*)?"
    r"<(?:posts|comments|users|badges|votes|posthistory|postlinks|tags)>\s*<row\s[^>]*\bId=",
    re.DOTALL,
)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:com|net|org)(?=-\w+$|$)")
# Numbers that Stack Exchange gives to the kinds of post; the others are descriptions of tags and the like.
_QUESTION, _ANSWER, _NOMINATION = "1", "2", "6"
_KINDS = {"3": "orphaned tag wiki", "4": "tag wiki excerpt", "5": "tag wiki", "7": "wiki placeholder"}
# The account under which the forum itself writes.
_COMMUNITY = "-1"
_MENTION = re.compile(r"(?<![\w/`])@(\w[\w.'’-]*)")
# Stack Exchange takes the beginning of a name for the name from so many letters on.
_SHORTEST = 3


def detect(sample: Sample) -> bool:
    """Tell whether the file is one of a dump's tables."""
    return _TABLE.match(sample.text) is not None


def read(path: Path, draft: Draft) -> None:
    """Add every question, answer and comment of the file."""
    draft.family = _FAMILY
    host = _HOST.match(path.resolve().parent.name)
    draft.site = host.group() if host else None
    table = _Table(draft, path)
    for n, row in enumerate(elements(path, draft, {"row"}), start=1):
        fields = dict(row.attrib)
        place = f"row {fields.get('Id') or f'number {n}'}"
        kind = row.getroottree().getroot().tag
        if kind == "posts":
            table.post(fields, place)
        elif kind == "comments":
            table.comment(fields, place)
    table.finish()


class _Said(NamedTuple):
    comment_id: str
    name: str


class _Table:
    """What must be remembered of the rows so far."""

    def __init__(self, draft: Draft, path: Path) -> None:
        self.draft = draft
        self.path = path
        self.root = f"https://{draft.site}" if draft.site else None
        self.names: Mapping[str, str] | None = None
        self.nameless = False
        self.stated: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.said: defaultdict[str, list[_Said]] = defaultdict(list)
        self.unmet = 0

    def post(self, row: Mapping[str, str], place: str) -> None:
        """Add a question, or an answer as a comment."""
        kind, name = row.get("PostTypeId"), row.get("Id")
        if kind is not None and kind not in {_QUESTION, _ANSWER, _NOMINATION}:
            self.left_out[_KINDS.get(kind, "post of another kind")] += 1
            return
        if not name or "Body" not in row:
            self._broken("a post", name, "Body", place)
            return
        shared: dict[str, Any] = {
            "place": place,
            "site": self.draft.site,
            "author": self._author(row, "Owner"),
            "posted_at": row.get("CreationDate"),
            "edited_at": edit_time(row.get("CreationDate"), row.get("LastEditDate")),
            "karma": row.get("Score"),
            "text": from_html(row["Body"]),
        }
        question = row.get("ParentId") if kind == _ANSWER else None
        self.stated[question or name] += number(row.get("CommentCount")) or 0
        if question:
            status = "live" if row["Body"].strip() else None
            self.draft.comment(name, question, url=self._url("a", name), status=status, **shared)
            return
        if kind == _ANSWER:
            self.draft.problem(f"answer {name} names no question", "it was read as a post", place=place)
        self.stated[name] += number(row.get("AnswerCount")) or 0
        self.draft.post(name, title=row.get("Title"), url=self._url("questions", name), **shared)

    def comment(self, row: Mapping[str, str], place: str) -> None:
        """Add a comment; nobody knows yet whether it stands under a question or an answer."""
        name, post_id, text = row.get("Id"), row.get("PostId"), row.get("Text")
        if not name or not post_id or text is None:
            self._broken("a comment", name, "PostId" if text is not None else "Text", place)
            return
        author = self._author(row, "")
        comment_id = f"comment{name}"
        self.draft.comment(
            comment_id,
            post_id,
            place=place,
            loose=True,
            site=self.draft.site,
            parent_id=self._answers(post_id, text, author),
            author=author,
            posted_at=row.get("CreationDate"),
            karma=row.get("Score"),
            url=self._url("q", f"{post_id}#comment{name}_{post_id}"),
            status="bot" if row.get("UserId") == _COMMUNITY else None,
            text=from_markdown(text),
        )
        if author:
            self.said[post_id].append(_Said(comment_id, _squeezed(author)))

    def finish(self) -> None:
        """Note what was seen only now: how many comments are stated, what was left out."""
        for post_id, count in self.stated.items():
            if post_id in self.draft.posts:
                self.draft.posts[post_id]["n_comments_stated"] = count
        for kind, count in self.left_out.items():
            self.draft.problem(
                f"{count:,} rows are a {kind}", "they were left out: nobody disputes there", severity="info"
            )
        if self.nameless:
            self.draft.problem(
                "the names of the users stand in Users.xml, which is not beside this file",
                "each was named by number (user12), and replies to @names could not be told; put Users.xml beside it",
            )
        if self.unmet:
            self.draft.problem(
                f"{self.unmet:,} comments name somebody (@name) of whom no earlier comment stands under the same post",
                "they were read as answers to the question or answer they stand under",
                severity="info",
            )

    def _broken(self, what: str, name: str | None, lacks: str, place: str) -> None:
        said = f"{what} {name} has no {lacks}" if name else f"{what} has no Id"
        self.draft.problem(said, "it was left out; export it again", place=place, severity="error")

    def _url(self, kind: str, name: str) -> str | None:
        return f"{self.root}/{kind}/{name}" if self.root else None

    def _author(self, row: Mapping[str, str], prefix: str) -> str | None:
        user = row.get(f"{prefix}UserId")
        if user is None:
            return row.get(f"{prefix}DisplayName" if prefix else "UserDisplayName")
        if user == _COMMUNITY:
            return "Community"
        if self.names is None:
            self.names = _names(self.path)
            self.nameless = not self.names
        return self.names.get(user, f"user{user}")

    def _answers(self, post_id: str, text: str, author: str | None) -> str | None:
        """Return the last comment so far of the first person named who has written one."""
        mentions = [match.rstrip("-.'’").casefold() for match in _MENTION.findall(text)]
        others = [said for said in reversed(self.said[post_id]) if author is None or said.name != _squeezed(author)]
        for mention in mentions:
            begun = [said for said in others if len(mention) >= _SHORTEST and said.name.startswith(mention)]
            exact = [said for said in others if said.name == mention]
            if exact or begun:
                return (exact or begun)[0].comment_id
        self.unmet += bool(mentions)
        return None


def _squeezed(name: str) -> str:
    """Return a name as it is written behind an @."""
    return "".join(name.split()).casefold()


def _names(path: Path) -> dict[str, str]:
    """Return the users' names by their numbers, from the file beside this one; empty where there is none."""
    beside = (file for file in sorted(path.parent.iterdir()) if file.name.casefold().startswith("users.xml"))
    users = next(beside, None)
    if users is None:
        return {}
    # What is wrong in that file is told when it is read itself.
    rows = elements(users, Draft(users.name), {"row"})
    named = {row.get("Id", ""): row.get("DisplayName", "").strip() for row in rows}
    return distinct({user: name for user, name in named.items() if name})
