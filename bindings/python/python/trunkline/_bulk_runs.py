"""How bulk work ends, what it tells meanwhile and what its journals hold, as records. What is personal is not in their
`repr`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from . import _native
from ._bulk import TOGETHER, AnyPath, BulkRecord, Loss, PlannedRow, SourceFile, State, Wanted, many


@dataclass(frozen=True)
class Summary(BulkRecord):
    """How many rows ended how."""

    rows: int
    """All rows that ended."""
    done: int
    """Changed, and read back as they should be."""
    already: int
    """Already correct; nothing was sent."""
    failed: int
    """Refused by the service, and what it said is known."""
    skipped: int
    """Not sent: refused by planning, changed since, or something they needed failed."""
    pending: int
    """The service is still at work; resuming goes on with them."""
    unknown: int
    """In doubt: look."""
    not_seen: int = 0
    """Accepted by the service, and not seen yet; resuming reads again and sends nothing."""
    open: int = 0
    """Rows that have not ended; resuming goes on with them."""

    @property
    def is_good(self) -> bool:
        """Whether every row is as the file wants it."""
        return self.open == 0 and self.rows == self.done + self.already


Ending: TypeAlias = Literal["done", "notSeen", "already", "failed", "skipped", "pending", "unknown"]
"""How a row ended: the names of `Summary`, in the spelling of JSON."""


@dataclass(frozen=True)
class Failure(BulkRecord):
    """Why a row failed."""

    kind: str
    """The kind of error, as of `GraphError`, or a code of planning such as `noPhoneLicence`, or `stale`."""
    what: str
    """The diagnosis, in a sentence."""
    next_step: str
    """The next step."""
    status: int | None = None
    """The HTTP status, if there was an answer."""
    code: str | None = None
    """The service's code."""
    service_message: str | None = field(default=None, repr=False)
    """The service's own words. May hold personal data."""


@dataclass(frozen=True)
class RowOutcome(BulkRecord):
    """The end of a row in full."""

    _inner = {"before": State._of, "after": State._of, "failure": Failure._of}

    line: int
    """The line in the file."""
    ending: Ending
    """How it ended."""
    before: State | None = None
    """How it was when the plan was made."""
    after: State | None = None
    """How it was read back last."""
    request_ids: tuple[str, ...] = ()
    """The service's ids of the requests that were sent for it, in order."""
    operations: tuple[str, ...] = ()
    """The service's operations that carried it out."""
    failure: Failure | None = None
    """Why it failed."""
    warnings: tuple[str, ...] = ()
    """Warnings for an administrator about a row that succeeded."""


@dataclass(frozen=True)
class VerifiedRow(BulkRecord):
    """A row of a journal, compared with the live state."""

    _inner = {"wanted": Wanted._of, "now": State._of}

    line: int
    """The line in the file."""
    wanted: Wanted
    """The change that the row asks for."""
    holds: bool
    """Whether the live state is as the row asks for."""
    has_drifted: bool
    """Whether it had ended well and does not hold any more: somebody changed it since."""
    ending: Ending | None = None
    """How the row had ended; `None` while it is open."""
    now: State | None = None
    """How it is now; `None` when it was not found."""
    what: str | None = None
    """Why it does not hold, as far as planning it again would say."""


@dataclass(frozen=True)
class LeftOut(BulkRecord):
    """Numbers and phones of the tenant that no row of an export has."""

    what: str = field(repr=False)
    """The number or the user."""
    why: str
    """Why no row says it, as the rest of a sentence: `is held by a policy`."""


@dataclass(frozen=True)
class UnreadableNumber(BulkRecord):
    """A number of the inventory that is not written as telephone numbers are."""

    number: str | None = field(default=None, repr=False)
    """As the inventory has it; `None` when it has none."""
    holder: str | None = None
    """Object id of whoever holds it."""
    category: str | None = None
    """Which of the holder's lines it is."""
    location: str | None = None
    """Id of the emergency location."""


@dataclass(frozen=True)
class Exported(BulkRecord):
    """The result of an export."""

    _inner = {"left_out": many(LeftOut), "unreadable": many(UnreadableNumber)}

    rows: int
    """How many rows, those with unreadable numbers among them."""
    left_out: tuple[LeftOut, ...] = ()
    """Facts that no row can express."""
    unreadable: tuple[UnreadableNumber, ...] = ()
    """Numbers that are not written as telephone numbers are. They are exported as they are, and planning refuses them."""


# ------------------------------------------------------------------------------------------------------------- events


@dataclass(frozen=True)
class Started(BulkRecord):
    """The run begins, or goes on."""

    rows: int
    """Rows of the plan."""
    ended: int
    """Rows that had ended before, in an earlier run."""
    resumed: bool
    """Whether the journal held an earlier run."""
    kind: Literal["started"] = "started"


@dataclass(frozen=True)
class Sending(BulkRecord):
    """A request that changes something is about to be sent; the journal has it."""

    _inner = {"step": tuple}

    step: tuple[int, int]
    """The line, and the position among the row's steps from 0."""
    operation: str
    """The operation, for instance `numberAssignments.assignNumber`."""
    kind: Literal["sending"] = "sending"


@dataclass(frozen=True)
class Accepted(BulkRecord):
    """The service accepted an order."""

    _inner = {"step": tuple}

    step: tuple[int, int]
    """The line, and the position among the row's steps from 0."""
    operation_id: str
    """The service's id of the operation."""
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True)
class RowEnded:
    """A row ended."""

    outcome: RowOutcome
    """How."""
    kind: Literal["row"] = "row"


