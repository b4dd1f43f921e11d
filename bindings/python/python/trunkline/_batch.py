"""Parts of batches for both kinds of callers: recorded calls and outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from . import _native
from ._lists import BaseList
from .generated.errors import GraphError, InvalidInputError

if TYPE_CHECKING:
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

    __slots__ = ("_native",)

    def __init__(self, client: _native.Client) -> None:
        self._native = _native.Batch(client)

    def _add(self, call: Callable[[Graph], Any], after: BatchItem[Any] | Sequence[BatchItem[Any]] | None) -> BatchItem[Any]:
        from .generated.handles import Graph

        # Handles of a batch record their calls.
        native = self._native
        native.clear()
        answer = call(Graph(native, ""))
        if isinstance(answer, BaseList) and answer._native is native:
            options = answer._query, answer._headers, answer._timeout, answer._retry
            position = native.add_list(answer._path, answer._item, *options)
        else:
            position = native.add(answer)
        item: BatchItem[Any] = BatchItem(self, position)
        if after is not None:
            for first in [after] if isinstance(after, BatchItem) else after:
                if first._batch is not self:
                    raise misuse("a call can only come after one of its own batch", "Add both to one batch")
                native.depends_on(position, first.index)
        return item

    def __len__(self) -> int:
        return len(self._native)


def misuse(message: str, next_step: str) -> InvalidInputError:
    """An error about how the package is used."""
    return InvalidInputError(f"{message}. {next_step}", message=message, next_step=next_step)
