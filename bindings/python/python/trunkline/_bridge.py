"""Connects an asyncio loop with the native part. Each loop has a bridge of its own, for as long as it lives."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from weakref import WeakKeyDictionary, ref

from . import _native


def running_loop() -> asyncio.AbstractEventLoop:
    """The loop that is running."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        message = (
            "AsyncClient needs asyncio, and no event loop of asyncio is running here. Await its calls below "
            "asyncio.run(...); with trio, use Client in a thread: await trio.to_thread.run_sync(...)"
        )
        raise RuntimeError(message) from None


_bridges: WeakKeyDictionary[asyncio.AbstractEventLoop, _native.Bridge] = WeakKeyDictionary()


def connection() -> tuple[ref[asyncio.AbstractEventLoop], _native.Bridge]:
    """The loop that is running, and its bridge."""
    event_loop = running_loop()
    bridge = _bridges.get(event_loop)
    if bridge is None:
        bridge = _bridges[event_loop] = _connect(event_loop)
    return ref(event_loop), bridge


def _connect(event_loop: asyncio.AbstractEventLoop) -> _native.Bridge:
    if sys.platform != "win32":
        try:
            return _watched(event_loop)
        except NotImplementedError:
            pass  # A loop that watches no descriptors.
    holder: list[ref[_native.Bridge]] = []
    waiting = ref(event_loop)

    def notify() -> None:
        target, bridge = waiting(), holder[0]()
        if target is None or bridge is None:
            return
        try:
            target.call_soon_threadsafe(bridge.deliver)
        except RuntimeError:
            pass  # The loop was closed while its work went on.

    bridge = _native.Bridge(waiting, notify=notify)
    holder.append(ref(bridge))
    return bridge


def _watched(event_loop: asyncio.AbstractEventLoop) -> _native.Bridge:
    if sys.platform == "linux":
        watched = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        written = os.dup(watched)
    else:
        pair = socket.socketpair()
        for end in pair:
            end.setblocking(False)
        watched, written = (end.detach() for end in pair)
    # The bridge owns both descriptors from here on; the loop watches one by its number.
    bridge = _native.Bridge(ref(event_loop), read=watched, write=written)
    deliver: Callable[[], None] = bridge.deliver
    event_loop.add_reader(watched, deliver)
    return bridge
