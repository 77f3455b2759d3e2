"""The quality gate: score stance, quotes, grouping and recurrence on gold data and hold them to their floors.

    python scripts/gate.py            print every figure beside its floor; exit 1 below a floor
    python scripts/gate.py --raise    raise floors to the figures, less their noise (never lowers one)
    python scripts/gate.py --write    put the figures into the README's table

corpora/floors.json holds for each figure its floor, its noise (what a retrained model of the same recipe may
differ by) and the SHA-256 of the gold it was measured on: a figure on other gold is no figure. Gold in
../shared is skipped, and said to be, where that folder is absent; corpora/demo is always there.

Two measures are taken at a time, each in a process of its own; what models compute is kept until the last is done,
since several ask the same of them.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import cmv as marked_units
import conversations as told_apart
import demo_scores
import forums
import judged
import numpy as np
import pandas as pd
import phrases
import quote_gold
import reasons
import seed_quotes
import splits
import train_kinds
from formats_table import placed
from grouping import (
    aspect_cosines,
    by_topic_and_side,
    compare,
    general_pairs,
    of_one_point,
    score_aspects,
    score_general,
    score_sets,
    titled,
    truth,
)
from point_forum import score_forum
from sklearn.metrics import f1_score, precision_score, roc_auc_score
from train_stance import LABELS, figures, read_pairs
from training import DATA, ROOT

from threadkit.base import cache
from threadkit.base.weights import sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FLOORS = ROOT / "corpora/floors.json"


def stance(model: str = "threadkit-stance") -> dict[str, float]:
    """Score a shipped classifier on the submissions that its training never saw (fold 0)."""
    pairs, labels, _, fold = read_pairs(DATA / "stance/debagreement_dev.jsonl.gz")
    held = np.flatnonzero(fold == 0)
    return score_replies([pairs[i] for i in held], labels[held], model)


def conversations() -> dict[str, float]:
    """Score the shipped classifier on replies whose tone does not tell their stance, on subjects not learnt from."""
    pairs, stances = told_apart.pairs("gate")
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def threads() -> dict[str, float]:
    """Score the shipped classifier on replies as they come, on a subject not learnt from."""
    pairs, stances = told_apart.pairs("threads")
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def discourse() -> dict[str, float]:
    """Score the shipped classifier on replies of engineers, judged by reading, on topics that it never saw."""
    pairs, stances = forums.engineers("gate")
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def boards() -> dict[str, float]:
    """Score the shipped classifier on replies of boards that no training read, judged by reading them twice."""
    pairs, stances = forums.boards()
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def stock() -> dict[str, float]:
    """Score the shipped classifier on what people say to agree or to disagree, whatever the matter, not learnt from."""
    pairs, stances = phrases.pairs("gate")
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def argued() -> dict[str, float]:
    """Score the shipped classifier on passages that speak for others or against them, on subjects not learnt from."""
    pairs, stances = reasons.pairs("gate")
    return score_replies(pairs, np.array([LABELS.index(stance) for stance in stances]))


def score_replies(
    pairs: list[tuple[str, str]], labels: np.ndarray, model: str = "threadkit-stance"
) -> dict[str, float]:
    """Score a shipped classifier on pairs whose stances (n,) are known."""
    from threadkit.dispute.stance import StanceClassifier, decide

    frame = pd.DataFrame(pairs, columns=["target", "reply"])
    classifier = StanceClassifier(model, cache=cache.folder())
    shares = classifier.predict_proba(frame)
    scored = figures(labels, shares.to_numpy())
    decided = f1_score(labels == 0, decide(shares, classifier.min_disagree) == "disagree")
    shown = ("f1_disagree", "macro_f1", "accuracy", "calibration_error")
    return {"f1_decided": decided, **{name: scored[name] for name in shown}}


def claims() -> dict[str, float]:
    """Score the shipped classifier on bare arguments for and against the claims of unseen topics."""
    from threadkit.dispute.stance import StanceClassifier

    arguments = splits.kpa("gate")
    frame = pd.DataFrame([(a["topic"], a["text"]) for a in arguments], columns=["target", "reply"])
    against = np.array([a["stance"] < 0 for a in arguments])
    classifier = StanceClassifier(cache=cache.folder())
    found = classifier.predict_proba(frame)
    called = np.asarray(classifier.predict(frame) == "disagree")
    return {
        "auc": float(roc_auc_score(against, found["disagree"] - found["agree"])),
        "opponents_called_objectors": float(called[against].mean()),
        "supporters_not_called_objectors": float(1 - called[~against].mean()),
    }


def kinds() -> dict[str, float]:
    """Score the kinds of disagreement on sentences about topics that training never saw."""
    from threadkit.dispute.kinds import load_kinds

    texts, held, _, vectors = train_kinds.read("held-out")
    return train_kinds.score(load_kinds(), texts, vectors, held)


def encode(texts: list[str]) -> np.ndarray:
    """Return the vectors of the shipped encoder."""
    from threadkit.crux.encode import SentenceEncoder

    return SentenceEncoder(cache=cache.folder()).encode(texts)


def grouping() -> dict[str, float]:
    """Score encoder and clusterer on the KPA dev topics; the number of groups is not told.

    An argument in which people saw no key point counts as alone: whatever it is grouped with is wrong.
    """
    return score_partitions(splits.kpa("gate"))


def key_points() -> dict[str, float]:
    """Score the same on the arguments in which people saw exactly one key point, and the titles of their groups."""
    arguments = splits.kpa("gate")
    arguments = [arguments[i] for i in of_one_point(arguments)]
    return score_partitions(arguments) | score_titles(arguments)


def score_partitions(arguments: list[dict[str, Any]]) -> dict[str, float]:
    """Return the means over topics and sides of the figures of the groups that ship."""
    from threadkit.crux.cluster import CruxClusterer

    vectors = encode([a["text"] for a in arguments])
    gold = truth(arguments)
    each = [
        compare(gold[rows], CruxClusterer(random_state=0).fit_predict(vectors[rows]))
        for rows in by_topic_and_side(arguments).values()
    ]
    figures = {name: float(np.mean([e[name] for e in each])) for name in ("ari", "v", "b3", "ungrouped")}
    return figures | {"grouped": 1 - figures.pop("ungrouped")}


def score_titles(arguments: list[dict[str, Any]]) -> dict[str, float]:
    """Return the share of groups whose title makes their most frequent key point, of all and of those that have one.

    In a group of two arguments that make different points none is the most frequent: the first counts as that.
    """
    from threadkit.crux.encode import SentenceEncoder

    groups = titled(arguments, SentenceEncoder(cache=cache.folder()))
    return {"titles": float(groups["right"].mean()), "titles_untied": float(groups["right"][~groups["tied"]].mean())}


def debates() -> dict[str, float]:
    """Score which objections of real debates make the same point, on topics that training never saw."""
    from camps import exchanges

    return score_sets(judged.sets(exchanges(judged.GATE), "gate"), encode)


def aspect() -> dict[str, float]:
    """Score "same aspect" on pairs of unseen topics, at the threshold that is best on the topics for tuning."""
    threshold = score_aspects(splits.aspect("tune"), encode)["threshold"]
    same, cosine = aspect_cosines(splits.aspect("gate"), encode)
    return {"macro_f1": float(f1_score(same, cosine >= threshold, average="macro"))}


def general() -> dict[str, float]:
    """Score general-purpose claims on unseen motions: pairs on different motions that are told to voice one point."""
    from threadkit.base.static import StaticEncoder
    from threadkit.crux.topoi import voiced

    sentences, same, pairs = general_pairs(splits.general("gate"))
    told = voiced(encode(sentences), StaticEncoder().encode(sentences), "threadkit-point")["topoi"].fillna("")
    told = [set(names.split()) for names in told]
    together = [bool(told[i] & told[j]) for i, j in pairs]
    ranked = score_general(splits.general("gate"), encode)
    figures = {name: ranked[name] for name in ("average_precision", "chance")}
    return {
        "pair_f1": float(f1_score(same, together)),
        "pair_precision": float(precision_score(same, together)),
        **figures,
    }


def forum() -> dict[str, float]:
    """Score the whole product on a forum made of the KPA dev topics."""
    return score_forum(splits.kpa("gate"), cache=cache.folder())


def forum_points() -> dict[str, float]:
    """Score it on the same forum without the arguments in which people saw no key point, or several."""
    arguments = splits.kpa("gate")
    return score_forum([arguments[i] for i in of_one_point(arguments)], cache=cache.folder())


def quotes() -> dict[str, float]:
    """Score the tracing of quotes whose source is known, only words left, on the topics that chose no threshold."""
    part = quote_gold.topics(splits.quotes("gate"))
    figures, _ = quote_gold.score(part, "unmarked")
    for form in ("marked", "lines"):
        scored, _ = quote_gold.score(part, form)
        figures |= {f"{form}_{name}": value for name, value in scored.items() if name != "none_false"}
    return figures


def cmv() -> dict[str, float]:
    """Score who objects to which passage on marked threads of r/changemyview whose posts chose nothing here."""
    return marked_units.score(splits.cmv("gate"))


def fast() -> dict[str, float]:
    """Score the fast tiers: the static stance on unseen submissions, and the whole path with both on corpora/demo."""
    from threadkit.cli import FAST

    told, whole = stance(FAST["stance_model"]), demo(**FAST)
    stances = {name: told[name] for name in ("f1_decided", "macro_f1")}
    return stances | {name: whole[name] for name in ("objection_f1", "points_found", "crux_purity")}


def demo(**models: str) -> dict[str, float]:
    """Score the whole path on corpora/demo: objections, the planted points that recur, and their purity."""
    import threadkit as tk
    from threadkit.base.progress import Silent

    corpus = tk.read(demo_scores.DEMO, progress=Silent())
    analysis = tk.analyze(corpus, seed=0, progress=Silent(), cache=cache.folder(), **models)
    return demo_scores.score(analysis, demo_scores.truth())


# What the README says of each measure.
ABOUT = {
    "stance": "stance of a reply, 895 pairs of unseen submissions (DEBAGREEMENT)",
    "conversations": "stance of a reply of which the tone does not tell it, 1,890 pairs on subjects not learnt from "
    "(corpora/conversations)",
    "threads": "stance of a reply, 567 pairs as they come in threads about a pandemic, a subject not learnt from "
    "(corpora/conversations)",
    "discourse": "stance of what replies say on an engineers' forum, unseen topics, 853 pairs as the product "
    "finds or found them (Discourse, judged by reading: corpora/judged)",
    "boards": "the same on boards that no training read (Reddit, Hacker News, LessWrong, Stack Exchange and others, "
    "judged by reading them twice: corpora/judged)",
    "reasons": "whether a passage speaks for another, against it or beside it, 1,920 pairs on subjects not learnt from "
    "(corpora/reasons)",
    "phrases": "what people say to agree or to disagree, whatever the matter is, 688 phrases not learnt from "
    "(corpora/phrases)",
    "claims": "bare arguments for and against the claims of unseen topics (KPA-2021 dev)",
    "kinds": "the kind of disagreement, 207 sentences written about unseen topics (corpora/kinds)",
    "grouping": "groups by point within a topic and side, unseen topics, number not told (KPA-2021 dev); "
    "an argument in which people saw no key point counts as alone",
    "key_points": "the same on the arguments of exactly one key point; titles that make their group's main point",
    "debates": "the same point or not, near objections in real debates on unseen topics (4forums, judged by reading: "
    "corpora/judged): average precision of cosines; precision and recall of pairs in one group",
    "aspect": "the same aspect or not, pairs of unseen topics (UKP ASPECT)",
    "general": "pairs of general-purpose claims on different motions, told to voice one general point (GPR-KB-55, half "
    "of the motions); average precision of cosines",
    "forum": "the whole product on a forum made of the KPA dev topics",
    "forum_points": "the same forum of arguments of exactly one key point",
    "seed_quotes": "49 quotes of four saved pages, most of them unmarked, found and traced; the mirror is left alone",
    "quotes": "quotes of a Discourse forum, only words left: right source, spans of IoU ≥ 0.8, paragraphs that no "
    "thread they do not belong to is found to hold; `marked`: behind `>`, `lines`: on lines of their own, without "
    "their source",
    "cmv": "which marked units of r/changemyview object, F1: of those that relate to another's words, of every one; "
    "beside those of always yes; target: the passage that an objecting one names",
    "fast": "`analyze --fast`: the static stance on the same 895 pairs, and the whole of it on corpora/demo",
    "demo": "corpora/demo: people who seldom say that they disagree, points on quite other topics",
}
MARKS = ("<!-- figures: written by scripts/gate.py -->", "<!-- end of figures -->")


def readme_table(figures: dict[str, float]) -> str:
    """Return the figures as Markdown, one row a measure."""
    rows = ["| what | figures |", "|---|---|"]
    for measure_, about in ABOUT.items():
        own = [(n.partition(".")[2], v) for n, v in figures.items() if n.partition(".")[0] == measure_]
        told = " · ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in own)
        rows.append(f"| {about} (`{measure_}`) | {told} |")
    return "\n".join(rows)


# What is measured: its name, how, and the gold files it stands on.
MEASURES: dict[str, tuple[Callable[[], dict[str, float]], list[Path]]] = {
    "stance": (stance, [DATA / "stance/debagreement_dev.jsonl.gz"]),
    "conversations": (conversations, told_apart.files("gate")),
    "threads": (threads, told_apart.files("threads")),
    "discourse": (discourse, [splits.QUOTES, forums.ENGINEERS]),
    "boards": (boards, [forums.BOARDS, forums.EXPORTS / "convokit/utterances.jsonl.gz"]),
    "reasons": (argued, sorted(reasons.FOLDER / f"{name}.jsonl" for name in reasons.GATE)),
    "phrases": (stock, [phrases.FILE, *told_apart.files("gate")]),
    "claims": (claims, [splits.KPA]),
    "kinds": (kinds, [ROOT / "corpora/kinds/held-out.jsonl"]),
    "grouping": (grouping, [splits.KPA]),
    "key_points": (key_points, [splits.KPA]),
    "debates": (
        debates,
        [judged.FOLDER / "points.csv", *(DATA / f"threads/iac_v1_{topic}.jsonl.gz" for topic in sorted(judged.GATE))],
    ),
    "aspect": (aspect, [splits.ASPECT]),
    "general": (general, [splits.GENERAL]),
    "forum": (forum, [splits.KPA]),
    "forum_points": (forum_points, [splits.KPA]),
    "seed_quotes": (
        seed_quotes.score,
        sorted(seed_quotes.SEEDS.glob("00[0-3]_*.txt")) or [seed_quotes.SEEDS / "000.txt"],
    ),
    "quotes": (quotes, [splits.QUOTES]),
    "cmv": (cmv, [splits.CMV]),
    "fast": (fast, [DATA / "stance/debagreement_dev.jsonl.gz", demo_scores.TRUTH / "objections.jsonl"]),
    "demo": (demo, [demo_scores.TRUTH / "objections.jsonl", demo_scores.TRUTH / "points.jsonl"]),
}


# Begun before all others: it takes long, and needs one processor only.
FIRST = "quotes"
WORKERS = 2


def scored(name: str) -> dict[str, float]:
    """Take one measure, in the process that is asked to."""
    return MEASURES[name][0]()


def measure(only: tuple[str, ...]) -> Iterator[tuple[str, float, str]]:
    """Yield each figure's name, value and gold digest; say which gold is absent."""
    asked = {name: gold for name, (_, gold) in MEASURES.items() if not only or name in only}
    there = [name for name, gold in asked.items() if all(path.is_file() for path in gold)]
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        begun = {name: pool.submit(scored, name) for name in sorted(there, key=lambda name: name != FIRST)}
        for name, gold in asked.items():
            if name not in begun:
                absent = next(path for path in gold if not path.is_file())
                click.echo(f"{name}: skipped, {absent.parent.name}/{absent.name} is absent")
                continue
            digest = " ".join(sha256(path)[:16] for path in gold)
            for figure, value in begun[name].result().items():
                yield f"{name}.{figure}", value, digest


