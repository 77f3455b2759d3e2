"""Mailing lists: an mbox file, as archives (Mailman, Pipermail, public-inbox) and mail programs keep them.

The mail that begins a thread is the post, under its Message-ID; answers are threaded by In-Reply-To, then
References, then by their subject. A thread that began in another file joins it when both are read.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.base.text import clean, squeeze
from threadkit.readers.decode import as_text
from threadkit.readers.draft import free
from threadkit.readers.mail_text import body
from threadkit.readers.unpack import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "Mailing lists: mbox"
STREAMS = True

_FAMILY = "mail"
# A line of the body may begin with "From " too; only a separator has a time and stands below an empty line.
_SEPARATOR = re.compile(rb"From \S.*\d{1,2}:\d{2}.*\d{4}")
_BEGINNING = re.compile(r"From \S[^\n]*\d{1,2}:\d{2}[^\n]*\d{4}[^\n]*\n[!-9;-~]+:[^\n]*\n")
_ID = re.compile(r"<([^<>\s]+)>")
_REPLY = re.compile(r"(?:re|aw|sv|antw|odp|vs)(?:\[\d+\]|\^\d+)?:\s*", re.IGNORECASE)
_PREFIX = re.compile(r"(?:(?:re|aw|sv|antw|odp|vs|fwd?|wg)(?:\[\d+\]|\^\d+)?:|\[[^\]]{1,40}\])\s*", re.IGNORECASE)


class _Mail(NamedTuple):
    name: str
    answers: list[str]
    """Message-IDs of what it answers, the nearest first; the last one is the oldest it knows."""
    subject: str
    is_reply: bool
    fields: dict[str, Any]


def detect(sample: Sample) -> bool:
    """Tell whether the file begins with a separator and a header field."""
    return _BEGINNING.match(sample.text.lstrip().replace("\r\n", "\n")) is not None


def read(path: Path, draft: Draft) -> None:
    """Add every mail of the file."""
    draft.family = _FAMILY
    mails: dict[str, _Mail] = {}
    lists: Counter[str] = Counter()
    for n, data in enumerate(_split(path), start=1):
        message = _parsed(data, draft, f"mail {n}")
        lists.update(_ID.findall(_header(message, "List-Id")))
        mail = _mail(draft, message, f"{path.stem}#{n}", f"mail {n}")
        kept = mails.get(mail.name)
        if kept and kept.fields["text"] == mail.fields["text"]:
            draft.problem(f"mail {mail.name!r} stands twice", "it was kept once", place=f"mail {n}", severity="info")
            continue
        name = free(mail.name, mails)
        if kept:
            what = f"Message-ID {mail.name!r} stands twice with different text"
            draft.problem(what, f"both were kept, this one as {name}", place=f"mail {n}")
        mails[name] = mail._replace(name=name)
    draft.site = lists.most_common(1)[0][0] if lists else None
    _Threads(draft, mails).add()


def _split(path: Path) -> Iterator[bytes]:
    """Yield the mails, without their separators."""
    lines: list[bytes] = []
    blank = first = True
    with open_bytes(path) as file:
        for line in file:
            line = line.removeprefix(BOM_UTF8) if first else line
            first = False
            if blank and _SEPARATOR.match(line):
                if any(part.strip() for part in lines):
                    yield b"".join(lines)
                lines = []
            else:
                lines.append(line)
            blank = not line.strip()
    if any(part.strip() for part in lines):
        yield b"".join(lines)


def _parsed(data: bytes, draft: Draft, place: str) -> Message:
    """Return a mail; of one with more parts in one another than Python's parser goes down, the header alone."""
    try:
        return message_from_bytes(data)
    except RecursionError:
        what = "a mail has hundreds of parts in one another"
        draft.problem(what, "its text was left out, for no mail program writes so", place=place, severity="error")
        return BytesHeaderParser().parsebytes(data)


