"""Stages of a long-running operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from . import _native
from ._errors import GraphError

T_co = TypeVar("T_co", covariant=True)

TEN_MINUTES = 600.0
"""Seconds that an operation is waited for unless said otherwise."""


@dataclass(frozen=True)
class Verdict:
    """How one item of an operation fared."""

    resource_location: str | None
    """Its subject, as the service names it."""
    status: str | None
    """The service's word for it."""
    detail: str | None
    """Why, when it did not succeed."""
    succeeded: bool
    """Whether it succeeded."""


@dataclass(frozen=True)
class Stage(Generic[T_co]):
    """One stage of an operation. The last stage is its end."""

    status: str
    """The service's word for it."""
    progress: Literal["running", "succeeded", "failed"]
    """How far it has come."""
    value: T_co
    """The state as a record."""
    verdicts: list[Verdict]
    """One per item."""
    meta: _native.Meta
    """Status, headers and request id of the look."""
    succeeded: bool | None
    """Whether the operation and every item succeeded; `None` before its end."""
    failure: GraphError | None
    """The error that `check` raises."""

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


def stage(data: _native.StageParts) -> Stage[Any]:
    """A stage, from what the native part tells of it."""
    status, progress, value, verdicts, meta, succeeded, failure = data
    return Stage(status, progress, value, [Verdict(**verdict) for verdict in verdicts], meta, succeeded, failure)


class BaseLongRunning:
    """The members of operations for both kinds of callers."""

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
        """A text from which the client's `resume` takes it up again, in another process or language. Holds no secret."""
        return self._native.token

    @property
    def meta(self) -> _native.Meta | None:
        """Status, headers and request id of the answer that started it."""
        return self._native.meta

    @property
    def accepted(self) -> Any:
        """The body of the answer that started it, as JSON: some of it is said once only, such as a password that the
        service made up. `None` when it carried nothing, and when the operation was taken up.

        Raises:
            UnexpectedBodyError: It was cut off on its way, or is no JSON. The operation goes on.
        """
        return self._native.accepted()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(started_by={self.started_by!r})"
