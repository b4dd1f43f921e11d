"""Places in the graph: a client and a path. What a place offers is decided by its type, in the generated modules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _native

if TYPE_CHECKING:
    from ._client import AsyncClient, Client

T_co = TypeVar("T_co", covariant=True)

Headers = Mapping[str, str]
"""Headers of one request."""


def _pairs(headers: Headers | None) -> list[tuple[str, str]]:
    return list(headers.items()) if headers else []


def _query(
    select: Sequence[str] | None = None,
    filter: str | None = None,
    top: int | None = None,
    skip: int | None = None,
    expand: str | Sequence[str] | None = None,
    order_by: str | Sequence[str] | None = None,
    count: bool = False,
    search: str | None = None,
) -> list[tuple[str, str]]:
    options: list[tuple[str, str]] = []
    if select is not None:
        options.append(("$select", _joined(select)))
    if filter is not None:
        options.append(("$filter", filter))
    if top is not None:
        options.append(("$top", str(top)))
    if skip is not None:
        options.append(("$skip", str(skip)))
    if expand is not None:
        options.append(("$expand", _joined(expand)))
    if order_by is not None:
        options.append(("$orderby", _joined(order_by)))
    if count:
        options.append(("$count", "true"))
    if search is not None:
        options.append(("$search", search))
    return options


def _joined(texts: str | Sequence[str]) -> str:
    return texts if isinstance(texts, str) else ",".join(texts)


class Place:
    """Somewhere in the graph. Making one sends nothing."""

    __slots__ = ("_client", "_path")

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._path = path

    @property
    def path(self) -> str:
        """The path below the version, encoded."""
        return self._path

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _request(self, method: str, path: str, result: str, **options: Any) -> Any:
        answer = self._client._native.request(None, method, path, result, **options)
        if result[:1] != "!":
            return answer
        from ._running import LongRunning

        return LongRunning(answer)

    def _list(self, path: str, item: str, query: list[tuple[str, str]], headers: Headers | None, timeout: float | None) -> Any:
        return List(self._client._native, path, item, query, headers, timeout)


class AsyncPlace:
    """Somewhere in the graph. Making one sends nothing."""

    __slots__ = ("_client", "_path")

    def __init__(self, client: AsyncClient, path: str) -> None:
        self._client = client
        self._path = path

    @property
    def path(self) -> str:
        """The path below the version, encoded."""
        return self._path

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def _request(self, method: str, path: str, result: str, **options: Any) -> Any:
        answer = await self._client._native.request(self._client._connected(), method, path, result, **options)
        if result[:1] != "!":
            return answer
        from ._running import AsyncLongRunning

        return AsyncLongRunning(answer)

    def _list(self, path: str, item: str, query: list[tuple[str, str]], headers: Headers | None, timeout: float | None) -> Any:
        return AsyncList(self._client._native, path, item, query, headers, timeout)


class _Listing:
    __slots__ = ("_native", "_path", "_item", "_query", "_headers", "_timeout")

    def __init__(
        self,
        native: _native.Client,
        path: str,
        item: str,
        query: list[tuple[str, str]],
        headers: Headers | None,
        timeout: float | None,
    ) -> None:
        self._native = native
        self._path = path
        self._item = item
        self._query = query
        self._headers = _pairs(headers)
        self._timeout = timeout

    def _pages(self) -> _native.Pages:
        if self._path.startswith("/"):
            return self._native.pages(
                self._path, self._item, query=self._query, headers=self._headers, timeout=self._timeout
            )
        return self._native.resume_pages(self._path, self._item)


class List(_Listing, Generic[T_co]):
    """A list of records. Nothing is sent until it is gone through; each time begins anew."""

    __slots__ = ()

    def __iter__(self) -> Iterator[T_co]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[_native.Page[T_co]]:
        """The pages, each with its count, continuation and meta."""
        pages = self._pages()
        while (page := pages.next(None)) is not None:
            yield page

    def first_page(self) -> _native.Page[T_co]:
        """The first page alone."""
        page: _native.Page[T_co] = self._pages().next(None)
        return page

    def all(self) -> list[T_co]:
        """Every item of every page."""
        return list(self)


class AsyncList(_Listing, Generic[T_co]):
    """A list of records. Nothing is sent until it is gone through; each time begins anew."""

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async for page in self.pages():
            for item in page:
                yield item

    async def pages(self) -> AsyncIterator[_native.Page[T_co]]:
        """The pages, each with its count, continuation and meta."""
        from ._bridge import current

        pages = self._pages()
        while (page := await pages.next(current())) is not None:
            yield page

    async def first_page(self) -> _native.Page[T_co]:
        """The first page alone."""
        from ._bridge import current

        page: _native.Page[T_co] = await self._pages().next(current())
        return page

    async def all(self) -> list[T_co]:
        """Every item of every page."""
        return [item async for page in self.pages() for item in page]
