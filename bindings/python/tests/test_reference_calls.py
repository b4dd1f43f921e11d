"""The calls that the reference of operations shows, made on the emulator: each sends the request of its case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import trunkline

ROOT = Path(__file__).resolve().parents[3]
OPERATIONS: list[dict[str, Any]] = json.loads((ROOT / "docs/generated/operations.json").read_text())


def test_every_operation_but_the_batch_shows_a_call() -> None:
    assert [operation["id"] for operation in OPERATIONS if operation["calls"] is None] == ["batch.send"]


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one["calls"]], ids=lambda one: one["id"])
def test_a_call(operation: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    file = json.loads((ROOT / f"spec/examples/{operation['id']}.json").read_text())
    cases = [case for case in file["cases"] if case["request"] is not None]
    # Some need what a seed brings, or a signed-in user; all of an operation need the same.
    runs = [case["emulator"] for case in cases if case.get("emulator", {}).get("status", 400) < 300]
    run = runs[0] if runs else {}
    user = "gina@contoso.example" if run.get("delegated") else None
    with trunkline.Emulator(seed=run.get("seed")) as emulator:
        with trunkline.Client(emulator.token(user), endpoint=emulator.url, proxy=False) as client:
            try:
                exec(compile("\n".join(operation["calls"]["python"]), operation["id"], "exec"), {"client": client})
            except trunkline.GraphError:
                # A call is sent all the same when no case shows that it succeeds on the emulator.
                assert not runs
        sent = emulator.requests[0]
    wanted = [(case["request"]["method"], unquote(case["request"]["path"])) for case in cases]
    assert (sent["method"], sent["path"]) in wanted
    assert "<trunkline" not in capsys.readouterr().out
