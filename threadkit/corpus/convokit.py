"""Write a corpus as a ConvoKit corpus (https://convokit.cornell.edu): five files in a folder.

`readers/convokit.py` reads them back to the same posts and comments.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from threadkit.base.errors import OutputError, TableError, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from threadkit.corpus.analysis import Analysis
    from threadkit.corpus.corpus import Corpus

# What an utterance's `markup` says where its text is canonical (base/text.py), and not the forum's own.
MARKUP = "threadkit"
# ConvoKit wants a speaker for every utterance; this is what its corpora write where nobody is known.
NOBODY = "[deleted]"
# ConvoKit counts the writings of a corpus; a new one is the first.
_VERSION = 1

# What ConvoKit's own corpora call these columns; the others keep their names.
_NAMES = {"karma": "score", "url": "permalink", "n_comments_stated": "num_comments"}
_POST_META = ("karma", "af_karma", "url", "site", "title", "n_comments_stated")
_COMMENT_META = ("karma", "agreement", "af_karma", "url", "status", "origin", "confidence")
_CONVERSATION_META = ("site", "title", "n_comments_stated")


def write_convokit(corpus: Corpus, folder: str | Path) -> Path:
    """Write utterances, conversations, speakers, the corpus' own metadata and the index; returns `folder`.

    A post is the first utterance of a conversation of its id. The problems stand in ``corpus.json``. Raises
    TableError where an id names both a post and a comment, OutputError where the folder cannot be written.
    """
    folder = Path(folder)
    both = corpus.comments.index.intersection(corpus.posts.index)
    if len(both):
        raise TableError(
            f"id {both[0]!r} names both a post and a comment, which ConvoKit cannot tell apart: rename one of them"
        )
    utterances = [*_posts(corpus.posts), *_comments(corpus.comments)]
    conversations = {name: _object(meta) for name, meta in _metas(corpus.posts, _CONVERSATION_META)}
    speakers = {utterance["speaker"]: _object({}) for utterance in utterances}
    overall = {"problems": [_present(row) for row in corpus.problems.to_dict("records")], "markup": MARKUP}
    index = {
        "utterances-index": _types(utterance["meta"] for utterance in utterances),
        "speakers-index": {},
        "conversations-index": _types(conversation["meta"] for conversation in conversations.values()),
        "overall-index": _types([overall]),
        "version": _VERSION,
        "vectors": [],
    }
    written = {"conversations": conversations, "speakers": speakers, "corpus": overall, "index": index}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in written.items():
            (folder / f"{name}.json").write_bytes(orjson.dumps(value))
        with (folder / "utterances.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(utterance) + b"\n" for utterance in utterances)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from error
    return folder


def _posts(posts: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (name, meta), row in zip(_metas(posts, _POST_META), posts.itertuples(), strict=True):
        yield _utterance(name, name, None, row, meta)


def _comments(comments: pd.DataFrame) -> Iterator[dict[str, Any]]:
    row: Any
    for (name, meta), row in zip(_metas(comments, _COMMENT_META), comments.itertuples(), strict=True):
        parent = row.post_id if pd.isna(row.parent_id) else row.parent_id
        yield _utterance(name, row.post_id, parent, row, meta)


def _utterance(name: str, conversation: str, reply_to: str | None, row: Any, meta: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "conversation_id": conversation,
        "text": "" if pd.isna(row.text) else row.text,
        "speaker": NOBODY if pd.isna(row.author) else row.author,
        "meta": meta,
        "reply-to": reply_to,
        "timestamp": _seconds(row.posted_at),
        "vectors": [],
    }


def _seconds(moment: Any) -> float | int | None:
    """Return seconds since 1970, whole ones as ConvoKit has them."""
    if pd.isna(moment):
        return None
    seconds = moment.value / 10**9 if moment.unit == "ns" else moment.timestamp()
    return int(seconds) if seconds == int(seconds) else seconds


def _metas(table: pd.DataFrame, columns: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row's id and what it has of these columns."""
    chosen = table[list(columns)].rename(columns=_NAMES)
    for name, row in zip(table.index, chosen.to_dict("records"), strict=True):
        yield name, {**_present(row), "markup": MARKUP}


def _present(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items() if not pd.isna(value)}


def _object(meta: dict[str, Any]) -> dict[str, Any]:
    return {"meta": meta, "vectors": []}


def _types(metas: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the Python type of each key, as ConvoKit's index prints it."""
    types: dict[str, list[str]] = {}
    for meta in metas:
        for key, value in meta.items():
            said = str(type(value))
            if said not in types.setdefault(key, []):
                types[key].append(said)
    return types


def convokit_corpus(analysis: Analysis) -> Any:
    """Return a convokit.Corpus of what was analysed; what was found stands in its metadata.

    An utterance's `objections` are the numbers of the cruxes that it objects on (empty = on none), its `defends`
    those whose claim it defends; the corpus' `cruxes` holds title and claim of each. Raises
    MissingDependencyError where convokit is not installed.
    """
    convokit = require("convokit", extra="convokit")
    with tempfile.TemporaryDirectory() as folder:
        made = convokit.Corpus(filename=str(write_convokit(analysis.corpus, folder)))
    objects = _numbers(analysis.objections.dropna(subset=["crux_id"]))
    sides = analysis.sides.reset_index()
    defends = _numbers(sides[sides["side"] == "defender"].dropna(subset=["comment_id"]))
    for utterance in made.iter_utterances():
        utterance.meta["objections"] = objects.get(utterance.id, [])
        utterance.meta["defends"] = defends.get(utterance.id, [])
    named = analysis.cruxes[["title", "claim"]].to_dict("index")
    made.add_meta("cruxes", {str(crux_id): _present(row) for crux_id, row in named.items()})
    return made


def _numbers(rows: pd.DataFrame) -> dict[str, list[int]]:
    """Return the cruxes of each comment."""
    grouped = rows.groupby("comment_id")["crux_id"]
    return {str(name): sorted({int(each) for each in ids}) for name, ids in grouped}
