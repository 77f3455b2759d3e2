"""The templates, compiled once: beside them, as Python keeps what it compiled of a module."""

from __future__ import annotations

import marshal
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined

from threadkit.base.errors import OutputError
from threadkit.base.output import write_bytes
from threadkit.report.show import FILTERS, WORDS

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


def environment(*, autoescape: bool, **settings: Any) -> Environment:
    """Return what templates are drawn with; `settings` are jinja2's."""
    made = Environment(
        loader=PackageLoader("threadkit.report"),
        autoescape=autoescape,  # noqa: S701  Markdown is no HTML: markdown.py escapes every value itself
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=Compiled(f"{jinja2.__version__} {autoescape} {sorted(settings)}"),
        **settings,
    )
    made.globals |= WORDS
    made.filters |= FILTERS
    return made


class Compiled(BytecodeCache):
    """Compiled templates in the __pycache__ beside them: compiling takes a third of the time of a small report.

    What is held counts only for the same Python, the same jinja2, the same `settings` and the same template. Where
    nothing may be written, nothing is kept, and each run compiles anew. The folder is trusted as far as the modules
    that stand beside it, and no further: whoever can write here can write there.
    """

    def __init__(self, settings: str) -> None:
        self.settings = settings

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return where the template stands."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the compiled template, where it is held and of this template."""
        head = self._head(bucket)
        with suppress(OSError, EOFError, ValueError, TypeError):
            held = _beside(bucket).read_bytes()
            if held.startswith(head):
                bucket.code = marshal.loads(held[len(head) :])  # noqa: S302  as far as a .pyc is trusted

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the compiled template, where that can be written."""
        if not sys.dont_write_bytecode:
            with suppress(OutputError):
                write_bytes(_beside(bucket), self._head(bucket) + marshal.dumps(bucket.code))

    def _head(self, bucket: Bucket) -> bytes:
        return MAGIC_NUMBER + sha256(f"{bucket.checksum}\n{self.settings}".encode()).digest()


def _beside(bucket: Bucket) -> Path:
    return Path(cache_from_source(bucket.key))
