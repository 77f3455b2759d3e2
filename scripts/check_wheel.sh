#!/usr/bin/env bash
# Build the wheel, install it alone in a fresh environment, and use it away from the checkout: the models and
# corpora must travel in it, and nothing of the test extra may be needed at run time.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q -c constraints.txt .
cp -r corpora/demo "$work/exports"
cd "$work"
"$work/venv/bin/python" - <<'PY'
import importlib.util
import threadkit
assert "site-packages" in threadkit.__file__, threadkit.__file__
leaked = [name for name in ("pytest", "hypothesis", "mypy", "ruff", "importlinter") if importlib.util.find_spec(name)]
assert not leaked, f"the runtime pulls in {leaked}"
PY
"$work/venv/bin/threadkit" models
"$work/venv/bin/threadkit" read exports --quiet
echo "the wheel works alone"
