"""Several files, one corpus: the same comment in two files is kept once, two things of one id both stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from threadkit.base.text import squeeze
from threadkit.readers.draft import Draft, free, renew, versions
from threadkit.readers.repair import add_missing_posts

if TYPE_CHECKING:
    from collections.abc import Container

    from threadkit.readers.packed import Packed

# Lines of a file, at most: so far apart stand the places of two files' first lines.
_FILE = 2**40


def absorb(whole: Draft, part: Draft) -> None:
    """Move everything of `part`, the draft of a later file, into `whole`.

    A post or comment that both hold is kept once; one that only shares its id is renamed to
    ``site:id``, and so is every reference to it in `part`.
    """
    part.unpack_repeated()
    add_missing_posts(part)
    _unpack_shared_posts(whole, part)
    _unpack_shared(whole, part)
    posts = {post_id: _absorb_post(whole, part, post_id, row) for post_id, row in part.posts.items()}
    whole.packed_posts.absorb(part.packed_posts, whole.at)
    for row in part.comments.values():
        row["post_id"] = posts.get(row["post_id"], row["post_id"])
        row.setdefault("site", part.site)
        row["at"] += whole.at
    twins = _twins(whole, part, posts)
    comments = {
        comment_id: _name_comment(whole, part, comment_id, twins.get(comment_id, comment_id), row)
        for comment_id, row in part.comments.items()
    }
    for comment_id, row in part.comments.items():
        row["parent_id"] = comments.get(row.get("parent_id", ""), row.get("parent_id"))
        row["comment_id"] = comments[comment_id]
        if row["comment_id"] in whole.comments:
            renew(whole.comments[row["comment_id"]], row)
        else:
            whole.comments[row["comment_id"]] = row
    _absorb_packed(whole, part, posts, comments)
    for (post_id, name), comment_id in part.aliases.items():
        whole.alias(posts.get(post_id, post_id), name, comments.get(comment_id, comment_id))
    whole.stubs += [stub._replace(post_id=posts.get(stub.post_id, stub.post_id)) for stub in part.stubs]
    for ours, theirs in ((whole.listed, part.listed), (whole.held, part.held)):
        for post_id, ids in theirs.items():
            ours.setdefault(posts.get(post_id, post_id), set()).update(ids)
    whole.karma_hidden |= {posts.get(post_id, post_id) for post_id in part.karma_hidden}
    whole.problems += part.problems
    whole.at += _FILE


def _unpack_shared_posts(whole: Draft, part: Draft) -> None:
    """Give every packed post whose id stands in both drafts the same look as any other.

    One that only comments name gives way to what else is known of it without a look, where both are of one forum.
    """
    rows = part.packed_posts.take_named("post_id", whole.posts)
    part.posts |= {row["post_id"]: row for row in rows}
    rows = whole.packed_posts.take_named("post_id", part.posts)
    whole.posts |= {row["post_id"]: row for row in rows}
    ours, theirs = _shared(whole.packed_posts, part.packed_posts)
    if not len(ours):
        return
    old, new = _Named.of(whole.packed_posts, ours), _Named.of(part.packed_posts, theirs)
    same = old.sites == new.sites
    kept, dropped = same & new.partial, same & old.partial & ~new.partial
    part.packed_posts.drop_at(np.sort(theirs[kept]))
    whole.packed_posts.drop_at(np.sort(ours[dropped]))
    rest = ~(kept | dropped)
    whole.posts |= {row["post_id"]: row for row in whole.packed_posts.take_at(np.sort(ours[rest]))}
    part.posts |= {row["post_id"]: row for row in part.packed_posts.take_at(np.sort(theirs[rest]))}


class _Named(NamedTuple):
    """Of some posts, which forum each is of, and whether only comments name it."""

    sites: np.ndarray
    partial: np.ndarray

    @classmethod
    def of(cls, packed: Packed, places: np.ndarray) -> _Named:
        """Look at the posts at some places."""
        order = np.argsort(places)
        rows = packed.look(places[order], "site", "partial")
        back = np.argsort(order)
        return cls(rows["site"].to_numpy()[back], rows["partial"].to_numpy()[back])


def _shared(old: Packed, new: Packed) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (n,) of the rows whose ids both have, in the same order."""
    theirs = new.places_of(np.sort(old.keys_at(old.places_of(np.sort(new.keys())))))
    mine = old.places_of(np.sort(new.keys_at(theirs)))
    return mine[np.argsort(old.keys_at(mine))], theirs[np.argsort(new.keys_at(theirs))]


