"""LessWrong and its kin: pages that a saver turned into Markdown, in two shapes.

A web clipper keeps every comment as a ``<section id=… data-type="comment">`` in a nested list, with the page's
own score elements. A download script writes ``### name (score: 3) - date`` with one ``>`` for every level of
depth, without ids, and loses the marks of quotes.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

from threadkit.base.text import clean, squeeze
from threadkit.readers.body import from_markdown
from threadkit.readers.decode import read_text
from threadkit.readers.markup import SITES, host

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.readers.draft import Draft
    from threadkit.readers.formats import Sample

TITLE = "LessWrong-like page saved as Markdown (web clipper, or a download script)"

_FAMILY = "lesswrong-like"
_SECTION = re.compile(
    r'^(?P<indent>[ \t]*)(?:[*+-] +)?<section(?: id="(?P<id>[^"]*)")? data-type="comment"'
    r'(?: data-reply-to="(?P<parent>[^"]*)")?>[ \t]*\n(?P<inside>.*?)^[ \t]*</section>',
    re.MULTILINE | re.DOTALL,
)
_COMMENT_SECTION = re.compile(r'<section id="[A-Za-z0-9]{15,20}" data-type="comment"')
_USER = re.compile(r"\[(?P<name>(?:\\.|[^\[\]\\])*)\]\([^)\s]*/users/[^)\s]*\)")
_TIME = re.compile(r"\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\)")
_SCORE = r'class="[^"]*{}[^"]*"[^>]*>\s*([-\u2212]?[\d,]+)'
_KARMA = re.compile(_SCORE.format("OverallVoteAxis-voteScore"))
_AGREEMENT = re.compile(_SCORE.format("AgreementVoteAxis-agreementScore"))
_AF_KARMA = re.compile(_SCORE.format("OverallVoteAxis-secondaryScoreNumber"))
_POST_TITLE = re.compile(
    r"^# \[(?P<title>(?:\\.|[^\]\\])+)\]\((?P<url>\S*/posts/(?P<id>[A-Za-z0-9]+)[^)\s]*)\)", re.MULTILINE
)
_POST_KARMA = re.compile(r"^# ([-\u2212]?[\d,]+)$", re.MULTILINE)
_STATED = re.compile(r"^([\d,]+) comments?, sorted by", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?=[^\w\s]|_)")

_HEAD = re.compile(
    r"^(?P<depth>>*) ?### (?P<name>.+) \(score: (?P<karma>-?\d+)\) - ?(?P<time>\d{4}-\d\d-\d\d)?[ \t]*$", re.MULTILINE
)
_COMMENTS = re.compile(r"^---\n+# Comments \(\d+\)\n", re.MULTILINE)
_FRONT = re.compile(r"^\*\*(?P<name>[A-Z][\w() ]+):\*\* (?P<value>.*?) *$", re.MULTILINE)


class _Said(NamedTuple):
    """A comment of the script's shape: its depth and where its lines stand."""

    depth: int
    comment_id: str


def detect(sample: Sample) -> bool:
    """Tell whether the file holds comments as the clipper keeps them, or the script's list of facts."""
    text = sample.text.replace("\r\n", "\n")
    if _COMMENT_SECTION.search(text) and _POST_TITLE.search(text):
        return True
    names = {front["name"] for front in _FRONT.finditer(text[:4000])}
    return {"Author(s)", "Posted", "Score", "Comments"} <= names


def read(path: Path, draft: Draft) -> None:
    """Add the post and every comment of the page."""
    draft.family = _FAMILY
    text = clean(read_text(path, draft))
    title = _POST_TITLE.search(text)
    if title:
        _read_clipping(text, title, draft)
    else:
        _read_script(path, text, draft)


