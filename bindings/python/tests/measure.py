"""Measures the package against aiohttp on one server: `python tests/measure.py`. Prints client CPU; not a test."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

SERVER = """
import sys, trunkline
emulator = trunkline.Emulator(numbers=19980, page_size=999, lenient=True)
print(emulator.url, emulator.token(), flush=True)
sys.stdin.read()
"""
METHOD = "3179e48a-750b-4051-897c-87b9720928f7"
PATH = f"/users/ana@contoso.example/authentication/phoneMethods/{METHOD}"
NUMBERS = "/admin/teams/telephoneNumberManagement/numberAssignments"
COUNT = 1000
FIELDS = ("telephoneNumber", "city", "numberType")


def cpu(label: str, count: int, began: float) -> None:
    print(f"{label:46} {(time.process_time() - began) / count * 1e6:12.1f} µs CPU", flush=True)


def main() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url, token = server.stdout.readline().split()
    start = (
        "import time; t = time.process_time(); w = time.perf_counter(); import trunkline\n"
        f"i = time.perf_counter() - w; c = trunkline.Client({token!r}, endpoint={url!r}, proxy=False)\n"
        "c.graph.users.by_id('ana@contoso.example').get()\n"
        "print(f'import {i * 1e3:.1f} ms, with client and first GET {(time.perf_counter() - w) * 1e3:.1f} ms wall, "
        "{(time.process_time() - t) * 1e3:.1f} ms CPU')"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", start], check=True)

    import aiohttp

    import trunkline
    from trunkline.generated.graph import PhoneAuthenticationMethod

    body = PhoneAuthenticationMethod(phone_number="+1 2065550145", phone_type="mobile")
    headers = {"Authorization": f"Bearer {token}"}
    client = trunkline.Client(token, endpoint=url, proxy=False)
    method = client.graph.users.by_id("ana@contoso.example").authentication.phone_methods.by_id(METHOD)
    client.phones("ana@contoso.example").set("mobile", "+1 2065550100")
    for _ in range(3):
        began = time.process_time()
        for _ in range(COUNT):
            method.update(body)
        cpu("PATCH, sequential, sync", COUNT, began)
        began = time.process_time()
        count = 0
        for number in client.graph.admin.teams.telephone_number_management.number_assignments.list(top=999):
            count += bool(number.telephone_number and number.city and number.number_type)
        cpu(f"list {count}, three fields of each", 1, began)

    async def ours() -> None:
        client = trunkline.AsyncClient(token, endpoint=url, proxy=False)
        method = client.graph.users.by_id("ana@contoso.example").authentication.phone_methods.by_id(METHOD)
        for at_once in (1, 64):
            began = time.process_time()
            await spread(at_once, lambda: method.update(body))
            cpu(f"PATCH, asyncio, {at_once} at once", COUNT, began)

    async def spread(at_once: int, act: Any) -> None:
        async def work() -> None:
            for _ in range(COUNT // at_once):
                await act()

        await asyncio.gather(*(work() for _ in range(at_once)))

    async def theirs() -> None:
        connector = aiohttp.TCPConnector(limit=64)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:

            async def patch() -> None:
                payload = {"phoneNumber": "+1 2065550145", "phoneType": "mobile"}
                async with session.patch(f"{url}/v1.0{PATH}", json=payload) as answer:
                    assert answer.status == 204
                    await answer.read()

            for at_once in (1, 64):
                began = time.process_time()
                await spread(at_once, patch)
                cpu(f"aiohttp: PATCH, {at_once} at once", COUNT, began)
            began = time.process_time()
            count = 0
            for skip in range(0, 19_980, 999):
                async with session.get(f"{url}/v1.0{NUMBERS}?$top=999&$skip={skip}") as answer:
                    for number in json.loads(await answer.read())["value"]:
                        count += all(number[name] for name in FIELDS)
            cpu(f"aiohttp: list {count} to dicts", 1, began)

    for _ in range(3):
        asyncio.run(ours())
        asyncio.run(theirs())
    server.kill()


if __name__ == "__main__":
    main()
