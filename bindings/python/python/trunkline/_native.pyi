"""The native part. Use the package instead."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from asyncio import AbstractEventLoop
from os import PathLike
from typing import Any, Generic, Literal, TypeAlias, TypeVar, final, overload
from weakref import ref

from ._asynchronous.client import AsyncClient
from .generated.errors import GraphError
from .generated.retry_policy import RetryPolicy
from .generated.synchronous.client import Client as SyncClient
from .generated.teams_administration import NumberAssignment
from typing_extensions import Self, disjoint_base

T_co = TypeVar("T_co", covariant=True)
PlaceT = TypeVar("PlaceT", bound=Place)
RecordT = TypeVar("RecordT", bound=Record)

Pairs: TypeAlias = Sequence[tuple[str, str]]
StageParts: TypeAlias = tuple[
    str,
    Literal["running", "succeeded", "failed"],
    Any,
    list[dict[str, Any]],
    Meta,
    bool | None,
    GraphError | None,
]

class Record:
    """A record of the graph: an entity or a complex value, with attributes in snake case."""

    _type_name: str
    def __init__(self, **properties: Any) -> None: ...
    @property
    def additional(self) -> dict[str, Any]: ...
    @property
    def meta(self) -> Meta | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def to_json(self) -> str: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __setitem__(self, name: str, value: Any, /) -> None: ...
    def __delitem__(self, name: str, /) -> None: ...
    def __contains__(self, name: str, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, tuple[str, str]]: ...
    __hash__: None  # type: ignore[assignment]

@final
class Field: ...

@final
class Meta:
    """Status, headers and request id of an answer."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def client_request_id(self) -> str: ...
    @property
    def attempts(self) -> int: ...

@final
class Answer(Generic[T_co]):
    """The answer to a call whose value is no record, or may be missing."""

    @property
    def value(self) -> T_co: ...
    @property
    def meta(self) -> Meta: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def request_id(self) -> str | None: ...

@final
class Page(Generic[T_co]):
    """One page of a list: a sequence of records."""

    @property
    def count(self) -> int | None: ...
    @property
    def continuation(self) -> str | None: ...
    @property
    def repeated(self) -> int: ...
    @property
    def doubt(self) -> str | None: ...
    @property
    def meta(self) -> Meta: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> T_co: ...
    def __iter__(self) -> Iterator[T_co]: ...
    def _pass(self) -> Iterator[T_co]: ...

@final
class Pending(Generic[T_co]):
    def __await__(self) -> Generator[Any, None, T_co]: ...

@final
class Bridge:
    def __new__(
        cls,
        event_loop: ref[AbstractEventLoop],
        *,
        read: int | None = None,
        write: int | None = None,
        notify: Callable[[], None] | None = None,
    ) -> Bridge: ...
    def deliver(self) -> None: ...

@final
class Change(Generic[T_co]):
    @overload
    def next(self, bridge: None, failure: Exception | None = None) -> tuple[Any, Any]: ...
    @overload
    def next(self, bridge: Bridge, failure: Exception | None = None) -> Pending[tuple[Any, Any]]: ...
    def close(self) -> None: ...

@final
class Reply:
    def token(self, token: str, expires_on: float | None) -> None: ...
    def done(self) -> None: ...
    def raised(self, raised: BaseException) -> None: ...

class Client:
    def __new__(
        cls,
        options: dict[str, Any],
        credential: tuple[Any, ...] | None = None,
    ) -> Client: ...
    @property
    def closed(self) -> bool: ...
    def throttle(self) -> list[tuple[str | None, float | None, float | None, str | None, int, int, int]]: ...
    @property
    def country(self) -> str | None: ...
    @property
    def cloud(self) -> str: ...
    @property
    def base(self) -> str: ...
    def close(self) -> None: ...
    def batch(self) -> Batch: ...
    @overload
    def request(
        self,
        bridge: None,
        method: str,
        path: str,
        result: str,
        *,
        body: Any = None,
        query: Pairs = ...,
        headers: Pairs = ...,
        timeout: float | None = None,
        retry: RetryPolicy | int | None = None,
    ) -> Any: ...
    @overload
    def request(
        self,
        bridge: Bridge,
        method: str,
        path: str,
        result: str,
        *,
        body: Any = None,
        query: Pairs = ...,
        headers: Pairs = ...,
        timeout: float | None = None,
        retry: RetryPolicy | int | None = None,
    ) -> Pending[Any]: ...
    def preview(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        expected: str | None = None,
        names_type: bool = False,
        query: Pairs = ...,
    ) -> str: ...
    def pages(
        self,
        path: str,
        item: str,
        *,
        query: Pairs = ...,
        headers: Pairs = ...,
        timeout: float | None = None,
        retry: RetryPolicy | int | None = None,
    ) -> Pages: ...
    def resume_pages(self, continuation: str, item: str) -> Pages: ...
    def resume(self, token: str) -> LongRunning: ...

