"""One post and what is said below it, in the order of saying, as tracing quotes needs it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.align import MIDDLE_WORDS, OWN_WORDS, is_nobodys, says_its_own
from threadkit.base.columns import values
from threadkit.base.lookup import looked_up
from threadkit.base.passages import Passages
from threadkit.base.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from threadkit.base.align import Span

# Comments above that are asked first; all others that came before are asked together.
N_ABOVE = 32

# Letters and words in which a paragraph may say whose words follow ("rosa: ", "@rosa ", "You said: ").
_LABEL, _WORDS = 60, 6
_STOP = re.compile(r"[:\]]\W*|,?\s+")
_LEAD = re.compile(r"\W*(?:(?:(?P<said>quote\s*=|(?:originally )?posted by\s)|u/)\W*)?")
_SAYS = re.compile(
    r"(?<!\W)\W++(?:(?:has|have) )?(?:said|says?|wrote|writes?|written|asked|asks?|claimed|claims?|stated|states?|"
    r"posted|replied)(?: (?:above|earlier|that|this))*$"
)


class Said(NamedTuple):
    """One comment or post; None where it is not known."""

    id: str
    text: str
    parent_id: str | None
    author: str | None


class Thread:
    """The words of one post and of its comments.

    The post is found under `root`, its title under `head`, comments under their ids.
    """

    def __init__(self, post: Said, title: str, comments: list[Said]) -> None:
        self.post, self.root, self.head = post, f"post {post.id}", f"title {post.id}"
        self.ids = [comment.id for comment in comments]
        self.texts = {self.root: post.text, self.head: title} | {comment.id: comment.text for comment in comments}
        self.authors = dict.fromkeys((self.root, self.head), post.author)
        self.authors |= {comment.id: comment.author for comment in comments}
        self.passages = Passages(list(self.texts.items()))
        self._by_author: dict[str, list[str]] = {}
        for name, author in reversed(self.authors.items()):
            if author is not None:
                self._by_author.setdefault(fold(author), []).append(name)
        self._parents = {comment.id: comment.parent_id for comment in comments}

    def near(self, comment_id: str) -> list[str]:
        """Return what stands above a comment, nearest first, and the post."""
        return [*islice(_ancestors(comment_id, self._parents), N_ABOVE), self.root, self.head]

    def repeated(self, comment_id: str, said: str, *, marks: bool) -> tuple[str, Span] | None:
        """Find what unmarked words of a comment repeat, all of them or those behind the name of whom they quote.

        Where the thread `marks` its quotes, few are unmarked: a phrase that a stranger used before is sooner anybody's.
        """
        found = self._repeated(comment_id, said, None, marks=marks)
        if found is None:
            for rest, named in self._labelled(said):
                found = (self._repeated(comment_id, rest, named, marks=marks) if named else None) or self._repeated(
                    comment_id, rest, None, marks=marks
                )
                if found:
                    break
        return found

    def _repeated(self, comment_id: str, said: str, named: list[str] | None, *, marks: bool) -> tuple[str, Span] | None:
        """Find what words of a comment repeat: of those `named`, of anybody, or, if they say little, of those above."""
        own = len(words(said)) >= MIDDLE_WORDS or says_its_own(said, OWN_WORDS if marks else OWN_WORDS - 1)
        near = [] if own and named else self.near(comment_id)
        found = self.passages.repeats(said, named if own else (), before=comment_id, nearest=near)
        return None if found is None or is_nobodys(said) else found

    def _labelled(self, said: str) -> Iterator[tuple[str, list[str] | None]]:
        """Yield what stands behind a name that words begin with, and what it wrote, last first; None = not known.

        Behind a name that nobody here has, and behind "you", it must be told that they said it.
        """
        head = fold(said[:_LABEL])
        for stop in islice(_STOP.finditer(head), _WORDS):
            label = head[: stop.start()]
            lead = _LEAD.match(label)
            begin = lead.end() if lead else 0
            name = _SAYS.sub("", label[begin:]).rstrip("*_ ")
            says = bool(lead and lead["said"]) or len(name) < len(label[begin:].rstrip("*_ "))
            known = self._by_author.get(name)
            closed = stop.group()[0] in ":]"
            if (known and (closed or says or "@" in label[:begin])) or (says and (closed or name == "you")):
                yield said[stop.end() :], known


def threads(comments: pd.DataFrame, posts: pd.DataFrame) -> Iterator[Thread]:
    """Yield the threads of all posts that have comments, by the ids of the posts."""
    columns = [values(comments[name]) for name in ("post_id", "text", "parent_id", "author")]
    told = zip(values(comments.index), *columns, strict=True)
    below: dict[str, list[Said]] = {}
    for comment_id, post_id, text, parent_id, author in told:
        below.setdefault(post_id, []).append(Said(comment_id, text, parent_id, author))
    names = sorted(below)
    heads = looked_up(posts, names)
    told = zip(names, *(values(heads[name]) for name in ("title", "text", "author")), strict=True)
    for post_id, title, text, author in told:
        yield Thread(Said(post_id, text, None, author), title or "", list(_after_parents(below[post_id])))


def _after_parents(comments: list[Said]) -> Iterator[Said]:
    """Yield the comments in their order, but each after what it answers: where no times are known, ids give the order.

    >>> [said.id for said in _after_parents([Said("a", "", "b", None), Said("b", "", None, None)])]
    ['b', 'a']
    """
    waiting = {comment.id: comment for comment in comments}
    for comment in comments:
        line: list[Said] = []
        above: str | None = comment.id
        while above in waiting:
            line.append(waiting.pop(above))
            above = line[-1].parent_id
        yield from reversed(line)


def _ancestors(comment_id: str, parents: dict[str, str | None]) -> Iterator[str]:
    above = parents.get(comment_id)
    while above is not None and above in parents:
        yield above
        above = parents[above]
