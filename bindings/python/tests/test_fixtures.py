"""The fixtures that the package ships."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trunkline import Client, Emulator


def test_a_client_of_an_emulator(trunkline_client: Client, trunkline_emulator: Emulator) -> None:
    outcome = trunkline_client.phones("ana@contoso.example").set("mobile", "+1 206-555-0100")
    assert outcome.after is not None
    assert trunkline_emulator.requests[-1]["status"] == 200


def test_a_run_that_asks_for_no_fixture_imports_nothing_of_the_package(tmp_path: Path) -> None:
    """pytest loads the plugin into every run of an environment, and most of them test something else."""
    tests = tmp_path / "test_else.py"
    tests.write_text(
        "import sys\n"
        "def test_else() -> None:\n"
        "    assert 'trunkline_pytest' in sys.modules\n"
        "    assert not [name for name in sys.modules if name.split('.')[0] == 'trunkline']\n"
    )
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", tests], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
