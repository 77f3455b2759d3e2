"""Plug-ins: a name and where it lives; nothing is imported until it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from threadkit.base.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Registry:
    """Named plug-ins of one kind: our own rows first, then what other packages add by entry point.

    A row's value is ``package.module`` or ``package.module:name``.

    >>> Registry("codec", {"json": "json"}, group="threadkit.codecs").load("json").__name__
    'json'
    """

    def __init__(self, kind: str, rows: dict[str, str], group: str) -> None:
        self.kind = kind
        self.rows = rows
        self.group = group

    def _all(self) -> dict[str, str]:
        from importlib.metadata import entry_points  # takes as long as everything else that --help needs

        theirs = {point.name: point.value for point in entry_points(group=self.group)}
        return {**self.rows, **{name: value for name, value in theirs.items() if name not in self.rows}}

    def __iter__(self) -> Iterator[str]:
        """Yield the names; other packages are looked through only when ours have come to their end."""
        yield from self.rows
        yield from (name for name in self._all() if name not in self.rows)

    def names(self) -> list[str]:
        """List the names: ours in their order, then strangers'."""
        return list(self._all())

    def load(self, name: str) -> Any:
        """Import the plug-in of this name; raises SettingError for an unknown one."""
        # Other packages are looked through only for a name that is not ours: it takes 10 ms.
        rows = self.rows if name in self.rows else self._all()
        if name not in rows:
            raise SettingError(f"unknown {self.kind} {name!r}: choose one of {', '.join(rows)}")
        module, _, attribute = rows[name].partition(":")
        loaded = import_module(module)
        return getattr(loaded, attribute) if attribute else loaded
