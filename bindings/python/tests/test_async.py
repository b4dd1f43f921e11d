"""The asynchronous client."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import trunkline
from trunkline.generated.graph import User

ANA = "ana@contoso.example"


def test_many_at_once_on_several_loops_one_after_another(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()

    async def main() -> list[Any]:
        return await asyncio.gather(*(client.graph.users.by_id(ANA).get() for _ in range(50)))

    loops = []
    for _ in range(3):
        users = asyncio.run(main())
        assert len(users) == 50 and all(user.meta.status == 200 for user in users)
    del loops


def test_a_bridge_lives_no_longer_than_its_loop(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()

    async def main() -> Any:
        await client.graph.users.by_id(ANA).get()
        return weakref.ref(asyncio.get_running_loop())

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(5):
        event_loop = asyncio.run(main())
    gc.collect()
    assert event_loop() is None
    if before:
        assert len(os.listdir("/proc/self/fd")) <= before + 8


def test_cancelling_a_task_stops_its_call() -> None:
    async def main() -> None:
        with trunkline.Emulator(stage_duration=600) as emulator:
            async with emulator.async_client() as client:
                free = await client.numbers.next_free()
                task = asyncio.create_task(client.numbers.assign(free.telephone_number, ANA))
                await asyncio.sleep(0.1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.numbers.assign(free.telephone_number, ANA), 0.2)
                assert (await client.graph.users.by_id(ANA).get()).id

    asyncio.run(main())


def test_lists_operations_and_intents(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        async with emulator.async_client() as client:
            numbers = client.graph.admin.teams.telephone_number_management.number_assignments
            listed = [number async for number in numbers.list(top=2)]
            assert len(listed) == len(await numbers.list().all()) > 2
            assert len(await numbers.list(top=2).first_page()) == 2
            free = await client.numbers.next_free()
            user = await asyncio.create_task(client.graph.users.by_id(ANA).get())
            running = await numbers.assign_number(free.telephone_number, user.id, free.number_type)
            assert [stage.is_finished async for stage in running][-1]
            assert (await client.follow(running.token).wait(timeout=5)).succeeded
            received: list[str] = []
            outcome = await client.numbers.unassign(
                free.telephone_number, on_progress=lambda progress: received.append(progress.kind)
            )
            assert outcome.change == "done" and "accepted" in received
            assert [number async for number in client.numbers.list(unassigned=True)]
            assert (await client.phones(ANA).set("mobile", "+1 206-555-0199")).after is not None
            with pytest.raises(trunkline.NotFoundError):
                await client.graph.users.by_id("nobody@contoso.example").get()

    asyncio.run(main())


def test_credentials_run_on_the_loop(emulator: trunkline.Emulator) -> None:
    loops = set()
    token = emulator.token()

    class Identity:
        async def get_token(self, *scopes: str, **options: Any) -> Any:
            loops.add(asyncio.get_running_loop())
            await asyncio.sleep(0)
            return type("Token", (), {"token": token, "expires_on": 4_000_000_000})()

    async def main() -> None:
        async with emulator.async_client(credential=Identity()) as client:
            assert (await client.graph.users.by_id(ANA).get()).id
        assert loops == {asyncio.get_running_loop()}

    asyncio.run(main())


def test_loops_that_take_turns_keep_their_own_calls_and_credentials(emulator: trunkline.Emulator) -> None:
    """One client on two loops in two threads: each call wakes its own loop, and the credential runs where it is awaited."""
    loops: list[asyncio.AbstractEventLoop] = []
    token = emulator.token()

    class Identity:
        async def get_token(self, *scopes: str, **options: Any) -> Any:
            loops.append(asyncio.get_running_loop())
            return type("Token", (), {"token": token, "expires_on": 4_000_000_000})()

    async def one(client: trunkline.AsyncClient) -> None:
        assert (await client.graph.users.by_id(ANA).get()).id

    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    for event_loop in (first, second, first, second):
        client = emulator.async_client(credential=Identity())
        event_loop.run_until_complete(one(client))
        assert loops.pop() is event_loop and not loops
    shared = emulator.async_client()

    def many(event_loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(20):
            event_loop.run_until_complete(one(shared))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(many, (first, second)))
    first.close()
    second.close()


def test_a_task_that_nobody_holds_goes_on(emulator: trunkline.Emulator) -> None:
    """The waiting object is held until its call ends, whatever the garbage collector does meanwhile."""
    done: list[str] = []

    async def main() -> None:
        async with emulator.async_client() as client:

            async def call() -> None:
                done.append((await client.graph.users.by_id(ANA).get()).id)

            asyncio.create_task(call())
            del call
            await asyncio.sleep(0)
            gc.collect()
            while not done:
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 10))
    assert done


class LoopBound:
    """As the credentials of azure.identity.aio are: what it holds belongs to the loop on which it was asked first."""

    def __init__(self, emulator: trunkline.Emulator) -> None:
        self.emulator = emulator
        self.loops: list[asyncio.AbstractEventLoop] = []
        self.session: asyncio.Future[None] | None = None

    async def get_token(self, *scopes: str, **options: Any) -> Any:
        event_loop = asyncio.get_running_loop()
        self.loops.append(event_loop)
        if self.session is None:
            self.session = event_loop.create_future()
            event_loop.call_soon(self.session.set_result, None)
        # Raises "attached to a different loop" on any other one.
        await asyncio.wait_for(asyncio.shield(self.session), 5)
        if self.session.get_loop() is not event_loop:
            raise RuntimeError("Task got Future attached to a different loop")
        return type("Token", (), {"token": self.emulator.token(), "expires_on": time.time() + 3600})()


async def resumed(client: trunkline.AsyncClient, token: str) -> Any:
    return await client.follow(token).poll()


async def planned(client: trunkline.AsyncClient, token: str) -> Any:
    return await client.bulk.plan(b"number,user\n+12065550110,ana@contoso.example\n")


async def batched(client: trunkline.AsyncClient, token: str) -> Any:
    batch = client.batch()
    item = batch.add(lambda graph: graph.users.by_id(ANA).get())
    return (await batch.send())[item]


async def watched(client: trunkline.AsyncClient, token: str) -> Any:
    return await client.phones(ANA).set("office", "+1 206-555-0199", on_progress=lambda progress: None)


FIRST_CALLS: dict[str, Callable[[trunkline.AsyncClient, str], Awaitable[Any]]] = {
    "get": lambda client, token: client.graph.users.by_id(ANA).get(),
    "list": lambda client, token: client.graph.users.list().all(),
    "first page": lambda client, token: client.graph.users.list().first_page(),
    "request": lambda client, token: client.request("GET", "/users"),
    "query": lambda client, token: client.numbers.list().all(),
    "find": lambda client, token: client.numbers.get("+12065550101"),
    "phones": lambda client, token: client.phones(ANA).list(),
    "follow": lambda client, token: client.numbers.follow(token),
    "wait": lambda client, token: client.follow(token).wait(),
    "poll": resumed,
    "plan": planned,
    "batch": batched,
    "watched": watched,
}


@pytest.mark.parametrize("call", FIRST_CALLS.values(), ids=FIRST_CALLS)
def test_a_credential_runs_on_the_loop_of_whichever_call_is_the_first(emulator: trunkline.Emulator, call: Any) -> None:
    with emulator.client() as client:
        free, user = client.numbers.next_free(), client.graph.users.by_id(ANA).get()
        numbers = client.graph.admin.teams.telephone_number_management.number_assignments
        token = numbers.assign_number(free.telephone_number, user.id, free.number_type).token
    credential = LoopBound(emulator)

    async def main() -> None:
        async with emulator.async_client(credential=credential) as client:
            assert await call(client, token)
        assert credential.loops == [asyncio.get_running_loop()]

    asyncio.run(main())


def test_a_run_asks_the_credential_on_its_own_loop_whoever_else_uses_the_client(
    emulator: trunkline.Emulator, tmp_path: Path
) -> None:
    """Another loop, which lives on, calls the same client between the two tokens of a run."""
    asked: list[asyncio.AbstractEventLoop] = []
    other = asyncio.new_event_loop()
    threading.Thread(target=other.run_forever, daemon=True).start()
    begun = threading.Event()

    async def call() -> None:
        pending = asyncio.ensure_future(client.graph.users.by_id(ANA).get())
        await asyncio.sleep(0)
        begun.set()
        await pending

    async def credential() -> Any:
        asked.append(asyncio.get_running_loop())
        if len(asked) == 1:
            emulator.fault({"method": "GET", "path": "*/numberAssignments", "effect": {"kind": "status", "status": 401}, "times": 1})
            calls.append(asyncio.run_coroutine_threadsafe(call(), other))
            await asyncio.to_thread(begun.wait)
        return emulator.token()

    calls: list[Any] = []
    client = emulator.async_client(credential=credential)

    async def main() -> None:
        plan = await emulator.async_client().bulk.plan(b"number,user\n+12065550110,ana@contoso.example\n")
        await client.bulk.apply(plan, tmp_path / "journal").run()
        assert asked == [asyncio.get_running_loop()] * 2

    asyncio.run(main())
    calls[0].result(20)
    other.call_soon_threadsafe(other.stop)


def test_each_call_asks_the_credential_on_its_own_loop(emulator: trunkline.Emulator) -> None:
    """Two loops share a client. The one that began last has ended when the other one needs a token."""
    asked: list[asyncio.AbstractEventLoop] = []

    async def credential() -> Any:
        asked.append(asyncio.get_running_loop())
        return emulator.token()

    client = emulator.async_client(credential=credential)
    first = asyncio.new_event_loop()

    async def one() -> None:
        page = await client.graph.users.list(top=1).first_page()
        await asyncio.to_thread(asyncio.run, another())
        emulator.fault({"effect": {"kind": "status", "status": 401}, "times": 1})
        assert (await client.resume_list(page.continuation, User).first_page())[0].id

    async def another() -> None:
        assert (await client.graph.users.by_id(ANA).get()).id

    first.run_until_complete(one())
    first.close()
    assert asked == [first, first]


def test_a_run_asks_the_credential_on_the_loop_that_waits_for_it(emulator: trunkline.Emulator, tmp_path: Path) -> None:
    credential = LoopBound(emulator)

    async def main() -> None:
        plan = await emulator.async_client().bulk.plan(b"number,user\n+12065550110,ana@contoso.example\n")
        async with emulator.async_client(credential=credential) as client:
            seen: list[str] = []

            async def watch(event: Any) -> None:
                await asyncio.sleep(0)
                seen.append(event.kind)

            await client.bulk.apply(plan, tmp_path / "journal", on_event=watch).run()
            assert "ended" in seen
        assert set(credential.loops) == {asyncio.get_running_loop()}

    asyncio.run(main())


def test_clients_that_block_have_one_loop_for_their_credentials(emulator: trunkline.Emulator) -> None:
    credential = LoopBound(emulator)
    with emulator.client(credential=credential) as client, emulator.client(credential=credential) as other:
        assert client.graph.users.by_id(ANA).get().id and other.graph.users.by_id(ANA).get().id
        for _ in range(2):
            emulator.fault({"effect": {"kind": "status", "status": 401}, "times": 1})
            assert client.graph.users.list().all()
    assert len(credential.loops) == 4 and len(set(credential.loops)) == 1


def test_a_client_that_blocks_inside_a_loop_asks_its_credential_elsewhere(emulator: trunkline.Emulator) -> None:
    """As in a notebook: the loop of the caller cannot run while the call blocks."""
    credential = LoopBound(emulator)

    async def main() -> None:
        with emulator.client(credential=credential) as client:
            assert client.graph.users.by_id(ANA).get().id
        assert credential.loops[0] is not asyncio.get_running_loop()

    asyncio.run(main())


@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_watcher_raises_stops_the_change(emulator: trunkline.Emulator, is_async: bool) -> None:
    loops: set[asyncio.AbstractEventLoop] = set()

    def watch(progress: trunkline.Progress) -> None:
        loops.add(asyncio.get_running_loop())
        if progress.kind == "sending":
            raise LookupError("canary")

    async def watch_later(progress: trunkline.Progress) -> None:
        await asyncio.sleep(0)
        watch(progress)

    async def main() -> None:
        watcher: Any = watch_later if is_async else watch
        async with emulator.async_client() as client:
            free = await client.numbers.next_free()
            for change in (
                lambda: client.numbers.assign(free.telephone_number, ANA, on_progress=watcher),
                lambda: client.numbers.move(free.telephone_number, ANA, on_progress=watcher),
                lambda: client.phones(ANA).set("office", "+1 206-555-0199", on_progress=watcher),
                lambda: client.phones(ANA).remove("mobile", on_progress=watcher),
            ):
                with pytest.raises(trunkline.CancelledError) as stopped:
                    await change()
                assert isinstance(stopped.value.__cause__, LookupError) and "canary" not in str(stopped.value)
        assert loops == {asyncio.get_running_loop()}

    asyncio.run(main())
    assert {request["method"] for request in emulator.requests} == {"GET"}


def test_a_task_that_is_cancelled_in_its_watcher_is_cancelled(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        reached = asyncio.Event()

        async def watch(progress: trunkline.Progress) -> None:
            if progress.kind == "sending":
                reached.set()
                await asyncio.Event().wait()

        async with emulator.async_client() as client:
            free = await client.numbers.next_free()
            task = asyncio.create_task(client.numbers.assign(free.telephone_number, ANA, on_progress=watch))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert {request["method"] for request in emulator.requests} == {"GET"}


def test_outside_of_asyncio_it_says_what_to_use(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()

    async def listed() -> list[Any]:
        return [number async for number in client.numbers.list()]

    for coroutine in (client.graph.users.by_id(ANA).get(), client.graph.users.list().all(), listed(), resumed(client, "x")):
        # Driven by hand, as trio would.
        with pytest.raises((RuntimeError, trunkline.InvalidInputError), match="asyncio|token"):
            coroutine.send(None)
    with pytest.raises(RuntimeError, match="with trio, use Client in a thread"):
        listed().send(None)
