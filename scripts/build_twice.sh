#!/usr/bin/env bash
# Build sdist and wheel twice into DIR (one and two): the same bytes, and the sdist gives the same wheel.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/builder"
"$work/builder/bin/pip" install -q -c constraints.txt hatchling
build() { (cd "$1" && "$work/builder/bin/python" -m hatchling build -d "$2" "${@:3}" >/dev/null 2>&1); }
build . "$out/one"
build . "$out/two"
mkdir "$work/unpacked"
tar -xzf "$out/one"/*.tar.gz -C "$work/unpacked" --strip-components=1
build "$work/unpacked" "$work/three" -t wheel
for twin in "$out/two" "$work/three"; do
  cmp "$out/one"/*.whl "$twin"/*.whl
done
cmp "$out/one"/*.tar.gz "$out/two"/*.tar.gz
echo "built twice and from the sdist: the same bytes"
