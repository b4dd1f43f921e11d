"""Changes, carried out step by step, with whoever watches them."""

from __future__ import annotations

from collections.abc import Awaitable  # asynchronous only
from typing import TYPE_CHECKING, TypeVar, cast

from trunkline._bridge import current  # asynchronous only
# synchronous: from trunkline._outcomes import refuse_awaitable
from trunkline.generated.outcomes import Progress

if TYPE_CHECKING:
    from trunkline import _native
    from trunkline._outcomes import Watcher

T = TypeVar("T")


async def carried_out(change: _native.Change[T], watcher: Watcher | None) -> T:
    """The outcome of a change. Its watcher is called between two steps; what it raises stops the change."""
    failure: Exception | None = None
    try:
        while True:
            kind, data = await change.next(current(), failure)
            if kind is None:
                return cast("T", data)
            failure = None
            if watcher is None:
                continue
            progress = Progress._of(data)
            try:
                answer = watcher(progress)
                if isinstance(answer, Awaitable):  # asynchronous only
                    await cast("Awaitable[object]", answer)  # asynchronous only
                # synchronous: refuse_awaitable(answer, "on_progress")
            except Exception as raised:
                failure = raised
    finally:
        change.close()