@disjoint_base
class Place:
    """Somewhere in the graph, for callers that block."""

    _client: SyncClient
    _path: str
    def __new__(cls, client: SyncClient, path: str) -> Self: ...
    def _step(self, handle: type[PlaceT], segment: str) -> PlaceT: ...
    def _entry(self, handle: type[PlaceT], key: str) -> PlaceT: ...
    def _request(
        self,
        method: str,
        segment: str,
        result: str,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        retry: RetryPolicy | int | None = None,
        body: Any = None,
        expected: str | None = None,
        names_type: bool = False,
        query: Pairs = ...,
    ) -> Any: ...

class AsyncPlace:
    """Somewhere in the graph, for callers that await."""

    _client: AsyncClient
    _path: str
    def __new__(cls, client: AsyncClient, path: str) -> Self: ...
    def _step(self, handle: type[Place], segment: str) -> AsyncPlace: ...
    def _entry(self, handle: type[Place], key: str) -> AsyncPlace: ...
    def _request(
        self,
        method: str,
        segment: str,
        result: str,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        retry: RetryPolicy | int | None = None,
        body: Any = None,
        expected: str | None = None,
        names_type: bool = False,
        query: Pairs = ...,
    ) -> Any: ...

@final
class Pages:
    @overload
    def next(self, bridge: None) -> Page[Any] | None: ...
    @overload
    def next(self, bridge: Bridge) -> Pending[Page[Any] | None]: ...
    def records(self) -> Iterator[Any]: ...
@final
class LongRunning:
    @property
    def id(self) -> str: ...
    @property
    def started_by(self) -> str | None: ...
    @property
    def token(self) -> str: ...
    @property
    def meta(self) -> Meta | None: ...
    def accepted(self) -> Any: ...
    @overload
    def poll(self, bridge: None) -> StageParts: ...
    @overload
    def poll(self, bridge: Bridge) -> Pending[StageParts]: ...
    @overload
    def wait(self, bridge: None, timeout: float) -> StageParts: ...
    @overload
    def wait(self, bridge: Bridge, timeout: float) -> Pending[StageParts]: ...
    def stages(self, timeout: float) -> Stages: ...

@final
class Stages:
    @overload
    def next(self, bridge: None) -> StageParts | None: ...
    @overload
    def next(self, bridge: Bridge) -> Pending[StageParts | None]: ...

@final
class Batch:
    def add(
        self,
        method: str,
        path: str,
        result: str,
        *,
        body: Any = None,
        expected: str | None = None,
        names_type: bool = False,
        query: Pairs = ...,
        headers: Pairs = ...,
    ) -> int: ...
    def add_list(self, path: str, item: str, *, query: Pairs = ..., headers: Pairs = ...) -> int: ...
    def depends_on(self, position: int, first: int) -> None: ...
    @overload
    def send(
        self, bridge: None, *, timeout: float | None = None, retry: RetryPolicy | int | None = None
    ) -> list[tuple[Any, GraphError | None]]: ...
    @overload
    def send(
        self, bridge: Bridge, *, timeout: float | None = None, retry: RetryPolicy | int | None = None
    ) -> Pending[list[tuple[Any, GraphError | None]]]: ...
    def __len__(self) -> int: ...

@final
class Intents:
    def __new__(cls, client: Client) -> Intents: ...
    def change(self, call: str, arguments: dict[str, Any], watched: bool) -> Change[dict[str, Any]]: ...
    @overload
    def read(self, bridge: None, call: str, arguments: dict[str, Any]) -> Any: ...
    @overload
    def read(self, bridge: Bridge, call: str, arguments: dict[str, Any]) -> Pending[Any]: ...
    def now(self, call: str, arguments: dict[str, Any]) -> Any: ...
    def query(self, conditions: dict[str, Any]) -> Query: ...

@final
class Query:
    @overload
    def first(self, bridge: None) -> NumberAssignment | None: ...
    @overload
    def first(self, bridge: Bridge) -> Pending[NumberAssignment | None]: ...
    def items(self) -> Items: ...

@final
class Items:
    @overload
    def next(self, bridge: None) -> tuple[list[NumberAssignment], GraphError | None] | None: ...
    @overload
    def next(self, bridge: Bridge) -> Pending[tuple[list[NumberAssignment], GraphError | None] | None]: ...

@final
class Rows:
    def describe(self) -> str: ...
    def __len__(self) -> int: ...

@overload
def bulk_read(
    bridge: None,
    source: str | PathLike[str] | bytes,
    *,
    format: str | None = None,
    country: str | None = None,
    sheet: str | None = None,
    hidden: str | None = None,
    delimiter: str | None = None,
    action: str | None = None,
    pick: bool = False,
) -> Rows: ...
@overload
def bulk_read(
    bridge: Bridge,
    source: str | PathLike[str] | bytes,
    *,
    format: str | None = None,
    country: str | None = None,
    sheet: str | None = None,
    hidden: str | None = None,
    delimiter: str | None = None,
    action: str | None = None,
    pick: bool = False,
) -> Pending[Rows]: ...
@final
class Plan:
    @staticmethod
    def read(path: str | PathLike[str]) -> Plan: ...
    def write(self, path: str | PathLike[str]) -> None: ...
    def describe(self) -> str: ...
    def digest(self) -> str: ...
    def rows(self, start: int, end: int) -> str: ...
    def __len__(self) -> int: ...

