from email.header import Header
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pandas as pd
import pytest

from threadkit.readers.mail_text import canonical
from threadkit.readers.read import read

FROM = "From ana at mail.example  Thu Mar  1 10:00:00 2012"


def mail(name, text="Words.", to=None, refs=None, subject="On tea", sender="Ana Lind <ana@mail.example>", **more):
    fields = {"From": sender, "Date": "Thu, 01 Mar 2012 10:00:00 +0200", "Subject": subject}
    fields |= {"Message-ID": f"<{name}@mail.example>"} if name else {}
    fields |= {"In-Reply-To": f"<{to}@mail.example>"} if to else {}
    fields |= {"References": " ".join(f"<{ref}@mail.example>" for ref in refs)} if refs else {}
    fields |= {key.replace("_", "-"): value for key, value in more.items()}
    head = "\n".join(f"{key}: {value}" for key, value in fields.items() if value is not None)
    return f"{FROM}\n{head}\n\n{text}\n\n"


def packed(message, name, **headers):
    message["Message-ID"] = f"<{name}@mail.example>"
    for key, value in {"From": "Ana <ana@mail.example>", "Subject": "On tea", **headers}.items():
        message[key.replace("_", "-")] = value
    return f"{FROM}\n{message.as_string()}\n\n"


def full(**ids):
    return {f"{key}@mail.example": f"{value}@mail.example" for key, value in ids.items()}


def test_a_thread_is_read_with_its_tree(corpus_of):
    corpus = corpus_of(
        mail("a", "Is tea safe?", List_Id="Tea talk <tea.lists.example>", Archived_At="<https://lists.example/a>")
        + mail("b", "> Is tea safe?\n\nNo.", "a", ["a"], "Re: On tea", "bo at mail.example (Bo Åberg)")
        + mail("c", "Why?", "b", ["a", "b"], "Re: On tea")
        + mail("d", "Never mind.", subject="Another thing"),
        "2012-March.txt",
    )
    row = corpus.posts.loc["a@mail.example"]
    assert (row.title, row.author, row.text, row.site) == ("On tea", "Ana Lind", "Is tea safe?", "tea.lists.example")
    assert row.url == "https://lists.example/a"
    assert str(row.posted_at) == "2012-03-01 08:00:00+00:00"
    assert list(corpus.posts.index) == ["a@mail.example", "d@mail.example"]
    rows = corpus.comments
    assert rows.parent_id.dropna().to_dict() == full(c="b")
    assert rows.depth.tolist() == [0, 1]
    assert rows.author.tolist() == ["Bo Åberg", "Ana Lind"]
    assert rows.loc["b@mail.example", "text"] == "> Is tea safe?\n\nNo."
    assert rows.karma.isna().all()
    assert corpus.problems.empty


def test_references_and_subjects_stand_in_where_the_parent_is_unknown(corpus_of):
    corpus = corpus_of(
        mail("a", "One.")
        + mail("b", "Two.", to="lost", refs=["a", "lost"], subject="Re: On tea")
        + mail("c", "Three.", subject="RE: [tea] On tea")
        + mail("d", "Four.", subject="Aw: Something else")
        + mail("e", "Five.", to="gone", subject="Re: Long ago")
        + mail("f", "Six.", to="e", refs=["older", "gone", "e"], subject="Re: Long ago")
    )
    rows = corpus.comments
    assert rows.post_id.to_dict() == full(b="a", c="a", e="gone", f="gone")
    assert rows.parent_id.dropna().to_dict() == full(f="e")
    assert list(corpus.posts.index) == ["a@mail.example", "d@mail.example", "gone@mail.example"]
    said = "\n".join(corpus.problems.what)
    assert "1 mails say by their subject" in said
    assert "'gone@mail.example' is not in the export" in said


def test_threads_go_on_in_the_next_months_file(write):
    march = write("2012-03.mbox", mail("a", "One.") + mail("b", "Two.", "a", ["a"]))
    april = write(
        "2012-04.mbox", mail("c", "Three.", "b", ["a", "b"]) + mail("d", "Four.", "b") + mail("e", "Five.", "d")
    )
    may = write("2012-05.mbox", mail("f", "Six.", "e", subject="Re: now another subject"))
    for order in ([march, april, may], [may, april, march], [april, may, march]):
        corpus = read(*order)
        assert list(corpus.posts.index) == ["a@mail.example"]
        assert corpus.comments.parent_id.dropna().to_dict() == full(c="b", d="b", e="d", f="e")
        assert corpus.comments.loc["f@mail.example", "depth"] == 3
        assert not corpus.problems.what.str.contains("not in the export|does not hold").any()


