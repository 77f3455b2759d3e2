#!/usr/bin/env bash
# Build sdist and wheel twice: the same bytes, and the sdist gives the same wheel. Then install the wheel alone in a
# fresh environment and use it away from the checkout: the models and corpora must travel in it, and nothing of the test
# extra may be needed at run time.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/builder"
"$work/builder/bin/pip" install -q -c constraints.txt hatchling
build() { (cd "$1" && "$work/builder/bin/python" -m hatchling build -d "$2" "${@:3}" >/dev/null 2>&1); }
build . "$work/one"
build . "$work/two"
mkdir "$work/unpacked"
tar -xzf "$work/one"/*.tar.gz -C "$work/unpacked" --strip-components=1
build "$work/unpacked" "$work/three" -t wheel
for twin in two three; do
  cmp "$work/one"/*.whl "$work/$twin"/*.whl
done
cmp "$work/one"/*.tar.gz "$work/two"/*.tar.gz
echo "built twice and from the sdist: the same bytes"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q -c constraints.txt "$work/one"/*.whl
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
