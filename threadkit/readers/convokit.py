"""ConvoKit corpora: ``utterances.jsonl``, and ``conversations.json`` for titles.

The utterance that begins a conversation is the post, under the conversation's id; the others are comments.
karma is ``score``, where the corpus has it. What `corpus/convokit.py` writes is read back as it was. The
files of a folder are joined by ids; speakers and the index add nothing to posts and comments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from threadkit.corpus.convokit import MARKUP
from threadkit.readers.body import from_markdown
from threadkit.readers.decode import CUT, peek, values
from threadkit.readers.draft import STATUSES, Draft
from threadkit.readers.odd_kinds import PARENT, TEXT, tell_odd
from threadkit.readers.values import ident, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from threadkit.readers.formats import Sample

TITLE = "ConvoKit: utterances and conversations"

_FAMILY = "convokit"
_REDDIT = "https://www.reddit.com"
# Characters that an escaped body cannot hold: corpora from Reddit keep its escapes.
_RAW = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_TRIED = 5
_FIELDS = {"text": TEXT, "speaker": TEXT, "user": TEXT, "reply-to": PARENT, "reply_to": PARENT}


def detect(sample: Sample) -> bool:
    """Tell whether the file is one of those that make a ConvoKit corpus."""
    first = peek(sample.text)
    if isinstance(first, list) and first:
        return _is_utterance(first[0])
    if not isinstance(first, dict):
        return False
    return _is_utterance(first) or _is_index(first) or _is_objects(first) or _is_overall(first, sample.path)


def _is_utterance(value: Any) -> bool:
    if not isinstance(value, dict) or not {"id", "text", "meta"} <= value.keys():
        return False
    return bool({"speaker", "user"} & value.keys()) and bool({"conversation_id", "root"} & value.keys())


def _is_index(value: Mapping[str, Any]) -> bool:
    return "utterances-index" in value and isinstance(value.get("overall-index"), dict)


def _is_objects(value: Mapping[str, Any]) -> bool:
    """Tell conversations or speakers: names, each with metadata and vectors and nothing else."""
    some = [item for key, item in list(value.items())[:_TRIED] if key != CUT]
    return bool(some) and all(isinstance(item, dict) and item.keys() - {CUT} == {"meta", "vectors"} for item in some)


def _is_overall(value: Mapping[str, Any], path: Path) -> bool:
    """Tell the metadata of the whole corpus, which only the index beside it explains."""
    try:
        index = orjson.loads((path.parent / "index.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(index, dict) and _is_index(index) and value.keys() == index["overall-index"].keys()


def read(path: Path, draft: Draft) -> None:
    """Add every post and comment of the file, or the titles of the conversations."""
    roots: dict[str, str] = {}
    for _, utterance in _utterances(path, Draft(draft.source)):
        conversation, name = _conversation(utterance), ident(utterance.get("id"))
        if (
            conversation
            and name
            and (name == conversation or (_reply(utterance) is None and conversation not in roots))
        ):
            roots[conversation] = name
    reader = _Reader(draft, roots)
    for place, top in values(path, draft):
        if isinstance(top, dict) and not _is_utterance(top):
            if _is_objects(top):
                reader.conversations(top)
            elif not _is_index(top) and (place or "id" in top or "text" in top):
                reader.broken("an utterance lacks its id, speaker, conversation or text", top, place)
            continue
        for n, value in enumerate(top if isinstance(top, list) else [top], start=1):
            where = f"{place} utterance {n}" if isinstance(top, list) else place
            if _is_utterance(value):
                reader.utterance(value, where.strip())
            else:
                reader.broken("something stands where an utterance should", value, where.strip())


def _utterances(path: Path, draft: Draft) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, top in values(path, draft):
        for value in top if isinstance(top, list) else [top]:
            if _is_utterance(value):
                yield place, value


def _conversation(utterance: Mapping[str, Any]) -> str | None:
    return ident(utterance.get("conversation_id") or utterance.get("root"))


def _reply(utterance: Mapping[str, Any]) -> str | None:
    return ident(utterance.get("reply-to") if "reply-to" in utterance else utterance.get("reply_to"))


class _Reader:
    """The rows of one file in the making."""

    def __init__(self, draft: Draft, roots: Mapping[str, str]) -> None:
        self.draft = draft
        self.roots = roots

    def broken(self, what: str, value: Any, place: str) -> None:
        """Note what was left out."""
        cut = ": the file is cut off there" if isinstance(value, dict) and value.get(CUT) else ""
        self.draft.problem(what + cut, "it was left out; export it again", place=place, severity="error")

    def conversations(self, objects: Mapping[str, Any]) -> None:
        """Add what conversations say of their posts; speakers have no titles."""
        for name, value in objects.items():
            meta = value.get("meta") if isinstance(value, dict) else None
            if not isinstance(meta, dict) or not {"title", "num_comments", "markup"} & meta.keys():
                continue
            self._family(meta)
            self.draft.post(
                name,
                partial=True,
                site=string(meta.get("site")),
                title=_title(meta),
                n_comments_stated=number(meta.get("num_comments")),
            )

    def utterance(self, value: dict[str, Any], place: str) -> None:
        """Add a post or a comment."""
        meta = value["meta"] if isinstance(value["meta"], dict) else {}
        name, conversation = ident(value["id"]), _conversation(value)
        if name is None or conversation is None:
            self.broken("an utterance has no id" if name is None else f"{name!r} has no conversation", value, place)
            return
        self._family(meta)
        odd = tell_odd(self.draft, value, _FIELDS, place, name)
        link = string(meta.get("permalink")) or ""
        shared: dict[str, Any] = {
            "place": place,
            "site": string(meta.get("site")) or ("reddit" if link.startswith("/r/") else None),
            "url": _REDDIT + link if link.startswith("/") else link or None,
            "author": string(value.get("speaker", value.get("user"))),
            "posted_at": value.get("timestamp"),
            "karma": meta.get("score"),
            "af_karma": meta.get("af_karma"),
            "text": _body(string(value.get("text")) or "", meta),
        }
        if self.roots.get(conversation) == name:
            self.draft.post(
                conversation, title=_title(meta), n_comments_stated=number(meta.get("num_comments")), **shared
            )
            return
        status = string(meta.get("status")) or ("stub" if "text" in odd else None)
        ours = {key: meta[key] for key in ("origin", "confidence") if meta.get("markup") == MARKUP and key in meta}
        parent = _reply(value)
        self.draft.comment(
            name,
            conversation,
            parent_id=None if parent == self.roots.get(conversation) else parent,
            agreement=meta.get("agreement"),
            status=status if status in STATUSES else None,
            **ours,
            **shared,
        )

    def _family(self, meta: Mapping[str, Any]) -> None:
        """Name the forum of a stranger's corpus; ours says itself what it knows."""
        if meta.get("markup") != MARKUP:
            self.draft.family = _FAMILY


def _title(meta: Mapping[str, Any]) -> str | None:
    title = string(meta.get("title"))
    return title if title is None or meta.get("markup") == MARKUP else _unescaped(title)


def _body(text: str, meta: Mapping[str, Any]) -> str:
    return text if meta.get("markup") == MARKUP else from_markdown(_unescaped(text))


def _unescaped(text: str) -> str:
    """Undo Reddit's escapes where the whole text has none but them."""
    return text if _RAW.search(text) else text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