def with_cache(figures: Iterator[tuple[str, float, str]]) -> Iterator[tuple[str, float, str]]:
    """Yield figures while there is a cache of their own: none that an earlier run has left."""
    with TemporaryDirectory() as place:
        os.environ["THREADKIT_CACHE"] = place
        yield from figures


def verdict(value: float, floor: dict[str, Any] | None, digest: str) -> str:
    """Return what a figure is beside its floor: '' where it holds."""
    if floor is None:
        return ""
    if floor["gold"] != digest:
        return "OTHER GOLD"
    return "BELOW ITS FLOOR" if value < floor["floor"] else ""


@click.command()
@click.option("--raise", "raising", is_flag=True, help="Raise floors to the figures less their noise.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASURES)), help="Measure only these.")
@click.option("--write", is_flag=True, help="Put the figures into the README; needs every gold file.")
def main(raising: bool, only: tuple[str, ...], write: bool) -> None:
    """Print every figure beside its floor."""
    if write and (only or not DATA.is_dir()):
        raise click.UsageError("--write needs every figure: run it without --only, with ../shared beside the project")
    floors = json.loads(FLOORS.read_text())
    failed, figures = 0, {}
    for name, value, digest in with_cache(measure(only)):
        floor = floors.get(name)
        word = verdict(value, floor, digest)
        failed += bool(word)
        figures[name] = value
        click.echo(f"{name:<28} {value:7.4f}  {'floor ' + format(floor['floor'], '.4f') if floor else '':<14} {word}")
        if raising and floor and floor["gold"] == digest:
            floor["floor"] = max(floor["floor"], round(value - floor["noise"], 4))
    if write:
        readme = ROOT / "README.md"
        readme.write_text(placed(readme.read_text(encoding="utf-8"), readme_table(figures), MARKS), encoding="utf-8")
    if raising:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n")
    click.echo(f"{failed} figures failed" if failed else "every figure holds its floor")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
