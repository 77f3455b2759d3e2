"""Every table's columns, dtypes and units: data, which corpus/schema.py checks.

A new column is one line here, the step that fills it and the report that shows it.
"""

from __future__ import annotations

from threadkit.corpus.schema import COUNT, SCORE, SHARE, TEXT, TIME, Column, Table

# A difference or recurrence with at most this q-value counts as more than chance gives.
MAX_Q = 0.05

POSTS = Table(
    "posts",
    ("post_id",),
    {
        "site": Column(TEXT, "forum, as the export names it"),
        "url": Column(TEXT, "address of the post"),
        "title": Column(TEXT, "title"),
        "author": Column(TEXT, "author; NA = unknown or deleted"),
        "posted_at": Column(TIME, "time of posting"),
        "karma": Column(SCORE, "approval score; NA = hidden or unknown"),
        "af_karma": Column(SCORE, "Alignment Forum approval score"),
        "n_comments_stated": Column(SCORE, "comments the page or export says it has"),
        "text": Column(TEXT, "body as canonical text (base/text.py)"),
    },
)

COMMENTS = Table(
    "comments",
    ("comment_id",),
    {
        "post_id": Column(TEXT, "the post it stands under"),
        "parent_id": Column(TEXT, "the comment it answers; NA = answers the post, or unknown"),
        "author": Column(TEXT, "author; NA = deleted or unknown"),
        "posted_at": Column(TIME, "time of posting"),
        "karma": Column(SCORE, "approval score; NA = hidden or unknown, never 0 for that"),
        "agreement": Column(SCORE, "agreement score; NA = the forum has none, or unknown"),
        "af_karma": Column(SCORE, "Alignment Forum approval score"),
        "depth": Column("int16", "0 = answers the post; capped at 32767"),
        "origin": Column(TEXT, "stated by the export, or inferred by threadkit"),
        "confidence": Column("float32", "that this is one whole comment, 0 to 1; 1 where stated"),
        "status": Column(TEXT, "live, deleted, removed, bot, or stub (the export names it without its text)"),
        "url": Column(TEXT, "address of the comment"),
        "text": Column(TEXT, "body as canonical text (base/text.py); empty where not live"),
    },
)

PROBLEMS = Table(
    "problems",
    ("problem",),
    {
        "source": Column(TEXT, "the file"),
        "place": Column(TEXT, "line, record or field in it"),
        "comment_id": Column(TEXT, "the comment concerned, if one"),
        "severity": Column(TEXT, "info (nothing lost), warning (guessed or repaired), error (something lost)"),
        "what": Column(TEXT, "what was found"),
        "cure": Column(TEXT, "what the user can do, or what threadkit did"),
    },
    index_dtypes=("int64",),
)

SEGMENTS = Table(
    "segments",
    ("segment_id",),
    {
        "comment_id": Column(TEXT, "the comment it is a part of"),
        "start": Column(COUNT, "first character in comments.text"),
        "stop": Column(COUNT, "one past its last character in comments.text"),
        "kind": Column(
            TEXT, "prose, quote, code (tables too), or inline: words that the prose before it holds in quotation marks"
        ),
        "text": Column(TEXT, "comments.text[start:stop]"),
        "concedes": Column("boolean", "its writer gives a point up or changes their mind; NA = quote, code"),
        "language": Column(TEXT, "language of its comment's own words, ISO 639-1; NA = cannot be told, quote, code"),
    },
)

QUOTES = Table(
    "quotes",
    ("segment_id",),
    {
        "source_id": Column(TEXT, "the comment or post quoted (start NA: its title); NA = not found in its thread"),
        "start": Column("Int32", "first character in the source's text"),
        "stop": Column("Int32", "one past the last character in the source's text"),
        "match": Column("float32", "share of the quote that stands in the source, 0 to 1"),
        "form": Column(TEXT, "marked (as a quote), unmarked, or inline (in quotation marks)"),
        "of_self": Column("boolean", "whether the quoter wrote them; NA = source or an author unknown"),
        "via": Column(TEXT, "whose quote the words were taken from; the source itself where it quotes from elsewhere"),
    },
)

