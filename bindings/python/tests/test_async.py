"""The asynchronous client."""

from __future__ import annotations

import asyncio
import gc
import os
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import trunkline

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
            assert (await client.resume(running.token).wait(timeout=5)).succeeded
            told: list[str] = []
            outcome = await client.numbers.unassign(
                free.telephone_number, on_progress=lambda progress: told.append(progress.kind)
            )
            assert outcome.change == "done" and "accepted" in told
            assert [number async for number in client.numbers.query(unassigned=True)]
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
    """What its call will wake is held until then, whatever the collector of cycles does meanwhile."""
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


def test_outside_a_loop_it_is_an_error(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()
    coroutine = client.graph.users.by_id(ANA).get()
    with pytest.raises(RuntimeError):
        coroutine.send(None)
