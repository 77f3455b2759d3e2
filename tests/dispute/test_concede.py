"""Concessions: what a reader takes for one, and what only looks like one."""

import time

import pandas as pd
import pytest

from threadkit.dispute.concede import concedes, noted, yields

CONCEDING = [
    "Fair point, I had not thought of that.",
    "You're right about the pit, and I'd forgotten about the tunnel.",
    "You\u2019re absolutely right.",
    "You are right. Charitable vans out, full stop.",
    "OK, you're right, how about every second Tuesday?",
    "No, you're right that the boats came first.",
    "I was wrong about the tram, it runs until midnight.",
    "I was wrong. But the bus is still late.",
    "I think I was mistaken.",
    "I stand corrected.",
    "I concede the tennis club.",
    "Conceded, I will strike it from the leaflet.",
    "Hmm. I'll concede that the sum is larger than I said, but the bridge has to be paid all the same.",
    "That changed my mind.",
    "You have convinced me.",
    "Point taken.",
    "Okay, point taken. The second table goes.",
    "!delta The figures from the harbour did it.",
    "\u0394 for the harbour figures.",
    "I retract the second paragraph.",
    "I take that back in part, then.",
    "Smaller creep than I would have bet. I withdraw half.",
    "Good catch, fixed.",
    "That's a very good point.",
    "Fair enough.",
    "Fair, and I should have put this in the post.",
    "You have me there.",
    "You got me there!",
    "I hadn't considered that.",
    "My mistake, the table is from 2019.",
    "I misread your second sentence.",
    "Thanks for the correction.",
    "That settles my worry about the cellar.",
    "Then I have no complaint left and would like a reader's card.",
    "Touch\u00e9.",
    "I see what you mean now.",
    "Never thought I'd say this, but you're right.",
    "There is no doubt you are right.",
    "I no longer stand by the first claim.",
    "I updated towards your number.",
    "That's on me.",
    "Here's your delta.",
    "You have earned a \u2206 for the ferry table.",
    "I'll give you a delta for that, thanks.",
    "Okay, awarding you a delta.",
    "I'm awarding a delta for the tide table.",
    "I was wrong when I said that the pier is closed.",
    "I was wrong to think you meant the old ferry.",
    "I was dead wrong about the tides.",
    "I was flat out wrong, the lamps are on until two.",
    "I was just plain wrong about the boiler.",
    "I got that wrong, sorry.",
    "Sorry, my bad.",
    "Oops, my mistake.",
    "I mixed up the piers, my bad.",
    "my bad it was the other pier",
    "That changes my view of the harbour tax.",
    "You're correct, it closes at six.",
    "You are entirely correct about the gulls.",
    "You're 100% right.",
    "You have a point.",
    "You do have a point there.",
    "youre right about the gulls",
    "ur right",
    "thats fair",
    "thats a good point",
    "no you're right",
    "no i was wrong about the gulls",
    "I suppose you're right.",
    "I've no doubt that you're right.",
    "After reading this I think I was wrong.",
    "I thought they were the same pump, but I was wrong.",
    "I thought you meant the ferry, but I see what you mean now.",
    "I had never looked at the ferry like that.\n!delta",
    "That is not how I saw the ferry. !delta",
    "Thank you! \u0394",
    "no. i was wrong about the ferry",
    "i never saw the sign. you're right",
    "I said that Dr. Vogel sold the boat, but I was wrong.",
    "Sorry, I'm wrong about this.",
    "I'm wrong, the table says 8 percent.",
    "I now see that I am mistaken.",
    "My claim about the pier was wrong.",
    "My numbers were off, it is 8 percent.",
    "That claim of mine was wrong.",
    "I've removed that claim from the post, it was wrong.",
    "Objection withdrawn.",
    "Withdrawn.",
    "OK that makes sense, withdrawn.",
    "Strike that.",
    "Your point about the toll is well taken.",
    "The point about the pier is fair.",
    "Mea culpa, it was the other pier.",
    "You win this one.",
    "I missed that paragraph. Never mind then.",
    "I now agree that the pier is too short.",
    "I no longer think that the toll would rise.",
    "I've come around on the pier.",
    "I wasn't aware of that.",
    "I wasn't aware of that study, thanks.",
    "I didn't know that. Thanks for the link.",
    "OK, you win.",
    "You got me!",
    "Convinced.",
    "I am persuaded by that.",
    "My view of the pier was wrong. My view has changed.",
    "I am now in favour of the ferry.",
    "I'll drop my objection to the toll.",
    "I apologise, I misquoted you.",
    "I spoke too soon about the pier.",
    "I was too harsh on the crew.",
    "On reflection, I agree with you.",
    "I must have misread the tide table.",
    "Thanks for the sum, objection withdrawn.",
    "You're right, I don't know the toll.",
    "You're right, I'm not sure about the toll.",
    "You're right, I don't need the second pier.",
    "I never realised that.",
    "I thought you meant the other pier. I was wrong.",
    "Good point. I went through the table again. I don't think that many boats are late.",
]  # fmt: skip

