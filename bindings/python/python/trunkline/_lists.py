"""Parts of handles and lists for both kinds of callers."""

from __future__ import annotations

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from . import _native
    from ._retry import Retry

    Headers = Mapping[str, str]
    """Headers of one request."""


def query_options(
    select: Sequence[str] | None = None,
    filter: str | None = None,
    top: int | None = None,
    skip: int | None = None,
    expand: str | Sequence[str] | None = None,
    order_by: str | Sequence[str] | None = None,
    count: bool = False,
    search: str | None = None,
) -> list[tuple[str, str]]:
    """The query options of a read or a list."""
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


def cast_path(handle: Any, target: Any, kind: type[Any]) -> str:
    """The path of a handle, cast to the type of another class: both of one entity or of many, and for the same callers."""
    own: tuple[str, ...] = handle._types
    wanted: list[str] = list(getattr(target, "_types", ()))
    is_same_kind = isinstance(target, type) and issubclass(target, kind) and hasattr(target, "by_id") == hasattr(handle, "by_id")
    if not is_same_kind or not any(name in wanted[1:] for name in own[:1]):
        raise TypeError(f"{type(handle).__name__} cannot be cast to {getattr(target, '__name__', target)!r}")
    return f"{handle._path}/{wanted[0]}"


class BaseList:
    """The members of lists for both kinds of callers."""

    __slots__ = ("_native", "_path", "_item", "_query", "_headers", "_timeout", "_retry")

    def __init__(
        self,
        native: _native.Client | _native.Batch,
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
        self._headers = headers
        self._timeout = timeout
        self._retry = retry

    def _pages(self) -> _native.Pages:
        # A batch adds lists instead of going through them.
        native: Any = self._native
        pages: _native.Pages
        if self._path.startswith("/"):
            pages = native.pages(self._path, self._item, self._query, self._headers, self._timeout, self._retry)
        else:
            pages = native.resume_list(self._path, self._item)
        return pages

    def __repr__(self) -> str:
        return f"{type(self).__name__}(of={self._item!r})"
