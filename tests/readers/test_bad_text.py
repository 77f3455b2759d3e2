"""However a text export is cut or garbled, reading it ends with a corpus or a FormatError."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_discourse_markdown import THREE, raw
from test_discourse_rss import ASIDE, feed, item
from test_greaterwrong_scrape import post, scraped
from test_lesswrong_clipping import CLIP, IDS, SCRIPT, header, section
from test_lesswrong_markdown import NOTES, POST, page, told

from threadkit.base.errors import FormatError
from threadkit.readers.formats import FORMATS, sample
from threadkit.readers.read import read

FILES = {
    "discourse-markdown": [raw(*THREE), raw(*THREE, title="")],
    "discourse-rss": [feed(item(3, ASIDE + "<p>No.</p>", wrap=True), item(2, "Why?"), item(1, "Tea."))],
    "lesswrong-markdown": [
        page(told("c1", "Yes.", notes=NOTES), told("c2", "No.", parent="c1")),
        POST + told("c1", ""),
    ],
    "lesswrong-clipping": [CLIP + section(IDS[0], header(IDS[0], "Ines"), "Yes."), SCRIPT],
    "greaterwrong-scrape": [json.dumps([post(scraped("c1", "Yes.", scraped("c2", "No.")))])],
}
CASES = [(name, text) for name, texts in FILES.items() for text in texts]
ODD = [
    "",
    "\x00",
    "\ud800",
    "\n",
    "[",
    "](",
    ">",
    "<",
    "&",
    "]]>",
    "#",
    "\\",
    "|",
    "-" * 25,
    "[quote]",
    "10" * 30,
    "\ue000",
]


@pytest.mark.parametrize(("name", "text"), CASES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_survived(tmp_path, name, text, data):
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = min(len(text), start + data.draw(st.integers(0, 60)))
        text = text[:start] + data.draw(st.sampled_from(ODD)) + text[stop:]
    if data.draw(st.booleans()):
        text = text[: data.draw(st.integers(0, len(text)))]
    path = tmp_path / "export.bin"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        corpus = read(path, formats=[name])
    except FormatError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the message is all that is left to check
        return
    assert corpus.sources[0]["format"] == name


@pytest.mark.parametrize(("name", "text"), CASES)
def test_each_is_claimed_by_its_reader_first(tmp_path, name, text):
    (tmp_path / "export.bin").write_text(text)
    head = sample(tmp_path / "export.bin")
    assert next(each for each in FORMATS.names() if FORMATS.load(each).detect(head)) == name