NOT_CONCEDING = [
    "I don't think I was wrong.",
    "I never said that I was wrong.",
    "I was not wrong about the tram.",
    "You're right-wing.",
    "You are right wing and you know it.",
    "You're right here on the map.",
    "You are right next to the station.",
    "You're not right about this.",
    "I don't think you're right.",
    "That doesn't mean you're right.",
    "If I was wrong, show me where.",
    "Even if you're right, the bus is late.",
    "You're right if you only count the boats.",
    "Suppose you're right: who pays?",
    "Maybe you're right.",
    "Show me where I was wrong.",
    "He said he was wrong.",
    "They all said I was wrong.",
    "You think you're right because you are loud.",
    "Just because you're right once you need not shout.",
    "Do you think I was wrong?",
    "Why do you say I was wrong",
    'You wrote "I was wrong" and now you deny it.',
    "Fair enough, but that is still wrong.",
    "You're right that it costs money. But so does everything.",
    "Good point, however the sum is the same.",
    "That is not a good point.",
    "No good point was made here.",
    "What is a good point of this scheme?",
    "I concede nothing.",
    "I will not concede that.",
    "Nothing has changed my mind.",
    "This could have changed my mind if it were true.",
    "I thought you could count, but I was wrong.",
    "I withdraw money on Tuesdays.",
    "The fair opens on Sunday, and it is a fair price.",
    "Fair, open and quick procedures are what we need.",
    "It is true that the bridge is old and that it has to be paid.",
    "I will take back the books.",
    "I considered this at length and you are wrong.",
    "I never considered it a problem.",
    "Have you thought about that?",
    "I'll grant the figure for the sake of argument.",
    "I concede it for the sake of argument.",
    "Thanks for the link.",
    "The meeting is right. Wrong is the date.",
    "The river has a delta, and so has this argument.",
    "Oh wow, you have convinced me, what a brilliant argument.",
    "You're right, silly me, everybody has a yacht. /s",
    "Good point, because obviously nobody ever walks.",
    "You're right. Yeah, right.",
    "Wow, you really changed my mind by shouting.",
    "You're absolutely right \U0001f644",
    "You deserve no delta for that.",
    "Fair enough. I disagree.",
    "Fair enough. We'll have to agree to disagree.",
    "Fair enough. Not what the tide table says.",
    "Fair enough, yet the pier is still shut.",
    "Good point. Unfortunately the pier is shut.",
    "Good point. The problem is that the pier is shut.",
    "I see your point. I disagree.",
    "That's a fair point. I don't think it applies to the pier.",
    "You're right that the toll fell. That doesn't mean the fishermen gained anything.",
    "I see what you mean, I just think it's wrong.",
    "Point taken. You're still missing the tide.",
    "While you're right about the toll, the toll is not what people complain about.",
    "And although I see your point, the pier is shut.",
    "Find me one harbour and I'll concede the point.",
    "Name one ferry that pays for itself and I'll admit I was wrong.",
    "Post a timetable and I'll give you a delta.",
    "So show me the figures and you will have changed my mind.",
    "I'll admit I was wrong when you show me the timetable.",
    "I'll concede the point as soon as somebody finds the timetable.",
    "I'll award a delta to anyone with a timetable.",
    "Fair point... if you never look at the sea.",
    "My mistake was thinking you had read the timetable.",
    "My bad for expecting a timetable.",
    "My error rate is 2% on this form.",
    "My bad knee hurts in the rain.",
    "Fixed that for you: the ferry never sails.",
    "I've fixed it for you.",
    "I was wrong to think you cared about the ferry.",
    "I was mistaken in believing that you had been to the harbour.",
    "I was wrong to expect a timetable.",
    "I thought for a moment you could count, but I was wrong.",
    "And I suppose you're right about the moon too.",
    "I doubt you have a point.",
    "You have a point to make, so make it.",
    "You're correct that I'm right.",
    "\u0394 = b\u00b2 - 4ac",
    "Type !delta to award one.",
    "Reply with a !delta in that case.",
    "OP, this deserves a !delta",
    "OP awarded a delta for this already.",
    "I'm wrong to think that you can count.",
    "If I'm wrong I will say so.",
    "You say I'm wrong.",
    "So I'm wrong?",
    "Your claim was wrong.",
    "You wrote that my claim was wrong.",
    "Nobody has shown that my figure was wrong.",
    "The bill was withdrawn.",
    "I've removed the rust from the pier.",
    "I missed the part where you cited a source.",
    "I now agree that you are a fool.",
    "I no longer think you can count.",
    "I've come around to see the pier.",
    "I was not aware that you are the harbour master.",
    "The point of the pier is fair weather.",
    "To award a delta, say so.",
    "You're right, I don't accept a list of names as an argument.",
    "You're right, I'm not interested in your harbour.",
    "You're right, I have no patience with ferries.",
    "You are correct: I am surely not saying that.",
    "You are correct. The ferry is old. I never said that it was new.",
    "You already stated that you are right, and everyone else is wrong.",
    "You claim that you are right.",
    "You have no figures, yet you are right.",
    "Obviously you are right, and the harbour master is wrong.",
    "You're right about one thing: nobody reads the timetable.",
    "I'll grant you that. It does float. The rest of your post is pure fiction.",
    "You're right. I fail to see what follows from it.",
    "Very good point! Actually, it is not a good point.",
    "I thought better of you than this, I guess I was wrong.",
    "I gave you credit for a brain. I was wrong.",
    "I tried to use words that you would follow. I see that I was wrong.",
    "I didn't realize that you can read minds.",
    "I didn't realise that I'd have to spell it out.",
    "He said: I was wrong.",
    "That nearly changed my mind.",
    "I no longer think the ferry can win.",
    "So well argued. Gee, you've convinced me!",
    "My view has not changed.",
    "If I drop my objection, you get the pier.",
    "I am not persuaded by that.",
    "You say that I misquoted you.",
    "You win some, you lose some.",
    "You got me wrong.",
    "Tell me why I was too harsh.",
    "On reflection, I don't agree with you.",
    "",
]  # fmt: skip


