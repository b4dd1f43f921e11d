"""Fixtures for pytest. The package registers them; nothing needs to be imported."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._asynchronous.client import AsyncClient
from ._emulator import Emulator
from .generated.synchronous.client import Client


@pytest.fixture
def trunkline_emulator() -> Iterator[Emulator]:
    """An emulator of its own for each test, whose operations advance when they are looked at."""
    with Emulator(advance_per_poll=True) as emulator:
        yield emulator


@pytest.fixture
def trunkline_client(trunkline_emulator: Emulator) -> Iterator[Client]:
    """A client of `trunkline_emulator`."""
    with trunkline_emulator.client() as client:
        yield client


@pytest.fixture
def trunkline_async_client(trunkline_emulator: Emulator) -> AsyncClient:
    """An asynchronous client of `trunkline_emulator`. It holds no loop, so nothing has to close it."""
    return trunkline_emulator.async_client()
