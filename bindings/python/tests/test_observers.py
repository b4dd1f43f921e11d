"""Hooks and loggers: what they get, on which thread and in which context, and that they change nothing."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import logging
import sys
import threading
from typing import Any

import pytest
from support import run

import trunkline
from trunkline.generated.events import CallEvent, RequestEvent, ResponseEvent, RetryEvent, ThrottleEvent

ANA = "ana@contoso.example"
NUMBER = "+12065550147"
THROTTLED = {"effect": {"kind": "status", "status": 429, "retryAfter": "1"}, "times": 1}

TRACE: contextvars.ContextVar[str] = contextvars.ContextVar("trace", default="none")


class Seen:
    """Collects the events of a client, with the thread and the context they came in."""

    def __init__(self) -> None:
        self.events: list[CallEvent] = []
        self.threads: set[int] = set()
        self.traces: list[str] = []

    def __call__(self, event: CallEvent) -> None:
        self.events.append(event)
        self.threads.add(threading.get_ident())
        self.traces.append(TRACE.get())

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


def hooks(seen: Seen) -> dict[str, Any]:
    return {f"on_{kind}": seen for kind in ("request", "response", "retry", "throttle")}


def read(client: trunkline.Client) -> Any:
    return client.graph.users.by_id(ANA).get(select=["id"])


def test_hooks_get_every_attempt_on_the_thread_and_in_the_context_of_the_call(emulator: trunkline.Emulator) -> None:
    seen = Seen()
    emulator.fault(THROTTLED)
    with emulator.client(_test_time=True, **hooks(seen)) as client:
        TRACE.set("mine")
        read(client)
        assert seen.kinds == ["request", "response", "retry", "request", "response"]
    request, refused, retry, again, answered = seen.events
    assert isinstance(request, RequestEvent) and isinstance(again, RequestEvent)
    assert isinstance(refused, ResponseEvent) and isinstance(answered, ResponseEvent) and isinstance(retry, RetryEvent)
    assert (request.operation, request.template, request.method) == ("users.get", "/users/{user-id}", "GET")
    assert {event.call for event in (request, refused, retry, again, answered)} == {request.call}
    assert (request.attempt, request.waited, again.attempt) == (1, 0.0, 2) and again.waited >= 1
    assert (refused.status, answered.status, answered.fault, answered.in_batch) == (429, 200, None, False)
    assert retry.reason == "throttled" and retry.wait >= 1
    assert answered.request_id and answered.client_request_id and answered.time >= request.time
    assert (request.host, request.port) == ("127.0.0.1", int(emulator.url.rsplit(":", 1)[1]))
    assert seen.threads == {threading.get_ident()} and set(seen.traces) == {"mine"}
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.attempt = 7  # type: ignore[misc]


def test_hooks_of_asyncio_run_on_the_loop_in_the_context_of_the_task_and_before_it_goes_on(
    emulator: trunkline.Emulator,
) -> None:
    seen = Seen()

    async def one(client: trunkline.AsyncClient, trace: str) -> None:
        TRACE.set(trace)
        await client.graph.users.by_id(ANA).get(select=["id"])
        assert seen.traces.count(trace) == 2

    async def both() -> None:
        async with emulator.async_client(**hooks(seen)) as client:
            await asyncio.gather(*(one(client, f"task {number}") for number in range(5)))

    asyncio.run(both())
    assert seen.threads == {threading.get_ident()} and "none" not in seen.traces
    assert sorted(seen.kinds) == ["request"] * 5 + ["response"] * 5
    assert all(event.duration > 0 for event in seen.events if event.kind == "response")


def test_a_wait_that_another_request_caused_is_a_throttle_event(emulator: trunkline.Emulator) -> None:
    seen = Seen()
    with emulator.client(_test_time=True, retry=1, **hooks(seen)) as client:
        emulator.fault(THROTTLED)
        with pytest.raises(trunkline.ThrottledError):
            read(client)
        read(client)
    waits = [event for event in seen.events if isinstance(event, ThrottleEvent)]
    assert [wait.reason for wait in waits] == ["pause"] and 0 < waits[0].wait <= 2


def test_orders_and_rows_are_events_too(emulator: trunkline.Emulator, tmp_path: Any) -> None:
    free = emulator.add_number(NUMBER)["telephoneNumber"]
    seen = Seen()
    with emulator.client(_test_time=True, on_event=seen) as client:
        rows = client.bulk.read(f"action,user,number\nassign,{ANA},{free}\n".encode())
        TRACE.set("bulk")
        for _ in client.bulk.apply(client.bulk.plan(rows), str(tmp_path / "rows.journal")):
            pass
    assert seen.kinds.count("row") == 1 and "order" in seen.kinds
    row = next(event for event in seen.events if event.kind == "row")
    assert row.ending == "done"
    assert set(seen.traces) <= {"bulk", "none"}
    assert [trace for trace, event in zip(seen.traces, seen.events) if event.kind == "row"] == ["bulk"]


def test_what_a_hook_raises_is_unraisable_and_changes_nothing(
    emulator: trunkline.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: raised.append(unraisable.exc_value))

    def mistaken(event: CallEvent) -> None:
        raise KeyError("a mistake")

    async def awaited(event: CallEvent) -> None:
        raise AssertionError("it is not awaited")

    with emulator.client(on_request=mistaken, on_response=awaited) as client:
        assert read(client).id
    assert [type(error) for error in raised] == [KeyError, TypeError] and "async" in str(raised[1])

    async def main() -> None:
        async with emulator.async_client(on_request=mistaken, on_response=awaited) as client:
            assert (await client.graph.users.by_id(ANA).get()).id

    asyncio.run(main())
    assert [type(error) for error in raised[2:]] == [KeyError, TypeError]


def test_a_keyboard_interrupt_passes_through_a_hook(emulator: trunkline.Emulator) -> None:
    def interrupted(event: CallEvent) -> None:
        raise KeyboardInterrupt

    with emulator.client(on_request=interrupted) as client, pytest.raises(KeyboardInterrupt):
        read(client)
    with emulator.client() as client:
        assert read(client).id


def test_what_is_no_function_is_refused(emulator: trunkline.Emulator) -> None:
    with pytest.raises(TypeError, match="on_retry must be a function, not int"):
        emulator.client(on_retry=3)


def test_loggers_that_are_enabled_get_a_line_for_each_event(
    emulator: trunkline.Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "trunkline"):
        emulator.fault(THROTTLED)
        with emulator.client(_test_time=True) as client:
            read(client)
    names = [record.name for record in caplog.records]
    assert names == [f"trunkline.{kind}" for kind in ("request", "response", "retry", "request", "response")]
    assert caplog.messages[0] == "GET /users/{user-id}: attempt 1"
    assert caplog.messages[2].startswith("GET /users/{user-id}: throttled, waits 1.")
    assert isinstance(caplog.records[0].__dict__["event"], RequestEvent)
    caplog.clear()
    with caplog.at_level(logging.INFO, "trunkline"):
        emulator.fault(THROTTLED)
        with emulator.client(_test_time=True) as client:
            read(client)
    assert [record.name for record in caplog.records] == ["trunkline.retry"]


def test_neither_hooks_nor_loggers_see_a_token_a_number_or_a_name(
    emulator: trunkline.Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    token = emulator.token()
    number = emulator.add_number(NUMBER)["telephoneNumber"]
    with caplog.at_level(logging.DEBUG), emulator.client(credential=token, _test_time=True, on_event=seen) as client:
        client.numbers.assign(number, ANA)
        client.phones(ANA).set("mobile", "+1 206 555 0148")
        with pytest.raises(trunkline.GraphError):
            client.request("GET", f"/canary/{NUMBER}")
    shown = f"{seen.events!r} {caplog.text} {[vars(record) for record in caplog.records]!r}"
    assert len(seen.events) > 10 and len(caplog.records) > 10
    for canary in (token, "2065550147", "5550148", "ana@", "ana%40", "canary"):
        assert canary not in shown, canary


def test_nothing_is_imported_when_nobody_observes() -> None:
    program = """
import logging
logging.basicConfig()
with trunkline.Emulator() as emulator, emulator.client() as client:
    client.graph.users.by_id("ana@contoso.example").get()
print("trunkline._observe" in sys.modules, "trunkline.generated.events" in sys.modules)
"""
    assert run(program) == "False False\n"
