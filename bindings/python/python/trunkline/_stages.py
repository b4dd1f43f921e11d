"""Members of long-running operations for both kinds of callers."""

from __future__ import annotations

from typing import Any

from . import _native
from .generated.outcomes import Stage, Verdict

TEN_MINUTES = 600.0
"""Seconds that an operation is waited for unless said otherwise."""


def stage(data: tuple[Any, ...]) -> Stage[Any]:
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
        """A text from which the client's `follow` takes it up again, in another process or language. Holds no secret."""
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
