"""Every case of spec/examples, synchronously and asynchronously: on a recording server, and through the emulator."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from support import Recorder, snake

import trunkline
from trunkline import _native

ROOT = Path(__file__).resolve().parents[3]
OPERATIONS: dict[str, dict[str, Any]] = {one["id"]: one for one in json.loads(_native.operations())}
#: A token that is read by nobody.
TOKEN = "token"

def cases() -> list[Any]:
    found = []
    for path in sorted((ROOT / "spec" / "examples").glob("*.json")):
        file = json.loads(path.read_text())
        for case in file["cases"]:
            found.append(pytest.param(file["operation"], case, id=f"{file['operation']}: {case['name']}"))
    return found


def records_of(namespace: str) -> Any:
    return importlib.import_module("trunkline.generated." + importlib.import_module("trunkline.generated").MODULES[namespace])


def class_of(qualified: str) -> Any:
    namespace, _, name = qualified.rpartition(".")
    for found in vars(records_of(namespace)).values():
        if getattr(found, "_type_name", None) == qualified and isinstance(found, type):
            return found
    raise LookupError(qualified)


def build(expected: str, arguments: dict[str, Any]) -> Any:
    """The record of a body, from its properties."""
    named = arguments.get("@odata.type")
    record = class_of(named.lstrip("#") if named else expected)()
    for name, value in arguments.items():
        record[name] = value
    return record


def call(graph: Any, operation: str, case: dict[str, Any]) -> Any:
    """Makes the call of a case: the path is walked handle by handle."""
    known = OPERATIONS[operation]
    place = dict(case["place"])
    root = place.pop("root")
    template = next(path for path in known["paths"] if path.split("/")[1] == root)
    segments = template.strip("/").split("/")
    verb = known["verb"]
    if verb in ("action", "function"):
        segments.pop()
    keys = list(place.values())
    handle = graph
    for segment in segments:
        if segment.startswith("{"):
            handle = handle.by_id(keys.pop(0))
        elif hasattr(handle, "by_id"):
            handle = handle.by_id(segment)
        else:
            handle = getattr(handle, snake(segment))
    options: dict[str, Any] = {}
    for name, value in case.get("options", {}).items():
        options["order_by" if name == "orderby" else name] = value
    if "headers" in case:
        options["headers"] = case["headers"]
    arguments = case.get("arguments", {})
    if verb in ("create", "update"):
        return getattr(handle, verb)(build(known["target"], arguments), **options)
    if verb in ("action", "function"):
        named = {spelled(snake(name)): value for name, value in arguments.items()}
        return overload(handle, snake(known["callable"]), set(named))(**named, **options)
    return getattr(handle, verb)(**options)


def overload(handle: Any, name: str, arguments: set[str]) -> Any:
    """The method of that name, or of the overload that takes the arguments."""
    methods = [getattr(handle, found) for found in sorted(dir(handle)) if found == name or found.startswith(name + "_by_")]
    return next(method for method in methods if arguments <= set(inspect.signature(method).parameters))


def spelled(name: str) -> str:
    return name + "_" if name in ("type", "from", "class") else name


def plain(value: Any) -> Any:
    """A value as JSON, without what an outcome leaves out."""
    if isinstance(value, trunkline.Record):
        value = value.to_dict()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name not in ("@odata.context", "@odata.nextLink")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def ended(answer: Any) -> dict[str, Any]:
    """How a call ended, as a case tells it."""
    if isinstance(answer, list):
        return {"items": plain(answer)}
    if isinstance(answer, (trunkline.LongRunning, trunkline.AsyncLongRunning)):
        return {"long_running": {"id": answer.id}}
    if isinstance(answer, trunkline.Answer):
        return {"none": True} if answer.value is None else {"value": plain(answer.value)}
    return {"value": plain(answer)}


def failed(error: trunkline.GraphError) -> dict[str, Any]:
    return {"error": {"kind": error.kind, "status": error.status, "code": error.code, "claims": error.claims}}


def adding(batch: Any, case: dict[str, Any]) -> list[Any]:
    """Adds the calls of a case to a batch."""
    parts = case["arguments"]["requests"]
    return [batch.add(lambda graph, part=part: call(graph, part["operation"], part)) for part in parts]


def answered(answers: trunkline.BatchAnswers, added: list[Any]) -> tuple[dict[str, Any], int | None]:
    """How a batch ended. One that is answered has the status 200, whatever its parts have; one that is refused, theirs."""
    ends = []
    for item in added:
        error = answers.error(item)
        value = None if error else answers[item]
        ends.append(failed(error) if error else ended(list(value) if isinstance(value, trunkline.Page) else value))
    refused = len(answers.errors) == len(answers)
    return {"answers": ends}, answers.errors[0].status if refused else 200


def matches(end: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a call ended as a case says. A batch that fails as a whole fails each of its calls."""
    if "answers" in end and "error" in expected:
        return all(matches(one, expected) for one in end["answers"])
    if "answers" in end and "answers" in expected:
        return all(matches(one, wanted) for one, wanted in zip(end["answers"], expected["answers"], strict=True))
    if "error" in expected:
        return {name: end.get("error", end).get(name) for name in expected["error"]} == expected["error"]
    if "long_running" in expected:
        return bool(end["long_running"]["id"] == expected["long_running"]["id"])
    return end == expected


