"""Small exports of our own, in the shapes that forums give."""

import json

import pytest

from threadkit.readers import read as reading
from threadkit.readers.draft import Draft
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read


@pytest.fixture(autouse=True, scope="session")
def _surface():
    """Let a reader's own faults end the test that meets them, and not become a row in problems."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "UNEXPECTED", ())
        yield


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file (bytes, text, or a JSON value) and returns its path."""

    def _write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return _write


@pytest.fixture
def corpus_of(write):
    """Return a function that reads one export of the given content."""
    return lambda content, name="thread.json": read(write(name, content))


@pytest.fixture
def known_as(write):
    """Return a function that tells which formats detect the given content."""

    def _known_as(content, name="any.bin"):
        head = sample(write(name, content))
        return [name for name in FORMATS.names() if name != "page-text" and FORMATS.load(name).detect(head)]

    return _known_as


@pytest.fixture
def draft():
    """Return an empty draft of a file called x.json."""
    return Draft("x.json")
