"""One post and what is said below it, in the order of saying, as tracing quotes needs it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.align import MIDDLE_WORDS, OWN_WORDS, is_nobodys, says_its_own
from threadkit.base.columns import values
from threadkit.base.lookup import looked_up
from threadkit.base.passages import Passages
from threadkit.base.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from threadkit.base.align import Span

# Comments above that are asked first; all others that came before are asked together.
N_ABOVE = 32


class Said(NamedTuple):
    """One comment or post; None where it is not known."""

    id: str
    text: str
    parent_id: str | None
    author: str | None


class Thread:
    """The words of one post and of its comments. The post is found under `root`, comments under their ids."""

    def __init__(self, post: Said, comments: list[Said]) -> None:
        self.post, self.root = post, f"post {post.id}"
        self.ids = [comment.id for comment in comments]
        self.texts = {self.root: post.text} | {comment.id: comment.text for comment in comments}
        self.authors = {self.root: post.author} | {comment.id: comment.author for comment in comments}
        self.passages = Passages(list(self.texts.items()))
        self._parents = {comment.id: comment.parent_id for comment in comments}

    def near(self, comment_id: str) -> list[str]:
        """Return what stands above a comment, nearest first, and the post."""
        return [*islice(_ancestors(comment_id, self._parents), N_ABOVE), self.root]

    def repeated(self, comment_id: str, said: str, *, marks: bool) -> tuple[str, Span] | None:
        """Find what unmarked words of a comment repeat.

        Where the thread `marks` its quotes, few are unmarked: a phrase that a stranger used before is sooner anybody's.
        """
        own = len(words(said)) >= MIDDLE_WORDS or says_its_own(said, OWN_WORDS if marks else OWN_WORDS - 1)
        asked = None if own else ()
        found = self.passages.repeats(said, asked, before=comment_id, nearest=self.near(comment_id))
        return None if found is None or is_nobodys(said) else found


def threads(comments: pd.DataFrame, posts: pd.DataFrame) -> Iterator[Thread]:
    """Yield the threads of all posts that have comments, by the ids of the posts."""
    columns = [values(comments[name]) for name in ("post_id", "text", "parent_id", "author")]
    told = zip(values(comments.index), *columns, strict=True)
    below: dict[str, list[Said]] = {}
    for comment_id, post_id, text, parent_id, author in told:
        below.setdefault(post_id, []).append(Said(comment_id, text, parent_id, author))
    names = sorted(below)
    heads = looked_up(posts, names)
    for post_id, text, author in zip(names, values(heads["text"]), values(heads["author"]), strict=True):
        yield Thread(Said(post_id, text, None, author), list(_after_parents(below[post_id])))


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
