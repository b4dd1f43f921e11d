"""The guide `docs/cutover.md` with the command that the wheel installed: each of its commands, as it stands there.

Run by the test of the package, in an environment that has nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
COMMAND = str(Path(sys.executable).with_name("trunkline.exe" if os.name == "nt" else "trunkline"))


def commands() -> list[list[str]]:
    """The commands of the guide."""
    guide = (ROOT / "docs" / "cutover.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    found = [shlex.split(line) for block in blocks for line in block.splitlines()]
    assert all(words[0] == "trunkline" for words in found)
    return [words[1:] for words in found]


def run(work: Path) -> None:
    """Runs the guide in a folder with its files, against an emulator that one signs in at."""
    for name in ("cutover.xlsx", "lis.csv", "seed.json"):
        shutil.copy(ROOT / "tests" / "cutover" / name, work)
    service = [COMMAND, "emulator", "--port", "0", "--tls", "--tls-folder", "tls", "--seed", "seed.json", "--stage-duration", "0s"]
    # Time runs faster for the service and the command: nobody waits for paces and for a code to be entered.
    faster = os.environ | {"TRUNKLINE_TIME_SCALE": f"20@{datetime.now(timezone.utc).isoformat()}"}
    with subprocess.Popen(service, cwd=work, env=faster, stdout=subprocess.PIPE, text=True) as emulator:
        try:
            assert emulator.stdout is not None
            ready = json.loads(emulator.stdout.readline())
            environment = faster | {
                "TRUNKLINE_ENDPOINT": ready["url"],
                "SSL_CERT_FILE": str(work / ready["certificateFile"]),
                "TRUNKLINE_CONFIG_DIR": str(work / "settings"),
                "TRUNKLINE_STATE_DIR": str(work / "claims"),
            }
            for words in commands():
                done = subprocess.run([COMMAND, *words], cwd=work, env=environment, capture_output=True, text=True, timeout=300)
                assert done.returncode == 0, (words, done.stdout, done.stderr)
                if "verify" in words:
                    assert "298 rows: 298 hold" in done.stdout, done.stdout
        finally:
            emulator.terminate()
    assert (work / "cutover.html").is_file()


def main() -> None:
    assert len(commands()) <= 6
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder))
    print("ok")


if __name__ == "__main__":
    main()
