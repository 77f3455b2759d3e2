"""The kinds of disagreement, and how a report words them."""

from __future__ import annotations

KINDS = {
    "fact": "denies the fact",
    "inference": "rejects the inference",
    "framing": "disputes a definition or framing",
    "values": "objects to values or priorities",
    "consequences": "objects to feasibility or consequences",
    "evidence": "calls for evidence",
}
