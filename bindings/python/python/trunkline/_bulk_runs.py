"""Events of a run, and journals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from . import _native
from ._bulk import TOGETHER, AnyPath
from .generated.bulk_records import (
    EVENTS,
    Event,
    HeldNumber,
    JournalRow,
    JournalRun,
    SourceFile,
    Summary,
    Tick,
    Unfamiliar,
)

Watcher: TypeAlias = Callable[[Event], object]
"""Gets every event of a run."""


def events(text: str) -> list[Event]:
    """The events of an array of JSON."""
    return [EVENTS.get(data["event"], Unfamiliar)(data) for data in json.loads(text)]


class Journal:
    """A journal, open for reading only. It can be read while another process writes it.

    It is an SQLite file that any tool for those reads, too.
    """

    __slots__ = ("_native",)

    def __init__(self, path: AnyPath) -> None:
        """Opens it.

        Args:
            path: Where it is.

        Raises:
            BulkError: `journal`: there is none, it is damaged, or it is of a newer version.
        """
        self._native = _native.Journal(path)

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self._native.describe())
        return data

    @property
    def summary(self) -> Summary:
        """How many rows have ended how; `rows` counts those that have ended."""
        return Summary._of(self._data()["summary"])

    @property
    def open(self) -> int:
        """How many rows have not ended."""
        return int(self._data()["open"])

    @property
    def tenant(self) -> str:
        """Id of the tenant."""
        return str(self._data()["tenant"])

    @property
    def cloud(self) -> str:
        """The name of the cloud."""
        return str(self._data()["cloud"])

    @property
    def plan_digest(self) -> str:
        """SHA-256 of the plan it belongs to: `Plan.digest`."""
        return str(self._data()["planDigest"])

    @property
    def source(self) -> SourceFile | None:
        """The file of rows that the plan was made of; `None` for the way back of a journal."""
        data = self._data()["source"]
        return None if data is None else SourceFile._of(data)

    @property
    def created(self) -> str:
        """When it was made, ISO 8601."""
        return str(self._data()["created"])

    @property
    def runs(self) -> tuple[JournalRun, ...]:
        """When processes worked on it."""
        return tuple(JournalRun._of(data) for data in self._data()["runs"])

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Events over time."""
        return tuple(Tick._of(data) for data in self._data()["ticks"])

    @property
    def reservations(self) -> tuple[HeldNumber, ...]:
        """Numbers that planning picked and that no row has taken yet."""
        return tuple(HeldNumber._of(data) for data in self._data()["reservations"])

    @property
    def quarantine(self) -> tuple[HeldNumber, ...]:
        """Numbers that were released and are not to be given out yet."""
        return tuple(HeldNumber._of(data) for data in self._data()["quarantine"])

    def __len__(self) -> int:
        return int(self._data()["rows"])

    def __iter__(self) -> Iterator[JournalRow]:
        return self.rows()

    def rows(self) -> Iterator[JournalRow]:
        """Every row in order of its line; a few hundred are read at a time.

        Raises:
            BulkError: `journal`: it is damaged.
        """
        last: int | None = None
        while data := json.loads(self._native.rows(last, TOGETHER)):
            yield from map(JournalRow._of, data)
            last = data[-1]["planned"]["line"]

    def __repr__(self) -> str:
        return f"Journal({self.summary})"
