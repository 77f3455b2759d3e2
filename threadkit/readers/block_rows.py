"""What a block of lines holds: rows read as columns and those of its other lines, packed together in their order."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from threadkit.readers.packed import POST_SCHEMA, SCHEMA, Batch, Packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COMMENT = frozenset({*SCHEMA.names, "source", "site", "origin", "confidence", "stated_id"})
_POST = frozenset({*POST_SCHEMA.names, "source"})


class BlockRows:
    """The rows of one block in the making.

    A row may be packed where columns hold all that it tells: it stands on a line of its own, which is then its place
    in whatever is told of it, and is of the block's forum.
    """

    def __init__(self, rows: pa.Table | None, source: str, site: str | None, unit: str = "line") -> None:
        self._usual = SCHEMA.empty_table() if rows is None else rows
        self._source, self._site, self._unit = source, site, unit
        self._comments: list[dict[str, Any]] = []
        self._under: dict[str, dict[str, Any]] = {}
        self._posts: dict[str, dict[str, Any]] = {}

    def n_comments(self) -> int:
        """Return how many comments there are."""
        return len(self._usual) + len(self._comments)

    def comment(self, row: dict[str, Any], place: str) -> bool:
        """Take a comment; False where it cannot be packed."""
        fits = place == f"{self._unit} {row['at']}" and row.get("site") == self._site and row["origin"] == "stated"
        fits = fits and _holds(row, _COMMENT) and row["stated_id"] == row["comment_id"]
        if fits:
            self._comments.append(row)
            self._under.setdefault(row["comment_id"], row)
        return fits

    def post(self, row: dict[str, Any], place: str) -> bool:
        """Take a post; False where it cannot be packed, or one of its id was taken."""
        fits = place == f"{self._unit} {row['at']}" and not row["partial"] and row["post_id"] not in self._posts
        fits = fits and _holds(row, _POST)
        if fits:
            self._posts[row["post_id"]] = row
        return fits

    def post_of(self, comment_id: str) -> str | None:
        """Return the post of a comment of the block; None where it has no such comment."""
        row = self._under.get(comment_id) or self._found.get(comment_id)
        return None if row is None else row["post_id"]

    @cached_property
    def _found(self) -> Packed:
        """The rows read as columns, in which any is found by its id."""
        usual = Packed()
        usual.add(Batch(self._usual, self._source))
        return usual

    def has_post(self, post_id: str) -> bool:
        """Tell whether a post was taken."""
        return post_id in self._posts

    def n_posts(self) -> int:
        """Return how many posts there are."""
        return len(self._posts)

    def pack(self, comments: Packed, posts: Packed) -> None:
        """Add everything to the rows of the blocks before."""
        rows = self._usual
        if self._comments:
            rows = pa.concat_tables([rows, table(self._comments, SCHEMA)])
            rows = rows.sort_by("at") if len(self._usual) else rows
        comments.add(Batch(rows, self._source, self._site))
        if self._posts:
            posts.add(Batch(table(self._posts.values(), POST_SCHEMA), self._source))


def _holds(row: Mapping[str, Any], names: frozenset[str]) -> bool:
    return all(name in names or value is None for name, value in row.items())


def table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; what should be text and is not is written out."""
    held = list(rows)
    return pa.table([_column([row.get(field.name) for row in held], field.type) for field in schema], schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if kind != pa.string():
            raise
        return pa.array([None if value is None else str(value) for value in values], kind)
