import re
from datetime import UTC, datetime

import pandas as pd
import pytest
from lxml import etree

from threadkit.base.errors import FormatError
from threadkit.readers.read import read

BOM = "\ufeff"


def table(kind, *rows, head=True):
    top = f'{BOM}<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE {kind} SYSTEM \'{kind}.dtd\'>\n' if head else ""
    lines = []
    for row in rows:
        element = etree.Element("row", {key: str(value) for key, value in row.items()})
        lines.append("  " + etree.tostring(element, encoding="unicode"))
    return f"{top}<{kind}>\n" + "\n".join(lines) + f"\n</{kind}>"


def question(n, **more):
    fields = {"Id": n, "PostTypeId": 1, "CreationDate": "2012-03-04T05:06:07.890", "Score": 7, "Title": "On tea"}
    return fields | {"Body": "<p>Is tea <b>safe</b>?</p>", "AnswerCount": 1, "CommentCount": 1, **more}


def answer(n, to, **more):
    fields = {"Id": n, "PostTypeId": 2, "ParentId": to, "CreationDate": "2012-03-05T00:00:00.000", "Score": -2}
    return fields | {"Body": "<blockquote><p>Is tea safe?</p></blockquote><p>No.</p>", "CommentCount": 0, **more}


def comment(n, post, text="Why?", **more):
    return {"Id": n, "PostId": post, "Score": 0, "Text": text, "CreationDate": "2012-03-06T00:00:00.000"} | more


@pytest.fixture
def dump(write, tmp_path):
    def _dump(folder="tea.example.com", **tables):
        for name, rows in tables.items():
            write(f"{folder}/{name}.xml", table(name.lower(), *rows))
        return tmp_path / folder

    return _dump


USERS = [
    {"Id": 1, "Reputation": 5, "DisplayName": "Ana Lind"},
    {"Id": 2, "Reputation": 5, "DisplayName": "Bo"},
    {"Id": 3, "Reputation": 5, "DisplayName": "Bo"},
    {"Id": 4, "Reputation": 5, "DisplayName": "Ines Åberg"},
]


def test_questions_answers_and_comments_make_one_tree(dump):
    corpus = read(
        dump(
            Posts=[question(3, OwnerUserId=1, CommentCount=2), answer(4, 3, OwnerUserId=4, CommentCount=1)],
            Comments=[
                comment(3, 3, UserId=4),
                comment(4, 4, UserId=1, Score=5),
                comment(5, 3, "@InesÅberg: `@x` is *code*", UserId=1),
            ],
            Users=USERS,
        )
    )
    post = corpus.posts.loc["3"]
    assert (post.site, post.title, post.author, post.karma) == ("tea.example.com", "On tea", "Ana Lind", 7)
    assert (post.url, post.text) == ("https://tea.example.com/questions/3", "Is tea safe?")
    assert post.posted_at == datetime(2012, 3, 4, 5, 6, 7, 890_000, UTC)
    assert post.n_comments_stated == 4
    rows = corpus.comments
    assert set(rows.index) == {"4", "comment3", "comment4", "comment5"}
    assert rows.loc["4", ["author", "karma", "depth", "text"]].tolist() == [
        "Ines Åberg", -2, 0, "> Is tea safe?\n\nNo.",
    ]  # fmt: skip
    assert rows.parent_id.isna().to_dict() == {"comment3": True, "comment4": False, "comment5": False, "4": True}
    assert rows.loc["comment4", ["post_id", "parent_id", "depth", "karma"]].tolist() == ["3", "4", 1, 5]
    assert rows.loc["comment5", "parent_id"] == "comment3"
    assert rows.loc["comment4", "url"] == "https://tea.example.com/q/4#comment4_4"
    assert corpus.problems.empty


def test_a_name_means_their_last_comment_before_under_the_same_post(dump):
    corpus = read(
        dump(
            Posts=[question(1, CommentCount=7), question(2, CommentCount=1)],
            Comments=[
                comment(1, 1, UserId=4),
                comment(2, 1, UserId=4),
                comment(3, 1, "@ines So what?", UserId=1),
                comment(4, 1, "But @Ana, @Ines", UserId=4),
                comment(5, 1, "@Ines me again", UserId=4),
                comment(6, 1, "write to bo@ines.example", UserId=2),
                comment(7, 1, "@in is too short", UserId=2),
                comment(8, 2, "@Ana elsewhere", UserId=2),
            ],
            Users=USERS,
        )
    )
    parents = corpus.comments.parent_id.dropna().to_dict()
    assert parents == {"comment3": "comment2", "comment4": "comment3"}
    assert corpus.problems.what.str.contains("3 comments name somebody").sum() == 1
    assert corpus.comments.loc["comment6", "author"] == "Bo (2)"


