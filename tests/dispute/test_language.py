"""Languages: others are told from English, and no English is taken for another."""

import pandas as pd
import pytest

from threadkit.dispute.language import foreign, language, languages

OTHERS = {
    "de": "Das sehe ich ganz anders, denn die Miete ist doch überall gestiegen, nicht nur bei uns.",
    "fr": "Je ne suis pas du tout d'accord avec ce que vous dites sur les loyers de la ville.",
    "es": "No estoy de acuerdo, eso no tiene ningún sentido para la gente que vive allí.",
    "it": "Non sono d'accordo, i prezzi sono saliti dappertutto negli ultimi anni.",
    "pt": "Não concordo com isso, os preços subiram em toda a parte e ninguém fez nada.",
    "nl": "Dat klopt niet, de huren zijn overal gestegen en niet alleen in de stad.",
    "sv": "Det stämmer inte alls, hyrorna har stigit överallt i hela landet.",
    "pl": "Nie zgadzam się z tym, czynsze wzrosły wszędzie, a nie tylko w centrum.",
    "ru": "Я с этим совершенно не согласен, цены выросли везде.",
    "uk": "Я з цим не згоден, бо ціни зросли всюди, а не лише у місті.",
    "ja": "それは違うと思います。家賃はどこでも上がっています。",
    "zh": "我不同意，各地的房租都涨了。",
    "ko": "저는 동의하지 않습니다. 임대료는 어디서나 올랐습니다.",
    "tr": "Buna katılmıyorum, kiralar her yerde arttı ve kimse bir şey yapmıyor.",
    "ar": "لا أتفق مع هذا الرأي، فقد ارتفعت الإيجارات في كل مكان.",
}
# Languages whose close relatives share the probability, and the names that will do.
KIN = [
    ("Nej, det passer ikke, færgen sejler kun om sommeren og aldrig om natten.", {"da", "no"}),
    ("Nei, det stemmer ikke, fergen går bare om sommeren og aldri om natten.", {"da", "no"}),
    ("Tidak, itu salah, kapal itu hanya berlayar pada musim panas dan tidak pernah di malam hari.", {"id", "ms"}),
    ("Ne, to nije točno, trajekt vozi samo ljeti i nikad noću.", {"hr", "bs", "sr"}),
    ("Ne, to není pravda, přívoz jezdí jen v létě a nikdy v noci.", {"cs", "sk"}),
    ("नहीं, यह सही नहीं है, नाव केवल गर्मियों में चलती है।", {"hi", "mr", "ne"}),
]
NOT_OTHER = [
    "I disagree, rents have risen everywhere and not only in the city.",
    "lol", "Nope.", "+1", "ok", "ACK", "Concept NACK, see above", "Citation needed", "This.", "wat", "Ad hominem much?",
    "git push --force origin main", "`let x = foo(bar)` segfaults", "OP_CHECKSIGVERIFY OP_CHECKLOCKTIMEVERIFY OP_DROP",
    "https://example.org/das/ist/nicht/gut", "@hans_mueller @jose_garcia", "Schwarzenegger, Einstein, Goethe, Mozart",
    "Bolivia Argentina Paraguay Uruguay Venezuela Colombia", "hahahahaha omg rofl", "u r so rong m8 lmao innit",
    "Reductio ad absurdum.", "Bullshit.", "Non sequitur, QED", "Zeitgeist, Schadenfreude and all that jazz",
    "Merci for the link!", "Tesla Roadster vs Porsche Taycan", "¯\\_(ツ)_/¯", "😂😂😂", "", "404", "1) 2) 3)",
    "\u0ca0_\u0ca0", "\u0449(\u309c\u0414\u309c\u0449)", "\u0394G = \u2212RT ln K", "\u03b1, \u03b2 and \u03b3", "\u03c3\u00b2 > \u03bc", "ya ya ya ya ya ya ya", "\u8349",
]  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_languages_are_told(name):
    assert language(OTHERS[name]) == name


@pytest.mark.parametrize(("text", "names"), KIN)
def test_close_relatives_do_not_hide_one_another(text, names):
    assert language(text) in names


@pytest.mark.parametrize("text", NOT_OTHER)
def test_no_english_and_nothing_short_is_foreign(text):
    assert language(text) in {"en", None}


def test_a_foreign_text_with_some_english_in_it_stays_foreign():
    text = f"{OTHERS['de']} Der Artikel „The rent is too damn high“ sagt das auch, und zwar mit guten Gründen."
    assert language(text) == "de"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("To nie jest most, to jest tylko kładka, a to nie wystarczy.", {"pl"}),
        ("Yo he visto el puente y no he visto nada nuevo, he visto lo de siempre.", {"es"}),
        ("Also ich will das nicht, er will das nicht, und der Wirt will es auch nicht.", {"de"}),
        ("Podul nu are sens. El are bani și ea are timp, dar nimeni nu are chef.", {"ro"}),
    ],
)
def test_a_small_word_that_comes_again_makes_no_english(text, names):
    assert language(text) in names


def test_english_with_a_foreign_word_stays_english():
    assert (
        language("What the Germans call Mietpreisbremse und Kappungsgrenze is not what you think that it is.") == "en"
    )


def test_a_paragraph_that_is_surely_of_another_language_has_its_own():
    rows = [
        ("a", OTHERS["fr"]), ("a", OTHERS["fr"]), ("a", "I don't think that this is true of the ferry."), ("a", "Non."),
        ("b", "I don't think that this is true of the ferry. " * 5), ("b", OTHERS["de"]), ("b", "Kurz und gut."),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["comment_id", "text"]).assign(kind="prose")
    assert languages(table).tolist() == ["fr", "fr", "en", "fr", "en", "de", "en"]


def test_a_segment_has_the_language_of_its_comments_own_words():
    rows = [
        ("a", "quote", OTHERS["fr"]), ("a", "prose", "I don't think that this is what they said at the meeting."),
        ("a", "prose", "Nope."), ("b", "prose", OTHERS["de"]), ("b", "prose", "Nein."), ("c", "code", OTHERS["de"]),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["comment_id", "kind", "text"], index=[f"s{n}" for n in range(6)])
    told = languages(table)
    assert told.to_dict() == {"s1": "en", "s2": "en", "s3": "de", "s4": "de"}
    assert foreign(told.reindex(table.index)).tolist() == [False, False, False, True, True, False]
    assert languages(table.head(0)).empty


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("هذا كذب", {"ar", "fa", "ur"}), ("לא נכון בכלל", {"he"}), ("Όχι, κάνεις λάθος", {"el"}), ("Неправда!", {"ru", "bg", "mk"}),
        ("Это неправда, никто такого не говорил.", {"ru"}), ("同意", {"ja", "zh"}), ("はい", {"ja", "zh"}), ("गलत", {"hi", "mr", "ne"}),
        ("Нет, Taproot это не меняет.", {"ru"}),
    ],
)  # fmt: skip
def test_a_script_that_is_not_latin_is_foreign_however_short(text, names):
    assert language(text) in names


@pytest.mark.parametrize(
    "text",
    ["Nei, dette er feil fra ende til annen.", "To nikdo z nás nikdy netvrdil.", "Nej, det har ingen sagt."],
)
def test_what_several_languages_share_is_foreign_where_english_is_ruled_out(text):
    assert language(text) not in {"en", None}
