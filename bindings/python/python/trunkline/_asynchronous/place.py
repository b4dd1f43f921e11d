"""Places in the graph: a client and a path. What a place offers is decided by its type, in the generated modules."""

from __future__ import annotations

from trunkline import _native
from trunkline._bridge import current  # asynchronous only
from trunkline._hints import Generic, TypeVar
from trunkline._place import BaseList, cast_path

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from trunkline._place import Headers
    from trunkline._retry import Retry

T_co = TypeVar("T_co", covariant=True)
PlaceT = TypeVar("PlaceT", bound="AsyncPlace")


class AsyncPlace(_native.AsyncPlace):
    """Somewhere in the graph. Making one sends nothing."""

    # Client, path, steps to other places and requests are the native part's: a program makes a handle for each step of each path.
    __slots__ = ()

    _types: tuple[str, ...] = ()

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

    def _list(
        self,
        segment: str,
        item: str,
        query: list[tuple[str, str]],
        headers: Headers | None,
        timeout: float | None,
        retry: Retry | None,
    ) -> AsyncList[Any]:
        return AsyncList(self._client._native, self._path + segment, item, query, headers, timeout, retry)


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