def test_exact_names_win_over_names_that_begin_so(dump):
    users = [{"Id": 1, "Reputation": 1, "DisplayName": "Ana"}, {"Id": 2, "Reputation": 1, "DisplayName": "Anabel"}]
    comments = [comment(1, 1, UserId=1), comment(2, 1, UserId=2), comment(3, 1, "@ana no", UserDisplayName="user9")]
    corpus = read(dump(Posts=[question(1, CommentCount=3)], Comments=comments, Users=users))
    assert corpus.comments.loc["comment3", "parent_id"] == "comment1"
    assert corpus.comments.loc["comment3", "author"] == "user9"


def test_comments_alone_still_work_and_tell_what_is_missing(write):
    rows = [comment(1, 9, UserId=12), comment(2, 9, "@user12 no", UserId=13)]
    corpus = read(write("Comments.xml", table("comments", *rows)))
    assert corpus.comments.parent_id.tolist() == [pd.NA, "comment1"]
    assert corpus.comments.author.tolist() == ["user12", "user13"]
    assert corpus.posts.site.tolist() == ["stackexchange"]
    said = "\n".join(corpus.problems.what)
    assert "the text of post '9' is not in the export" in said
    assert "Users.xml, which is not beside" in said


def test_posts_alone_tell_how_many_comments_are_missing(dump):
    corpus = read(dump(Posts=[question(1, CommentCount=2), answer(2, 1, CommentCount=3)]))
    assert corpus.problems.what.tolist() == ["post '1': 5 of its 6 comments are not in the export"]


def test_files_in_any_order_and_folder_of_any_name(dump):
    folder = dump("x", Posts=[question(1), answer(2, 1)], Comments=[comment(1, 2)])
    one = read(folder / "Comments.xml", folder / "Posts.xml")
    two = read(folder / "Posts.xml", folder / "Comments.xml")
    for corpus in (one, two):
        assert corpus.comments.loc["comment1", ["post_id", "parent_id"]].tolist() == ["1", "2"]
        assert len(corpus.posts) == 1
        assert corpus.comments.url.isna().all()


def test_unknown_authors_stay_unknown_and_the_forum_is_a_bot(dump):
    comments = [comment(1, 1), comment(2, 1), comment(3, 1, UserId=-1), comment(4, 1, UserDisplayName="[deleted]")]
    corpus = read(dump(Posts=[question(1, CommentCount=4, AnswerCount=0)], Comments=comments, Users=USERS))
    assert corpus.comments.author.isna().tolist() == [True, True, False, True]
    assert corpus.comments.status.tolist() == ["live", "live", "bot", "live"]
    assert corpus.posts.author.isna().all()


def test_other_tables_and_kinds_of_post_add_nothing(dump):
    wikis = [question(8, PostTypeId=4), question(9, PostTypeId=5), question(10, PostTypeId=99)]
    badge = {"Id": 1, "UserId": 1, "Name": "Reader", "Date": "2012-01-01T00:00:00.000"}
    corpus = read(dump(Posts=[question(1, CommentCount=0, AnswerCount=0), *wikis], Badges=[badge], Users=USERS))
    assert list(corpus.posts.index) == ["1"]
    assert all(source["format"] == "stackexchange-xml" for source in corpus.sources)
    assert corpus.problems.severity.tolist() == ["info"] * 3


def test_broken_rows_are_told_and_the_rest_is_read(write):
    text = table("comments", comment(1, 1), {"Id": 2, "PostId": 1}, {"Id": 3, "Text": "x"}, {"Text": "x"}, head=False)
    corpus = read(write("c.xml", text))
    assert list(corpus.comments.index) == ["comment1"]
    errors = corpus.problems[corpus.problems.severity == "error"]
    assert errors.what.tolist() == ["a comment 2 has no Text", "a comment 3 has no PostId", "a comment has no Id"]
    assert errors.place.tolist()[:2] == ["row 2", "row 3"]


@pytest.mark.parametrize("damage", [b'Text="a & b \xe9"', b'Text="a \x0b &#0; b"', b'Text="a < b"', b"Text=bad"])
def test_damage_inside_does_not_cost_what_stands_after_it(write, damage):
    good = b'<row Id="%d" PostId="1" Text="fine" />'
    data = (
        b"<comments>\n" + good % 1 + b'<row Id="2" PostId="1" ' + damage + b" />" + good % 3 + good % 4 + b"</comments>"
    )
    corpus = read(write("c.xml", data))
    assert {"comment1", "comment3", "comment4"} <= set(corpus.comments.index)
    assert corpus.problems.what.str.contains("the XML is damaged").sum() == 1
    assert len(corpus.comments) == 4 or corpus.problems.what.str.contains("comment 2 has no Text").any()


