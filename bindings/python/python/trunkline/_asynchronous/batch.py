"""Several calls in one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from trunkline import _native
from trunkline._asynchronous.running import AsyncLongRunning
from trunkline._batch import BaseBatch, BatchAnswers, BatchItem

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient
    from trunkline._retry import Retry
    from trunkline.generated.handles import Graph
    from trunkline.generated.synchronous.place import List
    from trunkline.generated.synchronous.running import LongRunning  # asynchronous only

T = TypeVar("T")


class AsyncBatch(BaseBatch):
    """Calls that are sent together, twenty to a request.

    Each has its own outcome: one that fails does not fail the others, unless they depend on it. What the service
    throttles is sent again by the same rules as single calls.
    """

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        super().__init__(client._native)
        self._client = client

    @overload
    def add(
        self,
        call: Callable[[Graph], List[T]],
        *,
        after: BatchItem[Any] | Sequence[BatchItem[Any]] | None = None,
    ) -> BatchItem[_native.Page[T]]: ...

    @overload
    def add(
        self,
        call: Callable[[Graph], LongRunning[T]],
        *,
        after: BatchItem[Any] | Sequence[BatchItem[Any]] | None = None,
    ) -> BatchItem[AsyncLongRunning[T]]: ...

    @overload
    def add(
        self,
        call: Callable[[Graph], T],
        *,
        after: BatchItem[Any] | Sequence[BatchItem[Any]] | None = None,
    ) -> BatchItem[T]: ...

    def add(
        self,
        call: Callable[[Graph], Any],
        *,
        after: BatchItem[Any] | Sequence[BatchItem[Any]] | None = None,
    ) -> BatchItem[Any]:
        """Adds a call. Nothing is sent yet.

        ```
        user = batch.add(lambda graph: graph.users.by_id("ana@contoso.example").get())
        ```

        Args:
            call: A function of a graph that makes one call and returns it. Of a list, the first page is asked for.
            after: Is carried out only after these succeeded. The service wants either none of a batch's calls to
                depend on others, or each on the one before.

        Returns:
            What the outcome is found by, in the answers.

        Raises:
            InvalidInputError: The function does something else, or the batch has been sent.
            TypeError: An argument of the call is of the wrong type.
        """
        return self._add(call, after)

    async def send(self, *, timeout: float | None = None, retry: Retry | None = None) -> BatchAnswers:
        """Sends it. A failure is in the outcome of its call.

        Args:
            timeout: Seconds that all of it may take, waits and repetitions included.
            retry: How calls are sent again, instead of the client's way.

        Raises:
            InvalidInputError: The batch has been sent.
        """
        outcomes = await self._filling.send(self._client._connected(), timeout=timeout, retry=retry)
        for index in self._running:
            value, error = outcomes[index]
            if error is None:
                outcomes[index] = (AsyncLongRunning(value), None)
        return BatchAnswers(self, outcomes)
