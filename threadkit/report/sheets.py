"""An analysis → the sheets that an analyst opens in a spreadsheet: one row a crux, objection, answer, post, problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from threadkit.base.text import printable
from threadkit.corpus.ranking import by_recurrence
from threadkit.report.coverage import worst_first
from threadkit.report.show import address, line
from threadkit.report.voice import post_name

if TYPE_CHECKING:
    from threadkit.corpus.analysis import Analysis

# Signs with which a spreadsheet takes a cell for a formula, full-width ones too
# (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What makes it text again, and is not shown by a spreadsheet that reads the cell as one.
GUARD = "'"


def _names(listed: str) -> list[str]:
    return listed.split()


_CRUX = _names(
    "crux_id title claim words recurring n_objections n_posts n_independent n_authors n_defenders "
    "n_answered n_conceded n_after_answer karma_sum karma_median agreement_sum agreement_median first_at last_at "
    "effect p_value q_value prevalence spread reception rhythm stability n_copies"
)
_OBJECTION = _names(
    "segment_id crux_id crux claim author text answers_words karma agreement posted_at answered answered_by "
    "answered_at answer_url conceded came_back post url p_disagree kind p_kind topoi strength copy_of "
    "comment_id post_id"
)
_ANSWER = _names(
    "crux_id crux objector objection answer answer_author by_post_author answered_at karma_margin agreement_margin "
    "conceded came_back post answer_url objection_url segment_id answer_id post_id"
)
_POST = _names("post_id site title author posted_at karma n_comments n_objections n_cruxes url")
_PROBLEM = _names("severity what cure source place comment_id")


def neutral(text: str) -> str:
    r"""Return text that no spreadsheet takes for a formula, without control characters.

    >>> neutral("=1+1"), neutral("fine = good"), neutral("a\x1b[31m")
    ("'=1+1", 'fine = good', 'a[31m')
    """
    text = printable(text.replace("\r", "\n"))
    return f"{GUARD}{text}" if text.startswith(FORMULA) else text


def sheets(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the sheets by name, cruxes most recurrent first; texts are neutral, addresses are such or missing."""
    made = {
        "cruxes": by_recurrence(analysis.cruxes).reset_index()[_CRUX],
        "objections": _objections(analysis),
        "answers": _answers(analysis),
        "posts": _posts(analysis),
        "problems": worst_first(analysis.problems)[_PROBLEM],
    }
    return {name: sheet.apply(_safe).reset_index(drop=True) for name, sheet in made.items()}


def _safe(column: pd.Series) -> pd.Series:
    if column.dtype != "string":
        return column
    return column.map(address if str(column.name).endswith("url") else neutral, na_action="ignore").astype("string")


def _objections(analysis: Analysis) -> pd.DataFrame:
    table = _ranked(analysis.objections.reset_index(), analysis)
    comments = analysis.comments.reindex(table["comment_id"])
    told = ["answered", "answer_author", "answered_at", "answer_id", "conceded", "came_back"]
    ledger = analysis.answers.reindex(table["segment_id"])[told].reset_index(drop=True)
    made = table.assign(
        answers_words=table["target_text"],
        karma=comments["karma"].array,
        agreement=comments["agreement"].array,
        posted_at=comments["posted_at"].array,
        url=comments["url"].array,
        post=_post_names(table["post_id"], analysis),
        # What stands in no crux was not looked up; a copy has its original's row.
        answered=ledger["answered"].astype("boolean"),
        conceded=ledger["conceded"].astype("boolean"),
        came_back=ledger["came_back"].astype("boolean"),
        answered_by=ledger["answer_author"],
        answered_at=ledger["answered_at"],
        answer_url=_urls(ledger["answer_id"], analysis),
    )
    return made[_OBJECTION]


def _answers(analysis: Analysis) -> pd.DataFrame:
    table = analysis.answers[analysis.answers["answer_id"].notna()].reset_index()
    table = _ranked(table, analysis)
    made = table.assign(
        objector=table["author"],
        objection=analysis.objections["text"].reindex(table["segment_id"]).array,
        answer=table["answer_text"],
        post=_post_names(table["post_id"], analysis),
        answer_url=_urls(table["answer_id"], analysis),
        objection_url=_urls(table["comment_id"], analysis),
    )
    return made[_ANSWER]


def _posts(analysis: Analysis) -> pd.DataFrame:
    posts = analysis.posts
    own = (
        analysis.objections[analysis.objections["copy_of"].isna()]
        .groupby("post_id")["crux_id"]
        .agg(["size", "nunique"])
    )
    own = own.reindex(posts.index).fillna(0).astype("int64")
    counts = analysis.comments["post_id"].value_counts().reindex(posts.index).fillna(0).astype("int64")
    made = posts.assign(n_comments=counts, n_objections=own["size"], n_cruxes=own["nunique"])
    order = ["n_objections", "n_comments", "post_id"]
    return made.reset_index().sort_values(order, ascending=[False, False, True], kind="stable")[_POST]


def _ranked(rows: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Sort rows by their crux's place, add its title and claim; those in no crux come last."""
    cruxes = by_recurrence(analysis.cruxes)
    place = pd.Series(range(len(cruxes)), index=cruxes.index, dtype="Int64").reindex(rows["crux_id"]).array
    named = rows.assign(
        place=place,
        crux=cruxes["title"].reindex(rows["crux_id"]).array,
        claim=cruxes["claim"].reindex(rows["crux_id"]).array,
    )
    keys = ["place", "strength", "segment_id"] if "strength" in rows else ["place", "segment_id"]
    up = [True, False, True] if "strength" in rows else [True, True]
    return named.sort_values(keys, ascending=up, kind="stable", na_position="last").reset_index(drop=True)


def _post_names(ids: pd.Series, analysis: Analysis) -> pd.Series:
    wanted = analysis.posts[analysis.posts.index.isin(ids)]
    names = {name: line(post_name(row)) for name, row in wanted.iterrows()}
    return ids.map(names).astype("string")


def _urls(ids: pd.Series, analysis: Analysis) -> pd.Series:
    return pd.Series(analysis.comments["url"].reindex(ids).array, index=ids.index, dtype="string")
