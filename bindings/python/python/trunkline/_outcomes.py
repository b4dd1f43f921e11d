"""Whoever watches a change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeAlias, cast

from .generated.outcomes import Progress

Watcher: TypeAlias = Callable[[Progress], object]
"""Gets the progress of a change.

It is called by the thread or the task that waits for the change, between two steps of it; with `AsyncClient` it may be
`async`. What it raises stops the change, which then ends with a `CancelledError` whose cause it is; raised at `sending`, that
request is not sent. `KeyboardInterrupt`, `SystemExit` and their like stop it, too, and pass as they are.
"""


def refuse_awaitable(answer: object, name: str) -> None:
    """Refuses what a function gave that callers who block cannot wait for."""
    if isinstance(answer, Coroutine):
        cast("Coroutine[object, object, object]", answer).close()
    if isinstance(answer, Awaitable):
        raise TypeError(f"{name} must not be async here; AsyncClient awaits it")
