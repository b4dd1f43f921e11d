"""Places in the graph: a client and a path. What a place offers is decided by its type, in the generated modules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from trunkline import _native
from trunkline._bridge import current  # asynchronous only
from trunkline._place import BaseList, Headers, cast_path

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient

T_co = TypeVar("T_co", covariant=True)
PlaceT = TypeVar("PlaceT", bound="AsyncPlace")


class AsyncPlace:
    """Somewhere in the graph. Making one sends nothing."""

    __slots__ = ("_client", "_path")

    _types: tuple[str, ...] = ()

    def __init__(self, client: AsyncClient, path: str) -> None:
        self._client = client
        self._path = path

    @property
    def path(self) -> str:
        """The path below the version, encoded."""
        return self._path

    def cast(self, handle: type[PlaceT]) -> PlaceT:
        """The same place, asked to be of a derived type: adds a type cast to the path. Sends nothing.

        Args:
            handle: The class of the handle that it is to have, of `trunkline.async_handles`. One entity stays one, and many
                stay many.

        Raises:
            TypeError: The type of that handle does not derive from the one that is here.
        """
        return handle(self._client, cast_path(self, handle, AsyncPlace))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def _request(self, method: str, path: str, result: str, **options: Any) -> Any:
        answer = await self._client._native.request(self._client._connected(), method, path, result, **options)
        if result[:1] != "!":
            return answer
        from trunkline._asynchronous.running import AsyncLongRunning

        return AsyncLongRunning[Any](answer)

    def _list(
        self, path: str, item: str, query: list[tuple[str, str]], headers: Headers | None, timeout: float | None
    ) -> AsyncList[Any]:
        return AsyncList(self._client._native, path, item, query, headers, timeout)


class AsyncList(BaseList, Generic[T_co]):
    """A list of records. Nothing is sent until it is gone through; each time begins anew."""

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async for page in self.pages():  # asynchronous only
            for item in page._pass():  # asynchronous only
                yield item  # asynchronous only
        # synchronous: return self._pages().records()

    async def pages(self) -> AsyncIterator[_native.Page[T_co]]:
        """The pages, each with its count, continuation and meta.

        Raises:
            GraphError: A page cannot be had. Going on asks for the same page again.
        """
        pages = self._pages()
        while (page := await pages.next(current())) is not None:
            yield page

    async def first_page(self) -> _native.Page[T_co]:
        """The first page alone.

        Raises:
            GraphError: It cannot be had.
        """
        page: _native.Page[T_co] | None = await self._pages().next(current())
        assert page is not None, "a list has a first page"
        return page

    async def all(self) -> list[T_co]:
        """Every item of every page.

        Raises:
            GraphError: A page cannot be had.
        """
        return [item async for page in self.pages() for item in page]
