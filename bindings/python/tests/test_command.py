"""The command `trunkline` as the package brings it: `python -m trunkline`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import trunkline

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(trunkline.__file__).parents[1])}


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "trunkline", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | environment,
        timeout=60,
    )


def test_results_go_to_standard_output() -> None:
    with trunkline.Emulator() as emulator:
        listed = command(
            "numbers", "list", "--output", "json", TRUNKLINE_ENDPOINT=emulator.url, TRUNKLINE_TOKEN=emulator.token()
        )
    assert (listed.returncode, listed.stderr) == (0, "")
    assert len(json.loads(listed.stdout)) == 20


def test_help_and_errors_name_the_command_and_not_the_module() -> None:
    shown = command("--help")
    assert shown.returncode == 0
    assert "Usage: trunkline " in shown.stdout
    refused = command("numbers", "assign")
    assert refused.returncode == 1
    assert "trunkline numbers assign" in refused.stderr
    # Messages spell options as a command line does, although Python loaded the library.
    checked = command("numbers", "check", "206 555 0100")
    assert "--country" in checked.stdout + checked.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_ends_the_command_without_a_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "trunkline", "emulator", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        # A shell that starts something in the background has it ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as emulator:
        assert emulator.stdout is not None and emulator.stderr is not None
        assert "http" in emulator.stdout.readline()
        emulator.send_signal(signal.SIGINT)
        assert emulator.wait(timeout=30) == 0
        assert "Traceback" not in emulator.stderr.read()
