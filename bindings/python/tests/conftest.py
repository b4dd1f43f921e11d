"""Fixtures of the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import trunkline

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def emulator() -> Iterator[trunkline.Emulator]:
    with trunkline.Emulator(advance_per_poll=True) as emulator:
        yield emulator


@pytest.fixture
def client(emulator: trunkline.Emulator) -> Iterator[trunkline.Client]:
    with emulator.client() as client:
        yield client
