"""What an installation brings along: all of it pinned, listed, and under a licence that lets it be passed on."""

import re
from pathlib import Path

import licences_page
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
NEEDED = licences_page.closure("threadkit")

# Words of licences that let threadkit be used and passed on under its own. MPL-2.0 binds changes to its own files only.
MAY = re.compile(
    r"\s*\(?(Apache(-| )2\.0( License)?( WITH LLVM-exception)?|0?BSD(-[23]-Clause)?|BSL-1\.0|CC0-1\.0|CNRI-Python|ISC"
    r"|MIT|MPL-2\.0|PSF-2\.0|Unlicense|Zlib)\)?\s*"
)


def pins():
    """Return the pinned versions by normal name."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in found}


def test_the_closure_is_a_closure():
    assert {"numpy", "torch", "transformers", "markupsafe", "mdurl"} <= NEEDED.keys(), (
        "what is needed by what is needed"
    )
    assert not {"pytest", "ruff", "duckdb", "threadkit"} & NEEDED.keys(), "no extra, and not itself"


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_installed_is_pinned(name):
    pin = pins().get(name)
    assert pin is not None, f"add {name} to constraints.txt"
    assert pin.specifier.contains(NEEDED[name].version, prereleases=True), f"{name} {NEEDED[name].version} is no {pin}"


def test_every_licence_is_listed_as_it_is():
    rows = set(licences_page.PAGE.read_text(encoding="utf-8").splitlines())
    missing = set(licences_page.page().splitlines()) - rows
    assert not missing, "run scripts/licences_page.py --write"


@pytest.mark.parametrize("name", NEEDED)
def test_every_licence_lets_it_be_passed_on(name):
    told = licences_page.licence(NEEDED[name])
    refused = [part for part in re.split(r" AND | OR ", told) if not MAY.fullmatch(part)]
    assert not refused, f"{name}: {told}"


@pytest.mark.parametrize("told", ["GPL-3.0-only", "not stated", "LGPL-2.1", "AGPL-3.0 OR MITX"])
def test_a_licence_that_binds_is_noticed(told):
    assert any(not MAY.fullmatch(part) for part in re.split(r" AND | OR ", told))
