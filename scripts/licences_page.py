"""Write docs/reference/licences.md: what an installation brings along, and under which licence.

python scripts/licences_page.py           # print the page
python scripts/licences_page.py --write   # and write it; tests/test_supply.py holds that it is current

The packages are those that `pip install threadkit` needs on this machine, theirs included, as their metadata name them.
Accelerator libraries that some builds of torch bring along are not among them.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pages
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "licences.md"
OPENING = """\
<!-- Written by scripts/licences_page.py from the packages' own metadata: run it with --write. -->

# Licences

What `pip install threadkit` brings along, and under which licence, as the packages' own metadata say. All of them may
be used and passed on with threadkit, which stands under Apache-2.0; the models' licences are on their cards in
`models/`, and `threadkit models` prints them. Optional extras are not listed.

| package | licence |
|---|---|"""

# What the classifiers of older metadata say, by the identifiers of https://spdx.org/licenses/.
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

# Packages whose metadata state no licence by name, and where it was read.
READ = {"llvmlite": "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception"}


def closure(name: str) -> dict[str, Distribution]:
    """Return the installed packages that a package needs, by normal name, itself left out."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset[str]())]
    while waiting:
        wanted, extras = waiting.pop()
        try:
            package = distribution(wanted)
        except PackageNotFoundError:
            continue  # needed on another system only
        for line in package.requires or ():
            need = Requirement(line)
            markers = [{"extra": extra} for extra in extras or {""}]
            if need.marker and not any(need.marker.evaluate(marker) for marker in markers):
                continue
            if canonicalize_name(need.name) not in found:
                waiting.append((need.name, frozenset(need.extras)))
        found[canonicalize_name(wanted)] = package
    return {key: package for key, package in sorted(found.items()) if key != canonicalize_name(name)}


def licence(package: Distribution) -> str:
    """Return a package's licence: its SPDX expression, else its classifiers, else the first line of its own words."""
    told = package.metadata
    name = canonicalize_name(told["Name"])
    if expression := told.get("License-Expression"):
        return str(expression)
    classes = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier", []) if c.startswith("License ::")]
    named = [CLASSIFIERS[c] for c in classes if c in CLASSIFIERS]
    if named:
        return " OR ".join(dict.fromkeys(named))
    own = (told.get("License") or "").strip()
    return READ.get(name) or re.split(r"\n", own)[0][:60] or "not stated"


def page() -> str:
    """Return the page."""
    rows = [f"| {package.metadata['Name']} | {licence(package)} |" for package in closure("threadkit").values()]
    return "\n".join([OPENING, *rows]) + "\n"


if __name__ == "__main__":
    pages.offer(page(), PAGE, __doc__)
