"""The wheel as `pip install` leaves it, with nothing else installed: the first call is a list, the credential one of asyncio.

Run by the test of the package, in an environment of its own; the folder `azure` here is a look-alike.
"""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path

from azure.identity.aio import ClientSecretCredential

import trunkline

PACKAGE = Path(trunkline.__file__).resolve()


def credential(emulator: trunkline.Emulator) -> ClientSecretCredential:
    return ClientSecretCredential("contoso.example", "app", "<secret>", issue=emulator.token)


async def asynchronous(emulator: trunkline.Emulator) -> int:
    async with credential(emulator) as identity, emulator.async_client(credential=identity) as client:
        numbers = [number.telephone_number async for number in client.numbers.list()]
        users = [user.id async for user in client.graph.users.list()]
        assert identity.asked == 1
    return len(numbers) + len(users)


def blocking(emulator: trunkline.Emulator) -> int:
    identity = credential(emulator)
    with emulator.client(credential=identity) as client:
        numbers = [number.telephone_number for number in client.numbers.list()]
        # Another token, on the same loop.
        emulator.fault({"effect": {"kind": "status", "status": 401}, "times": 1})
        users = client.graph.users.list().all()
        assert identity.asked == 2
    return len(numbers) + len(users)


def main() -> None:
    assert PACKAGE.is_relative_to(sys.prefix), f"not installed, but found at {PACKAGE}"
    assert distribution("trunkline").requires in (None, [])
    others = {found.metadata["Name"] for found in distributions()} - {"pip", "setuptools", "trunkline", "wheel"}
    assert not others, f"the environment also has {others}"
    plugins = [found.value for found in distribution("trunkline").entry_points if found.group == "pytest11"]
    assert plugins == ["trunkline_pytest"]
    assert (PACKAGE.parents[1] / "trunkline_pytest" / "__init__.py").is_file()
    with trunkline.Emulator() as emulator:
        assert asyncio.run(asynchronous(emulator)) == blocking(emulator) > 0
    print("ok")


if __name__ == "__main__":
    main()