def run(asynchronous: bool, options: dict[str, Any], operation: str, case: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """The end of a case, and its status."""
    status: int | None = None
    try:
        if asynchronous:

            async def main() -> Any:
                async with trunkline.AsyncClient(**options) as client:
                    if operation == "batch.send":
                        batch = client.batch()
                        added = adding(batch, case)
                        return answered(await batch.send(), added)
                    begun = call(client.graph, operation, case)
                    if isinstance(begun, trunkline.AsyncList):
                        items, status = [], None
                        async for page in begun.pages():
                            status = page.meta.status
                            items.extend(page)
                        return ended(items), status
                    answer = await begun
                    return ended(answer), answer.meta.status

            end: tuple[dict[str, Any], int | None] = asyncio.run(main())
            return end
        else:
            with trunkline.Client(**options) as client:
                if operation == "batch.send":
                    batch = client.batch()
                    added = adding(batch, case)
                    return answered(batch.send(), added)
                answer = call(client.graph, operation, case)
                if isinstance(answer, trunkline.List):
                    items = []
                    for page in answer.pages():
                        status = page.meta.status
                        items.extend(page)
                    answer = items
                else:
                    status = answer.meta.status
    except trunkline.GraphError as error:
        assert str(error) and error.next_step
        return failed(error), error.status
    return ended(answer), status


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("operation", "case"), cases())
def test_recorded(operation: str, case: dict[str, Any], asynchronous: bool) -> None:
    exchanges = [case, *case.get("then", [])] if case["request"] is not None else []
    with Recorder([exchange["response"] for exchange in exchanges]) as recorder:
        options = {
            "credential": TOKEN,
            "endpoint": recorder.root,
            "proxy": False,
            "unknown_enum_members": False,
            "_test_time": True,
        }
        end, _ = run(asynchronous, options, operation, case)
        expected = json.loads(json.dumps(case["outcome"]).replace("{root}", recorder.root))
    if "known" in case:
        pytest.xfail(case["known"])
    assert matches(end, expected), end
    assert len(recorder.seen) == len(exchanges)
    for exchange, seen in zip(exchanges, recorder.seen, strict=True):
        wanted = exchange["request"]
        assert (seen["method"], seen["path"]) == (wanted["method"], wanted["path"].replace("{root}", recorder.root))
        assert [list(pair) for pair in parse_qsl(seen["query"], keep_blank_values=True)] == wanted["query"]
        if wanted.get("raw_query") is not None:
            assert seen["query"] == wanted["raw_query"]
        for name, value in wanted["headers"].items():
            assert seen["headers"].get(name.lower()) == value
        assert seen["body"] == wanted["body"]
        assert seen["headers"]["authorization"] == f"Bearer {TOKEN}"


def contains(value: Any, wanted: dict[str, Any]) -> bool:
    return isinstance(value, dict) and all(
        contains(value.get(name), item) if isinstance(item, dict) else value.get(name) == item
        for name, item in wanted.items()
    )


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("operation", "case"), cases())
def test_emulated(operation: str, case: dict[str, Any], asynchronous: bool) -> None:
    if "emulator_skip" in case:
        pytest.skip(case["emulator_skip"])
    expected = case["emulator"]
    user = ("ana" if case["place"]["root"] == "me" else "gina") + "@contoso.example" if expected.get("delegated") else None
    with trunkline.Emulator(manual_clock=True, seed=expected.get("seed")) as emulator:
        options = {
            "credential": emulator.token(user),
            "endpoint": emulator.url,
            "proxy": False,
            "unknown_enum_members": False,
            "_test_time": True,
        }
        end, status = run(asynchronous, options, operation, case)
    if "known" in expected:
        pytest.xfail(expected["known"])
    assert status == expected["status"], end
    if wanted := expected.get("contains"):
        found = end.get("items") or [end.get("value")]
        assert any(contains(item, wanted) for item in found), end
