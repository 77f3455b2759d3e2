"""The one family of errors that a user can mend, and how an optional dependency is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


class ThreadkitError(Exception):
    """A mistake outside threadkit: its message says where, what was expected, what came, and the cure."""


class TableError(ThreadkitError, ValueError):
    """A table does not have the columns, dtypes or keys that corpus/tables.py lists."""


class FormatError(ThreadkitError, ValueError):
    """An export cannot be read as the format it was taken for."""


class OutputError(ThreadkitError, OSError):
    """A folder cannot be written, or holds something that is not ours to overwrite."""


class ModelError(ThreadkitError, ValueError):
    """Model weights are absent, damaged, or not of the kind asked for."""


class SettingError(ThreadkitError, ValueError):
    """An argument lies outside the values it may take."""


class MemoryLimitError(ThreadkitError, MemoryError):
    """A run needs more memory than it is allowed."""


class MissingDependencyError(ThreadkitError, ImportError):
    """A package of one of threadkit's extras is not installed."""


def require(module: str, extra: str) -> ModuleType:
    """Import a module of an optional dependency, or say how to install it.

    Raises MissingDependencyError naming the extra.

    >>> require("json", extra="none").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingDependencyError(f"{module} is not installed: pip install 'threadkit[{extra}]'") from error
