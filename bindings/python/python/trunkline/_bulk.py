"""Records of input files and plans. Personal data is not in their `repr`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from os import PathLike
from typing import IO, Any, ClassVar, Literal, TypeAlias, TypeVar, overload

from . import _native

AnyPath: TypeAlias = "str | PathLike[str]"
"""A path, as text or as of `pathlib`."""

RecordT = TypeVar("RecordT", bound="BulkRecord")


@lru_cache(maxsize=None)
def _attribute(name: str) -> str:
    """A name of JSON as an attribute."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


class BulkRecord:
    """Base of the records of bulk work, which are read from JSON of the native part."""

    __slots__ = ()

    _inner: ClassVar[dict[str, Callable[[Any], Any]]] = {}

    @classmethod
    def _of(cls: type[RecordT], data: dict[str, Any]) -> RecordT:
        given: dict[str, Any] = {}
        known = cls.__dataclass_fields__  # type: ignore[attr-defined]
        for name, value in data.items():
            attribute = _attribute(name)
            if attribute not in known:
                continue
            inner = cls._inner.get(attribute)
            if value is not None:
                if inner is not None:
                    value = inner(value)
                elif value.__class__ is list:
                    value = tuple(value)
            given[attribute] = value
        return cls(**given)


def many(cls: type[RecordT]) -> Callable[[list[dict[str, Any]]], tuple[RecordT, ...]]:
    return lambda data: tuple(cls._of(one) for one in data)


# ------------------------------------------------------------------------------------------------------------- files


@dataclass(frozen=True)
class Problem(BulkRecord):
    """An error or a warning about a file. `str()` gives one line."""

    line: int
    """The row, counted from one, header included."""
    kind: str
    """The kind of the problem, for instance `scientificNumber`: the words of `docs/bulk-input.md`."""
    severity: Literal["note", "warning", "error"]
    """`error`: the row is not understood and not among the rows."""
    what: str
    """The message."""
    next_step: str
    """The next step."""
    column: str | None = None
    """The column, as the file heads it."""
    value: str | None = None
    """The value of the cell, masked and shortened."""

    def __str__(self) -> str:
        where = f"row {self.line}" if self.column is None else f"row {self.line}, {self.column}"
        held = "" if self.value is None else f" ({self.value})"
        return f"{where}: {self.what}{held}. {self.next_step}"


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
        return many(Problem)(self._data["problems"])

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


# ------------------------------------------------------------------------------------------------------------- plans


@dataclass(frozen=True)
class Person(BulkRecord):
    """Somebody, as the file names them and as the directory does."""

    name: str = field(repr=False)
    """A principal name or an object id."""
    id: str | None = None
    """Object id; `None` when nobody was found."""
    principal_name: str | None = field(default=None, repr=False)
    """The principal name that the directory has, where the file names an object id."""


@dataclass(frozen=True)
class Wanted(BulkRecord):
    """The change that a row asks for. Values that its action does not use are `None`."""

    _inner = {"to": Person._of, "holder": Person._of, "user": Person._of}

    action: Literal["assign", "unassign", "setLocation", "setPhone", "removePhone", "smsSignIn", "unreadable"]
    """The action. `unreadable`: the row cannot be read; the findings say why."""
    number: str | None = field(default=None, repr=False)
    """The number."""
    to: Person | None = None
    """Who is to have the number, of `assign`."""
    holder: Person | None = None
    """Who must be the one that has it, of `unassign`, when the file says so."""
    user: Person | None = None
    """Whose phone method it is; of `unreadable`, what the cell for the user holds."""
    role: str | None = None
    """`mobile`, `alternateMobile` or `office`."""
    category: str | None = None
    """`primary`, `private` or `alternate`, when the file says so."""
    location: str | None = None
    """Id of the emergency location; `None` clears it, of `setLocation`."""
    number_type: str | None = None
    """The number type that the file expects."""
    takes: bool | None = None
    """Whether the number is taken from who holds it, of `assign`: a move."""
    picked: bool | None = None
    """Whether planning chose the number, of `assign`."""
    enabled: bool | None = None
    """On or off, of `smsSignIn`."""