@dataclass(frozen=True)
class Left(BulkRecord):
    """A row was left open although nothing stopped the run: resuming takes it up."""

    _inner = {"failure": Failure._of}

    line: int
    """The line in the file."""
    failure: Failure
    """The reason why it did not end."""
    kind: Literal["left"] = "left"


@dataclass(frozen=True)
class Braked(BulkRecord):
    """A number was taken from its holder and could not be given, so no further number is taken for another row.

    The run goes on with rows that take nothing for others and ends with a `BulkError` of kind `stopped`. With
    `release_brake=True` it would go on.
    """

    line: int
    """The line whose number was taken and not given."""
    rows: int
    """Rows that stay open because of it."""
    kind: Literal["braked"] = "braked"


@dataclass(frozen=True)
class Warned(BulkRecord):
    """Something an administrator should know of the run: the computer's clock jumped, for instance."""

    what: str
    """In a sentence."""
    kind: Literal["warned"] = "warned"


@dataclass(frozen=True)
class RunProgress(BulkRecord):
    """Progress of the run; sent at most a few times a second."""

    _inner = {"summary": Summary._of}

    summary: Summary
    """How many rows ended how, those of earlier runs included."""
    rows: int
    """All rows of the plan."""
    in_flight: int
    """Steps that are being carried out."""
    requests: int
    """Requests sent in this run."""
    throttled: int
    """Of them answered 429."""
    rows_per_second: float
    """Rows ended per second, over the last seconds."""
    allowed_rate: float | None = None
    """Requests per second that the service lets us send now; `None` when nothing limits them."""
    paused_for: float | None = None
    """Seconds for which the service asked to send nothing."""
    seconds_left: float | None = None
    """Seconds to the end at the present rate."""
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True)
class Ended:
    """The run ended: everything is done that could be."""

    summary: Summary
    """How many rows ended how."""
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True)
class Unfamiliar:
    """Something newer than this package."""

    data: dict[str, Any]
    """The event as it was received."""
    kind: Literal["unfamiliar"] = "unfamiliar"


Event: TypeAlias = (
    Started | Sending | Accepted | RowEnded | Left | Braked | Warned | RunProgress | Ended | Unfamiliar
)
"""An event of a run; `kind` says which."""

Watcher: TypeAlias = Callable[[Event], object]
"""Gets every event of a run."""

_EVENTS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "started": Started._of,
    "sending": Sending._of,
    "accepted": Accepted._of,
    "row": lambda data: RowEnded(RowOutcome._of(data)),
    "left": Left._of,
    "braked": Braked._of,
    "warned": Warned._of,
    "progress": RunProgress._of,
    "ended": lambda data: Ended(Summary._of(data)),
}


def events(text: str) -> list[Event]:
    """The events of an array of JSON."""
    return [_EVENTS.get(data["event"], Unfamiliar)(data) for data in json.loads(text)]


# ------------------------------------------------------------------------------------------------------------- journals


@dataclass(frozen=True)
class JournalRow(BulkRecord):
    """A row of a journal: what was planned, and how it ended."""

    _inner = {"planned": PlannedRow._of, "outcome": RowOutcome._of, "losses": many(Loss)}

    planned: PlannedRow
    """As it was planned."""
    outcome: RowOutcome | None = None
    """`None` while the row is open."""
    ended_at: str | None = None
    """When it ended, ISO 8601."""
    losses: tuple[Loss, ...] = ()
    """Numbers that somebody lost by it, or may have lost."""


@dataclass(frozen=True)
class JournalRun(BulkRecord):
    """A time in which a process worked on the journal."""

    id: int
    """Counted from 1."""
    started_at: str
    """When it began, ISO 8601."""
    version: str
    """Version of the program."""
    ended_at: str | None = None
    """When it ended; `None` when it was killed or is under way."""


@dataclass(frozen=True)
class Tick(BulkRecord):
    """A moment of the timeline. The counts are of the time since the moment before."""

    at: int
    """When, in milliseconds since 1970."""
    sent: int
    """Requests sent."""
    throttled: int
    """Of them answered 429."""
    ended: int
    """Rows that ended."""
    in_flight: int
    """Steps under way at that moment."""
    allowed_rate: float | None = None
    """Requests per second that were allowed; `None` without a limit."""
    paused_for: float | None = None
    """Seconds of a pause that the service asked for."""


@dataclass(frozen=True)
class HeldNumber(BulkRecord):
    """A number that is kept for a row, or kept from being given out again."""

    number: str = field(repr=False)
    """E.164."""
    until: str
    """Until when, ISO 8601."""
    line: int | None = None
    """The row it is reserved for; `None` for a number in quarantine."""


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
        return many(JournalRun)(self._data()["runs"])

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Events over time."""
        return many(Tick)(self._data()["ticks"])

    @property
    def reservations(self) -> tuple[HeldNumber, ...]:
        """Numbers that planning picked and that no row has taken yet."""
        return many(HeldNumber)(self._data()["reservations"])

    @property
    def quarantine(self) -> tuple[HeldNumber, ...]:
        """Numbers that were released and are not to be given out yet."""
        return many(HeldNumber)(self._data()["quarantine"])

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

