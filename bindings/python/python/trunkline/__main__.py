"""The command `trunkline`: `python -m trunkline` and the console script of the package."""

from __future__ import annotations

import signal
import sys

from ._native import run_command


def main() -> int:
    """Runs the command with the arguments of this process, and returns its exit code."""
    # The command handles Ctrl-C itself. Python's handler would raise `KeyboardInterrupt` when the command has ended.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command(["trunkline", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
