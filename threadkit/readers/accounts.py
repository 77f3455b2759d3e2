"""What to call the people of an export whose names are not unique."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each account: its name, with the account's key behind it where several share the name.

    >>> distinct({"1": "Ana", "2": "Bo", "3": "Ana"})
    {'1': 'Ana (1)', '2': 'Bo', '3': 'Ana (3)'}
    """
    held = Counter(names.values())
    return {key: name if held[name] == 1 else f"{name} ({key})" for key, name in names.items()}
