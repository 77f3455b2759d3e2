import json

import pandas as pd

from threadkit.readers.read import read

HOST = "https://lemmy.example"


def page(n, **more):
    fields = {"id": f"{HOST}/post/{n}", "type": "Page", "attributedTo": f"{HOST}/u/ana", "name": "On tea"}
    return fields | {"content": "<p>Is tea safe?</p>\n", "published": "2023-06-01T10:00:00.5Z", **more}


def note(n, to, host=HOST, who="bo", **more):
    fields = {"id": f"{host}/comment/{n}", "type": "Note", "attributedTo": f"{host}/u/{who}", "inReplyTo": to}
    fields |= {"content": "<blockquote><p>Is tea safe?</p></blockquote><p>No.</p>", "mediaType": "text/html"}
    return fields | {
        "source": {"content": "> x", "mediaType": "text/markdown"},
        "published": "2023-06-02T10:00:00Z",
        **more,
    }


def view(n, path, post=7, score=3, **more):
    comment = {"id": n, "creator_id": 2, "post_id": post, "content": f"> Is tea safe?\n\nNo {n}.", "path": path}
    comment |= {"ap_id": f"{HOST}/comment/{n}", "published": "2023-06-02T10:00:00Z", "removed": False, "deleted": False}
    creator = {"id": 2, "name": "bo", "actor_id": "https://else.example/u/bo", "deleted": False}
    return {"comment": comment | more, "creator": creator, "post": api_post(post)["post"], "counts": {"score": score}}


def api_post(n=7, **more):
    post = {"id": n, "name": "On tea", "body": "Is tea *safe*?", "creator_id": 1, "community_id": 5}
    post |= {"ap_id": f"{HOST}/post/{n}", "published": "2023-06-01T10:00:00Z", "removed": False, "deleted": False}
    return {
        "post": post | more,
        "creator": {"name": "ana", "actor_id": f"{HOST}/u/ana"},
        "counts": {"score": 9, "comments": 3},
    }


def test_notes_find_their_place_whatever_their_order(corpus_of):
    corpus = corpus_of(
        [
            note(3, f"{HOST}/comment/2"),
            note(2, f"{HOST}/comment/1"),
            note(1, f"{HOST}/post/7", host="https://else.example", id=f"{HOST}/comment/1"),
            page(7),
        ]
    )
    row = corpus.posts.loc[f"{HOST}/post/7"]
    assert (row.title, row.text, row.author, row.site) == (
        "On tea",
        "Is tea safe?",
        "ana@lemmy.example",
        "lemmy.example",
    )
    rows = corpus.comments
    assert rows.parent_id.dropna().to_dict() == {
        f"{HOST}/comment/3": f"{HOST}/comment/2",
        f"{HOST}/comment/2": f"{HOST}/comment/1",
    }
    assert rows.depth.tolist() == [2, 1, 0]
    assert rows.text.tolist() == ["> Is tea safe?\n\nNo."] * 3
    assert rows.author.tolist() == ["bo@lemmy.example", "bo@lemmy.example", "bo@else.example"]
    assert rows.karma.isna().all()
    assert corpus.problems.empty


def test_notes_of_several_files_are_joined(write):
    files = [
        write("a.json", note(2, f"{HOST}/comment/1")),
        write("b.json", note(1, f"{HOST}/post/7")),
        write("c.json", page(7)),
    ]
    for order in (files, files[::-1]):
        corpus = read(*order)
        assert corpus.comments.loc[f"{HOST}/comment/2", ["post_id", "parent_id"]].tolist() == [
            f"{HOST}/post/7",
            f"{HOST}/comment/1",
        ]
        assert len(corpus.posts) == 1


def test_notes_that_answer_each_other_in_a_circle_end(corpus_of):
    corpus = corpus_of([note(1, f"{HOST}/comment/2"), note(2, f"{HOST}/comment/1"), note(3, f"{HOST}/comment/3")])
    assert len(corpus.comments) == 3


def test_wrapped_deleted_and_broken_notes(corpus_of):
    gone = {"id": f"{HOST}/comment/5", "type": "Tombstone", "inReplyTo": f"{HOST}/post/7"}
    corpus = corpus_of(
        {
            "type": "OrderedCollection",
            "orderedItems": [
                {"type": "Announce", "object": {"type": "Create", "object": page(7)}},
                {
                    "type": "Create",
                    "object": note(
                        1, {"id": f"{HOST}/post/7"}, attributedTo=[{"type": "Person", "id": f"{HOST}/u/cy"}]
                    ),
                },
                gone,
                note(2, f"{HOST}/post/7", content=None),
                note(3, f"{HOST}/post/7", attributedTo=None, published="soon"),
                note(4, f"{HOST}/post/7", content="*plain*", mediaType="text/markdown"),
                note(6, f"{HOST}/post/7", id=None),
                {"id": f"{HOST}/comment/8", "type": "Tombstone"},
            ],
        }
    )
    rows = corpus.comments.rename(index=lambda name: name.rpartition("/")[2])
    assert rows.status.to_dict() == {"1": "live", "5": "deleted", "2": "deleted", "3": "live", "4": "live"}
    assert rows.loc["1", "author"] == "cy@lemmy.example"
    assert pd.isna(rows.loc["3", "author"])
    assert corpus.problems.what.str.contains("has no id|posted_at is 'soon'|deleted and does not say").sum() == 3


