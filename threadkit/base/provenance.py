"""What a result can depend on beside its input: the versions of the packages that compute it."""

from __future__ import annotations

import sys
from importlib.metadata import version

PACKAGES = (
    "numpy",
    "pandas",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "umap-learn",
)


def versions() -> dict[str, str]:
    """Return the versions that a result can depend on."""
    names = {package: version(package) for package in PACKAGES}
    return {"python": ".".join(map(str, sys.version_info[:3])), "threadkit": version("threadkit"), **names}
