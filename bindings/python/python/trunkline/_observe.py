"""Whoever observes the calls of a client: hooks, and loggers of `logging`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _native
from ._outcomes import refuse_awaitable
from .generated.events import CALL_EVENTS

if TYPE_CHECKING:
    from logging import Logger

    from .generated.events import RequestEvent, ResponseEvent, RetryEvent, ThrottleEvent

KINDS = ("request", "response", "retry", "throttle", "order", "row")
"""The kinds of events."""


class Observer:
    """Calls the functions of one client."""

    def __init__(self, functions: dict[str, list[tuple[str, Callable[[Any], object]]]]) -> None:
        self._functions = functions

    def __call__(self, text: str) -> None:
        data: dict[str, Any] = json.loads(text)
        reader = CALL_EVENTS.get(data["kind"])
        if reader is None:
            return
        event = reader(data)
        for name, function in self._functions[event.kind]:
            try:
                refuse_awaitable(function(event), name)
            except Exception as raised:
                # Whoever observes a call does not break it.
                _native.unraisable(raised, function)


def observer(hooks: dict[str, Any], loggers: dict[str, tuple[Logger, int]]) -> tuple[Observer, list[str]]:
    """The observer of a client with these hooks and loggers, and the kinds of events that it wants."""
    functions: dict[str, list[tuple[str, Callable[[Any], object]]]] = {}
    for name, hook in hooks.items():
        if not callable(hook):
            raise TypeError(f"{name} must be a function, not {type(hook).__name__}")
        kind = name.removeprefix("on_")
        for wanted in KINDS if kind == "event" else (kind,):
            functions.setdefault(wanted, []).append((name, hook))
    for kind, (logger, level) in loggers.items():
        functions.setdefault(kind, []).append(("logging", _logged(logger, level)))
    return Observer(functions), list(functions)


def _logged(logger: Logger, level: int) -> Callable[[Any], None]:
    def log(event: RequestEvent | ResponseEvent | RetryEvent | ThrottleEvent) -> None:
        logger.log(level, "%s", _line(event), extra={"event": event})

    return log


def _line(event: RequestEvent | ResponseEvent | RetryEvent | ThrottleEvent) -> str:
    """An event in a line."""
    what = f"{event.method} {event.template or event.host}"
    if event.kind == "request":
        return f"{what}: attempt {event.attempt}"
    if event.kind == "response":
        result = event.status if event.fault is None else event.fault
        return f"{what}: {result} in {event.duration:.3f} s, request id {event.request_id}"
    return f"{what}: {event.reason}, waits {event.wait:.1f} s"
