"""The client."""

from __future__ import annotations

from trunkline import _native
from trunkline._asynchronous.place import AsyncList
from trunkline._bridge import connection  # asynchronous only
from trunkline._client import BaseClient, type_name

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any

    from trunkline._asynchronous.batch import AsyncBatch
    from trunkline._asynchronous.bulk import AsyncBulk
    from trunkline._asynchronous.running import AsyncLongRunning
    from trunkline._retry import Retry
    from trunkline.generated.async_handles import AsyncGraph
    from trunkline.generated.async_intents import AsyncNumbers, AsyncPhones, AsyncPolicies

_graph: type[AsyncGraph] | None = None
"""Loaded when it is first needed, and found here from then on: each call of `graph` begins with it."""


class AsyncClient(BaseClient):
    """For asyncio. Works on any loop, also on several one after the other; a call stops when its task is cancelled."""  # asynchronous only
    # synchronous: """Calls block; the GIL is released while they wait. Threads may share it; a forked process needs its own."""

    __slots__ = ()

    def _connected(self) -> _native.Bridge:  # asynchronous only
        event_loop, bridge = connection()  # asynchronous only
        self._latest[:] = (event_loop,)  # asynchronous only
        return bridge  # asynchronous only

    @property
    def graph(self) -> AsyncGraph:
        """Every operation, at the path where Graph documents it."""
        global _graph
        if _graph is None:
            from trunkline.generated.async_handles import AsyncGraph

            _graph = AsyncGraph
        return _graph(self, "")

    @property
    def numbers(self) -> AsyncNumbers:
        """The tenant's telephone numbers, by what an administrator means: find, assign, unassign, move, follow."""
        from trunkline.generated.async_intents import AsyncNumbers

        return AsyncNumbers(self)

    def phones(self, user: str) -> AsyncPhones:
        """The phone methods of a user.

        Args:
            user: Principal name or object id.
        """
        from trunkline.generated.async_intents import AsyncPhones

        return AsyncPhones(self, user)

    def policies(self, user: str) -> AsyncPolicies:
        """The Teams policies of a user.

        Args:
            user: Principal name or object id.
        """
        from trunkline.generated.async_intents import AsyncPolicies

        return AsyncPolicies(self, user)

    @property
    def bulk(self) -> AsyncBulk:
        """A whole file of numbers and phone methods: plan it, apply it, verify, undo."""
        from trunkline._asynchronous.bulk import AsyncBulk

        return AsyncBulk(self)

    def batch(self) -> AsyncBatch:
        """An empty batch: calls of `graph` that are sent together, twenty to a request.

        Raises:
            InvalidInputError: The client has been closed.
        """
        from trunkline._asynchronous.batch import AsyncBatch

        return AsyncBatch(self)

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        retry: Retry | None = None,
    ) -> _native.Answer[Any]:
        """Sends what no method offers.

        Args:
            method: The HTTP method.
            path: Below the version, encoded, for instance `/users`.
            body: A JSON value, or a record.
            query: Options such as `$top`; they are encoded.
            headers: Further headers.
            timeout: Seconds that it may take in all, waits and repetitions included.
            retry: How this request is sent again; as of the client unless set.

        Returns:
            The answer, whose value is JSON.

        Raises:
            GraphError: The service or the way to it failed.
        """
        answer: _native.Answer[Any] = await self._native.request(
            self._connected(),
            method,
            path,
            "=",
            body=body,
            query=list((query or {}).items()),
            headers=list((headers or {}).items()),
            timeout=timeout,
            retry=retry,
        )
        return answer

    def resume(self, token: str) -> AsyncLongRunning[Any]:
        """Takes up a long-running operation from its `token`, of this process or another, of any language.

        Raises:
            InvalidInputError: The text is no such token.
            UntrustedLinkError: It is of another service.
        """
        from trunkline._asynchronous.running import AsyncLongRunning

        return AsyncLongRunning(self._native.resume(token))

    def resume_list(self, continuation: str, item: type[_native.RecordT]) -> AsyncList[_native.RecordT]:
        """Goes on with a list.

        Args:
            continuation: A page's `continuation`.
            item: The class of the list's records.
        """
        return AsyncList(self._native, continuation, type_name(item), [], None, None, None)

    async def close(self) -> None:
        """No call works after this. Twice does no harm."""
        self._native.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