def test_a_file_that_was_cut_off(write):
    whole = table("comments", *(comment(n, 1) for n in range(1, 40))).encode()
    corpus = read(write("c.xml", whole[: len(whole) // 2]))
    assert 10 < len(corpus.comments) < 30
    assert corpus.problems.what.str.contains("cut off").sum() == 1


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "entities", ['<!ENTITY a0 "ha">' + LAUGHS, '<!ENTITY a11 SYSTEM "file:///etc/hostname">', "<!ENTITY a11 'x'>"]
)
def test_entities_are_never_expanded(write, entities, encoding):
    text = f'<?xml version="1.0"?><!DOCTYPE comments [{entities}]><comments><row Id="1" PostId="1" Text="&a11;"/></comments>'
    good = write("good.xml", table("comments", comment(5, 1)))
    corpus = read(write("bomb.xml", text.encode(encoding)), good)
    errors = corpus.problems[corpus.problems.source == "bomb.xml"]
    assert (errors.severity == "error").any() or encoding == "utf-16"
    assert corpus.comments.text.str.len().max() < 100
    assert "comment5" in corpus.comments.index
    if encoding == "utf-8":
        with pytest.raises(FormatError, match="declares XML entities"):
            read(write("bomb.xml", text.encode(encoding)))


def test_a_large_file_is_read_piece_by_piece(write):
    text = "Words that say nothing. " * 20
    corpus = read(write("c.xml", table("comments", *(comment(n, 1 + n % 7, text) for n in range(5000)))))
    assert len(corpus.comments) == 5000
    assert corpus.problems.severity.ne("error").all()


def test_nothing_else_is_taken_for_a_dump(known_as):
    assert known_as(table("posts", question(1))) == ["stackexchange-xml"]
    for other in ("<comments><comment/></comments>", "<rows><row Id='1'/></rows>", "<html><posts><row Id='1'/>", "{}"):
        assert "stackexchange-xml" not in known_as(other)


@pytest.fixture(scope="module")
def real(shared):
    return read(shared / "exports" / "stackexchange")


@pytest.fixture(scope="module")
def rows(shared):
    return {
        name: [dict(row.attrib) for row in etree.parse(shared / "exports/stackexchange" / f"{name}.xml").getroot()]
        for name in ("Posts", "Comments")
    }


def test_real_every_row_is_read_with_what_it_states(real, rows):
    posts = {row["Id"]: row for row in rows["Posts"]}
    assert set(real.posts.index) == {name for name, row in posts.items() if row["PostTypeId"] == "1"}
    expected = {name for name, row in posts.items() if row["PostTypeId"] == "2"}
    expected |= {"comment" + row["Id"] for row in rows["Comments"]}
    assert set(real.comments.index) == expected
    assert len(real.comments) == 366 + 1131
    for row in rows["Posts"] + rows["Comments"]:
        if row.get("PostTypeId", "1") not in {"1", "2"}:
            continue
        is_comment = "PostId" in row
        name = f"comment{row['Id']}" if is_comment else row["Id"]
        got = real.posts.loc[name] if row.get("PostTypeId") == "1" else real.comments.loc[name]
        assert got.karma == int(row["Score"])
        assert got.posted_at == datetime.fromisoformat(row["CreationDate"]).replace(tzinfo=UTC)
        user = row.get("UserId" if is_comment else "OwnerUserId")
        shown = row.get("UserDisplayName" if is_comment else "OwnerDisplayName")
        if user == "-1":
            assert got.author == "Community"
        elif user or shown:
            assert got.author == (f"user{user}" if user else shown)
        else:
            assert pd.isna(got.author)


def test_real_every_parent_is_the_one_stated(real, rows):
    posts = {row["Id"]: row for row in rows["Posts"]}
    comments = {"comment" + row["Id"]: row for row in rows["Comments"]}
    for name, got in real.comments.iterrows():
        if name in comments:
            under = posts[comments[name]["PostId"]]
            question = under.get("ParentId", under["Id"])
            assert got.post_id == question
            answered = got.parent_id
            if pd.isna(answered):
                assert under["PostTypeId"] == "1"
            elif answered in comments:
                assert comments[answered]["PostId"] == under["Id"]
                assert "@" in comments[name]["Text"]
                assert answered != name
            else:
                assert answered == under["Id"]
        else:
            assert pd.isna(got.parent_id)
            assert got.post_id == posts[name]["ParentId"]
    assert real.posts.n_comments_stated.sum() == len(real.comments)
    assert real.problems.severity.ne("error").all()


def test_real_no_word_is_lost(real, rows):
    word = re.compile(r"[^\W\d_]{3,}")
    # Emphasis may stand inside a word, and so may invisible characters.
    marks = re.compile("[*_\u200b\u200c\u00ad]")
    for row in rows["Comments"]:
        got = set(word.findall(marks.sub("", real.comments.loc["comment" + row["Id"], "text"])))
        said = re.sub(r"https?://\S+|\]\(\S*\)|&\w+;|<[^>]*>", " ", marks.sub("", row["Text"]))
        assert set(word.findall(said)) <= got, row["Id"]


def test_a_control_character_by_its_number_does_not_take_the_text_along(corpus_of):
    text = table("posts", question(1), answer(2, 1)).replace("No.", "N&#x0;o&#31;.")
    assert corpus_of(text, "Posts.xml").comments["text"].tolist() == ["> Is tea safe?\n\nNo."]
