"""What a reader fills while it reads: rows as they come, problems as they are met; then one clean corpus."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.readers.block_rows import BlockRows
from threadkit.readers.packed import POST_ROWS, Packed
from threadkit.readers.problem_rows import ProblemRows
from threadkit.readers.repair import repair
from threadkit.readers.values import GONE, REMOVED, absent, known, moment, number, shown, string

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    import pyarrow as pa

    from threadkit.corpus.corpus import Corpus
    from threadkit.readers.shelf import Shelf

# Accounts that no person writes under, as forums and their users know them.
BOTS = frozenset(
    {
        "automoderator", "review bot", "tbchiz3rm7rpwujrj", "discobot", "deltabot", "remindmebot", "autotldr",
        "totesmessenger", "sneakpeekbot", "wikitextbot", "wikisummarizerbot", "repostsleuthbot", "stabbot",
        "commonmisspellingbot", "imguralbumbot", "gifreversingbot", "vredditdownloader", "auto-xkcd37",
        "xkcd_transcriber", "image_linker_bot", "goodbot_badbot",
    }
)  # fmt: skip
# How GitHub and what copies it end the name of an account that a program uses.
_BOT_END = "[bot]"
# The statuses of a comment whose words are read; the others have none.
SPOKEN = frozenset({"live", "bot"})
STATUSES = SPOKEN | {"deleted", "removed", "stub"}

# What a later version of a post or comment has the say on.
_CHANGING = ("text", "title", "status", "edited_at", "karma", "agreement", "af_karma")
_PRINTED = ("karma", "agreement", "af_karma", "n_comments_stated", "posted_at")


# No text so long says in whatever case only that it is gone.
_LONGER_THAN_GONE = 2 * max(map(len, GONE))
_NEWEST = "the version that was edited last was kept"


class Stub(NamedTuple):
    """Replies that an export names without holding them, such as Reddit's "load more comments"."""

    post_id: str
    n_stated: int
    """How many the export says there are; 0 where it does not say."""
    ids: frozenset[str]
    """Those that it names."""
    place: str
    source: str