@dataclass(frozen=True)
class State(BulkRecord):
    """How a number or a phone method was when it was read. What does not belong to its kind is `None`."""

    of: Literal["number", "phone"]
    """The thing whose state it is."""
    number: str | None = field(default=None, repr=False)
    """The number; `None` when the user has no such phone method."""
    number_type: str | None = None
    """The service's word for who provides the number."""
    number_source: str | None = None
    """`online` or `onPremises`."""
    status: str | None = None
    """`unassigned`, `userAssigned`, …"""
    activation: str | None = None
    """`activated`, `assignmentPending`, …"""
    holder: str | None = None
    """Object id of who holds the number; what the service calls a holder that is no account."""
    holder_name: str | None = field(default=None, repr=False)
    """The holder's principal name, where it was read."""
    is_holder_gone: bool = False
    """Whether the directory was asked for the holder and has no such account."""
    category: str | None = None
    """`primary`, `private` or `alternate`."""
    location: str | None = None
    """Id of the emergency location."""
    user: str | None = None
    """Object id of the user whose phone method it is."""
    role: str | None = None
    """The role of the phone method."""
    sms_sign_in: str | None = None
    """The service's state of signing in with a text message."""


@dataclass(frozen=True, kw_only=True)
class Step(Wanted):
    """One change that is sent, and what has to have gone well before."""

    _inner = {**Wanted._inner, "expects": State._of, "needs": lambda data: tuple((line, position) for line, position in data)}

    expects: State
    """How the thing must be when the step begins; otherwise somebody changed it since, and nothing is sent."""
    needs: tuple[tuple[int, int], ...] = ()
    """Steps that must have ended well before, by line and position."""


@dataclass(frozen=True)
class Finding(BulkRecord):
    """Something to know of a row, found while planning."""

    severity: Literal["warning", "error"]
    """Whether it stops the row."""
    code: str
    """A word for programs, for instance `noPhoneLicence` or `heldByOther`."""
    what: str
    """In a sentence."""
    next_step: str
    """The next step."""


@dataclass(frozen=True)
class Loss(BulkRecord):
    """A number that somebody loses by a row."""

    _inner = {"to": Person._of}

    number: str = field(repr=False)
    """The number."""
    loser: str
    """Object id of whoever loses it."""
    loser_name: str | None = field(default=None, repr=False)
    """Their principal name, where it was read."""
    category: str | None = None
    """Which of their lines it was."""
    to: Person | None = None
    """Who has it afterwards; `None` when it is free then."""
    is_replaced: bool = False
    """Whether it is released to make room for another number of the same person (the option `replace`)."""
    ending: str | None = None
    """How the release ended; `None` in a plan."""


@dataclass(frozen=True)
class PlannedRow(BulkRecord):
    """A row of the file, planned."""

    _inner = {
        "wanted": Wanted._of,
        "before": State._of,
        "steps": many(Step),
        "findings": many(Finding),
        "losses": many(Loss),
    }

    line: int
    """The line in the file, the header being 1."""
    wanted: Wanted
    """The change that the row asks for."""
    verdict: Literal["change", "already", "refused"]
    """Whether it would be changed, is already correct, or cannot be: see `findings`."""
    before: State | None = None
    """How the thing was; `None` when it was not found."""
    steps: tuple[Step, ...] = ()
    """The steps, in order."""
    findings: tuple[Finding, ...] = ()
    """Findings for an administrator."""
    losses: tuple[Loss, ...] = ()
    """Numbers that somebody loses by it."""


@dataclass(frozen=True)
class PlanSummary(BulkRecord):
    """How many rows of a plan would end how."""

    rows: int
    """All rows."""
    change: int
    """Would be changed."""
    already: int
    """Are already correct."""
    refused: int
    """Cannot be."""
    steps: int
    """Changes that would be sent."""
    losses: int = 0
    """Numbers that somebody loses."""
    replaced: int = 0
    """Of these, numbers that no row names: they make room for another number of the same person."""
    reassigned: int = 0
    """Of these, numbers that are assigned again by the same plan."""
    mails: int = 0
    """Mails that a tenant may send to people: one for each assignment and each release."""


@dataclass(frozen=True)
class SourceFile(BulkRecord):
    """The file of rows that a plan was made of."""

    bytes: int
    """How many bytes it has."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    rows: int
    """How many rows it has, without the header and blank ones."""
    unreadable: int
    """How many of them cannot be read."""
    repeated: int
    """How many of them say the same as an earlier one, and are not in the plan."""
    name: str | None = None
    """Its name without the folder; `None` when the rows did not come from a file."""


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
        return many(Finding)(self._data["advice"])

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

    def _data(self) -> str:
        given = {
            "country": self.country,
            "city": self.city,
            "prefix": self.prefix,
            "from": self.first,
            "to": self.last,
            "numberType": self.number_type,
            "capability": self.capability,
            "respects": [str(path) for path in self.respects],
        }
        return json.dumps({name: value for name, value in given.items() if value is not None})


# ------------------------------------------------------------------------------------------------------------- ends
