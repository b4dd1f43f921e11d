"""Loops for `async` credentials: that of the call, or one of this package's own for programs that have none."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Awaitable, Sequence
from concurrent import futures
from threading import Lock, Thread
from weakref import ref

from . import _native


def finished(answer: Awaitable[object], loops: Sequence[ref[asyncio.AbstractEventLoop]]) -> object:
    """Waits for what a credential awaits, on the first of these loops that runs, or on the package's own."""

    async def awaited() -> object:
        return await answer

    running = (event_loop for event_loop in (known() for known in loops) if event_loop is not None and event_loop.is_running())
    event_loop = next(running, None) or own_loop()
    waiting = asyncio.run_coroutine_threadsafe(awaited(), event_loop)
    while True:
        try:
            return waiting.result(1.0)
        except futures.TimeoutError:
            # An exception of the credential is raised again.
            if waiting.done():
                return waiting.result()
            if event_loop.is_closed():
                raise RuntimeError("the event loop was closed while the credential was asked") from None


class _Own:
    """A loop with a thread of its own."""

    def __init__(self) -> None:
        self.event_loop = asyncio.new_event_loop()
        self.process = _native.process()
        self.thread = Thread(target=self._run, name="trunkline-loop", daemon=True)
        self.thread.start()
        atexit.register(self.stop)

    @property
    def is_usable(self) -> bool:
        return self.process == _native.process() and self.thread.is_alive()

    def stop(self) -> None:
        if self.is_usable:
            self.event_loop.call_soon_threadsafe(self.event_loop.stop)
            # A credential that does not let go of the loop ends with the program.
            self.thread.join(1.0)

    def _run(self) -> None:
        event_loop = self.event_loop
        try:
            event_loop.run_forever()
            event_loop.run_until_complete(_wind_down())
        finally:
            event_loop.close()


async def _wind_down() -> None:
    """Ends a loop as `asyncio.run` does."""
    own = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not own]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


_own: _Own | None = None
_left: list[_Own] = []
"""Those of no use any more. A loop that is collected closes its descriptors, whose numbers may be those of other files."""
_lock: tuple[object, Lock] = (_native.process(), Lock())


def own_loop() -> asyncio.AbstractEventLoop:
    """The package's own loop: one for the process, so that clients may share a credential."""
    global _lock, _own
    # A lock that came with a fork may be held by nobody for ever.
    if _lock[0] != _native.process():
        _lock = (_native.process(), Lock())
    with _lock[1]:
        if _own is None or not _own.is_usable:
            if _own is not None:
                _left.append(_own)
            _own = _Own()
        return _own.event_loop