class Draft:
    """Rows in the making. A reader calls `post`, `comment` and `problem`; `finish` repairs and casts.

    Scores and times may be passed as the export prints them: what cannot be read becomes NA and a row in
    `problems`. Drafts of several files are merged (readers/merge.py) before `finish` gives every row an id
    once, a post to every comment, and a forest to the replies: so a parent or a post may stand in another
    file. `finish` also tells which comments an export states but does not hold; a reader need not.

    A reader of a line format calls `block` for every block of lines: rows of it that need no second look are held as
    columns, and on the `shelf`, where one is given, rather than in memory.
    """

    def __init__(self, source: str, columns: Mapping[str, str] | None = None, shelf: Shelf | None = None) -> None:
        self.source = source
        self.columns = columns or {}
        """What the user says the file calls columns of ours."""
        self.site: str | None = None
        """The forum of every row that does not name its own; None = unknown."""
        self.family: str | None = None
        """What to call the forum where no file names it."""
        self.posts: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.packed = Packed(shelf=shelf)
        """Comments of a large file that need no second look, as columns."""
        self.packed_posts = Packed(POST_ROWS, shelf)
        """Posts of a large file likewise, and those that only comments name."""
        self.at = 0
        """The line that is being read, where rows before and after it may be packed: it keeps the order."""
        self.unit = "line"
        """What `at` counts, as the places of problems name it."""
        self._block: BlockRows | None = None
        self._repeated: list[tuple[dict[str, Any], str]] = []
        """Comments of an id that stood before, which wait for those between that may be packed."""
        self.problems = ProblemRows(shelf)
        self.aliases: dict[tuple[str, str], str] = {}
        self.stubs: list[Stub] = []
        self.listed: dict[str, set[str]] = {}
        self.held: dict[str, set[str]] = {}
        self.karma_hidden: set[str] = set()
        """Posts whose comments' karma the forum shows to nobody."""

    def problem(
        self,
        what: str,
        cure: str,
        *,
        place: str = "",
        comment_id: str | None = None,
        severity: str = "warning",
        source: str | None = None,
        loss: str | None = None,
        n_lost: int = 1,
    ) -> None:
        """Note what was skipped, repaired or guessed at.

        `loss`: what kind of thing is lost by it (corpus/losses.py), and how many; an error that names none is a
        place that could not be read.
        """
        row = {
            "source": self.source if source is None else source,
            "place": place,
            "comment_id": comment_id,
            "severity": severity,
            "what": what,
            "cure": cure,
            "loss": loss or ("records" if severity == "error" else None),
            "n_lost": n_lost,
        }
        self.problems.append(row)

    def post(self, post_id: str, *, place: str = "", partial: bool = False, **fields: Any) -> None:
        """Add a post; a second post of the same id only fills what the first left open.

        `partial`: the export names the post without its text, which another file may hold.
        """
        row: dict[str, Any] = {"post_id": post_id, "source": self.source, "partial": partial, "at": self.at}
        row |= self._typed(fields, place or f"post {post_id}")
        row["author"] = known(row.get("author"))
        row["text"] = string(row.get("text")) or ""
        if row["text"].strip().lower() in GONE:
            row["text"] = ""
        if post_id not in self.posts and self._block and self._block.post(row, place):
            return
        self._keep_post(row, place)

    def _keep_post(self, row: dict[str, Any], place: str) -> None:
        post_id = row["post_id"]
        if post_id not in self.posts:
            self.posts[post_id] = row
            return
        kept = self.posts[post_id]
        if row["text"] and kept["text"] and row["text"] != kept["text"]:
            what, edited = f"post {post_id!r} stands twice with different text", versions(kept, row)
            cure, severity = (_NEWEST, "info") if edited else ("the first was kept", "warning")
            self.problem(what, cure, place=place, severity=severity)
        renew(kept, row)

    def comment(self, comment_id: str, post_id: str, *, place: str = "", **fields: Any) -> None:
        """Add a comment; `status` defaults to live, or to deleted where the body says so or is empty."""
        row: dict[str, Any] = {"comment_id": comment_id, "post_id": post_id, "origin": "stated", "confidence": 1.0}
        row |= {"source": self.source, "stated_id": comment_id, **self._typed(fields, place, comment_id)}
        body = string(row.get("text")) or ""
        row["status"] = _status(row.get("status"), string(row.get("author")) or "", body)
        row["author"] = known(row.get("author"))
        row["text"] = body if row["status"] in SPOKEN else ""
        self.keep(row, place)

    def keep(self, row: dict[str, Any], place: str = "") -> None:
        """Add a comment as `comment` makes it."""
        row.setdefault("at", self.at)
        if self._block and self._block.comment(row, place):
            return
        if row["comment_id"] not in self.comments:
            self.comments[row["comment_id"]] = row
        elif self._block or len(self.packed):
            self._repeated.append((row, place))
        else:
            self._repeat(row, place)

    def block(self, rows: pa.Table | None = None, site: str | None = None) -> None:
        """Begin a block of lines: `rows` are its comments of the usual kind, as packed.SCHEMA has them.

        The rows of its other lines are packed with them, where they are of this forum, and `place` is `unit` and `at`.
        """
        self._end_block()
        self._block = BlockRows(rows, self.source, site, self.unit)

    def _end_block(self) -> None:
        if self._block:
            self._block.pack(self.packed, self.packed_posts)
            self._block = None

    def _repeat(self, row: dict[str, Any], place: str) -> None:
        comment_id = row["comment_id"]
        kept = self.comments[comment_id]
        if kept["text"] == row["text"] or not kept["text"] or not row["text"]:
            what, cure, severity = f"comment {comment_id!r} stands twice", "it was kept once", "info"
            renew(kept, row)
        elif versions(kept, row) and kept["edited_at"] != row["edited_at"] and kept["post_id"] == row["post_id"]:
            what, cure, severity = f"comment {comment_id!r} stands twice with different text", _NEWEST, "info"
            renew(kept, row)
        else:
            row["comment_id"] = free(f"{comment_id}~2", self.comments)
            self.comments[row["comment_id"]] = row
            what = f"comment id {comment_id!r} stands twice with different text"
            cure, severity = f"both were kept, this one as {row['comment_id']}", "warning"
        self.problem(what, cure, place=place, comment_id=comment_id, severity=severity)

    def unpack_repeated(self) -> None:
        """Give every packed row whose id stands twice in the file the same look as any other, in their order."""
        self._end_block()
        posts = self.packed_posts.take_repeated()
        posts += self.packed_posts.take_named("post_id", self.posts)
        posts += [self.posts.pop(name) for name in dict.fromkeys(row["post_id"] for row in posts) if name in self.posts]
        for row in sorted(posts, key=itemgetter("at")):
            self._keep_post(row, f"{self.unit} {row['at']}")
        rows = self.packed.take_repeated()
        rows += self.packed.take_named("comment_id", self.comments)
        met = dict.fromkeys(row["comment_id"] for row in rows)
        rows += [self.comments.pop(name) for name in met if name in self.comments]
        again = [(row, f"{self.unit} {row['at']}") for row in rows] + self._repeated
        self._repeated = []
        for row, place in sorted(again, key=lambda pair: pair[0]["at"]):
            if row["comment_id"] in self.comments:
                self._repeat(row, place)
            else:
                self.comments[row["comment_id"]] = row

    def post_of(self, comment_id: str) -> str | None:
        """Return the post of a comment that was read before; None where it was not."""
        row = self.comments.get(comment_id) or self.packed.get(comment_id)
        if row is None:
            return self._block.post_of(comment_id) if self._block else None
        return str(row["post_id"])

    def has_post(self, post_id: str) -> bool:
        """Tell whether a post was read before."""
        held = post_id in self.posts or post_id in self.packed_posts
        return held or (self._block is not None and self._block.has_post(post_id))

    def post_row(self, post_id: str) -> Mapping[str, Any]:
        """Return what is known of a post; nothing where it was not read."""
        return self.posts.get(post_id) or self.packed_posts.get(post_id) or {}

    @property
    def n_comments(self) -> int:
        """The number of comments read so far."""
        return len(self.comments) + len(self.packed) + (self._block.n_comments() if self._block else 0)

    @property
    def n_posts(self) -> int:
        """The number of posts read so far."""
        return len(self.posts) + len(self.packed_posts) + (self._block.n_posts() if self._block else 0)

    def alias(self, post_id: str, name: str, comment_id: str) -> None:
        """Let `parent_id` name a comment of this post by something else than its id, in this file or another."""
        self.aliases.setdefault((post_id, name), comment_id)

    def stub(self, post_id: str, count: int, ids: Iterable[str] = (), *, place: str = "") -> None:
        """Note replies that the export counts or names but does not hold."""
        self.stubs.append(Stub(post_id, count, frozenset(ids), place, self.source))

    def lists(self, post_id: str, ids: Iterable[str]) -> None:
        """Note the ids of all comments that the export says the post has."""
        self.listed.setdefault(post_id, set()).update(ids)

    def hide_karma(self, post_id: str) -> None:
        """Leave the karma of a post's comments unknown, whichever file holds them: the forum does not show it."""
        self.karma_hidden.add(post_id)

    def holds(self, post_id: str, comment_id: str) -> None:
        """Note that a listed id was met, though it is no comment (the post itself, a notice)."""
        self.held.setdefault(post_id, set()).add(comment_id)

    def prefix(self, row: Mapping[str, Any]) -> str:
        """Return what tells this row's id from the same id of another file."""
        return row.get("site") or self.site or self.family or Path(row.get("source") or self.source).stem

    def finish(self) -> Corpus:
        """Repair what can be, and return the corpus."""
        return repair(self)

    def _typed(self, fields: dict[str, Any], place: str, comment_id: str | None = None) -> dict[str, Any]:
        """Return the fields that have a value, scores and times read."""
        row = {name: value for name, value in fields.items() if not (value is None or value == "")}
        for name in _PRINTED:
            if name not in row:
                continue
            row[name] = moment(fields[name]) if name == "posted_at" else number(fields[name])
            if row[name] is None and not absent(fields[name]):
                what = f"{name} is {shown(fields[name])}, which is no {'time' if name == 'posted_at' else 'number'}"
                self.problem(what, "it was left unknown", place=place, comment_id=comment_id)
        return row


