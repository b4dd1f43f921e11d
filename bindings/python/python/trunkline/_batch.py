"""Parts of batches for both kinds of callers: recorded calls and outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from ._place import BaseList
from ._stages import BaseLongRunning
from .generated.errors import GraphError, InvalidInputError

if TYPE_CHECKING:
    from . import _native
    from ._retry import Retry
    from .generated.handles import Graph

T_co = TypeVar("T_co", covariant=True)


class BatchItem(Generic[T_co]):
    """Finds the outcome of one call of a batch."""

    __slots__ = ("_batch", "index")

    index: int
    """The position of the call in its batch."""

    def __init__(self, batch: BaseBatch, index: int) -> None:
        self._batch = batch
        self.index = index

    def __repr__(self) -> str:
        return f"BatchItem({self.index})"


class BatchAnswers:
    """The outcomes of a batch: `answers[item]` is the value of a call, or raises what it failed with."""

    __slots__ = ("_batch", "_outcomes")

    def __init__(self, batch: BaseBatch, outcomes: list[tuple[Any, GraphError | None]]) -> None:
        self._batch = batch
        self._outcomes = outcomes

    def __getitem__(self, item: BatchItem[T_co]) -> T_co:
        value, error = self._outcome(item)
        if error is not None:
            raise error
        return cast("T_co", value)

    def error(self, item: BatchItem[Any]) -> GraphError | None:
        """The error of a call; `None` when it succeeded."""
        return self._outcome(item)[1]

    @property
    def succeeded(self) -> int:
        """How many calls succeeded."""
        return sum(error is None for _, error in self._outcomes)

    @property
    def errors(self) -> dict[int, GraphError]:
        """The errors of calls, by their position."""
        return {index: error for index, (_, error) in enumerate(self._outcomes) if error is not None}

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return f"BatchAnswers(succeeded={self.succeeded}, failed={len(self) - self.succeeded})"

    def _outcome(self, item: BatchItem[Any]) -> tuple[Any, GraphError | None]:
        if not isinstance(item, BatchItem):  # pyright: ignore[reportUnnecessaryIsInstance] for callers without types
            raise TypeError(f"answers are found by what `add` gave, not by {type(item).__name__}")
        if item._batch is not self._batch:
            raise misuse("the call is of another batch", "Look it up in the answers of its own batch")
        return self._outcomes[item.index]


class BaseBatch:
    """The members of batches for both kinds of callers."""

    __slots__ = ("_filling", "_running", "_writer")

    def __init__(self, native: _native.Client) -> None:
        self._filling = native.batch()
        self._writer = _Writer()
        self._running: set[int] = set()

    def _add(self, call: Callable[[Graph], Any], after: BatchItem[Any] | Sequence[BatchItem[Any]] | None) -> BatchItem[Any]:
        from .generated.handles import Graph

        writer = self._writer
        writer.calls.clear()
        given = call(Graph(cast("Any", _Recorder(writer)), ""))
        if isinstance(given, BaseList) and cast("Any", given._native) is writer and not writer.calls:
            refuse_own(given._timeout, given._retry)
            position = self._filling.add_list(given._path, given._item, query=given._query, headers=given._headers)
        else:
            is_running = isinstance(given, BaseLongRunning)
            made: object = given._native if is_running else given
            if len(writer.calls) != 1 or made is not writer.calls[0]:
                raise misuse(
                    "a call of a batch is a function of the graph that makes one call and returns it",
                    "For instance: batch.add(lambda graph: graph.users.by_id(user).get())",
                )
            position = writer.calls[0].write(self._filling)
            if is_running:
                self._running.add(position)
        item: BatchItem[Any] = BatchItem(self, position)
        if after is not None:
            for first in [after] if isinstance(after, BatchItem) else after:
                if first._batch is not self:
                    raise misuse("a call can only come after one of its own batch", "Add both to one batch")
                self._filling.depends_on(position, first.index)
        return item

    def __len__(self) -> int:
        return len(self._filling)


class _Call:
    """A call that was written down."""

    __slots__ = ("_method", "_options", "_path", "_result")

    def __init__(self, method: str, path: str, result: str, options: dict[str, Any]) -> None:
        refuse_own(options.pop("timeout", None), options.pop("retry", None))
        self._method = method
        self._path = path
        self._result = result
        self._options = options

    def write(self, filling: _native.Batch) -> int:
        return filling.add(self._method, self._path, self._result, **self._options)


class _Writer:
    """Stands for the native client: writes calls down instead of sending them."""

    __slots__ = ("calls",)

    def __init__(self) -> None:
        self.calls: list[_Call] = []

    def request(self, method: str, path: str, result: str, **options: Any) -> _Call:
        call = _Call(method, path, result, options)
        self.calls.append(call)
        return call


class _Recorder:
    """Stands for the client that handles hold."""

    __slots__ = ("_native",)

    def __init__(self, writer: _Writer) -> None:
        self._native = writer


def refuse_own(timeout: float | None, retry: Retry | None) -> None:
    """The calls of a batch have its deadline, and are sent again as it is."""
    if timeout is not None:
        raise misuse("a call of a batch has no timeout of its own", "Give `timeout` to `send`")
    if retry is not None:
        raise misuse("a call of a batch has no retry of its own", "Give `retry` to `send`")


def misuse(message: str, next_step: str) -> InvalidInputError:
    """An error about how the package is used."""
    return InvalidInputError(f"{message}. {next_step}", message=message, next_step=next_step)
