"""Comments whose export names what they stand under without telling a post from another comment.

A reader passes ``loose=True`` to `Draft.comment` where the id it gives as the post may be a comment's: a
Stack Exchange comment under an answer, a mail whose thread began in last month's file. Once all files are
read, `settle` knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadkit.readers.draft import Draft


def settle(draft: Draft) -> None:
    """Move what stands under a comment that was taken for a post to that comment's own post, as its replies."""
    loose = [post_id for post_id, row in draft.posts.items() if row["partial"] and row.get("loose")]
    draft.comments |= {row["comment_id"]: row for row in draft.packed.take_named("comment_id", loose)}
    known: dict[str, str] = {}
    homes = {post_id: home for post_id in loose if (home := _home(draft, post_id, known)) is not None}
    draft.comments |= {row["comment_id"]: row for row in draft.packed.take_named("post_id", homes)}
    for row in draft.comments.values():
        if row["post_id"] in homes:
            row["parent_id"] = row.get("parent_id") or row["post_id"]
            row["post_id"] = homes[row["post_id"]]
    for post_id in homes:
        del draft.posts[post_id]


def _home(draft: Draft, post_id: str, known: dict[str, str]) -> str | None:
    """Return the post that a comment taken for a post stands under, through others of the kind; None if it is none.

    `known`: where the way of those before led, so that a chain of thousands is walked once.
    """
    site, name, seen = draft.posts[post_id].get("site"), post_id, {post_id}
    while name in draft.comments:
        if name in known:
            name = known[name]
            break
        post = draft.post_row(name)
        if post and not (post["partial"] and post.get("loose")):
            break
        name = draft.comments[name]["post_id"]
        if name in seen:
            return None
        seen.add(name)
    known |= dict.fromkeys(seen - {name}, name)
    if name == post_id:
        return None
    return name if draft.post_row(name).get("site") == site else None
