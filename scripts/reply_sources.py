"""What a reply answers, as people showed it themselves: passages that they quoted, and what they wrote below them.

The debates of ../shared/data/threads keep quotes without any mark: a paragraph that repeats words of the post above it
was quoted, and the paragraph after it answers it. Those sentences of the post above that were not quoted there are what
the paragraph does not answer, about the same subject and by the same author.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from training import DATA, rows

from threadkit.base.text import sentences, squeeze, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Topics whose groups are kept to see how well it is learnt.
KEPT = frozenset(
    {
        "existence_of_god", "death_penalty", "healthcare", "climate_change", "communism_vs_capitalism",
        "marijuana_legalization",
    }
)  # fmt: skip

# Words in a run that must be found above, the share of a paragraph's runs that makes it a quote, and the fewest words
# of a sentence that can be answered.
RUN, SHARE, FEWEST = 6, 0.6, 4


# Paragraphs of a post, and whether each repeats words of the post above.
Paragraphs = list[tuple[str, bool]]


class Group(NamedTuple):
    """A paragraph, the sentences of the post above, and which of them (bool) it answers; the topic of the debate."""

    topic: str
    reply: str
    above: list[str]
    answered: list[bool]


def groups() -> Iterator[Group]:
    """Yield every paragraph that stands below a quote, where more than the quote stands above."""
    for topic, posts in debates():
        yield from _of_thread(topic, posts)


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


def _of_thread(topic: str, posts: list[dict[str, Any]]) -> Iterator[Group]:
    for post, above, cut in replies(posts):
        own = [text for text, quoted in cut[above["id"]] if not quoted]
        candidates = [each for text in own for each in sentences(text) if len(words(each)) >= FEWEST]
        flat = [f" {' '.join(words(each))} " for each in candidates]
        for quote, reply in answers(cut[post["id"]]):
            said = f" {' '.join(words(quote))} "
            answered = [each in said for each in flat]
            if any(answered) and not all(answered):
                yield Group(topic, reply, candidates, answered)


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
