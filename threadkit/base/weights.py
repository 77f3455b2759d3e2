"""The weights that ship with threadkit: where they are, what they are, and whether they are whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from threadkit.base.errors import ModelError

_PACKAGE = Path(__file__).resolve().parents[1]
# In an installed wheel the folders stand inside the package; in a checkout beside it.
_PLACES = (_PACKAGE / "shipped", _PACKAGE.parent)


def shipped(kind: str) -> Path:
    """Return the folder of what ships with threadkit: 'models' or 'corpora'; raises ModelError."""
    for place in _PLACES:
        if (place / kind).is_dir():
            return place / kind
    raise ModelError(f"the {kind} that ship with threadkit are not in {_PLACES[0]}: install threadkit again")


# The revision of a model that is neither ours nor a folder: a name that somebody else may give new weights.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Weights:
    """One row of models/manifest.json."""

    name: str
    kind: str
    revision: str
    license: str
    dim: int
    files: dict[str, dict[str, Any]]
    about: str

    @property
    def folder(self) -> Path:
        """Where the weights stand."""
        return shipped("models") / self.name

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(int(entry["size"]) for entry in self.files.values())

    def verify(self) -> None:
        """Compare every file with its checksum; raises ModelError naming the first that differs."""
        for name, entry in self.files.items():
            path = self.folder / name
            if not path.is_file():
                raise ModelError(f"{path}: missing; install threadkit again")
            found = sha256(path)
            if found != entry["sha256"]:
                raise ModelError(f"{path}: sha256 {found}, expected {entry['sha256']}; install threadkit again")


def sha256(path: Path) -> str:
    """Return a file's SHA-256, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest() -> dict[str, Weights]:
    """Return the weights that ship with threadkit, by name."""
    path = shipped("models") / "manifest.json"
    return {row["name"]: Weights(**row) for row in orjson.loads(path.read_bytes())}


@cache
def resolve(name: str, kind: str) -> tuple[str, str]:
    """Return what to load for a model name, and its revision.

    A name of ours is verified and becomes a folder. The revision of another folder is a hash of its files; any other
    name is left as it is, its revision UNKNOWN. Raises ModelError for damaged weights or weights of another kind.
    """
    if not name:
        raise ModelError("the model's name is empty: give a name that 'threadkit models' lists, or a folder")
    known = manifest()
    if name not in known:
        if name.startswith("threadkit-"):
            fit = ", ".join(model for model, weights in known.items() if weights.kind == kind)
            raise ModelError(f"no model {name!r} ships with threadkit: choose one of {fit}")
        return name, _hashed(Path(name)) if Path(name).is_dir() else UNKNOWN
    weights = known[name]
    if weights.kind != kind:
        raise ModelError(f"{name!r} is a model of kind {weights.kind}, one of kind {kind} is needed here")
    weights.verify()
    return str(weights.folder), weights.revision


def _hashed(folder: Path) -> str:
    """Return the revision of a folder of weights: 16 hex digits over the names and bytes of its files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()[:16]
