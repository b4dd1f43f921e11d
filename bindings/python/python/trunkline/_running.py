"""Operations that the service accepts now and carries out later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from . import _bridge, _native
from ._errors import GraphError

T_co = TypeVar("T_co", covariant=True)

TEN_MINUTES = 600.0


@dataclass(frozen=True)
class Verdict:
    """How one item of an operation fared."""

    resource_location: str | None
    """What it is about, as the service says."""
    status: str | None
    """The service's word for it."""
    detail: str | None
    """Why, when it did not succeed."""
    succeeded: bool
    """Whether it succeeded."""


@dataclass(frozen=True)
class Stage(Generic[T_co]):
    """What was seen of an operation. The last stage is its end."""

    status: str
    """The service's word for it."""
    progress: str
    """`running`, `succeeded` or `failed`."""
    value: T_co
    """The state as a record."""
    verdicts: list[Verdict]
    """One per item."""
    meta: _native.Meta
    """Status, headers and request id of the look."""
    succeeded: bool | None
    """Whether the operation and every item succeeded; `None` before its end."""
    failure: GraphError | None
    """What `check` raises."""

    @property
    def is_finished(self) -> bool:
        """Whether it is the end."""
        return self.succeeded is not None

    def check(self) -> T_co:
        """The state of an operation that succeeded.

        Raises:
            OperationFailedError: The operation, or one of its items, did not succeed.
        """
        if self.failure is not None:
            raise self.failure
        return self.value


def _stage(told: tuple[Any, ...]) -> Any:
    status, progress, value, verdicts, meta, succeeded, failure = told
    return Stage(status, progress, value, [Verdict(**verdict) for verdict in verdicts], meta, succeeded, failure)


class _Running:
    __slots__ = ("_native",)

    def __init__(self, native: _native.LongRunning) -> None:
        self._native = native

    @property
    def id(self) -> str:
        """The id of the operation, as the service wrote it."""
        return self._native.id

    @property
    def started_by(self) -> str | None:
        """The operation that started it, for instance `numberAssignments.assignNumber`."""
        return self._native.started_by

    @property
    def token(self) -> str:
        """A text from which `Client.resume` takes it up again, in another process or language. Holds no secret."""
        return self._native.token

    @property
    def meta(self) -> _native.Meta | None:
        """Status, headers and request id of the answer that started it."""
        return self._native.meta

    def __repr__(self) -> str:
        return f"{type(self).__name__}(started_by={self.started_by!r})"


class LongRunning(_Running, Generic[T_co]):
    """An operation that the service has accepted. Its end is not yet the success of what was asked for."""

    __slots__ = ()

    def poll(self) -> Stage[T_co]:
        """Looks at it once."""
        stage: Stage[T_co] = _stage(self._native.poll(None))
        return stage

    def wait(self, timeout: float = TEN_MINUTES) -> Stage[T_co]:
        """Waits for the end, at most `timeout` seconds.

        Raises:
            DeadlineError: The end did not come. The operation goes on; `resume_token` takes it up again.
        """
        stage: Stage[T_co] = _stage(self._native.wait(None, timeout))
        return stage

    def stages(self, timeout: float = TEN_MINUTES) -> Iterator[Stage[T_co]]:
        """Every look at it until the end, which is the last."""
        stages = self._native.stages(timeout)
        while (told := stages.next(None)) is not None:
            yield _stage(told)

    def __iter__(self) -> Iterator[Stage[T_co]]:
        return self.stages()


class AsyncLongRunning(_Running, Generic[T_co]):
    """An operation that the service has accepted. Its end is not yet the success of what was asked for."""

    __slots__ = ()

    async def poll(self) -> Stage[T_co]:
        """Looks at it once."""
        stage: Stage[T_co] = _stage(await self._native.poll(_bridge.current()))
        return stage

    async def wait(self, timeout: float = TEN_MINUTES) -> Stage[T_co]:
        """Waits for the end, at most `timeout` seconds.

        Raises:
            DeadlineError: The end did not come. The operation goes on; `resume_token` takes it up again.
        """
        stage: Stage[T_co] = _stage(await self._native.wait(_bridge.current(), timeout))
        return stage

    async def stages(self, timeout: float = TEN_MINUTES) -> AsyncIterator[Stage[T_co]]:
        """Every look at it until the end, which is the last."""
        stages = self._native.stages(timeout)
        while (told := await stages.next(_bridge.current())) is not None:
            yield _stage(told)

    def __aiter__(self) -> AsyncIterator[Stage[T_co]]:
        return self.stages()