def _status(stated: str | None, author: str, body: str) -> str:
    name = author.strip().lower()
    status = stated or ("bot" if name in BOTS or name.endswith(_BOT_END) else "live")
    said = body.strip()
    if len(said) > _LONGER_THAN_GONE or status not in SPOKEN:
        return status
    said = said.lower()
    if said in GONE and not (stated and not said):
        return "removed" if said in REMOVED else "deleted"
    return status


def versions(kept: dict[str, Any], row: dict[str, Any]) -> bool:
    """Tell whether both are states of one text: each tells when it was last edited, and the author is the same."""
    dated = kept.get("edited_at") is not None and row.get("edited_at") is not None
    return dated and kept.get("author") == row.get("author")


def renew(kept: dict[str, Any], row: dict[str, Any]) -> None:
    """Give `kept` what it lacks; of two versions, the later has the say on text and scores."""
    of_one = versions(kept, row)
    late = row if of_one and row["edited_at"] > kept["edited_at"] else kept
    said = {name: late[name] for name in _CHANGING if late.get(name) is not None}
    times = [each["posted_at"] for each in (kept, row) if each.get("posted_at") is not None]
    fill(kept, row)
    if of_one:
        # A version that gives the time of its edit for that of the writing can only be too late.
        kept |= said | ({"posted_at": min(times)} if times else {})


def fill(kept: dict[str, Any], row: dict[str, Any]) -> None:
    """Give `kept` what it lacks and `row`, another reading of the same thing, has."""
    if row.get("text") and not kept.get("text") and "status" in kept:
        kept["status"] = row["status"]
    if "partial" in kept:
        kept["partial"] = kept["partial"] and row["partial"]
    for key, value in row.items():
        if kept.get(key) is None or kept[key] == "":
            kept[key] = value


def free(name: str, taken: Container[str]) -> str:
    """Return `name`, or the first of ``name~2``, ``name~3`` … that is not taken; quick where thousands are.

    >>> free("a", {"a", "a~2"}), free("b~2", {"b~2"})
    ('a~3', 'b~3')
    """
    if name not in taken:
        return name
    stem, tilde, digits = name.rpartition("~")
    stem, n = (stem, int(digits)) if tilde and digits.isascii() and digits.isdigit() and len(digits) < 10 else (name, 1)
    step = 1
    while f"{stem}~{n + step}" in taken:
        step *= 2
    low, high = n + step // 2, n + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{stem}~{middle}" in taken else (low, middle)
    return f"{stem}~{high}"