def test_lines_that_begin_like_a_separator(corpus_of):
    body = "From my point of view\nit is safe.\n\nFrom here on, no.\n>From the start, yes.\n\n> quoted\n>From them"
    corpus = corpus_of(mail("a", body) + mail("b"))
    assert len(corpus.posts) == 2
    text = corpus.posts.text["a@mail.example"]
    assert text.startswith("From my point of view")
    assert "\n\nFrom here on, no." in text
    assert "From the start, yes." in text
    assert "> quoted" in text


def test_what_mail_programs_add_is_no_word_of_the_writer(corpus_of):
    body = """On Thu, Mar 1, 2012 at 10:00 AM, Ana Lind
<ana@mail.example> wrote:
> Bo schrieb:
>> Tea is
>> safe.
> Really?
No.

--
Ana
_______________________________________________
Tea mailing list
Tea@lists.example"""
    text = corpus_of(mail("a", body)).posts.text.iloc[0]
    assert text == ">> Tea is\n>> safe.\n\n> Really?\n\nNo."
    assert (
        canonical("No.\n\n-----Original Message-----\nFrom: Bo\n\nTea is safe.")
        == "No.\n\n> From: Bo\n\n> Tea is safe."
    )


def test_wrapped_lines_are_joined_and_others_are_not():
    long = "This line is long enough to have been wrapped by a mail program,"
    assert (
        canonical(f"{long}\nand this is its rest.\n\nFirst\nSecond") == f"{long} and this is its rest.\n\nFirst\nSecond"
    )
    assert canonical(f"{long}\n- a point\n- {long}\n  more") == f"{long}\n- a point\n- {long}\nmore"
    assert canonical("A flowed \nline.\nA new one.", flowed=True) == "A flowed line.\nA new one."
    assert canonical(f"> {long}\n> and more.\nNo.") == f"> {long} and more.\n\nNo."
    assert canonical("") == ""


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Tee ist schön – wirklich."),
        ("iso-8859-1", "Tee ist schön."),
        ("koi8-r", "Чай безопасен."),
        ("iso-2022-jp", "お茶は安全です。"),
    ],
)
def test_encodings(corpus_of, charset, text):
    sender = f"{Header('Ines Åberg', 'utf-8').encode()} <ines@mail.example>"
    subject = Header(text, charset)
    row = corpus_of(packed(MIMEText(text, "plain", charset), "a", From=sender, Subject=subject)).posts.iloc[0]
    assert (row.text, row.title, row.author) == (text, text, "Ines Åberg")


def test_undeclared_and_unknown_encodings(corpus_of):
    raw = mail("a", "X", sender="Ines Åberg <i@mail.example>", Content_Type="text/plain; charset=nonsense").encode(
        "cp1252"
    )
    raw = raw.replace(b"X\n", "Schön – ja\n".encode("cp1252"))
    row = corpus_of(raw).posts.iloc[0]
    assert row.text == "Schön – ja"
    assert row.author.startswith("Ines ")


def test_parts_of_a_mail(corpus_of):
    both = MIMEMultipart("alternative")
    both.attach(MIMEText("Plain words."))
    both.attach(MIMEText("<p>Rich words.</p>", "html"))
    rich = MIMEText("<blockquote type='cite'>Tea is safe</blockquote><div>No.</div>", "html")
    sent = MIMEMultipart()
    sent.attach(MIMEText("See the file."))
    file = MIMEText("not my words")
    file.add_header("Content-Disposition", "attachment", filename="x.txt")
    sent.attach(file)
    corpus = corpus_of(packed(both, "a") + packed(rich, "b") + packed(sent, "c"))
    assert corpus.posts.text.tolist() == ["Plain words.", "> Tea is safe\n\nNo.", "See the file."]


