"""Print the N-th shell block of the README, so that CI runs what a newcomer is told to run.

python scripts/readme_commands.py 1
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

blocks = re.findall(r"```sh\n(.*?)```", (Path(__file__).resolve().parents[1] / "README.md").read_text(), re.DOTALL)
sys.stdout.write(blocks[int(sys.argv[1]) - 1])
