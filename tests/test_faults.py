"""Every fault of scripts/fault_table.py, broken for real; the README's table is that of the script."""

import fault_table
import pytest


@pytest.mark.parametrize(
    "fault", [f for f in fault_table.FAULTS if f is not fault_table.lost_worker], ids=lambda f: f.__name__
)
def test_nothing_is_lost(fault, tmp_path):
    """tests/pipeline/test_beyond.py is what the fault of a lost worker runs."""
    assert fault(tmp_path)


def test_the_readme_lists_every_fault():
    told = fault_table.README.read_text(encoding="utf-8").split(fault_table.BEGIN)[1].split(fault_table.END)[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in told.strip().splitlines()[2:]]
    assert rows == [fault_table.words(fault) for fault in fault_table.FAULTS]
