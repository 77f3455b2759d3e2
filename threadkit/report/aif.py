"""An analysis → the Argument Interchange Format, in the JSON of xAIF, which OVA writes and argument miners exchange.

Kinds of nodes, keys and numbers of schemes as in xAIF's documentation and its example of OVA (package xaif,
docs/tutorial.md). Its `text` is left empty: OVA shows it as HTML, and forum text is nobody's HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from threadkit.base.output import write_bytes
from threadkit.report.case import Case, Cases, Statement, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis

# The general schemes: the kind of node that applies each, and its number.
_SCHEMES = {
    "Default Inference": ("RA", "72"),
    "Default Conflict": ("CA", "71"),
    "Default Transition": ("TA", "82"),
    "Asserting": ("YA", "74"),
    "Disagreeing": ("YA", "78"),
}


def write_aif(analysis: Analysis, path: str | Path) -> Path:
    """Write an analysis as AIF; returns its path. Raises OutputError where the file cannot be written."""
    return write_bytes(path, orjson.dumps(aif(analysis), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def aif(analysis: Analysis) -> dict[str, Any]:
    """Return every crux as AIF.

    A claim, an objection, a defence and an answer are I-nodes; a CA-node leads from each objection to the claim and
    from each answer to its objection, an RA-node from each defence to the claim. An L-node with a YA-node tells who
    said it, and its locution where; a TA-node leads from the L-node of an objection to that of its answer, and anchors
    their conflict.
    """
    cases, graph = Cases(analysis), _Graph()
    for crux_id in cases.cruxes.index:
        graph.add(cases.case(crux_id))
    user = {"firstname": "threadkit", "surname": "", "url": "", "nodes": [], "edges": []}
    return {"AIF": graph.told(), "text": "", "dialog": True, "OVA": user}


class _Graph:
    """An AIF graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.locutions: list[dict[str, Any]] = []
        self.fulfilled: list[dict[str, Any]] = []
        self.people: dict[str, str] = {}

    def add(self, case: Case) -> None:
        """Add one crux."""
        claim = self._node("I", case.proposition or f"What is denied here: {case.title}")
        objections = {}
        for said in case.objections:
            objections[said.segment_id] = self._said(said)
            self._scheme("Default Conflict", objections[said.segment_id][0], claim)
        for said in case.answers:
            if said.to in objections:
                self._answer(objections[said.to], self._said(said))
        for said in case.defences:
            self._scheme("Default Inference", self._said(said)[0], claim)

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """Return the graph with the keys that xAIF names."""
        people = [{"participantID": number, "firstname": name, "surname": ""} for name, number in self.people.items()]
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "schemefulfillments": self.fulfilled,
            "descriptorfulfillments": [],
            "participants": people,
            "locutions": self.locutions,
        }

    def _said(self, said: Statement) -> tuple[str, str]:
        """Add what somebody said; returns the nodes of what it says, and of the saying."""
        words, at = words_of(said), "" if said.at is None else said.at.strftime("%Y-%m-%d %H:%M:%S")
        information, locution = self._node("I", words, at), self._node("L", f"{said.author}: {words}", at)
        self._scheme("Asserting", locution, information)
        person = self.people.setdefault(said.author, str(len(self.people) + 1))
        told = {"nodeID": locution, "personID": person, "start": at or None, "end": None, "source": said.source.href}
        self.locutions.append(told)
        return information, locution

    def _answer(self, objection: tuple[str, str], answer: tuple[str, str]) -> None:
        conflict = self._scheme("Default Conflict", answer[0], objection[0])
        self._scheme("Disagreeing", self._scheme("Default Transition", objection[1], answer[1]), conflict)

    def _scheme(self, name: str, start: str, end: str) -> str:
        """Lead from one node to another by a scheme; returns the node that applies it."""
        kind, number = _SCHEMES[name]
        middle = self._node(kind, name)
        self.fulfilled.append({"nodeID": middle, "schemeID": number})
        for a, b in ((start, middle), (middle, end)):
            self.edges.append({"edgeID": str(len(self.edges) + 1), "fromID": a, "toID": b})
        return middle

    def _node(self, kind: str, text: str, at: str = "") -> str:
        number = str(len(self.nodes) + 1)
        self.nodes.append({"nodeID": number, "text": text, "type": kind} | ({"timestamp": at} if at else {}))
        return number
