"""What judges pairs: opened by name, pooled where its folder says so, each model's revision told."""

import json
import shutil

import numpy as np
import pytest

from threadkit.base.weights import shipped
from threadkit.dispute.judges import POOL, CrossStance, Pooled, open_judge, pooled, revisions
from threadkit.dispute.labels import MIN_DISAGREE
from threadkit.dispute.stance import StanceClassifier
from threadkit.dispute.static import StaticStance

PAIRS = [
    ("The valve will hold through the winter.", "No, it will not, the seal is cracked."),
    ("The valve will hold through the winter.", "Yes, we tested it twice."),
    ("The valve will hold through the winter.", "Which valve do you mean?"),
]


@pytest.fixture
def alone(tmp_path):
    """The shipped cross-encoder in a folder of its own, without what it is pooled with."""
    folder = tmp_path / "alone"
    shutil.copytree(shipped("models") / "threadkit-stance", folder, ignore=shutil.ignore_patterns(POOL))
    return folder


def test_the_shipped_model_is_both_pooled(alone):
    told = json.loads((shipped("models") / "threadkit-stance" / POOL).read_text())
    judge = open_judge("threadkit-stance")
    assert isinstance(judge, Pooled)
    cross, (static, replies) = CrossStance(str(alone)).log_shares(PAIRS), StaticStance().read(PAIRS)
    by_hand = pooled(cross, static, replies, told["weights"], told["bias"])
    assert np.allclose(judge.log_shares(PAIRS), by_hand, atol=1e-5)
    assert not np.allclose(by_hand, cross, atol=1e-2)


def test_where_there_is_no_reply_the_cross_encoder_decides_alone():
    cross, static = np.log([[0.2, 0.2, 0.6], [0.2, 0.2, 0.6]]), np.log([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1]])
    found = np.exp(pooled(cross, static, np.array([0.0, 1.0]), [0.5, 0.5], [0.0, np.log(3), 0.0]))
    assert np.allclose(found[0], [0.2, 0.2, 0.6])
    odds = np.sqrt([0.16, 0.02, 0.06]) * [1, 3, 1]
    assert np.allclose(found[1], odds / odds.sum())


def test_bare_arguments_are_told_from_replies():
    said = [("Cars.", "No, you are wrong about that."), ("Cars.", "lol that's not what he said")]
    bare = [("Ban cars.", "cars cause pollution in cities"), ("Ban cars.", "the elderly need cars to reach a doctor")]
    _, replies = StaticStance().read(said + bare)
    assert replies[:2].min() > 0.5 > replies[2:].max()


def test_a_folder_without_a_pool_is_a_cross_encoder(alone):
    judge = open_judge(str(alone))
    assert isinstance(judge, CrossStance)
    assert judge.log_shares(PAIRS).argmax(axis=1)[0] == 0


def test_revisions_name_all_that_a_verdict_hangs_on(alone):
    assert set(revisions("threadkit-stance")) == {"threadkit-stance", "threadkit-stance-static", "threadkit-static"}
    assert set(revisions("threadkit-stance-static")) == {"threadkit-stance-static", "threadkit-static"}
    assert set(revisions(str(alone))) == {str(alone)}


def test_each_model_says_from_which_share_on_a_reply_disagrees(alone):
    told = json.loads((shipped("models") / "threadkit-stance" / POOL).read_text())["min_disagree"]
    assert told != MIN_DISAGREE
    assert StanceClassifier().min_disagree == told
    assert StanceClassifier(str(alone)).min_disagree == MIN_DISAGREE
    assert StanceClassifier("threadkit-stance-static").min_disagree == MIN_DISAGREE


def test_a_verdict_follows_its_models_share():
    classifier = StanceClassifier("threadkit-stance-static")
    shares = classifier.predict_proba(PAIRS)
    assert (classifier.predict(PAIRS) == "disagree").any()
    classifier._opened().min_disagree = float(shares["disagree"].max()) + 0.3
    assert not (classifier.predict(PAIRS) == "disagree").any()