def _mail(draft: Draft, message: Message, spare: str, place: str) -> _Mail:
    named = _ID.search(_header(message, "Message-ID"))
    name = named.group(1) if named else spare
    if not named:
        draft.problem("a mail has no Message-ID", f"it was given the id {spare!r}", place=place)
    nearest = _ID.findall(_header(message, "In-Reply-To"))[:1]
    references = _ID.findall(_header(message, "References"))
    answers = list(dict.fromkeys([*nearest, *reversed(references)]))
    # In-Reply-To may name a mail that References do not: what is oldest stands first in References.
    answers = [known for known in answers if known not in {name, *references[:1]}] + references[:1]
    subject = squeeze(_header(message, "Subject"))
    text = body(message)
    fields = {
        "place": place,
        "author": _author(message),
        "posted_at": _time(_header(message, "Date")),
        "url": (_ID.findall(_header(message, "Archived-At")) or [None])[0],
        "text": text,
    }
    return _Mail(name, [known for known in answers if known != name], _bare(subject), _is_reply(subject), fields)


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else _decoded(value)


def _decoded(value: Any) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return clean(str(value))
    return clean("".join(part if isinstance(part, str) else _text(part, charset) for part, charset in parts))


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii")
    except (LookupError, ValueError):
        return as_text(data)[0]


def _author(message: Message) -> str | None:
    """Return the name in From, or else the address before its @.

    A name is decoded only once it is parted from the address: ``=?utf-8?q?Lind=2C_Ana?=`` is one name with a comma.
    """
    value = message.get("From")
    raw = value if isinstance(value, str) else _header(message, "From")
    # Pipermail hides addresses: "ana at example.org (Ana Lind)".
    name, address = parseaddr(raw if "@" in raw else raw.replace(" at ", "@"))
    return squeeze(_decoded(name)) or address.partition("@")[0] or None


def _time(date: str) -> Any:
    try:
        return parsedate_to_datetime(date)
    except (TypeError, ValueError, IndexError, OverflowError):
        return date or None


def _is_reply(subject: str) -> bool:
    return _REPLY.match(re.sub(r"^(?:\[[^\]]{1,40}\]\s*)+", "", subject)) is not None


def _bare(subject: str) -> str:
    """Return a subject without what lists and replies put before it.

    >>> _bare("[tea-list] Re: AW: [tea-list] Is it safe?")
    'Is it safe?'
    """
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    return subject


class _Threads:
    """The mails of one file, each under the mail that began its thread."""

    def __init__(self, draft: Draft, mails: dict[str, _Mail]) -> None:
        self.draft = draft
        self.mails = mails
        self.parents = {name: next((a for a in mail.answers if a in mails), None) for name, mail in mails.items()}
        self.posts: dict[str, str] = {}
        """The post of each mail."""
        self.begun: dict[str, str] = {}
        """The post of each subject."""
        self.by_subject = 0

    def add(self) -> None:
        """Add every mail to the draft, in the order of the file."""
        for name in self.mails:
            self._place(name)
        for name, mail in self.mails.items():
            post_id = self.posts[name]
            if post_id == name:
                self.draft.post(name, site=self.draft.site, title=mail.subject, **mail.fields)
                continue
            parent = self.parents[name] or (mail.answers[0] if mail.answers else None)
            fields = mail.fields | {"status": "live" if not mail.fields["text"] else None}
            self.draft.comment(name, post_id, site=self.draft.site, loose=True, parent_id=parent, **fields)
        if self.by_subject:
            self.draft.problem(
                f"{self.by_subject:,} mails say by their subject (Re: …) that they answer, but not which mail",
                "each was read as an answer to the first mail of that subject",
            )

    def _place(self, name: str) -> None:
        """Find the posts of a mail and of those above it."""
        path: list[str] = []
        at: str | None = name
        while at is not None and at not in self.posts and at not in path:
            path.append(at)
            at = self.parents[at]
        first = path[-1] if path else name
        if at is not None and at in path:
            # Mails that answer each other in a circle: the first met begins the thread.
            first, self.parents[at] = at, None
        post_id = self.posts[at] if at is not None and at in self.posts else self._begin(first)
        for below in path:
            self.posts[below] = post_id

    def _begin(self, name: str) -> str:
        """Return the post of a mail that answers none of this file."""
        mail = self.mails[name]
        key = mail.subject.casefold()
        if mail.answers and not set(mail.answers) & self.mails.keys():
            return self.begun.setdefault(key, mail.answers[-1]) if key and mail.is_reply else mail.answers[-1]
        if mail.is_reply and key in self.begun:
            self.by_subject += 1
            return self.begun[key]
        if key:
            self.begun.setdefault(key, name)
        return name
