"""threadkit: what forum disagreements turn on, which objections recur, and whether they were answered."""

from __future__ import annotations

__version__ = "0.1.0"
