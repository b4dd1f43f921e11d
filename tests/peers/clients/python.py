"""Drives one Python client against the server and prints what it cost as one line of JSON.

python.py CLIENT BASE patch CALLS AT_ONCE   microseconds of CPU a call
python.py CLIENT BASE list PAGES -          seconds of CPU for all 20 pages; with fewer pages, what 20 would cost
python.py CLIENT BASE first RUNS -          milliseconds of CPU of a whole process: start, import, client, one GET

CPU is user and system time of this process alone (of the processes it starts, for `first`); the server's is not in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import sys
import time
from typing import Any

USER = "8b9c1d2e-1111-4222-8333-444455556666"
METHOD = "3179e48a-750b-4051-897c-87b9720928f7"
PHONE = f"/v1.0/users/{USER}/authentication/phoneMethods/{METHOD}"
NUMBERS = "/v1.0/admin/teams/telephoneNumberManagement/numberAssignments"
TOKEN = "eyJ0eXAiOiJKV1QifQ.e30.AAAA"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CHANGE = {"phoneNumber": "+1 2065550100", "phoneType": "mobile"}
PAGES = 20
PAGE = 999


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Msgraph:
    def __init__(self, base: str) -> None:
        from azure.core.credentials import AccessToken
        from msgraph import GraphServiceClient
        from msgraph.generated.models.authentication_phone_type import AuthenticationPhoneType
        from msgraph.generated.models.phone_authentication_method import PhoneAuthenticationMethod

        class Fixed:
            def get_token(self, *scopes: str, **options: Any) -> AccessToken:
                return AccessToken(TOKEN, int(time.time()) + 3600)

        self.client = GraphServiceClient(Fixed(), ["https://graph.microsoft.com/.default"])
        self.client.request_adapter.base_url = base + "/v1.0"
        self.method, self.phone_type = PhoneAuthenticationMethod, AuthenticationPhoneType.Mobile

    async def patch(self) -> None:
        change = self.method(phone_number=CHANGE["phoneNumber"], phone_type=self.phone_type)
        methods = self.client.users.by_user_id(USER).authentication.phone_methods
        await methods.by_phone_authentication_method_id(METHOD).patch(change)

    async def list(self, pages: int) -> int:
        from kiota_abstractions.base_request_configuration import RequestConfiguration
        from msgraph.generated.admin.teams.telephone_number_management.number_assignments import (
            number_assignments_request_builder as builders,
        )
        from msgraph_core import PageIterator

        options = builders.NumberAssignmentsRequestBuilder.NumberAssignmentsRequestBuilderGetQueryParameters(top=PAGE)
        numbers = self.client.admin.teams.telephone_number_management.number_assignments
        page = await numbers.get(RequestConfiguration(query_parameters=options))
        seen, letters = 0, 0

        def read(number: Any) -> bool:
            nonlocal seen, letters
            letters += len(number.telephone_number) + len(number.number_type.value) + len(number.city)
            seen += 1
            return seen < pages * PAGE

        await PageIterator(page, self.client.request_adapter).iterate(read)
        return seen

    async def close(self) -> None:
        pass


class Httpx:
    def __init__(self, base: str) -> None:
        import httpx

        self.base = base
        self.client = httpx.AsyncClient(headers=HEADERS)

    async def patch(self) -> None:
        (await self.client.patch(self.base + PHONE, json=CHANGE)).raise_for_status()

    async def list(self, pages: int) -> int:
        address, seen = f"{self.base}{NUMBERS}?$top={PAGE}", 0
        for _ in range(pages):
            page = (await self.client.get(address)).raise_for_status().json()
            seen += read_three(page["value"])
            address = page.get("@odata.nextLink")
        return seen

    async def close(self) -> None:
        await self.client.aclose()


class Aiohttp:
    def __init__(self, base: str) -> None:
        import aiohttp

        self.base = base
        self.client = aiohttp.ClientSession(headers=HEADERS)

    async def patch(self) -> None:
        async with self.client.patch(self.base + PHONE, json=CHANGE) as answer:
            answer.raise_for_status()
            await answer.read()

    async def list(self, pages: int) -> int:
        address, seen = f"{self.base}{NUMBERS}?$top={PAGE}", 0
        for _ in range(pages):
            async with self.client.get(address) as answer:
                answer.raise_for_status()
                page = await answer.json()
            seen += read_three(page["value"])
            address = page.get("@odata.nextLink")
        return seen

    async def close(self) -> None:
        await self.client.close()


class AsyncTrunkline:
    def __init__(self, base: str) -> None:
        import trunkline

        self.client = trunkline.AsyncClient(TOKEN, endpoint=base)
        self.method = trunkline.graph.PhoneAuthenticationMethod

    async def patch(self) -> None:
        change = self.method(phone_number=CHANGE["phoneNumber"], phone_type="mobile")
        methods = self.client.graph.users.by_id(USER).authentication.phone_methods
        await methods.by_id(METHOD).update(change)

    async def list(self, pages: int) -> int:
        seen, letters = 0, 0
        async for number in self.client.graph.admin.teams.telephone_number_management.number_assignments.list(top=PAGE):
            letters += len(number.telephone_number) + len(number.number_type) + len(number.city)
            seen += 1
        return seen

    async def close(self) -> None:
        await self.client.close()


class Trunkline:
    def __init__(self, base: str) -> None:
        import trunkline

        self.client = trunkline.Client(TOKEN, endpoint=base)
        self.method = trunkline.graph.PhoneAuthenticationMethod

    def patch(self) -> None:
        change = self.method(phone_number=CHANGE["phoneNumber"], phone_type="mobile")
        methods = self.client.graph.users.by_id(USER).authentication.phone_methods
        methods.by_id(METHOD).update(change)

    def list(self, pages: int) -> int:
        seen, letters = 0, 0
        for number in self.client.graph.admin.teams.telephone_number_management.number_assignments.list(top=PAGE):
            letters += len(number.telephone_number) + len(number.number_type) + len(number.city)
            seen += 1
        return seen

    def close(self) -> None:
        self.client.close()


CLIENTS = {
    "msgraph": Msgraph,
    "httpx": Httpx,
    "aiohttp": Aiohttp,
    "trunkline": Trunkline,
    "trunkline-async": AsyncTrunkline,
}

# A whole program of each, for `first`: run in a process of its own.
FIRST = {
    "msgraph": f"""
