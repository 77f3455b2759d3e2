"""Reddit's things, made small."""


def t1(name, body="A reply.", parent="t3_p", replies="", **more):
    """Return a Reddit comment."""
    data = {"id": name, "name": f"t1_{name}", "link_id": "t3_p", "parent_id": parent, "author": f"user_{name}"}
    return {"kind": "t1", "data": {**data, "body": body, "score": 2, "created_utc": 1.6e9, "replies": replies, **more}}


def listing(*children):
    """Return a Reddit listing."""
    return {"kind": "Listing", "data": {"children": list(children), "after": None}}


def thread(*comments, **more):
    """Return a Reddit thread, post and comments."""
    data = {"id": "p", "name": "t3_p", "title": "Tea or coffee?", "selftext": "Tea is better.", "author": "Mira"}
    data |= {"score": 7, "created_utc": 1.6e9, "permalink": "/r/drinks/comments/p/tea/", "num_comments": len(comments)}
    return [listing({"kind": "t3", "data": {**data, **more}}), listing(*comments)]
