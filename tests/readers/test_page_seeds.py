"""The seeds, by line numbers: what they state, where comments certainly begin, and which lines are quotations."""

from threadkit.readers import page_text
from threadkit.readers.draft import Draft
from threadkit.readers.formats import sample
from threadkit.readers.page.layout import lay_out
from threadkit.readers.page.paragraphs import paragraph, squeezed


def said(corpus):
    return " | ".join(corpus.problems.what)


def seed(shared, number):
    return next(shared.glob(f"seeds/{number}_*.txt"))


def read_seed(shared, number):
    path = seed(shared, number)
    draft = Draft(path.name)
    page_text.read(path, draft)
    return draft.finish(), path.read_text(encoding="utf-8").split("\n")


def quoted_lines(corpus, lines, first):
    quotes = {line[2:].strip() for text in corpus.comments.text for line in text.split("\n") if line.startswith("> ")}
    own = {line.strip() for text in corpus.comments.text for line in text.split("\n") if not line.startswith("> ")}
    printed = {n: paragraph(line, n).text for n, line in enumerate(lines, 1) if n >= first and squeezed(line)}
    return {n for n, text in printed.items() if text in quotes and text not in own}, {
        n for n, text in printed.items() if text in quotes
    }


def test_seed_000(shared):
    corpus, lines = read_seed(shared, "000")
    post = corpus.posts.iloc[0]
    assert (post.karma, post.af_karma, post.n_comments_stated) == (230, 79, 22)
    assert post.isna()[["title", "author"]].all()
    assert post.text.startswith(squeezed(lines[2])[:30])
    assert post.text.endswith(squeezed(lines[59])[-30:])
    stated = corpus.comments[corpus.comments.origin == "stated"]
    rows = stated[["author", "af_karma", "karma", "agreement", "status"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["kave", 7, 10, 7, "live"],
        ["cousin_it", 9, 17, 8, "live"],
        ["Review Bot", None, None, None, "bot"],
        ["LTM", None, 1, 0, "live"],
        ["Unreal", None, -2, 0, "live"],
        ["xpym", None, -2, 0, "live"],
    ]
    assert (stated.confidence == 1).all()
    inferred = corpus.comments[corpus.comments.origin == "inferred"]
    assert 4 <= len(inferred) <= 16
    assert inferred.confidence.between(0.01, 0.99).all()
    assert inferred.author.isna().all()
    assert list(corpus.comments.index) == [f"{corpus.posts.index[0]}#{n}" for n in range(1, len(corpus.comments) + 1)]
    assert "the page says 22 comments; 7 certainly begin a comment (5 by header, 1 by the review's box, 1 by" in said(
        corpus
    )
    wanted = {80, 94, 96, 119, 137, 157, 199, 203, 213, 217, 221}
    only, every = quoted_lines(corpus, lines, 70)
    assert only == wanted
    assert every == wanted
    begins = {squeezed(lines[n - 1]) for n in (70, 74, 111, 137, 213)}
    assert begins <= {text.split("\n")[0].removeprefix("> ") for text in corpus.comments.text}
    by_author = corpus.comments.reset_index().set_index("author")
    assert by_author.parent_id["xpym"] == by_author.comment_id["Unreal"]
    assert not corpus.comments.text.str.contains("\u00a0").any()


def test_seed_001(shared):
    corpus, lines = read_seed(shared, "001")
    post = corpus.posts.iloc[0]
    assert post.n_comments_stated == 23
    assert post.isna()[["title", "author", "karma", "af_karma"]].all()
    assert post.text.startswith(lines[0])
    assert squeezed(lines[84]) in post.text
    assert squeezed(lines[233]) in post.text
    notes = [part for part in post.text.split("\n\n") if part.startswith("[^")]
    assert [note[:4] for note in notes] == ["[^1]", "[^2]", "[^2]"]
    assert set(corpus.comments.origin) == {"inferred"}
    assert 8 <= len(corpus.comments) <= 23
    _, every = quoted_lines(corpus, lines, 249)
    repeated = {
        249, 255, 267, 271, 275, 279, 287, 291, 295, 301, 321, 325, 335, 339, 343, 349, 353, 357, 361, 365, 371, 375,
        377, 383, 387, 393, 397, 401, 421, 427, 435, 469,
    }  # fmt: skip
    # A source of a later quotation has the quotation's words too: 285 is no quotation, 353 is.
    assert repeated | {351} <= every
    own = {n for n in every - repeated - {351} if n not in {285, 341, 345, 347, 381, 399, 413, 263, 261}}
    assert own == set()
    # Headings of the post that stand again are no beginnings: the first comment holds them all.
    assert squeezed(lines[294]) in corpus.comments.text.iloc[0]
    assert "1 certainly begin a comment" in said(corpus)


def test_seed_002(shared):
    corpus, lines = read_seed(shared, "002")
    assert len(corpus.comments) == 1
    assert corpus.comments.confidence.iloc[0] < 0.05
    assert len([line for line in corpus.comments.text.iloc[0].split("\n") if line]) == len(lines)
    assert corpus.posts.text.iloc[0] == ""
    assert corpus.posts.isna().title.all()
    assert "feed of one unknown author" in said(corpus)


def test_seed_003(shared):
    corpus, lines = read_seed(shared, "003")
    post = corpus.posts.iloc[0]
    assert post.title == lines[0]
    assert sum(part.startswith("[^") for part in post.text.split("\n\n")) == 10
    assert post.text.endswith(lines[44])
    assert corpus.comments.text.iloc[0].split("\n")[0] == lines[45]
    assert (corpus.comments.confidence < 0.9).all()
    assert set(corpus.comments.origin) == {"inferred"}
    quotes = [line for text in corpus.comments.text for line in text.split("\n") if line.startswith(">")]
    assert quotes == [lines[53]]
    assert corpus.comments.text.iloc[-1].endswith(lines[59])


def test_seeds_are_known_and_laid_out(shared):
    for number in ("000", "001", "002", "003"):
        assert page_text.detect(sample(seed(shared, number)))
    assert lay_out(seed(shared, "000").read_text(encoding="utf-8").split("\n")).comments_at == 70
    assert lay_out(seed(shared, "001").read_text(encoding="utf-8").split("\n")).comments_at == 249