@final
class Journal:
    def __new__(cls, path: str | PathLike[str]) -> Journal: ...
    def describe(self) -> str: ...
    def rows(self, after: int | None, count: int) -> str: ...

@final
class Bulk:
    def __new__(cls, client: Client) -> Bulk: ...
    @overload
    def plan(
        self, bridge: None, rows: Rows, *, replace: bool, skip_unreadable: bool, base: bool = False, pool: str | None = None
    ) -> Plan: ...
    @overload
    def plan(
        self, bridge: Bridge, rows: Rows, *, replace: bool, skip_unreadable: bool, base: bool = False, pool: str | None = None
    ) -> Pending[Plan]: ...
    def apply(
        self,
        plan: Plan | None,
        journal: str | PathLike[str],
        *,
        in_flight: int | None = None,
        proof: float | None = None,
        order_deadline: float | None = None,
        patience: float | None = None,
        deadline: float | None = None,
        repeat_after_read_back: bool = True,
        reservation: float | None = None,
        quarantine: float | None = None,
        release_brake: bool = False,
    ) -> Run: ...
    @overload
    def verify(self, bridge: None, journal: str | PathLike[str], wait: float) -> str: ...
    @overload
    def verify(self, bridge: Bridge, journal: str | PathLike[str], wait: float) -> Pending[str]: ...
    @overload
    def undo(self, bridge: None, journal: str | PathLike[str]) -> Plan: ...
    @overload
    def undo(self, bridge: Bridge, journal: str | PathLike[str]) -> Pending[Plan]: ...
    @overload
    def export(self, bridge: None, path: str | PathLike[str], phones: bool, policies: bool) -> str: ...
    @overload
    def export(self, bridge: Bridge, path: str | PathLike[str], phones: bool, policies: bool) -> Pending[str]: ...

@overload
def bulk_report(
    bridge: None,
    journal: str | PathLike[str],
    *,
    html: str | PathLike[str] | None = None,
    csv: str | PathLike[str] | None = None,
    jsonl: str | PathLike[str] | None = None,
    masked: bool = False,
) -> None: ...
@overload
def bulk_report(
    bridge: Bridge,
    journal: str | PathLike[str],
    *,
    html: str | PathLike[str] | None = None,
    csv: str | PathLike[str] | None = None,
    jsonl: str | PathLike[str] | None = None,
    masked: bool = False,
) -> Pending[None]: ...
@final
class Run:
    @overload
    def next(self, bridge: None) -> str | None: ...
    @overload
    def next(self, bridge: Bridge) -> Pending[str | None]: ...
    @property
    def has_begun(self) -> bool: ...
    def stop(self) -> None: ...
    @overload
    def abandon(self, bridge: None) -> None: ...
    @overload
    def abandon(self, bridge: Bridge) -> Pending[None]: ...

@final
class Emulator:
    def __new__(
        cls,
        *,
        port: int = 0,
        manual_clock: bool = False,
        seeds: Sequence[str] = ...,
        stage_duration: float | None = None,
        advance_per_poll: bool | None = None,
        activation_delay: float | None = None,
        immediate_checks: bool | None = None,
        strict: bool | None = None,
        realistic: bool | None = None,
        page_size: int | None = None,
        next_links: bool | None = None,
        permission_checks: bool | None = None,
        require_token: bool | None = None,
        requests_per_second: int | None = None,
        numbers: int | None = None,
        allow_hosts: Sequence[str] = ...,
    ) -> Emulator: ...
    def url(self) -> str: ...
    def token(self, request: str | None) -> str: ...
    def advance(self, by: float) -> None: ...
    def state(self) -> str: ...
    def seed(self, seed: str) -> None: ...
    def reset(self) -> None: ...
    def fault(self, fault: str) -> None: ...
    def clear_faults(self) -> None: ...
    def requests(self) -> str: ...
    def clear_requests(self) -> None: ...
    def close(self) -> None: ...

def register_record(class_: type[Any], name: str, names: tuple[str, ...]) -> None: ...
def register_enumeration(class_: type[Any], name: str, members: Mapping[str, Any]) -> None: ...
def decode(name: str, data: str | dict[str, Any]) -> Any: ...
def step(function: Callable[[Any], T_co]) -> Callable[[Any], T_co]: ...
def called(function: int, arguments: dict[str, Any]) -> str: ...
def error_kinds() -> list[str]: ...
def process() -> tuple[int, int]: ...
def operations() -> str: ...