def test_the_api_is_read_with_scores_and_paths(corpus_of):
    comments = [view(12, "0.11.12", score=-4), view(11, "0.11"), view(13, "0.11.99.13")]
    corpus = corpus_of({"comments": [*comments, view(14, "0.14", removed=True), view(15, "0.15", deleted=True)]})
    name = f"{HOST}/comment/{{}}".format
    rows = corpus.comments
    assert rows.parent_id.dropna().to_dict() == {name(12): name(11)}
    assert rows.karma.tolist() == [-4, 3, 3, 3, 3]
    assert rows.status.tolist() == ["live"] * 3 + ["removed", "deleted"]
    assert rows.author.tolist() == ["bo@else.example"] * 5
    assert rows.loc[name(11), "text"] == "> Is tea safe?\n\nNo 11."
    assert corpus.problems.what.tolist() == [
        f"comment '{name(13)}' answers 'comment/99', which the export does not hold"
    ]
    assert corpus.posts.text.tolist() == ["Is tea *safe*?".replace("*", "")]


def test_posts_of_the_api_and_newer_versions(corpus_of):
    corpus = corpus_of({"posts": [api_post(), api_post(8, deleted=True)]})
    assert corpus.posts.karma.tolist() == [9, 9]
    assert corpus.posts.n_comments_stated.tolist() == [3, 3]
    assert corpus.posts.text.tolist()[1] == ""
    one = view(11, "0.11", published=None, published_at="2026-01-01T00:00:00Z")
    one["comment"]["score"] = 6
    del one["counts"]
    one["creator"] = {"name": "cy", "ap_id": "https://new.example/u/cy"}
    row = corpus_of({"comment_view": one}).comments.iloc[0]
    assert (row.karma, row.author, row.posted_at.year) == (6, "cy@new.example", 2026)


def test_deleted_people_are_nobody(corpus_of):
    gone = view(11, "0.11")
    gone["creator"]["deleted"] = True
    assert corpus_of({"comments": [gone]}).comments.author.isna().all()


def test_rows_of_the_database(corpus_of):
    rows = [
        {"id": n, "creator_id": 2, "post_id": 7, "content": f"No {n}.", "path": path, "deleted": False}
        for n, path in [(7, "0.7"), (8, "0.7.8")]
    ]
    corpus = corpus_of("\n".join(map(json.dumps, rows)), "comments.jsonl")
    assert len(corpus.comments) == 2
    assert corpus.comments.author.isna().all()
    assert corpus.comments.depth.tolist() == [0, 1]


def test_others_are_not_taken(known_as):
    assert known_as(note(1, "x")) == ["lemmy-json"]
    assert known_as({"comments": [view(1, "0.1")]}) == ["lemmy-json"]
    for other in ({"type": "Note"}, {"comments": [{"id": 1, "body": "x"}]}, {"comment": "x", "post": "y"}, [], {}):
        assert "lemmy-json" not in known_as(other)


def test_real_notes_are_read_with_what_they_state(shared):
    folder = shared / "exports" / "lemmy"
    corpus = read(folder)
    for path in folder.iterdir():
        stated = json.loads(path.read_text(encoding="utf-8"))
        row = corpus.comments.loc[stated["id"]]
        assert row.post_id == stated["inReplyTo"]
        assert row.posted_at == pd.Timestamp(stated["published"])
        assert row.author.split("@")[0] == stated["attributedTo"].rpartition("/")[2]
        assert row.text
    assert len(corpus.comments) == 2


def test_an_address_that_is_none_names_nobody(corpus_of):
    corpus = corpus_of([page(7), note(1, f"{HOST}/post/7", attributedTo="https://[bad/u/x")])
    assert corpus.comments["author"].isna().all()


def test_a_type_that_is_no_name_is_no_error(known_as):
    assert "lemmy-json" not in known_as({"type": ["object", "null"], "mediaType": {}, "replies": [{"type": {}}]})


def test_a_note_may_hold_its_text_by_language_alone(corpus_of):
    said = note(1, f"{HOST}/post/7", contentMap={"en": "<p>No.</p>"}, source=None)
    del said["content"]
    row = corpus_of([page(7), said]).comments.iloc[0]
    assert (row.text, row.status) == ("No.", "live")
