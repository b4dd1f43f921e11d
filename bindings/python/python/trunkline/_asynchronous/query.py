"""Queries on the inventory of numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from trunkline import _native

if TYPE_CHECKING:
    from trunkline._asynchronous.client import AsyncClient
    from trunkline.generated.teams_administration import NumberAssignment


class AsyncNumberQuery:
    """Numbers of the inventory, gone through as they arrive; each time begins anew."""

    __slots__ = ("_client", "_native")

    def __init__(self, client: AsyncClient, native: _native.Query) -> None:
        self._client = client
        self._native = native

    async def __aiter__(self) -> AsyncIterator[NumberAssignment]:
        items = self._native.items()
        while (chunk := await items.next(self._client._connected())) is not None:
            for number in chunk[0]:
                yield number
            if chunk[1] is not None:
                raise chunk[1]

    async def all(self) -> list[NumberAssignment]:
        """All of them.

        Raises:
            GraphError: The inventory cannot be read.
        """
        return [number async for number in self]

    async def first(self) -> NumberAssignment | None:
        """The one that comes first in order of its digits.

        Raises:
            GraphError: The inventory cannot be read.
        """
        return await self._native.first(self._client._connected())
