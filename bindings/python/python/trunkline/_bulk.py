"""Input files, plans and pools of numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import IO, Any, Literal, TypeAlias, overload

from . import _native
from .generated.bulk_records import Finding, PlannedRow, PlanSummary, Problem, SourceFile

AnyPath: TypeAlias = "str | PathLike[str]"
"""A path, as text or as of `pathlib`."""

class Rows:
    """A file that was read: rows that are understood, and what is wrong with the others. `len()` counts the rows."""

    __slots__ = ("_native", "_data")

    def __init__(self, native: _native.Rows) -> None:
        self._native = native
        self._data: dict[str, Any] = json.loads(native.describe())

    def __len__(self) -> int:
        return len(self._native)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, in the order of the file: the first ten thousand."""
        return tuple(Problem._of(data) for data in self._data["problems"])

    @property
    def errors(self) -> int:
        """How many problems keep rows from being understood."""
        count: int = self._data["errors"]
        return count

    @property
    def unreadable(self) -> int:
        """How many rows cannot be read: they have errors, or contradict others."""
        count: int = self._data["unreadable"]
        return count

    @property
    def seen(self) -> int:
        """How many rows there are, understood or not."""
        count: int = self._data["seen"]
        return count

    @property
    def format(self) -> Literal["csv", "xlsx", "jsonl"]:
        """The format of the file."""
        name: Literal["csv", "xlsx", "jsonl"] = self._data["format"]
        return name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that were read, by their names."""
        return tuple(self._data["columns"])

    def __repr__(self) -> str:
        return f"Rows({len(self)} of {self.seen}, errors={self.errors})"


Source: TypeAlias = "AnyPath | bytes | IO[str] | IO[bytes]"
"""A file of rows: its path, its bytes, or something with `read()`."""


def held(source: Any) -> Any:
    """The argument of the native part for a file: a path, or bytes."""
    read = getattr(source, "read", None)
    if read is not None:
        source = read()
        if isinstance(source, str):
            source = source.encode()
    return bytes(source) if type(source) in (bytearray, memoryview) else source


class Plan(Sequence[PlannedRow]):
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
        """All rows, in order of their lines. Each time they are made anew; `for row in plan` makes a few at a time."""
        return tuple(self)

    @property
    def summary(self) -> PlanSummary:
        """How many rows would end how."""
        return PlanSummary._of(self._data["summary"])

    @property
    def advice(self) -> tuple[Finding, ...]:
        """Notes on the plan as a whole: settings of the tenant that Graph does not show."""
        return tuple(Finding._of(data) for data in self._data["advice"])

    @property
    def tenant(self) -> str:
        """Id of the tenant whose state was read."""
        return str(self._data["tenant"])

    @property
    def cloud(self) -> str:
        """The name of the cloud."""
        return str(self._data["cloud"])

    @property
    def created(self) -> str:
        """When the state was read, ISO 8601."""
        return str(self._data["created"])

    @property
    def source(self) -> SourceFile | None:
        """The file of rows; `None` for the way back of a journal."""
        data = self._data["source"]
        return None if data is None else SourceFile._of(data)

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


TOGETHER = 500


@dataclass(frozen=True)
class Pool:
    """Free numbers of the live inventory, from which rows that leave theirs open are given one. A number is of the pool
    when it meets every condition that is set. Rows may leave their number open when they are read with `pick=True`."""

    country: str | None = None
    """Two letters, ISO 3166-1."""
    city: str | None = None
    """In any case."""
    prefix: str | None = None
    """The first digits, for instance `+1206`."""
    first: str | None = None
    """The first number of a range, E.164."""
    last: str | None = None
    """The last number of a range, E.164."""
    number_type: str | None = None
    """`callingPlan`, `directRouting` or `operatorConnect`."""
    capability: str | None = None
    """`userAssignment` unless set."""
    respects: Sequence[AnyPath] = ()
    """Journals of other work whose reserved and quarantined numbers are left alone."""

    def _data(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "city": self.city,
            "prefix": self.prefix,
            "from": self.first,
            "to": self.last,
            "number_type": self.number_type,
            "capability": self.capability,
            "respects": [str(path) for path in self.respects],
        }
