"""Fixtures that every room's tests may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: hypothesis judges what a test finds, not how long an example takes.
settings.register_profile("threadkit", deadline=None)
settings.load_profile("threadkit")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real samples beside the checkout; skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real samples (../shared) is not beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep the user's own cache out of the tests, and the tests out of it."""
    before = os.environ.get("THREADKIT_CACHE")
    os.environ["THREADKIT_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("THREADKIT_CACHE")
    if before is not None:
        os.environ["THREADKIT_CACHE"] = before