STANCES = Table(
    "stances",
    ("segment_id",),
    {
        "comment_id": Column(TEXT, "the comment it is a part of"),
        "target_id": Column(TEXT, "the segment, comment or post whose words it answers"),
        "target_text": Column(TEXT, "those words"),
        "post_id": Column(TEXT, "the post it stands under"),
        "author": Column(TEXT, "who wrote the segment"),
        "p_disagree": Column("float32", "probability, 0 to 1"),
        "p_neutral": Column("float32", "probability, 0 to 1"),
        "p_agree": Column("float32", "probability, 0 to 1"),
        "stance": Column(TEXT, "disagree, neutral or agree (dispute/stance.py: decide)"),
        "evidence": Column(TEXT, "what chose the target: quote, parent, thread, post or claim (the post as a whole)"),
        "kind": Column(TEXT, "kind of disagreement (corpus/kinds.py); NA = unclear, or no disagreement"),
        "p_kind": Column(SHARE, "probability of that kind, 0 to 1"),
    },
)

OBJECTIONS = Table(
    "objections",
    ("segment_id",),
    {
        **STANCES.columns,
        "text": Column(TEXT, "the objector's words, as a reader sees them"),
        "copy_of": Column(TEXT, "the earlier objection that this one repeats, nearly or wholly; NA = its own words"),
        "talk": Column("boolean", "it is mere talk about the debate and joins no crux; NA = in another language"),
        "topoi": Column(
            TEXT, "general points it voices, by name, the likeliest first, parted by blanks; NA = none told"
        ),
        "p_topos": Column(SHARE, "probability of the first of them, 0 to 1"),
        "crux_id": Column("Int32", "the crux it belongs to; NA = none"),
        "strength": Column("float32", "how well it fits its crux: cosine to the others, 0 to 1; 0 = in none"),
        "x": Column("float32", "place on the map; near = similar, no unit"),
        "y": Column("float32", "place on the map"),
    },
)

CRUXES = Table(
    "cruxes",
    ("crux_id",),
    {
        "title": Column(TEXT, "the point, in an objector's own words"),
        "title_id": Column(TEXT, "the objection that the title is taken from"),
        "title_start": Column(SCORE, "where it begins in that objection's text, in characters"),
        "title_stop": Column(SCORE, "where it ends"),
        "reworded": Column(TEXT, "the point as a labeler words it; NA = none was asked or its quotes are not there"),
        "claim": Column(TEXT, "the words that the objectors deny and the defenders hold"),
        "words": Column(TEXT, "words that set it apart from other cruxes, best first"),
        "example_id": Column(TEXT, "the most central objection"),
        "theme_id": Column("int32", "the theme that it shares with the cruxes near it, 0 for the largest"),
        "n_objections": Column(COUNT, "objections, copies not counted"),
        "n_copies": Column(COUNT, "copies of them, left out of every other count"),
        "n_posts": Column(COUNT, "distinct posts"),
        "n_threads": Column(COUNT, "distinct threads: comments that answer the post, with all below them"),
        "n_authors": Column(COUNT, "distinct known authors, at least 1"),
        "n_authors_effective": Column(SHARE, "inverse Simpson index of the authors: 1 = one author wrote nearly all"),
        "n_independent": Column(COUNT, "posts that can each be credited to a different author"),
        "n_posts_close": Column(COUNT, "of these, the posts whose objections are nearest beside what chance gives"),
        "n_posts_expected": Column(SHARE, "posts that unrelated objections reach as closely (crux/chance.py)"),
        "effect": Column(SHARE, "n_posts_close / n_posts_expected; above 1 = comes back more than chance gives"),
        "effect_low": Column(SHARE, "lower end of its 95 % interval"),
        "effect_high": Column(SHARE, "upper end of its 95 % interval"),
        "p_value": Column(SHARE, "probability that unrelated objections come back so closely on so many posts"),
        "q_value": Column(SHARE, "p_value after Benjamini and Hochberg over all cruxes and ungrouped objections"),
        "spread": Column(SHARE, "n_posts / the posts its objections would reach if dealt out at random, 0 to about 1"),
        "prevalence": Column(SHARE, "share of all objections, 0 to 1"),
        "prevalence_karma": Column(SHARE, "share of the positive karma of all objecting comments; NA = none known"),
        "prevalence_agreement": Column(SHARE, "share of their positive agreement; NA = none known"),
        "reception": Column(TEXT, "liked or not, agreed with or not (crux/prevalence.py); NA = scores unknown"),
        "n_comments": Column(COUNT, "distinct objecting comments"),
        "load_bearing": Column(SHARE, "share of the objecting comments of its posts that make it, 0 to 1"),
        "n_defenders": Column(COUNT, "distinct authors who hold the claim"),
        "n_comments_defending": Column(COUNT, "distinct comments that hold it; posts are not counted"),
        "karma_defending": Column(SCORE, "karma of these comments, each counted once"),
        "agreement_defending": Column(SCORE, "agreement of these comments, each counted once"),
        "n_answered": Column(COUNT, "posts on which it was answered, as in the table answers"),
        "n_conceded": Column(COUNT, "objections whose author conceded after an answer"),
        "n_after_answer": Column(COUNT, "posts on which others raised it again after its first answer anywhere"),
        "best_answer_id": Column(TEXT, "comment that answers it best (crux/answers.py); NA = no such answer"),
        "recurring": Column("bool", "at least two posts and two authors"),
        "karma_sum": Column(SCORE, "karma of the objecting comments, each counted once"),
        "karma_median": Column("Float32", "median karma of the objecting comments"),
        "agreement_sum": Column(SCORE, "agreement of the objecting comments, each counted once"),
        "agreement_median": Column("Float32", "median agreement of the objecting comments"),
        "first_at": Column(TIME, "first objection"),
        "last_at": Column(TIME, "last objection"),
        "n_days": Column(SHARE, "days from first to last; NA = times unknown"),
        "rhythm": Column(TEXT, "burst or steady, beside the forum's own activity; NA = too few posts to tell"),
        "set_off_by": Column(TEXT, "post from which on it came up more often; NA = none stands out"),
        "stability": Column("float32", "0 to 1; NA = not measured in this run"),
    },
    index_dtypes=("int32",),
)

