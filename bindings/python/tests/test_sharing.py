"""Records and calls that several hold: pages, threads, the collector of cycles, and whoever awaits."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import Any

import pytest

import trunkline
from trunkline import _native
from trunkline.generated.teams_administration import NumberAssignment

ANA = "ana@contoso.example"


class Whole:
    """A cycle that only the garbage collector can free."""


def test_a_page_gives_the_same_record_again_and_a_list_a_new_one(client: trunkline.Client) -> None:
    numbers = client.graph.admin.teams.telephone_number_management.number_assignments.list(top=3)
    page = numbers.first_page()
    assert len(page) == 3 and page[0] is page[0] and page[-1] is list(page)[2]
    page[1].city = "changed"
    assert [number.city == "changed" for number in page] == [False, True, False]
    with pytest.raises(IndexError):
        page[3]
    iterator = iter(page)
    assert len(list(iterator)) == 3 and list(iterator) == []
    first, again = next(iter(numbers)), next(iter(numbers))
    assert first is not again and first == again


def test_a_list_goes_on_after_an_error(emulator: trunkline.Emulator) -> None:
    with emulator.client(retry=1) as client:
        numbers = iter(client.graph.admin.teams.telephone_number_management.number_assignments.list(top=2))
        seen = [next(numbers), next(numbers)]
        emulator.fault({"effect": {"kind": "status", "status": 503}, "times": 1})
        with pytest.raises(trunkline.GraphError):
            next(numbers)
        seen.extend(numbers)
    assert len(seen) > 2 and len({number.id for number in seen}) == len(seen)


def test_threads_share_a_record() -> None:
    record = NumberAssignment(telephone_number="+12065550100", capabilities=["userAssignment"])
    copy = _native.decode("microsoft.graph.teamsAdministration.numberAssignment", record.to_json())
    failures: list[BaseException] = []
    seen: list[Any] = []

    def work(city: str) -> None:
        try:
            for _ in range(300):
                copy.city = city
                assert copy.city in ("Seattle", "Tacoma") and copy.telephone_number == "+12065550100"
                assert copy.to_dict()["capabilities"] == ["userAssignment"]
                copy.additional["seen"] = city
                seen.append(copy.capabilities)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(city,)) for city in ("Seattle", "Tacoma") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and len({id(one) for one in seen}) == 1


def test_cycles_through_records_are_freed() -> None:
    record = NumberAssignment(telephone_number="+12065550100")
    whole = Whole()
    record.additional["whole"] = whole
    record.additional["record"] = record
    watched = weakref.ref(whole)
    del record, whole
    gc.collect()
    assert watched() is None


def test_a_call_is_awaited_once_and_begins_when_it_is(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        async with emulator.async_client() as client:
            client.graph.users.by_id(ANA).get().close()
            assert len(emulator.requests) == 0
            native = client._native.request("GET", f"/users/{ANA}")
            assert (await native).value["id"]
            with pytest.raises(RuntimeError):
                await native
            assert len([one for one in emulator.requests if "/users/" in one["path"]]) == 1

    asyncio.run(main())


def test_an_error_is_raised_where_it_is_awaited(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        async with emulator.async_client() as client:
            outcomes = await asyncio.gather(
                client.graph.users.by_id("nobody@contoso.example").get(),
                client.graph.users.by_id(ANA).get(),
                return_exceptions=True,
            )
            assert isinstance(outcomes[0], trunkline.NotFoundError) and outcomes[1].id

    asyncio.run(main())
