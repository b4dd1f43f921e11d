"""Input files and plans."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from os import PathLike
from typing import IO, Any, TypeAlias, overload

from . import _native
from .generated.bulk_properties import PlanProperties, RowsProperties
from .generated.bulk_records import PlannedRow

AnyPath: TypeAlias = "str | PathLike[str]"
"""A path, as text or as of `pathlib`."""

TOGETHER = 500
"""Rows that are made at a time."""


class Rows(RowsProperties):
    """A file that was read: rows that are understood, and what is wrong with the others. `len()` counts the rows."""

    __slots__ = ("_native", "_data")

    def __init__(self, native: _native.Rows) -> None:
        self._native = native
        self._data: dict[str, Any] = json.loads(native.describe())

    def __len__(self) -> int:
        return len(self._native)

    def _describe(self) -> dict[str, Any]:
        return self._data

    def __repr__(self) -> str:
        return f"Rows({len(self)} of {self.seen}, errors={self.errors})"


class Plan(PlanProperties, Sequence[PlannedRow]):
    """A plan: the changes of a file, row by row. A plan belongs to one tenant and cloud."""

    __slots__ = ("_native", "_data")

    def __init__(self, native: _native.Plan) -> None:
        self._native = native
        self._data: dict[str, Any] = json.loads(native.describe())

    @classmethod
    def read(cls, path: AnyPath) -> Plan:
        """Reads a plan file.

        Args:
            path: Where it is.

        Raises:
            BulkError: `plan`: it cannot be read, is damaged, or is of a newer version.
        """
        return cls(_native.Plan.read(path))

    def write(self, path: AnyPath) -> None:
        """Writes the plan file: all of it or nothing, readable by its owner only.

        Args:
            path: Where to.

        Raises:
            BulkError: `disk`: the folder cannot be written, or the disk is full.
        """
        self._native.write(path)

    @property
    def rows(self) -> tuple[PlannedRow, ...]:
        """All rows, in the order of the file's rows. Each time they are made anew; `for row in plan` makes a few at a time."""
        return tuple(self)

    def _describe(self) -> dict[str, Any]:
        return self._data

    @property
    def digest(self) -> str:
        """SHA-256 of the plan: a journal belongs to one plan."""
        return self._native.digest()

    def __len__(self) -> int:
        return len(self._native)

    @overload
    def __getitem__(self, index: int) -> PlannedRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PlannedRow]: ...
    def __getitem__(self, index: int | slice) -> PlannedRow | Sequence[PlannedRow]:
        places = range(len(self))[index]
        if isinstance(places, int):
            return self._some(places, places + 1)[0]
        return [self._some(place, place + 1)[0] for place in places]

    def __iter__(self) -> Iterator[PlannedRow]:
        for start in range(0, len(self), TOGETHER):
            yield from self._some(start, start + TOGETHER)

    def _some(self, start: int, end: int) -> list[PlannedRow]:
        return [PlannedRow._of(data) for data in json.loads(self._native.rows(start, end))]

    def __repr__(self) -> str:
        return f"Plan({self.summary})"



Source: TypeAlias = "AnyPath | bytes | IO[str] | IO[bytes]"
"""A file of rows: its path, its bytes, or something with `read()`."""


def held(source: Any) -> Any:
    """The native argument for a file, rows or a plan: what was read, a path, or bytes."""
    if isinstance(source, (Rows, Plan)):
        return source._native
    read = getattr(source, "read", None)
    if read is not None:
        source = read()
        if isinstance(source, str):
            source = source.encode()
    return bytes(source) if type(source) in (bytearray, memoryview) else source
