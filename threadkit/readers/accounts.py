"""What to call the people of an export whose names are not unique."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadkit.readers.draft import Draft

# What Disqus writes for whoever gave no name; two of them are two people.
_NOBODY = frozenset({"guest", "anonymous", "anon", "deleted"})


class Guests:
    """Who wrote which comment where guests may write: names are not unique, accounts are."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.written: defaultdict[str, list[str]] = defaultdict(list)

    def note(self, comment_id: str, *, name: str, username: str, mark: str) -> str | None:
        """Return the author's name, None for somebody who gave none.

        `username`: the account's, empty for a guest; `mark`: what tells guests of one name apart, never shown.
        """
        name = name or username
        if not name or (not username and name.casefold() in _NOBODY):
            return None
        key = username or "/".join(["guest", name, mark])
        self.names.setdefault(key, name)
        self.written[key].append(comment_id)
        return name

    def name(self, draft: Draft) -> None:
        """Tell people of one name apart: by the name of the account, or by number, never by an e-mail address."""
        shown = {key: key.split("/")[0] for key in self.names}
        guests = [key for key in self.names if "/" in key]
        shown |= {key: f"guest {n}" for n, key in enumerate(guests, start=1)}
        named = distinct({shown[key]: name for key, name in self.names.items()})
        for key, comments in self.written.items():
            if named[shown[key]] != self.names[key]:
                for comment_id in comments:
                    draft.comments[comment_id]["author"] = named[shown[key]]


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each account: its name, with the account's key behind it where several share the name.

    >>> distinct({"1": "Ana", "2": "Bo", "3": "Ana"})
    {'1': 'Ana (1)', '2': 'Bo', '3': 'Ana (3)'}
    """
    held = Counter(names.values())
    return {key: name if held[name] == 1 else f"{name} ({key})" for key, name in names.items()}