def _unpack_shared(whole: Draft, part: Draft) -> None:
    """Give every packed comment whose id stands in both drafts the same look as any other."""
    rows = part.packed.take_named("comment_id", whole.comments)
    part.comments |= {row["comment_id"]: row for row in rows}
    rows = whole.packed.take_named("comment_id", part.comments)
    if len(part.packed):
        rows += whole.packed.take_at(whole.packed.places_of(np.sort(part.packed.keys())))
    whole.comments |= {row["comment_id"]: row for row in rows}
    rows = part.packed.take_named("comment_id", [row["comment_id"] for row in rows])
    part.comments |= {row["comment_id"]: row for row in rows}


def _absorb_packed(whole: Draft, part: Draft, posts: dict[str, str], comments: dict[str, str]) -> None:
    part.packed.replace("post_id", {old: new for old, new in posts.items() if old != new})
    part.packed.replace("parent_id", {old: new for old, new in comments.items() if old != new})
    for batch in part.packed.batches:
        batch.site = batch.site or part.site
    whole.packed.absorb(part.packed, whole.at)


def _absorb_post(whole: Draft, part: Draft, post_id: str, row: dict[str, Any]) -> str:
    """Keep a post of a later file; returns the id it has from now on."""
    row.setdefault("site", part.site)
    row.setdefault("family", part.family)
    row["at"] += whole.at
    kept = whole.posts.get(post_id)
    if kept is None:
        whole.posts[post_id] = row
        return post_id
    if _same_post(kept, row):
        if kept["text"] and row["text"]:
            _note_copy(part, f"post {post_id!r}", kept, row)
        renew(kept, row)
        return post_id
    new = free(f"{part.prefix(row)}:{post_id}", _Names(whole.posts, whole.packed_posts))
    part.problem(
        f"post id {post_id!r} stands in {kept['source']} too, for another post",
        f"both were kept, this one as {new}",
        place=f"post {post_id}",
    )
    whole.posts[new] = {**row, "post_id": new}
    return new


def _same_post(kept: dict[str, Any], row: dict[str, Any]) -> bool:
    if kept["text"] and kept["text"] == row["text"]:
        return True
    if kept.get("site") and row.get("site"):
        # Within one forum an id means one post: another text is an edit, not another post.
        return bool(kept["site"] == row["site"])
    titles = {squeeze(str(title)) for title in (kept.get("title"), row.get("title")) if title}
    family, author = kept.get("family"), kept.get("author")
    named = not (kept["partial"] or row["partial"])
    if named and family and family == row.get("family") and author == row.get("author"):
        return versions(kept, row) or (author is not None and len(titles) == 1)
    return len(titles) < 2 and not (kept["text"] and row["text"])


def _twins(whole: Draft, part: Draft, posts: dict[str, str]) -> dict[str, str]:
    """Return the comments of `part` that `whole` holds under another id: one place in a post is one comment."""
    held = (
        (comment_id, whole.aliases.get((posts.get(post, post), name)))
        for (post, name), comment_id in part.aliases.items()
    )
    return {comment_id: kept for comment_id, kept in held if kept is not None and kept in whole.comments}


def _name_comment(whole: Draft, part: Draft, comment_id: str, twin: str, row: dict[str, Any]) -> str:
    """Note what another file holds of this comment; returns the id it has from now on."""
    kept = whole.comments.get(twin)
    if kept is None:
        return comment_id
    same = kept["text"] == row["text"] or not kept["text"] or not row["text"] or _one_forum(kept, row)
    if (same or twin != comment_id or versions(kept, row)) and kept["post_id"] == row["post_id"]:
        _note_copy(part, f"comment {comment_id!r}", kept, row)
        return twin
    site = row.get("site") or whole.post_row(row["post_id"]).get("site")
    taken = _Names(whole.comments, part.comments, whole.packed, part.packed)
    new = free(f"{site or part.prefix(row)}:{comment_id}", taken)
    part.problem(
        f"comment id {comment_id!r} stands in {kept['source']} too, with different text or under another post",
        f"both were kept, this one as {new}",
        comment_id=comment_id,
    )
    return new


class _Names:
    """Everything by which a comment is called."""

    def __init__(self, *held: Container[str]) -> None:
        self._held = held

    def __contains__(self, name: object) -> bool:
        return any(name in held for held in self._held)


def _one_forum(kept: dict[str, Any], row: dict[str, Any]) -> bool:
    """Tell whether both are known to be of one forum, where an id means one comment and another text an edit."""
    return kept.get("site") is not None and kept["site"] == row.get("site")


def _note_copy(part: Draft, what: str, kept: dict[str, Any], row: dict[str, Any]) -> None:
    same = kept["text"] == row["text"]
    edited = not same and versions(kept, row)
    cure = "it was kept once" if same else "the text of the first was kept, or the only one there is"
    part.problem(
        f"{what} stands in {kept['source']} too" + ("" if same else ", with different text"),
        "the version that was edited last was kept" if edited else cure,
        place=str(row["post_id"]) if "comment_id" not in row else "",
        comment_id=row.get("comment_id"),
        severity="info" if same or edited else "warning",
    )
