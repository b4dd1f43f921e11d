"""Parts of handles and lists for both kinds of callers."""

from __future__ import annotations

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from . import _native
    from ._retry import Retry

    Headers = Mapping[str, str]
    """Headers of one request."""


def _pairs(headers: Headers | None) -> list[tuple[str, str]]:
    if headers is None:
        return []
    from collections.abc import Mapping

    if not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] for callers without types
        raise TypeError(f"headers must be a mapping of names to values, not {type(headers).__name__}")
    return list(headers.items())


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


def cast_path(place: Any, handle: Any, kind: type[Any]) -> str:
    """The path of a place that is cast to the type of a handle of the same kind: one entity or many, for who waits or not."""
    own: tuple[str, ...] = place._types
    wanted: list[str] = list(getattr(handle, "_types", ()))
    is_same_kind = isinstance(handle, type) and issubclass(handle, kind) and hasattr(handle, "by_id") == hasattr(place, "by_id")
    if not is_same_kind or not any(name in wanted[1:] for name in own[:1]):
        raise TypeError(f"{type(place).__name__} cannot be cast to {getattr(handle, '__name__', handle)!r}")
    return f"{place._path}/{wanted[0]}"


class BaseList:
    """The members of lists for both kinds of callers."""

    __slots__ = ("_native", "_path", "_item", "_query", "_headers", "_timeout", "_retry")

    def __init__(
        self,
        native: _native.Client,
        path: str,
        item: str,
        query: list[tuple[str, str]],
        headers: Headers | None,
        timeout: float | None,
        retry: Retry | None,
    ) -> None:
        self._native = native
        self._path = path
        self._item = item
        self._query = query
        self._headers = _pairs(headers)
        self._timeout = timeout
        self._retry = retry

    def _pages(self) -> _native.Pages:
        if self._path.startswith("/"):
            return self._native.pages(
                self._path,
                self._item,
                query=self._query,
                headers=self._headers,
                timeout=self._timeout,
                retry=self._retry,
            )
        return self._native.resume_pages(self._path, self._item)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(of={self._item!r})"
