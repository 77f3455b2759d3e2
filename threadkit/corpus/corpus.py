"""The corpus: posts, comments, and what was not clean about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from threadkit.base.errors import TableError
from threadkit.corpus.tables import COMMENTS, POSTS, PROBLEMS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Corpus:
    """Posts, comments and problems, checked once, at this door.

    `sources` holds one mapping a file: its name, its sha256, its format, and the counts of what was
    stated, found, inferred, deleted and stubbed.

    Raises TableError where a table lacks a column, an id stands twice, or a comment's post is absent.
    """

    posts: pd.DataFrame
    comments: pd.DataFrame
    problems: pd.DataFrame = field(default_factory=PROBLEMS.empty)
    sources: tuple[dict[str, object], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "posts", POSTS.check(self.posts))
        object.__setattr__(self, "comments", COMMENTS.check(self.comments))
        object.__setattr__(self, "problems", PROBLEMS.check(self.problems))
        orphans = ~self.comments["post_id"].isin(self.posts.index)
        if orphans.any():
            row = self.comments[orphans].iloc[0]
            raise TableError(
                f"comment {row.name!r} stands under post {row['post_id']!r}, which the posts table does not hold: "
                "add a row for that post (an id is enough)"
            )

    def __repr__(self) -> str:
        return (
            f"Corpus({len(self.posts):,} posts, {len(self.comments):,} comments, "
            f"{self.comments['author'].nunique():,} authors, {len(self.problems):,} problems)"
        )

    def save(self, folder: str | Path) -> Path:
        """Write posts, comments and problems as Parquet files, and run.json with the sources; returns `folder`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("posts", "comments", "problems"):
            getattr(self, name).to_parquet(folder / f"{name}.parquet", compression="zstd")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (folder / "run.json").write_bytes(orjson.dumps({"sources": self.sources}, option=options))
        return folder
