"""Of many sources, the right one is found, and in time."""

import time

from threadkit.base.passages import Passages


def test_of_equal_sources_the_first_candidate_wins():
    line = "the basin was drained twice before the fair"
    passages = Passages([("post", line), ("a", f"I say: {line}."), ("b", "unrelated words"), ("c", line)])
    assert passages.find(line)[0] == "post"
    assert passages.find(line, ["a", "post"])[0] == "a"
    assert passages.find(line, ["b", "c", "a"], before="c")[0] == "a"
    assert passages.repeats(line, ["b"]) is None
    assert passages.repeats(line, before="a")[0] == "post"


def test_the_better_of_two_like_sources_wins():
    unlike = "The lower gate was rebuilt in spring, and most of the loss happens at night, when the pump is off."
    alike = "In our valley the spring flood has always come before the thaw on the northern slopes was over."
    passages = Passages(
        [("worse", "the basin was emptied twice or more before the fair began"), ("other", unlike), ("best", alike)]
    )
    source_id, span = passages.find(
        "the spring floods have always come before the thaw on northern slopes", ["worse", "best"]
    )
    assert source_id == "best"
    assert 0.8 < span.match < 1


def test_a_thread_of_two_thousand_comments_takes_seconds():
    def comment(n):
        return " ".join(f"w{(n * 7919 + i * i * 31) % 5000}" for i in range(150))

    sources = [(str(n), comment(n)) for n in range(2000)]
    begun = time.process_time()
    passages = Passages(sources)
    for n in range(1000):
        part = sources[n][1].split()[40:70]
        part[n % 30] = "edited"
        assert passages.find(" ".join(part))[0] == str(n)
    assert time.process_time() - begun < 20


def test_boilerplate_and_many_short_lines_stay_quick():
    lines = [f"line {n} of the report says here and now what it said" if n % 3 else "I agree." for n in range(6000)]
    passages = Passages([(str(n), line) for n, line in enumerate(lines)])
    begun = time.process_time()
    assert not any(passages.repeats(line, before=str(n)) for n, line in enumerate(lines))
    assert time.process_time() - begun < 20