SIDES = Table(
    "sides",
    ("crux_id", "segment_id"),
    {
        "side": Column(TEXT, "objector or defender; a known author is one of them in a crux, where they say more"),
        "comment_id": Column(TEXT, "the comment it is a part of; NA = the post itself"),
        "post_id": Column(TEXT, "the post it stands under"),
        "author": Column(TEXT, "who wrote it"),
        "text": Column(TEXT, "the words"),
    },
    index_dtypes=("int32", TEXT),
)

RECURRENCE = Table(
    "recurrence",
    ("crux_id", "post_id"),
    {
        "n_objections": Column(COUNT, "objections on this post, copies not counted"),
        "n_authors": Column(COUNT, "distinct known authors on this post, at least 1"),
        "first_at": Column(TIME, "first objection on this post"),
        "karma_sum": Column(SCORE, "karma of the objecting comments on this post"),
        "agreement_sum": Column(SCORE, "agreement of the objecting comments on this post"),
        "answered_by": Column(TEXT, "comment that answered it best on this post; NA = none did"),
    },
    index_dtypes=("int32", TEXT),
)

ANSWERS = Table(
    "answers",
    ("segment_id",),
    {
        "crux_id": Column("int32", "the crux of the objection"),
        "post_id": Column(TEXT, "the post it stands under"),
        "comment_id": Column(TEXT, "the objecting comment"),
        "author": Column(TEXT, "the objector"),
        "objected_at": Column(TIME, "time of the objection"),
        "answered": Column(
            "bool", "the post's author took it up, or a reply scored higher (where none is scored: one that disagrees)"
        ),
        "answer_id": Column(TEXT, "the comment that took it up best; NA = nobody did"),
        "answer_author": Column(TEXT, "who wrote that comment"),
        "by_post_author": Column("boolean", "whether the post's author wrote it"),
        "answered_at": Column(TIME, "time of that comment"),
        "karma_margin": Column(SCORE, "karma of the answer less that of the objection; NA = one is unknown"),
        "agreement_margin": Column(SCORE, "agreement of the answer less that of the objection"),
        "answer_text": Column(TEXT, "the answer's words, as a reader sees them"),
        "conceded": Column("bool", "the objector conceded under the answer"),
        "concession_id": Column(TEXT, "the comment that concedes"),
        "came_back": Column("bool", "somebody else raised the crux again on another post after this answer"),
    },
)