def test_mails_without_what_they_need(corpus_of):
    corpus = corpus_of(
        mail("a", "One.")
        + mail(None, "Two.", to="a", Date="some day")
        + mail("b", "", to="a", sender=None)
        + mail("a", "One.")
        + mail("a", "Another.", to="b")
        + mail("c", "Circle.", to="d")
        + mail("d", "Circle.", to="c")
        + mail("e", "Self.", to="e")
        + mail("f", "Bad base64 é", to="a", Content_Transfer_Encoding="base64")
    )
    rows = corpus.comments
    assert len(rows) + len(corpus.posts) == 8
    assert rows.loc["thread#2", "post_id"] == "a@mail.example"
    assert pd.isna(rows.loc["thread#2", "posted_at"])
    assert pd.isna(rows.loc["b@mail.example", "author"])
    assert rows.loc["a@mail.example~2", "parent_id"] == "b@mail.example"
    assert rows.loc["d@mail.example", "post_id"] == "c@mail.example"
    assert "e@mail.example" in corpus.posts.index
    said = "\n".join(corpus.problems.what)
    for part in ("no Message-ID", "posted_at is 'some day'", "stands twice", "stands twice with different text"):
        assert part in said


def test_deep_threads(corpus_of):
    n = 3000
    text = "".join(mail(f"m{i}", f"Words {i}.", f"m{i - 1}" if i else None) for i in range(n))
    corpus = corpus_of(text)
    assert (len(corpus.posts), corpus.comments.depth.max()) == (1, n - 2)


def test_line_ends_and_truncation(corpus_of):
    whole = "".join(mail(f"m{i}", "Words.", "m0" if i else None) for i in range(5))
    assert len(corpus_of(whole.replace("\n", "\r\n").encode()).comments) == 4
    assert len(corpus_of(whole[:-5]).comments) == 4


def test_only_mail_is_taken(known_as):
    assert known_as(mail("a")) == ["mbox"]
    for other in ("From my point of view\nit is safe.", "From 10:30 to 2012\nwords", "Subject: x\n\nFrom"):
        assert "mbox" not in known_as(other)


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("=?utf-8?q?Lind=2C_Ana?= <ana@tea.example>", "Lind, Ana"),
        ("=?utf-8?b?WmM7OQ==?= <ana@tea.example>", "Zc;9"),
        ("=?utf-8?q?Ana_at_home?= <ana@tea.example>", "Ana at home"),
        ('"Lind, Ana" <ana@tea.example>', "Lind, Ana"),
        ("Ana at home <ana@tea.example>", "Ana at home"),
        ("ana at tea.example (Ana Lind)", "Ana Lind"),
        ("ana at tea.example (=?utf-8?q?An=C3=A1?=)", "An\u00e1"),
        ("ana@tea.example", "ana"),
        ("=?utf-8?q?An=C3=A1?=\n =?utf-8?q?_Lind?= <ana@tea.example>", "An\u00e1 Lind"),
        ("An\u00e1 <ana@tea.example>", "An\u00e1"),
    ],
)
def test_every_way_to_write_an_author(write, header, author):
    mail = f"From x Mon Jan  1 00:00:00 2024\nMessage-ID: <p>\nFrom: {header}\nSubject: Tea\n\nTea.\n"
    assert read(write("a.mbox", mail)).posts.author.tolist() == [author]


def test_a_charset_that_is_none_is_guessed(corpus_of):
    text = mail(
        "b", "No.", to="a", sender="=?u\x00?q?Bo?= <bo@mail.example>", Content_Type='text/plain; charset="a\x00b"'
    )
    row = corpus_of(mail("a") + text, "list.mbox").comments.iloc[0]
    assert (row.author, row.text) == ("Bo", "No.")


def test_a_mail_of_thousands_of_parts_costs_its_text_alone(corpus_of):
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(2000))
    deep = f"{FROM}\nFrom: Bo <bo@x>\nMessage-ID: <b@mail.example>\nIn-Reply-To: <a@mail.example>\n{parts}\nNo.\n\n"
    corpus = corpus_of(mail("a") + deep + mail("c", "Yes.", to="a"), "list.mbox")
    assert corpus.comments["text"].tolist() == ["", "Yes."]
    assert corpus.problems["severity"].tolist() == ["error"]


def test_a_mail_within_a_mail_is_not_the_writer_s(corpus_of):
    message = MIMEMultipart()
    message.attach(MIMEText("See what Carl says."))
    inner = MIMEText("The opposite.")
    inner["From"] = "Carl <carl@mail.example>"
    message.attach(MIMEMessage(inner))
    text = mail("a") + packed(message, "b", In_Reply_To="<a@mail.example>")
    assert corpus_of(text, "list.mbox").comments["text"].tolist() == ["See what Carl says."]
