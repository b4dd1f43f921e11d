"""The code of the README, carried out as it stands: only `Client` is one that talks to an emulator."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

import trunkline

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_code_of_the_readme_works(
    emulator: trunkline.Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5

    Real = trunkline.Client

    class Client(Real):
        def __init__(self, credential: Any) -> None:
            # The credential is built, but nobody signs in.
            Real(credential)
            super().__init__(emulator.token(), endpoint=emulator.url, proxy=False, _test_time=True)

    monkeypatch.setattr(trunkline, "Client", Client)

    def onboard(client: trunkline.Client, user: str) -> None:
        client.phones(user).set("mobile", "+1 206-555-0101")
        client.graph.users.by_id(user).get()

    monkeypatch.chdir(tmp_path)
    Path("numbers.csv").write_text("number,user\n+12065550110,ana@contoso.example\n")
    names: dict[str, Any] = {"onboard": onboard}
    for block in blocks:
        # A block may use the names of those before it, and finds the tenant as it was.
        emulator.reset()
        exec(compile(block, str(README), "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        with emulator.client() as client:
            test(client, emulator)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 8 and not any("<trunkline" in line for line in lines), lines


def test_the_code_of_the_projects_readme_works(capsys: pytest.CaptureFixture[str]) -> None:
    readme = README.parents[2] / "README.md"
    blocks = re.findall(r"^```python\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, str(readme), "exec"), {})
    assert "+12061234567" in capsys.readouterr().out


def test_the_code_of_the_page_about_observability_works(
    emulator: trunkline.Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    page = README.parents[2] / "docs" / "observability.md"
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    Real = trunkline.Client

    class Client(Real):
        def __init__(self, credential: str, **hooks: Any) -> None:
            super().__init__(credential, endpoint=emulator.url, proxy=False, _test_time=True, **hooks)

    monkeypatch.setattr(trunkline, "Client", Client)
    names: dict[str, Any] = {"credential": emulator.token()}
    levels = {name: logging.getLogger(name).level for name in (None, "trunkline")}
    try:
        for block in blocks:
            emulator.fault({"effect": {"kind": "status", "status": 429, "retryAfter": "1"}, "times": 1})
            exec(compile(block, str(page), "exec"), names)
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert capsys.readouterr().out == "users.get: throttled, again in 1 s\n"
    assert "GET /users/{user-id}: attempt 1" in caplog.messages