import asyncio, sys, time
from azure.core.credentials import AccessToken
from msgraph import GraphServiceClient
class Fixed:
    def get_token(self, *scopes, **options):
        return AccessToken("{TOKEN}", int(time.time()) + 3600)
async def main():
    client = GraphServiceClient(Fixed(), ["s"])
    client.request_adapter.base_url = sys.argv[1] + "/v1.0"
    methods = client.users.by_user_id("{USER}").authentication.phone_methods
    assert (await methods.by_phone_authentication_method_id("{METHOD}").get()).phone_number
asyncio.run(main())
""",
    "httpx": f"""
import sys, httpx
with httpx.Client(headers={HEADERS!r}) as client:
    assert client.get(sys.argv[1] + "{PHONE}").raise_for_status().json()["phoneNumber"]
""",
    "trunkline": f"""
import sys, trunkline
with trunkline.Client("{TOKEN}", endpoint=sys.argv[1]) as client:
    assert client.graph.users.by_id("{USER}").authentication.phone_methods.by_id("{METHOD}").get().phone_number
""",
}


def read_three(numbers: list[dict[str, Any]]) -> int:
    letters = 0
    for number in numbers:
        letters += len(number["telephoneNumber"]) + len(number["numberType"]) + len(number["city"])
    return len(numbers)


def first(client: str, base: str, runs: int) -> float:
    costs = []
    for _ in range(runs):
        process = os.posix_spawn(sys.executable, [sys.executable, "-c", FIRST[client], base], os.environ)
        _, status, used = os.wait4(process, 0)
        assert status == 0, f"it ended with {status}"
        costs.append((used.ru_utime + used.ru_stime) * 1e3)
    return statistics.median(costs)


async def measured_async(client: str, base: str, scenario: str, count: int, at_once: int) -> float:
    driven = CLIENTS[client](base)
    if scenario == "list":
        before = cpu()
        seen = await driven.list(count)
        used = cpu() - before
        assert seen == count * PAGE, f"{seen} records"
        await driven.close()
        return used * PAGES / count
    for _ in range(min(count, 200)):
        await driven.patch()
    await asyncio.gather(*(driven.patch() for _ in range(at_once)))
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await driven.patch()

    before = cpu()
    await asyncio.gather(*(work() for _ in range(at_once)))
    used = cpu() - before
    await driven.close()
    return used / count * 1e6


def measured(client: str, base: str, scenario: str, count: int) -> float:
    driven = CLIENTS[client](base)
    if scenario == "list":
        before = cpu()
        seen = driven.list(count)
        used = cpu() - before
        assert seen == count * PAGE, f"{seen} records"
        return used * PAGES / count
    for _ in range(min(count, 200)):
        driven.patch()
    before = cpu()
    for _ in range(count):
        driven.patch()
    return (cpu() - before) / count * 1e6


def main() -> None:
    client, base, scenario, count, at_once = sys.argv[1:6]
    if scenario == "first":
        cost = first(client, base, int(count))
    elif client == "trunkline":
        cost = measured(client, base, scenario, int(count))
    else:
        cost = asyncio.run(measured_async(client, base, scenario, int(count), int(at_once)))
    print(json.dumps({"cost": cost}))


main()
