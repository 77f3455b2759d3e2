"""Of a large file no more is held than the words that the tables keep: each reading in a process of its own."""

import json
import subprocess
import sys

import pytest

# Megabytes of the files: large against what any reading holds at once (readers/json_lines.py).
SIZE = 32
# Prints by how many bytes the peak grew while a file was read, all modules being loaded before.
MEASURE = """
import resource, sys
from threadkit.base.progress import Silent
from threadkit.readers.read import read
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
read(sys.argv[1], progress=Silent())
before = peak()
n = len(read(sys.argv[2], progress=Silent()).comments)
print(n, peak() - before)
"""
# Most that reading may hold for each byte of the file: 0.08 was measured where nearly all is passed over, and 1.8 where
# about four tenths are words; rows held as mappings take 3.6 there, and the file held whole adds 1.
KEPT = {"passed over": 0.4, "words": 2.5}


def line(n, filling):
    body = f"Tea number {n} is hot. " + "Nobody in this town drinks it cold before the evening. " * 4
    data = {"id": f"g{n}", "link_id": "t3_p", "parent_id": "t3_p", "author": f"user_{n % 900}", "body": body.strip()}
    data |= {
        "created_utc": 1_600_000_000 + n,
        "score": n % 40,
        "edited": False,
        "permalink": f"/r/tea/comments/p/t/g{n}/",
    }
    return json.dumps(data | {"media_metadata": "x" * filling}).encode() + b"\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the peak is asked of getrusage")
@pytest.mark.parametrize(("kind", "filling"), [("passed over", 6000), ("words", 200)])
def test_a_large_file_is_never_held_whole(kind, filling, tmp_path):
    small, large = tmp_path / "RC_small.jsonl", tmp_path / "RC.jsonl"
    n = SIZE * 2**20 // len(line(10_000, filling))
    small.write_bytes(b"".join(line(i, filling) for i in range(200)))
    with large.open("wb") as file:
        file.writelines(line(i, filling) for i in range(n))
    command = [sys.executable, "-c", MEASURE, str(small), str(large)]
    found, grown = map(int, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert found == n
    assert grown < KEPT[kind] * large.stat().st_size, f"{grown / 2**20:.0f} MiB for {SIZE} MiB"
