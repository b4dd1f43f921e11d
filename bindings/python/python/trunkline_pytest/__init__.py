"""Fixtures for pytest. The package registers them; nothing needs to be imported.

pytest loads this module for every run of an environment in which trunkline is installed. So it is no part of the package,
and imports that when a fixture is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trunkline import AsyncClient, Client, Emulator

__all__ = ["trunkline_async_client", "trunkline_client", "trunkline_emulator"]


@pytest.fixture
def trunkline_emulator() -> Iterator[Emulator]:
    """An emulator of its own for each test, whose operations advance when they are looked at."""
    from trunkline import Emulator

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
