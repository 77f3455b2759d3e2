"""What a reply answers, as people showed it themselves: passages that they quoted, and what they wrote below them.

The debates of ../shared/data/threads keep quotes without any mark: a paragraph that repeats words of the post above it
was quoted, and the paragraph after it answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training import DATA, rows

from threadkit.base.text import squeeze, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Words in a run that must be found above, the share of a paragraph's runs that makes it a quote, and the fewest words
# of an answer.
RUN, SHARE, FEWEST = 6, 0.6, 4

# Paragraphs of a post, and whether each repeats words of the post above.
Paragraphs = list[tuple[str, bool]]


def debates(topics: Collection[str] = ()) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the topic and the posts of every debate, or of those on some topics."""
    for path in sorted((DATA / "threads").glob("iac_v1_*.jsonl.gz")):
        topic = path.name.removeprefix("iac_v1_").removesuffix(".jsonl.gz")
        if not topics or topic in topics:
            yield from ((topic, thread["posts"]) for thread in rows(path))


def replies(posts: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Paragraphs]]]:
    """Yield each post that answers somebody else's, that one, and the paragraphs of all by their id."""
    by_id = {post["id"]: post for post in posts}
    cut = {post["id"]: paragraphs(post["text"], by_id.get(post["parent"])) for post in posts}
    for post in posts:
        above = by_id.get(post["parent"])
        if above is not None and above["author"] != post["author"]:
            yield post, above, cut


def paragraphs(text: str, above: dict[str, Any] | None) -> Paragraphs:
    """Return the paragraphs of a post, and whether each repeats words of the post above."""
    said = words(above["text"]) if above else []
    flat, runs = f" {' '.join(said)} ", set(_runs(said))
    out = []
    for line in filter(str.strip, text.split("\n")):
        own = words(line)
        mine = _runs(own)
        quoted = sum(run in runs for run in mine) > SHARE * len(mine) if mine else f" {' '.join(own)} " in flat
        out.append((squeeze(line), bool(above) and quoted))
    return out


def _runs(said: list[str]) -> list[tuple[str, ...]]:
    return [tuple(said[k : k + RUN]) for k in range(len(said) - RUN + 1)]


def answers(paragraphs: Paragraphs) -> Iterator[tuple[str, str]]:
    """Yield each run of quoted paragraphs with the paragraph below it; a very short one takes the next one in."""
    quote: list[str] = []
    reply: list[str] = []
    for text, quoted in [*paragraphs, ("", True)]:
        if quoted and reply:
            if quote and len(words(" ".join(reply))) >= FEWEST:
                yield " ".join(quote), " ".join(reply)
            quote, reply = [], []
        if quoted:
            quote.append(text)
        elif len(words(" ".join(reply))) < FEWEST:
            reply.append(text)
