"""The stance classifier: what it must get right, and what its answer must not depend on."""

import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.ensemble import VotingClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, cross_val_predict, cross_val_score
from sklearn.utils import estimator_checks as law

from threadkit.base.errors import ModelError, SettingError, TableError
from threadkit.base.weights import shipped
from threadkit.dispute.stance import MAX_PARTS, StanceClassifier, as_pairs, decide, parts, respecting


@pytest.fixture(scope="module")
def classifier():
    return StanceClassifier()


PAIRS = pd.DataFrame(
    {
        "target": ["We should ban cars.", "Taxes are theft.", "Nuclear power is safe.", "The moon landing was staged."],
        "reply": [
            "No, that is a terrible idea, you are completely wrong.",
            "I agree with you completely, well said.",
            "That is simply false, look at Chernobyl.",
            "No it wasn't, this is nonsense.",
        ],
    },
    index=["a", "b", "c", "d"],
)


def test_plain_cases(classifier):
    assert classifier.predict(PAIRS).to_dict() == {"a": "disagree", "b": "agree", "c": "disagree", "d": "disagree"}


def test_probabilities(classifier):
    shares = classifier.predict_proba(PAIRS)
    assert shares.columns.tolist() == ["disagree", "neutral", "agree"]
    assert shares.index.tolist() == ["a", "b", "c", "d"]
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_order_threads_and_repeats_do_not_matter(classifier):
    once = classifier.predict_proba(PAIRS)
    shuffled = pd.concat([PAIRS, PAIRS]).iloc[[7, 2, 5, 0, 3, 1, 6, 4]]
    again = StanceClassifier(threads=2).predict_proba(shuffled)
    assert once.loc[again.index].to_numpy().tobytes() == again.to_numpy().tobytes()


def test_empty_and_missing_texts(classifier):
    assert classifier.predict_proba(PAIRS.head(0)).shape == (0, 3)
    blank = pd.DataFrame({"target": ["", None], "reply": ["", "No."]})
    assert classifier.predict_proba(blank).notna().all(axis=None)


def test_a_missing_column_is_named(classifier):
    with pytest.raises(TableError, match="reply is missing"):
        classifier.predict_proba(PAIRS[["target"]])


def test_an_encoder_is_no_classifier():
    with pytest.raises(ModelError, match="kind encoder, one of kind stance is needed"):
        StanceClassifier("threadkit-point").predict_proba(PAIRS)


# Of scikit-learn's checks those that need no numbers to learn from: it reads texts, and nothing is fitted.
LAW = [
    law.check_do_not_raise_errors_in_init_or_set_params,
    law.check_estimator_cloneable,
    law.check_estimator_repr,
    law.check_estimator_tags_renamed,
    law.check_get_params_invariance,
    law.check_mixin_order,
    law.check_no_attributes_set_in_init,
    law.check_parameters_default_constructible,
    law.check_set_params,
    law.check_valid_tag_types,
]


@pytest.mark.parametrize("check", LAW, ids=lambda check: check.__name__)
def test_keeps_scikit_learns_law(check):
    check("StanceClassifier", StanceClassifier())


def test_fit_checks_and_learns_nothing(classifier):
    right = ["disagree", "agree", "disagree", "disagree"]
    before = classifier.predict_proba(PAIRS)
    assert clone(classifier).fit(PAIRS, right[::-1]).predict_proba(PAIRS).equals(before)
    assert classifier.score(PAIRS, right) == 1
    assert cross_val_score(classifier, PAIRS, right, cv=KFold(2)).tolist() == [1, 1]
    with pytest.raises(SettingError, match="y holds 'contra': a stance is one of disagree, neutral, agree"):
        classifier.fit(PAIRS, ["contra", *right[1:]])
    with pytest.raises(SettingError, match="one stance a pair"):
        classifier.fit(PAIRS, right[:2])


