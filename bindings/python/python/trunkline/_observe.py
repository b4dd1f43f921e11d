"""Whoever observes the calls of a client: hooks, and loggers of `logging`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _native
from ._outcomes import refuse_awaitable
from .generated.events import CALL_EVENTS, CallEvent

if TYPE_CHECKING:
    from logging import Logger

KINDS = ("request", "response", "retry", "throttle", "order", "row")
"""The kinds of events."""

_LEVELS = {"request": 10, "response": 10, "retry": 20, "throttle": 20}
"""The levels of `logging` at which events are logged: `DEBUG` and `INFO`."""


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


def observer(hooks: dict[str, Any]) -> tuple[Observer, list[str]] | None:
    """The observer of a client with these hooks, and the kinds of events that it wants; `None`: nobody observes it."""
    functions: dict[str, list[tuple[str, Callable[[Any], object]]]] = {}
    for name, hook in hooks.items():
        if hook is None:
            continue
        if not callable(hook):
            raise TypeError(f"{name} must be a function, not {type(hook).__name__}")
        kind = name.removeprefix("on_")
        for wanted in KINDS if kind == "event" else (kind,):
            functions.setdefault(wanted, []).append((name, hook))
    for kind, logger in _loggers():
        functions.setdefault(kind, []).append(("logging", _logged(logger, _LEVELS[kind])))
    return (Observer(functions), list(functions)) if functions else None


def _loggers() -> list[tuple[str, Logger]]:
    """The loggers that are enabled, each behind its kind of events."""
    # A program that has not imported `logging` has not configured it either.
    logging = sys.modules.get("logging")
    if logging is None:
        return []
    loggers = ((kind, logging.getLogger(f"trunkline.{kind}")) for kind in _LEVELS)
    return [(kind, logger) for kind, logger in loggers if logger.isEnabledFor(_LEVELS[kind])]


def _logged(logger: Logger, level: int) -> Callable[[CallEvent], None]:
    def log(event: CallEvent) -> None:
        logger.log(level, "%s", _line(event), extra={"event": event})

    return log


def _line(event: CallEvent) -> str:
    """An event in a line."""
    if event.kind == "row":
        return event.ending
    what = f"{event.method} {event.template or event.host}"
    if event.kind == "request":
        return f"{what}: attempt {event.attempt}"
    if event.kind == "response":
        result = event.status if event.fault is None else event.fault
        return f"{what}: {result} in {event.duration:.3f} s, request id {event.request_id}"
    if event.kind == "order":
        return f"{what}: {event.progress} for {event.age:.0f} s"
    return f"{what}: {event.reason}, waits {event.wait:.1f} s"
