"""Batches, synchronous and asynchronous."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

import trunkline
from trunkline.generated.teams_administration import NumberAssignment

ANA = "ana@contoso.example"


async def maybe(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def of(emulator: trunkline.Emulator, asynchronous: bool) -> Any:
    return emulator.async_client() if asynchronous else emulator.client()


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_each_call_has_its_own_outcome(emulator: trunkline.Emulator, asynchronous: bool) -> None:
    async def main() -> None:
        client = of(emulator, asynchronous)
        free = await maybe(client.numbers.next_free())
        ana = await maybe(client.graph.users.by_id(ANA).get())
        emulator.clear_requests()
        batch = client.batch()
        user = batch.add(lambda graph: graph.users.by_id(ANA).get(select=["id"]))
        nobody = batch.add(lambda graph: graph.users.by_id("nobody@contoso.example").get())
        numbers = batch.add(
            lambda graph: graph.admin.teams.telephone_number_management.number_assignments.list(top=2)
        )
        order = batch.add(
            lambda graph: graph.admin.teams.telephone_number_management.number_assignments.assign_number(
                free.telephone_number, ana.id, free.number_type
            )
        )
        assert len(batch) == 4 and user.index == 0
        answers = await maybe(batch.send(timeout=30, retry=2))
        assert len(emulator.requests) >= 1 and [one["method"] for one in emulator.requests if "$batch" in one["path"]] == ["POST"]
        assert answers[user].id == ana.id and answers[user].meta.status == 200
        with pytest.raises(trunkline.NotFoundError):
            answers[nobody]
        assert answers.error(nobody) is answers.errors[1] and answers.error(user) is None
        assert (answers.succeeded, len(answers)) == (3, 4)
        page = answers[numbers]
        assert len(page) == 2 and isinstance(page[0], NumberAssignment)
        rest = client.resume_list(page.continuation, NumberAssignment)
        assert await maybe(rest.all())
        assert isinstance(answers[order], trunkline.AsyncLongRunning if asynchronous else trunkline.LongRunning)
        assert (await maybe(answers[order].wait(timeout=5))).succeeded
        with pytest.raises(trunkline.InvalidInputError, match="has been sent"):
            await maybe(batch.send())
        with pytest.raises(trunkline.InvalidInputError, match="has been sent"):
            batch.add(lambda graph: graph.users.by_id(ANA).get())

    asyncio.run(main())


def test_many_calls_go_twenty_at_a_time(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    emulator.clear_requests()
    batch = client.batch()
    items = [batch.add(lambda graph: graph.users.by_id(ANA).get()) for _ in range(45)]
    answers = batch.send()
    assert answers.succeeded == 45 and len({answers[item].id for item in items}) == 1
    assert sum("$batch" in request["path"] for request in emulator.requests) == 3


def test_what_depends_on_a_failure_is_not_carried_out(client: trunkline.Client) -> None:
    batch = client.batch()
    first = batch.add(lambda graph: graph.users.by_id("nobody@contoso.example").get())
    second = batch.add(lambda graph: graph.users.by_id(ANA).get(), after=first)
    third = batch.add(lambda graph: graph.users.by_id(ANA).get(), after=[second])
    answers = batch.send()
    assert isinstance(answers.error(first), trunkline.NotFoundError)
    assert answers.error(second) is not None and answers.error(third) is not None and answers.succeeded == 0
    with pytest.raises(trunkline.InvalidInputError, match="own batch"):
        client.batch().add(lambda graph: graph.users.by_id(ANA).get(), after=first)
    with pytest.raises(trunkline.InvalidInputError, match="another batch"):
        client.batch().send()[first]
    with pytest.raises(TypeError):
        answers[0]  # type: ignore[index]


def test_a_call_is_one_call(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    batch = client.batch()
    emulator.clear_requests()
    for wrong in (
        lambda graph: None,
        lambda graph: (graph.users.by_id(ANA).get(), graph.users.by_id(ANA).get())[1],
        lambda graph: graph.users.by_id(ANA),
        lambda graph: client.graph.users.list(),
    ):
        with pytest.raises(trunkline.InvalidInputError, match="one call"):
            batch.add(wrong)
    with pytest.raises(trunkline.InvalidInputError, match="timeout"):
        batch.add(lambda graph: graph.users.by_id(ANA).get(timeout=1))
    with pytest.raises(trunkline.InvalidInputError, match="timeout"):
        batch.add(lambda graph: graph.users.list(timeout=1))
    with pytest.raises(TypeError):
        batch.add(lambda graph: graph.users.by_id(ANA).authentication.phone_methods.create("x"))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        batch.send(retry="often")  # type: ignore[arg-type]
    assert len(batch) == 0 and emulator.requests == [] and batch.send().succeeded == 0
    client.close()
    with pytest.raises(trunkline.InvalidInputError, match="closed"):
        client.batch()
