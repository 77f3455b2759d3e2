"""What a reader fills while it reads: rows as they come, problems as they are met; then one clean corpus."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from threadkit.base.text import clean
from threadkit.corpus.corpus import Corpus
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS
from threadkit.corpus.tree import cycle_entries, depths, parent_rows

# How forums print an author or a body that is gone. Compared in lower case, stripped.
GONE = frozenset({"[deleted]", "[removed]", "deleted", "[comment deleted]", "[anonymous]", "[ deleted ]", ""})
BOTS = frozenset({"automoderator", "review bot", "tbchiz3rm7rpwujrj", "discobot"})


class Draft:
    """Rows in the making. A reader calls `post`, `comment` and `problem`; `finish` repairs and casts.

    `finish` gives every row an id once, a post to every comment, and a forest to the replies: a
    repeated id, a missing parent, a cycle each become a row in `problems`, and the comment stays.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.posts: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.problems: list[dict[str, Any]] = []

    def problem(
        self, what: str, cure: str, *, place: str = "", comment_id: str | None = None, severity: str = "warning"
    ) -> None:
        """Note what was skipped, repaired or guessed at."""
        row = {
            "source": self.source,
            "place": place,
            "comment_id": comment_id,
            "severity": severity,
            "what": what,
            "cure": cure,
        }
        self.problems.append(row)

    def post(self, post_id: str, *, place: str = "", **fields: Any) -> None:
        """Add a post; a second post of the same id only fills what the first left open."""
        row = {"post_id": post_id, **{k: v for k, v in fields.items() if v is not None}}
        row["author"] = known(row.get("author"))
        row["text"] = clean(row.get("text") or "")
        if post_id in self.posts:
            kept = self.posts[post_id]
            same = row["text"] == kept["text"] or not row["text"] or not kept["text"]
            for key, value in row.items():
                if not kept.get(key):
                    kept[key] = value
            if not same:
                self.problem(f"post {post_id!r} stands twice with different text", "the first was kept", place=place)
            return
        self.posts[post_id] = row

    def comment(self, comment_id: str, post_id: str, *, place: str = "", **fields: Any) -> None:
        """Add a comment; `status` defaults to live, or to deleted where the body says so."""
        row = {"comment_id": comment_id, "post_id": post_id, "origin": "stated", "confidence": 1.0, **fields}
        named = str(row.get("author") or "").strip().lower()
        row["author"] = known(row.get("author"))
        row["text"] = clean(row.get("text") or "")
        body = row["text"].strip().lower()
        status = row.get("status") or ("bot" if named in BOTS else "live")
        if status in {"live", "bot"} and body in GONE:
            status = "removed" if body == "[removed]" else "deleted"
        row["status"] = status
        if status not in {"live", "bot"}:
            row["text"] = ""
        if comment_id in self.comments:
            if self.comments[comment_id]["text"] == row["text"]:
                self.problem(
                    f"comment {comment_id!r} stands twice",
                    "the copy was dropped",
                    place=place,
                    comment_id=comment_id,
                    severity="info",
                )
                return
            n = 2
            while f"{comment_id}~{n}" in self.comments:
                n += 1
            self.problem(
                f"comment id {comment_id!r} stands twice with different text",
                f"both were kept, this one as {comment_id}~{n}",
                place=place,
                comment_id=comment_id,
            )
            row["comment_id"] = comment_id = f"{comment_id}~{n}"
        self.comments[comment_id] = row

    def finish(self) -> Corpus:
        """Repair what can be, and return the corpus."""
        for row in list(self.comments.values()):
            if row["post_id"] not in self.posts:
                self.posts[row["post_id"]] = {"post_id": row["post_id"], "text": "", "site": row.get("site")}
                self.problem(
                    f"post {row['post_id']!r} is not in the export, only comments under it",
                    "an empty post stands in; its claim cannot be a target",
                    place=f"comment {row['comment_id']}",
                )
            parent = row.get("parent_id")
            if parent is not None and parent == row["post_id"]:
                row["parent_id"] = None
            elif parent is not None and parent not in self.comments:
                row["parent_id"] = None
                self.problem(
                    f"comment {row['comment_id']!r} answers {parent!r}, which the export does not hold",
                    "it was read as an answer to the post",
                    comment_id=row["comment_id"],
                )
        comments = COMMENTS.build([{"depth": 0, **row} for row in self.comments.values()])
        comments = self._unroll(comments)
        return Corpus(POSTS.build(self.posts.values()), comments, numbered(self.problems))

    def _unroll(self, comments: pd.DataFrame) -> pd.DataFrame:
        parents = parent_rows(comments)
        cut = cycle_entries(parents)
        if len(cut):
            for row in cut:
                self.problem(
                    f"comment {comments.index[row]!r} answers itself or one of its own replies",
                    "it was read as an answer to the post",
                    comment_id=comments.index[row],
                )
            parents[cut] = -1
            comments.loc[comments.index[cut], "parent_id"] = pd.NA
        return comments.assign(depth=np.maximum(depths(parents), 0))


def numbered(problems: list[dict[str, Any]]) -> pd.DataFrame:
    """Return problem rows as the problems table."""
    return PROBLEMS.build([{"problem": i, **row} for i, row in enumerate(problems)])


def known(author: Any) -> str | None:
    """Return the author's name, None where the forum prints that it is gone.

    >>> known("[deleted]"), known(" Ana "), known(None)
    (None, 'Ana', None)
    """
    name = clean(str(author)).replace("\u00a0", " ").strip() if author is not None else ""
    return None if name.lower() in GONE or name == "DELETED" else name


def number(value: Any) -> int | None:
    """Read a score however it is printed: 12, "12", "−2", "1,234", 3.0; None where there is none.

    >>> number("\u22121,234"), number(None), number("12 points"), number("")
    (-1234, None, 12, None)
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, float):
        return None if value != value else int(value)
    digits = str(value).strip().replace("\u2212", "-").replace(",", "").split(" ")[0]
    try:
        return int(float(digits))
    except (ValueError, OverflowError):
        return None


# Seconds since 1970 stay below this until the year 5138; milliseconds pass it in 1973.
_MILLISECONDS_FROM = 10**11


def moment(value: Any) -> datetime | None:
    """Read a time: epoch seconds or milliseconds (number or digits), or ISO 8601; None where there is none.

    >>> moment(1700000000) == moment("2023-11-14T22:13:20.000Z") == moment("1700000000000")
    True
    """
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        try:
            read = datetime.fromisoformat(str(value).strip())
        except ValueError:
            return None
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    if seconds != seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS_FROM else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
