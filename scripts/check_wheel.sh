#!/usr/bin/env bash
# Install the wheel alone and use it away from the checkout: the models and corpora must travel in it, and nothing of
# the test extra may be needed at run time.
#
# check_wheel.sh [WHEEL VENV]: VENV holds what threadkit needs and nothing else, as `pip install .` leaves it. Without
# both, the wheel is built (build_twice.sh) and installed into a fresh environment.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# = 2 ]; then
  wheel=$(realpath "$1") venv=$(realpath "$2")
fi
cd "$(dirname "$0")/.."
if [ $# = 0 ]; then
  bash scripts/build_twice.sh "$work/built"
  wheel=$(echo "$work"/built/one/*.whl) venv=$work/venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q -c constraints.txt "$wheel"
else
  "$venv/bin/pip" install -q --no-deps --force-reinstall "$wheel"
fi
cp -r corpora/demo "$work/exports"
cd "$work"
"$venv/bin/python" - <<'PY'
import importlib.util
import threadkit
assert "site-packages" in threadkit.__file__, threadkit.__file__
leaked = [name for name in ("pytest", "hypothesis", "mypy", "ruff", "importlinter") if importlib.util.find_spec(name)]
assert not leaked, f"the runtime pulls in {leaked}"
PY
"$venv/bin/threadkit" models
"$venv/bin/threadkit" read exports --quiet
echo "the wheel works alone"