def table(texts, kind="prose"):
    """Return segments, each a paragraph of one comment."""
    starts = [100_000 * n for n in range(len(texts))]
    stops = [start + len(text) for start, text in zip(starts, texts, strict=True)]
    rows = {"comment_id": "a", "start": starts, "stop": stops, "kind": kind, "text": texts}
    return pd.DataFrame(rows, index=[f"a:{n}" for n in range(len(texts))])


def judge(texts, kind="prose"):
    return concedes(table(texts, kind))


@pytest.mark.parametrize("text", CONCEDING)
def test_concedes(text):
    assert judge([text]).tolist() == [True]


@pytest.mark.parametrize("text", NOT_CONCEDING)
def test_does_not_concede(text):
    assert judge([text]).tolist() == [False]


def test_quotes_and_code_are_nobodys_concession():
    segments = table(["I was wrong."] * 3, ["quote", "code", "prose"])
    assert concedes(segments).to_dict() == {"a:2": True}
    assert noted(segments)["concedes"].tolist() == [pd.NA, pd.NA, True]


def test_the_result_is_one_bool_a_prose_segment():
    found = judge(["Point taken.", "No."])
    assert found.dtype == bool
    assert found.index.tolist() == ["a:0", "a:1"]
    assert concedes(table([])).empty


@pytest.mark.parametrize(
    "word",
    [
        "you're right ",
        "i was ",
        "fair, ",
        '"',
        "if ",
        "thanks, ",
        "δ ",
        "ok, well, ",
        "not ",
        "not i was wrong ",
        "type !delta ",
        "Fair enough. ",
        "find me a ",
        "while you're right ",
        "you're right, i ",
        "i thought you ",
        "he said: ",
        "on reflection ",
        "actually ",
        "no ",
    ],
)
def test_long_text_takes_time_in_proportion(word):
    def seconds(n):
        start = time.process_time()
        judge([word * n + "i was wrong"])
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 2, "a paragraph of some ten thousand words"


def test_the_first_part_of_a_paragraph_that_turns_is_only_polite():
    words = "Fair point, but the bridge has to be paid all the same."
    parts = table([words[:11], words[12:], "Fair point."])
    parts[["start", "stop"]] = [[0, 11], [12, len(words)], [200, 211]]
    assert concedes(parts).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fair point, I had not thought of that.", True),
        ("I was wrong about the tram. Thanks!", True),
        ("I was wrong about the tram, which is late every single evening because the depot has no drivers and you closed it.", True),
        ("I was wrong about the tram. It is still the worst line in town, it costs too much, and nobody rides it after nine.", False),
        ("Fair enough, but that is still wrong.", False),
        ("Fair enough. I disagree.", False),
        ("Find me one ferry that pays for itself and I'll concede the point.", False),
        ("i disagree with all of that. you're right about the tram.", False),
        ("Thanks! Δ", True),
        ("Ah, I see, I was not aware that old boats are counted too. That resolves my concern about the pier.", True),
        ("I had never looked at the ferry from that side of the harbour before you drew it for us. !delta", True),
        ("The ferry was late again on Sunday and on Monday, but the pier is fine. !delta", False),
        ("Who told you that the ferry would be late on every single Sunday in May? My mistake.", False),
        ("I assumed you might be able to name the ferries that are late on Sundays in May. My mistake.", False),
        ("You're right, I don't accept a list of names as an argument.", False),
        ("I'll grant you that. It does float. The rest of your post is pure fiction.", False),
        ("I thought better of you than this, I guess I was wrong.", False),
        ("OK, you win. The pier goes.", True),
        ("No.", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_text_yields_where_conceding_is_most_of_it(text, expected):
    assert yields(text) is expected