TRENDS = Table(
    "trends",
    ("crux_id", "month"),
    {
        "n_objections": Column(COUNT, "objections in this month, copies not counted"),
        "n_posts": Column(COUNT, "posts on which it was raised in this month"),
        "n_posts_active": Column(COUNT, "posts on which anything was objected to in this month"),
        "prevalence": Column("float32", "n_posts / n_posts_active, 0 to 1"),
        "low": Column("float32", "lower end of its 95 % interval"),
        "high": Column("float32", "upper end of its 95 % interval"),
    },
    index_dtypes=("int32", TIME),
)

MATCHES = Table(
    "matches",
    ("segment_id",),
    {
        "crux_id": Column("Int32", "the crux that the new objection belongs to; NA = none"),
        "similarity": Column("float32", "mean cosine to the members of that crux; 0 = in none"),
        "how": Column(TEXT, "known (joined a crux of the earlier run), new (opened one) or none"),
    },
)

CHANGES = Table(
    "changes",
    ("change",),
    {
        "crux_id": Column("int32", "the crux that changed"),
        "kind": Column(TEXT, "new, grown, split, merged, gone quiet, come back, or answered since"),
        "n_posts_before": Column(COUNT, "its posts in the earlier run"),
        "n_posts": Column(COUNT, "its posts now"),
        "n_objections_before": Column(COUNT, "its objections in the earlier run"),
        "n_objections": Column(COUNT, "its objections now"),
        "other_id": Column("Int32", "the crux that it was split from, or that was merged into it"),
        "title": Column(TEXT, "its title"),
    },
    index_dtypes=("int64",),
)

COMPARISON = Table(
    "comparison",
    ("shared_id",),
    {
        "kind": Column(TEXT, "shared, only A or only B"),
        "crux_ids_a": Column(TEXT, "its cruxes in A, joined by spaces"),
        "crux_ids_b": Column(TEXT, "its cruxes in B, joined by spaces"),
        "title_a": Column(TEXT, "title of its largest crux in A"),
        "title_b": Column(TEXT, "title of its largest crux in B"),
        "similarity": Column("Float32", "mean cosine between its objections in A and those in B; NA = not shared"),
        "n_posts_a": Column(COUNT, "posts of A on which it was raised"),
        "n_posts_b": Column(COUNT, "posts of B on which it was raised"),
        "n_authors_a": Column(COUNT, "distinct known authors in A"),
        "n_authors_b": Column(COUNT, "distinct known authors in B"),
        "n_objections_a": Column(COUNT, "objections in A"),
        "n_objections_b": Column(COUNT, "objections in B"),
        "prevalence_a": Column(SHARE, "share of the posts of A that hold any objection"),
        "prevalence_b": Column(SHARE, "share of the posts of B that hold any objection"),
        "log_odds": Column(SHARE, "log of the odds in B over those in A; above 0 = more frequent in B"),
        "log_odds_low": Column(SHARE, "lower end of its 95 % interval"),
        "log_odds_high": Column(SHARE, "upper end of its 95 % interval"),
        "p_value": Column(SHARE, "two-sided probability of such a difference by chance"),
        "q_value": Column(SHARE, "p_value after Benjamini and Hochberg over all rows"),
        "karma_a": Column(SHARE, "mean place of its karma among the comments of A, 0 lowest to 1 highest"),
        "karma_b": Column(SHARE, "the same in B"),
        "karma_difference": Column(SHARE, "karma_b − karma_a, −1 to 1"),
        "karma_q_value": Column(SHARE, "q-value of that difference"),
        "answered_a": Column(SHARE, "share of its posts in A on which it was answered"),
        "answered_b": Column(SHARE, "the same in B"),
        "answered_difference": Column(SHARE, "answered_b − answered_a, −1 to 1"),
        "answered_low": Column(SHARE, "lower end of its 95 % interval"),
        "answered_high": Column(SHARE, "upper end of its 95 % interval"),
    },
    index_dtypes=("int32",),
)

# What an analysis holds: one Parquet file each. `matches` and `changes` are empty unless the run continued another.
ANALYSIS_TABLES = {
    table.name: table
    for table in (
        POSTS,
        COMMENTS,
        PROBLEMS,
        SEGMENTS,
        QUOTES,
        STANCES,
        OBJECTIONS,
        CRUXES,
        SIDES,
        RECURRENCE,
        ANSWERS,
        TRENDS,
        MATCHES,
        CHANGES,
    )
}