def _read_clipping(text: str, title: re.Match[str], draft: Draft) -> None:
    draft.site = SITES.get(host(title["url"]))
    sections = list(_SECTION.finditer(text))
    after = [section for section in sections if section.start() > title.end()]
    body = after[0] if after and not after[0]["id"] else None
    karma = list(_POST_KARMA.finditer(text, 0, title.start()))
    byline = text[title.end() : body.start() if body else title.end() + 1000]
    author, time, stated = _USER.search(byline), _TIME.search(byline), _STATED.search(text, title.end())
    draft.post(
        title["id"],
        partial=body is None,
        title=_plain(title["title"]),
        url=title["url"],
        author=_plain(author["name"]) if author else None,
        posted_at=time[1] if time else None,
        karma=karma[-1][1] if karma else None,
        n_comments_stated=stated[1] if stated else None,
        text=_body(body["inside"]) if body else "",
    )
    for section in sections:
        lines = section["inside"].lstrip().partition("\n")
        if not section["id"] or f"commentId={section['id']}" not in lines[0]:
            continue
        place = f"line {text.count(chr(10), 0, section.start()) + 1}"
        _add_section(draft, title["id"], section, lines[0], place)


def _add_section(draft: Draft, post_id: str, section: re.Match[str], header: str, place: str) -> None:
    author = _USER.match(header)
    scores = {"karma": _KARMA, "agreement": _AGREEMENT, "af_karma": _AF_KARMA}
    found = {name: score[1] for name, pattern in scores.items() if (score := pattern.search(header))}
    time = _TIME.search(header)
    text = _body(section["inside"].lstrip().partition("\n")[2])
    draft.comment(
        section["id"],
        post_id,
        place=place,
        url=next((link for link in re.findall(r"\]\(([^()\s]*)\)", header) if "commentId=" in link), None),
        parent_id=section["parent"],
        author=_plain(author["name"]) if author else None,
        posted_at=time[1] if time else None,
        status="deleted" if header.startswith("[comment deleted]") else None,
        text=text,
        **found,
    )


def _read_script(path: Path, text: str, draft: Draft) -> None:
    begin = _COMMENTS.search(text)
    heads = [head for head in _HEAD.finditer(text) if begin and head.start() >= begin.end()]
    post_id = path.stem
    top = text[: begin.start()] if begin else text
    facts = {front["name"]: front["value"] for front in _FRONT.finditer(top[:4000])}
    body = top.partition("\n---\n")[2]
    draft.post(
        post_id,
        title=top.lstrip("\ufeff\n").partition("\n")[0].removeprefix("# "),
        author=facts.get("Author(s)", "").split(", ")[0],
        posted_at=facts.get("Posted"),
        karma=facts.get("Score"),
        n_comments_stated=facts.get("Comments"),
        text=from_markdown(body, html=True),
    )
    above: list[_Said] = []
    for n, head in enumerate(heads, start=1):
        stop = heads[n].start() if n < len(heads) else len(text)
        depth = len(head["depth"])
        above = [said for said in above if said.depth < depth]
        mark = ">" * depth
        raw = "\n".join(
            line.removeprefix(mark).removeprefix(" ") if mark else line for line in text[head.end() : stop].split("\n")
        )
        comment_id = f"{post_id}#{n}"
        draft.comment(
            comment_id,
            post_id,
            place=f"line {text.count(chr(10), 0, head.start()) + 1}",
            parent_id=above[-1].comment_id if above else None,
            author=None if head["name"] == "Anonymous" else head["name"],
            posted_at=head["time"],
            karma=head["karma"],
            text=from_markdown(raw, html=True),
        )
        above.append(_Said(depth, comment_id))
    if heads:
        what = "the script that wrote the file leaves out the marks of quotes, the forum's ids and the time of day"
        draft.problem(what, "export the comments as JSON where they matter", place=f"post {post_id}", severity="info")


def _body(inside: str) -> str:
    return from_markdown(dedent("\n".join(line.rstrip() for line in inside.split("\n"))), html=True)


def _plain(text: str) -> str:
    return squeeze(_ESCAPE.sub("", text))