def test_rows_of_two_texts_are_pairs_too(classifier):
    expected = classifier.predict_proba(PAIRS).to_numpy()
    for pairs in (list(zip(PAIRS["target"], PAIRS["reply"], strict=True)), PAIRS.to_numpy()):
        assert classifier.predict_proba(pairs).to_numpy().tobytes() == expected.tobytes()
    assert classifier.predict_proba([]).shape == (0, 3)
    with pytest.raises(TableError, match="rows of two texts"):
        classifier.predict_proba([("a", "b", "c")])


def test_the_columns_are_the_classes(classifier):
    assert classifier.predict_proba(PAIRS).columns.tolist() == classifier.classes_.tolist()


def test_it_is_pickled_without_its_weights(classifier):
    classifier.predict_proba(PAIRS)
    packed = pickle.dumps(classifier)
    assert len(packed) < 1000
    assert pickle.loads(packed).predict(PAIRS).equals(classifier.predict(PAIRS))


@pytest.fixture(scope="module")
def inference_model(tmp_path_factory):
    """Save a tiny model with random weights that names its classes as natural language inference does."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("model")
    tokenizer = AutoTokenizer.from_pretrained(shipped("models") / "threadkit-stance")
    tokenizer.save_pretrained(folder)
    names = {0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"}
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, id2label=names, label2id={name: n for n, name in names.items()},
    )  # fmt: skip
    network = BertForSequenceClassification(config)
    network.classifier.bias.data[:] = torch.tensor([5.0, 0.0, -5.0])
    network.save_pretrained(folder)
    return folder


def test_any_cross_encoder_works_and_its_own_names_are_read(inference_model):
    shares = StanceClassifier(str(inference_model)).predict_proba(PAIRS)
    assert (shares["agree"] > 0.9).all(), "its first output says entailment"
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_another_model_is_loaded_when_the_name_changes(inference_model, classifier):
    changed = clone(classifier)
    changed.predict(PAIRS)
    assert (changed.set_params(model=str(inference_model)).predict(PAIRS) == "agree").all()


def test_explain_names_the_words_that_carried_it(classifier):
    found = classifier.explain(PAIRS)
    assert found.columns.tolist() == ["pair", "start", "stop", "word", "weight"]
    for row in found.itertuples():
        assert PAIRS.loc[row.pair, "reply"][row.start : row.stop] == row.word
    agreed = found[found["pair"] == "b"].set_index("word")["weight"]
    assert agreed.idxmin() == "agree", "without it the reply disagrees more"
    shuffled = classifier.explain(PAIRS.iloc[::-1])
    again = shuffled.set_index(["pair", "start"])["weight"].reindex(pd.MultiIndex.from_frame(found[["pair", "start"]]))
    assert np.allclose(again, found["weight"], atol=1e-2)
    assert classifier.explain(PAIRS.head(0)).empty


def test_of_a_long_reply_words_are_left_out_together():
    spans = parts("no " * 1000)
    assert len(spans) <= MAX_PARTS
    assert spans[0][0] == 0
    assert spans[-1][1] == 2999


FAST = "threadkit-stance-static"
RIGHT = ["disagree", "agree", "disagree", "disagree"]


def test_the_recipe_gives_scikit_learn_the_columns_in_its_order(classifier):
    shares = classifier.predict_proba(PAIRS)
    by_hand = -np.mean([np.log(shares.iloc[n][stance]) for n, stance in enumerate(RIGHT)])
    given = shares[sorted(classifier.classes_)]
    assert log_loss(RIGHT, given, labels=sorted(classifier.classes_)) == pytest.approx(by_hand, rel=1e-4)


@pytest.mark.parametrize("what", ["cross_val_predict", "VotingClassifier"])
def test_what_numbers_the_classes_is_told_what_to_do_instead(what):
    classifier, asked = StanceClassifier(FAST), pd.concat([PAIRS] * 2, ignore_index=True)
    with pytest.raises(SettingError, match=r"y holds '0'.*scikit-learn numbered them .*call predict_proba yourself"):
        if what == "VotingClassifier":
            VotingClassifier([("a", classifier)], voting="soft").fit(asked, RIGHT * 2)
        else:
            cross_val_predict(classifier, asked, RIGHT * 2, cv=2, method="predict_proba")


def test_tables_of_other_kinds_are_read_by_their_names():
    import pyarrow as pa

    two = PAIRS.head(2).reset_index(drop=True)
    rows = two.to_dict("records")
    for pairs in (pa.table(two), rows, [row | {"note": 1} for row in rows], two.to_dict("list")):
        assert as_pairs(pairs).equals(as_pairs(two))


def test_bytes_are_text_and_lone_surrogates_are_replaced():
    table = pd.DataFrame({"target": [b"Caf\xc3\xa9."], "reply": ["no \ud800"]}, dtype=object)
    for pairs in (table, [("Caf\u00e9.", "no \udfff")]):
        assert as_pairs(pairs).to_numpy().tolist() == [["Caf\u00e9.", "no ?"]]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (None, "rows of two texts"),
        (5, "rows of two texts"),
        ([("a", "b"), None], "one of them is None"),
        ([{"parent": "a", "text": "b"}], "target, reply is missing: rename"),
        (pd.DataFrame([["a", "b", "c"]], columns=["target", "reply", "target"]), "the column 'target' twice"),
    ],
)
def test_what_holds_no_pairs_is_told(pairs, words):
    with pytest.raises(TableError, match=words):
        StanceClassifier(FAST).predict_proba(pairs)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"threads": 0}, "threads is 0: give a whole number from 1 on"),
        ({"threads": -1}, "threads is -1"),
        ({"threads": "2"}, "threads is '2'"),
        ({"threads": True}, "threads is True"),
        ({"cache": ""}, "cache is '': give a folder, or None"),
        ({"device": None, "model": "threadkit-stance"}, "device is 'None': give one of cpu"),
        ({"device": "tpu"}, "device is 'tpu': give one of cpu"),
        ({"model": None}, "model is None: give a name or a folder"),
    ],
)
def test_wrong_settings_are_told_when_they_are_needed(settings, words):
    with pytest.raises(SettingError, match=words):
        StanceClassifier(**{"model": FAST} | settings).predict_proba(PAIRS)


def test_a_model_without_a_name_is_told():
    with pytest.raises(ModelError, match="name is empty"):
        StanceClassifier("").predict_proba(PAIRS)


def test_folders_may_be_words_or_paths(tmp_path):
    copy = StanceClassifier(shipped("models") / FAST).predict_proba(PAIRS)
    assert copy.equals(StanceClassifier(FAST).predict_proba(PAIRS))
    kept = StanceClassifier("threadkit-stance", cache=str(tmp_path / "kept"))
    kept.predict_proba(PAIRS.head(1))
    assert list((tmp_path / "kept").iterdir())


@pytest.mark.parametrize(
    ("text", "grants", "shares", "expected"),
    [
        ("The pier is too short.", False, (0.6, 0.3, 0.1), "disagree"),
        ("I agree with most of this,", True, (0.6, 0.3, 0.1), "neutral"),
        ("I agree with most of this,", True, (0.6, 0.1, 0.3), "agree"),
        ("Why would the pier be too short?", False, (0.4, 0.5, 0.1), "neutral"),
        ("Why would the pier be too short?", False, (0.6, 0.3, 0.1), "disagree"),
        ("Why? The pier is too short.", False, (0.4, 0.5, 0.1), "disagree"),
        ("You're right, it is too short.", False, (0.6, 0.3, 0.1), "neutral"),
        ("I'm so sorry for your loss.", False, (0.6, 0.3, 0.1), "neutral"),
    ],
)
def test_who_grants_asks_or_consoles_objects_to_nothing(text, grants, shares, expected):
    told = pd.DataFrame([shares], columns=["disagree", "neutral", "agree"])
    targets = pd.DataFrame(
        {
            "comment_id": ["c"],
            "text": [text],
            "grants": [grants],
            "evidence": ["parent"],
            "target_text": ["It is short."],
        }
    )
    assert respecting(decide(told), told, targets).tolist() == [expected]


BLANKS = [("Ban cars.", None), ("Ban cars.", " "), ("Ban cars.", "> Ban cars."), ("Ban cars.", "https://example.org/a")]


def test_where_one_side_says_nothing_nobody_takes_a_stance(classifier):
    pairs = [*BLANKS, ("", "No, that is wrong.")]
    assert classifier.predict_proba(pairs).to_numpy().tolist() == [[0, 1, 0]] * len(pairs)
    assert classifier.predict(pairs).eq("neutral").all()
    assert classifier.predict([*BLANKS, ("Ban cars.", "> Ban cars.\n\nNo, that is wrong.")]).iloc[-1] == "disagree"
    # What stands behind an address may be objected to.
    assert classifier.predict([("https://example.org/a", "No, that is wrong.")]).tolist() == ["disagree"]


CITY, SHARES = "Why was the pier closed?", (0.5, 0.3, 0.2)


@pytest.mark.parametrize(
    ("target", "evidence", "text", "shares", "expected"),
    [
        (CITY, "claim", "The planks had rotted.", SHARES, "neutral"),
        (CITY, "post", "The planks had rotted.", SHARES, "neutral"),
        (CITY, "claim", "The planks had rotted.", (0.6, 0.3, 0.1), "disagree"),
        (CITY, "parent", "The planks had rotted.", SHARES, "disagree"),
        (CITY, "quote", "The planks had rotted.", SHARES, "disagree"),
        ("Should we close the pier?", "claim", "The planks have rotted.", SHARES, "disagree"),
        ("How so? Isn\u2019t the pier new?", "claim", "The planks have rotted.", SHARES, "disagree"),
        ("The pier was closed.", "claim", "The planks had rotted.", SHARES, "disagree"),
        ("The pier was closed.", "parent", "Not only that, the ferry sank.", SHARES, "neutral"),
        ("The pier was closed.", "parent", "Not only that, the ferry sank.", (0.7, 0.2, 0.1), "disagree"),
        ("The pier was closed.", "parent", "Harbour", SHARES, "neutral"),
    ],
)
def test_who_answers_a_question_names_or_adds_objects_to_nothing(target, evidence, text, shares, expected):
    told = pd.DataFrame([shares] * 2, columns=["disagree", "neutral", "agree"])
    targets = pd.DataFrame(
        {"comment_id": "c", "text": [text] * 2, "grants": False, "evidence": evidence, "target_text": target}
    )
    assert respecting(decide(told), told, targets).tolist() == [expected] * 2


def test_a_heading_that_is_a_whole_comment_is_judged():
    told = pd.DataFrame([SHARES], columns=["disagree", "neutral", "agree"])
    targets = pd.DataFrame(
        {
            "comment_id": ["c"],
            "text": ["Utter tosh"],
            "grants": [False],
            "evidence": ["parent"],
            "target_text": ["Yes."],
        }
    )
    assert respecting(decide(told), told, targets).tolist() == ["disagree"]


@pytest.mark.parametrize(
    ("place", "evidence", "shares", "expected"),
    [
        (2, "claim", (0.45, 0.4, 0.15), "neutral"),
        (3, "thread", (0.45, 0.35, 0.2), "neutral"),
        (1, "claim", (0.45, 0.4, 0.15), "disagree"),
        (2, "parent", (0.45, 0.4, 0.15), "disagree"),
        (2, "claim", (0.55, 0.3, 0.15), "disagree"),
    ],
)
def test_what_goes_on_below_objects_to_the_whole_only_where_it_likely_does(place, evidence, shares, expected):
    told = pd.DataFrame([shares], columns=["disagree", "neutral", "agree"])
    targets = pd.DataFrame(
        {
            "comment_id": ["c"],
            "text": ["The keeper of the lock has to work on Sundays then."],
            "grants": [False],
            "evidence": [evidence],
            "target_text": ["The lock should be open on Sundays."],
        },
        index=[f"c:{place}"],
    )
    assert respecting(decide(told), told, targets).tolist() == [expected]
