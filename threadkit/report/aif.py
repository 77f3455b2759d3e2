"""An analysis → the Argument Interchange Format, as AIFdb and OVA read it (JSON; http://www.aifdb.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from threadkit.base.output import write_bytes
from threadkit.report.case import Case, Cases, Statement, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from threadkit.corpus.analysis import Analysis

# The names of the general schemes: an argument for, an argument against, somebody's asserting something.
_FOR, _AGAINST, _ASSERTING = "Default Inference", "Default Conflict", "Asserting"
_TYPES = {_FOR: "RA", _AGAINST: "CA", _ASSERTING: "YA"}
# AIFdb's numbers of these schemes.
_SCHEMES = {_FOR: "72", _AGAINST: "71", _ASSERTING: "74"}


def write_aif(analysis: Analysis, path: str | Path) -> Path:
    """Write an analysis as AIF; returns its path. Raises OutputError where the file cannot be written."""
    return write_bytes(path, orjson.dumps(aif(analysis), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def aif(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    """Return every crux as AIF.

    A claim, an objection, a defence and an answer are I-nodes; a CA-node leads from each objection to the claim and
    from each answer to its objection, an RA-node from each defence to the claim. An L-node with a YA-node tells who
    said it, and its locution where.
    """
    cases, graph = Cases(analysis), _Graph()
    for crux_id in cases.cruxes.index:
        graph.add(cases.case(crux_id))
    return graph.told()


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
            self._scheme(_AGAINST, objections[said.segment_id], claim)
        for said in case.answers:
            if said.to in objections:
                self._scheme(_AGAINST, self._said(said), objections[said.to])
        for said in case.defences:
            self._scheme(_FOR, self._said(said), claim)

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """Return the graph with the keys that AIFdb expects."""
        people = [{"participantID": number, "firstname": name, "surname": ""} for name, number in self.people.items()]
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "schemefulfillments": self.fulfilled,
            "locutions": self.locutions,
            "participants": people,
        }

    def _said(self, said: Statement) -> str:
        words, at = words_of(said), "" if said.at is None else said.at.strftime("%Y-%m-%d %H:%M:%S")
        information, locution = self._node("I", words, at), self._node("L", f"{said.author}: {words}", at)
        self._scheme(_ASSERTING, locution, information)
        person = self.people.setdefault(said.author, str(len(self.people) + 1))
        told = {"nodeID": locution, "personID": person, "timestamp": at or None, "start": None, "end": None}
        self.locutions.append(told | {"source": said.source.href})
        return information

    def _scheme(self, name: str, start: str, end: str) -> None:
        middle = self._node(_TYPES[name], name)
        self.fulfilled.append({"nodeID": middle, "schemeID": _SCHEMES[name]})
        for a, b in ((start, middle), (middle, end)):
            edge = {"edgeID": str(len(self.edges) + 1), "fromID": a, "toID": b, "formEdgeID": None}
            self.edges.append(edge)

    def _node(self, kind: str, text: str, at: str = "") -> str:
        number = str(len(self.nodes) + 1)
        self.nodes.append({"nodeID": number, "text": text, "type": kind, "timestamp": at})
        return number
