"""Small corpora of our own words that several tests share."""

from threadkit.readers.draft import Draft

# post title, its author, its text; then comments: id, parent, author, karma, text
POSTS = {
    "pump": ("We should replace every gas boiler with a heat pump", "Ada", "Heat pumps save half of the energy.\n\nThe city pays a third of the price.", [
        ("c1", None, "Bo", 12, "Heat pumps save half of the energy.\n\nNo, that is wrong. Poor households cannot afford two thirds of the price."),
        ("c2", "c1", "Ada", 5, "They can, the bank lends them the rest without interest."),
        ("c3", None, "Cy", 3, "I agree, and the noise is a myth as well. Thank you for writing this up."),
        ("c4", None, "[deleted]", None, "[deleted]"),
        ("c5", "c4", "Di", 1, "The study that you rest this on is far too small to show anything, it had nine houses."),
    ]),
    "cart": ("Ban cars from the old town", "Eve", "Shops gain from a street without cars.", [
        ("d1", None, "Bo", 7, "No, you are wrong. Poor households cannot afford two rides a day at such a price."),
        ("d2", None, "Fay", 2, "You are wrong, the survey is far too small to prove anything."),
        ("d3", "d2", "Eve", 9, "Eleven of twelve shops in the street answered the survey, count them."),
        ("d4", None, "Gus", 2, "Where can I read more about this?"),
    ]),
    "lamp": ("Dim the street lamps at midnight", "Hal", "Dimming saves a million a year.", [
        ("e1", None, "Ivy", 4, "Wrong, the survey is much too small to prove anything about the lamps."),
        ("e2", None, "Jo", 4, "No! People on low incomes walk home at night, they cannot afford a taxi. It hits the poor."),
        ("e3", "e2", "Hal", 1, "Fair point, I had not thought of that."),
    ]),
}  # fmt: skip


def town(order=1):
    """Return three posts with a dozen comments; `order` −1 adds them last to first."""
    draft = Draft("town.jsonl")
    for post_id, (title, author, text, comments) in list(POSTS.items())[::order]:
        draft.post(post_id, title=title, author=author, text=text, site="town", url=f"https://town.example/{post_id}")
        for comment_id, parent_id, who, karma, words in comments[::order]:
            draft.comment(comment_id, post_id, parent_id=parent_id, author=who, karma=karma, text=words)
    return draft.finish()
