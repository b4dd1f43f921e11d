"""The code in docstrings, carried out as it stands, and messages in the words of this language."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trunkline

ANA = "ana@contoso.example"


def docstrings() -> Iterator[tuple[str, str]]:
    """Every docstring of the package, with the name of what it describes."""
    seen: set[int] = set()
    for found in pkgutil.walk_packages(trunkline.__path__, "trunkline."):
        module = importlib.import_module(found.name)
        waiting: list[tuple[str, Any]] = [(found.name, module)]
        while waiting:
            name, described = waiting.pop()
            if id(described) in seen:
                continue
            seen.add(id(described))
            if inspect.getdoc(described):
                yield name, inspect.getdoc(described) or ""
            if inspect.ismodule(described) or inspect.isclass(described):
                members = vars(described).items()
                waiting.extend(
                    (f"{name}.{member}", getattr(value, "__func__", value))
                    for member, value in members
                    if str(getattr(getattr(value, "__func__", value), "__module__", "")).startswith("trunkline")
                )


EXAMPLES = [
    (name, block) for name, text in docstrings() for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize(("name", "block"), EXAMPLES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(EXAMPLES)])
def test_the_code_of_docstrings_works(
    name: str, block: str, emulator: trunkline.Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("numbers.csv").write_text("number,user\n+12065550110,ana@contoso.example\n")
    monkeypatch.setattr(trunkline, "Client", lambda credential, **options: emulator.client(**options))
    with emulator.client() as client:
        block = block.replace("+1 206-555-0100", "+1 206-555-0101") if "assign" in block else block
        names = {"trunkline": trunkline, "client": client, "batch": client.batch(), "credential": "token"}
        exec(compile(block, name, "exec"), names)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_the_fault_that_is_shown_is_one(emulator: trunkline.Emulator) -> None:
    shown = re.search(r"`(\{.*\})`", inspect.getdoc(trunkline.Emulator.fault) or "")
    assert shown is not None
    emulator.fault(eval(shown[1]))
    with emulator.client(retry=1) as client, pytest.raises(trunkline.ServiceError) as raised:
        client.graph.users.list().all()
    assert raised.value.status == 503


def test_messages_are_in_the_words_of_this_language(client: trunkline.Client) -> None:
    held = next(number for number in client.numbers.list() if number.assignment_target_id)
    with pytest.raises(trunkline.ConflictError) as refused:
        client.numbers.assign(held.telephone_number, ANA)
    assert refused.value.next_step.startswith("Use move ") and "move_to" not in str(refused.value)
    verified = client.numbers.verify(held.telephone_number, trunkline.Wanted.assigned(client.graph.users.by_id(ANA).get().id))
    assert verified.refusal is not None and "move_to" not in verified.refusal.next_step


def test_nothing_is_shown_as_rust_shows_it(client: trunkline.Client) -> None:
    answer = client.request("GET", "/users")
    shown = [answer, answer.meta, client, client._native, client.graph.users.list().first_page(), client.graph.users.list()]
    for one in shown:
        assert not re.search(r"Some\(|Option|&\"", repr(one)), repr(one)
    assert f"request_id={answer.request_id!r}" in repr(answer.meta)


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.numbers.get("+12065550101", wait=1),
        lambda client: client.numbers.assign("+12065550101", ANA, tiemout=1),
        lambda client: client.phones(ANA).set("mobile", "+1 206-555-0100", role="x"),
        lambda client: client.graph.users.list(tpo=1),
        lambda client: client.request("GET", "/users", filter="x"),
        lambda client: client.batch().send(wait=1),
        lambda client: client.bulk.read(b"number,user\n", delimeter=";"),
        lambda client: client.bulk.apply("x", "y", in_fligth=1),
        lambda client: trunkline.Client("token", retries=1),
        lambda client: trunkline.Emulator(manual=True),
    ],
)
def test_options_that_a_call_does_not_take_are_refused(client: trunkline.Client, call: Any) -> None:
    with pytest.raises(TypeError):
        call(client)


def test_a_tokens_wishes_and_faults_are_checked(emulator: trunkline.Emulator) -> None:
    with pytest.raises(ValueError):
        emulator.token(permisions=["User.Read.All"])
    with pytest.raises(ValueError):
        emulator.fault({"effect": {"kind": "status", "status": 503}, "tiems": 1})
