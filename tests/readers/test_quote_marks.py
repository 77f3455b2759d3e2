import json

import pytest

from threadkit.readers.body import from_html, from_markdown
from threadkit.readers.quote_marks import marked

MAIL = "On Mon, 3 May 2021 at 10:00, Ana Lind <ana@mail.example> wrote:"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("[quote=ana]Tea is safe.[/quote] No.", "> Tea is safe.\n\nNo."),
        ("[QUOTE][quote=bo;12]One.[/quote]\nTwo.[/QUOTE]\nThree.", ">> One.\n\n> Two.\n\nThree."),
        ('[quote="ana":1a2b]Tea.[/quote:1a2b] No.', "> Tea.\n\nNo."),
        ("[quote author=ana link=topic=1.msg2 date=9]\nTea.\n\n> Ever.\n[/quote]", "> Tea.\n\n>> Ever."),
        ("He typed [/quote] alone.", "He typed [/quote] alone."),
        ("[quote]It never ends.", "[quote]It never ends."),
        ("```\n[quote]a[/quote]\n```\n\nNo.", "```\n[quote]a[/quote]\n```\n\nNo."),
    ],
)
def test_quote_tags_become_marks(typed, text):
    assert marked(typed) == text


def test_quote_tags_are_read_in_every_body(corpus_of):
    assert from_html("[quote=ana]Tea<br>is safe.[/quote]<br>No.") == "> Tea\n> is safe.\n\nNo."
    assert from_markdown("[quote]Tea *is* safe.[/quote] No.") == "> Tea is safe.\n\nNo."
    rows = [
        {"kind": "comment", "id": str(n), "post_id": "p", "author": "ana", "text": f"[quote]Tea {n}.[/quote] No."}
        for n in range(100)
    ]
    comments = corpus_of("".join(json.dumps(row) + "\n" for row in rows), "many.jsonl").comments
    assert comments.loc["99", "text"] == "> Tea 99.\n\nNo."
    assert corpus_of("id,post_id,text\n1,p,[quote]Tea.[/quote] No.\n", "t.csv").comments.loc["1", "text"] == (
        "> Tea.\n\nNo."
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div class="quoteheader">Quote from: ana</div><div class="quote">Tea.</div>No.', "> Tea.\n\nNo."),
        ('<div class="quote">One.<div class="quote">Two.</div></div>No.', "> One.\n\n>> Two.\n\nNo."),
        ('<table><tr><td class="quote">Tea<br>is.</td></tr></table><p>No.</p>', "> Tea\n> is.\n\nNo."),
        ('<div class="bbcode_quote"><div class="bbcode_postedby">By <b>ana</b></div>Tea.</div>No.', "> Tea.\n\nNo."),
        ("<blockquote><div><cite>ana wrote:</cite>Tea.</div></blockquote>No.", "> Tea.\n\nNo."),
        ("<blockquote><div><cite><a>ana</a> wrote: <a>^</a></cite>Tea.</div></blockquote>No.", "> Tea.\n\nNo."),
        (
            '<div class="bbCodeQuote"><div class="attribution type">A said:</div><blockquote>Tea.</blockquote></div>No.',
            "> Tea.\n\nNo.",
        ),
        ("<blockquote>Tea. <cite>Ana wrote:</cite></blockquote>", "> Tea. Ana wrote:"),
        ("See <cite>what ana said</cite>.", "See what ana said."),
    ],
)
def test_boxes_of_bulletin_boards_are_quotes(html, text):
    assert from_html(html) == text


@pytest.mark.parametrize("line", [MAIL, MAIL.replace("Ana Lind", "Ana\nLind"), f"{MAIL}\n"])
def test_the_line_of_a_mail_over_a_quote_is_dropped(line):
    assert from_markdown(f"{line}\n> Tea is safe.\n\nNo.", html=True) == "> Tea is safe.\n\nNo."


def test_a_line_over_a_quote_that_the_writer_wrote_stays():
    said = "On the other hand, as Ana wrote:\n\n> Tea is safe."
    assert from_markdown(said) == said
    alone = f"{MAIL.replace('<', '(').replace('>', ')')}\n\nTea is safe."
    assert from_markdown(alone) == alone


def test_the_line_of_a_mail_in_html_is_dropped():
    html = '<div class="gmail_attr">On Mon, Ana wrote:</div><blockquote>Tea.</blockquote><p>No.</p>'
    assert from_html(html) == "> Tea.\n\nNo."
