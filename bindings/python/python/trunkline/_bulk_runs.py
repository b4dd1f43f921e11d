"""Events of a run, and journals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from . import _native
from ._bulk import TOGETHER, AnyPath
from .generated.bulk_properties import JournalProperties
from .generated.bulk_records import EVENTS, Event, JournalRow, Unfamiliar

Watcher: TypeAlias = Callable[[Event], object]
"""Gets every event of a run."""


def events(text: str) -> list[Event]:
    """The events of an array of JSON."""
    return [EVENTS.get(data["kind"], Unfamiliar)(data) for data in json.loads(text)]


class Journal(JournalProperties):
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

    def _describe(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self._native.describe())
        return data

    def __len__(self) -> int:
        return int(self._describe()["rows"])

    def __iter__(self) -> Iterator[JournalRow]:
        return self.rows()

    def rows(self) -> Iterator[JournalRow]:
        """Every row in order; a few hundred are read at a time.

        Raises:
            BulkError: `journal`: it is damaged.
        """
        last: int | None = None
        while data := json.loads(self._native.rows(last, TOGETHER)):
            yield from map(JournalRow._of, data)
            last = data[-1]["planned"]["row"]

    def __repr__(self) -> str:
        return f"Journal({self.summary})"
