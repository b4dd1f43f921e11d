"""Parts of both clients."""

from __future__ import annotations

from sys import modules

from . import _native
from .generated.client_options import ClientOptions

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Mapping
    from logging import Logger
    from typing import Any, ClassVar

    from ._credentials import AnyCredential
    from .generated.outcomes import GroupThrottle


class BaseClient(ClientOptions):
    """The members of both clients."""

    __slots__ = ("_native", "__weakref__")

    _awaits: ClassVar[bool]

    def _open(self, credential: AnyCredential | None, options: dict[str, Any]) -> None:
        described: tuple[Any, ...] | None = None
        if isinstance(credential, str):
            described = ("token", credential)
        elif credential is not None:
            from ._credentials import describe

            described = describe(credential)
        begin = None
        transport = options.pop("transport")
        if transport is not None:
            from ._transport import describe_transport

            begin = describe_transport(transport)
        self._native = _native.Client(options, described, self._awaits, _observer(options), transport=begin)

    @property
    def cloud(self) -> str:
        """The name of the cloud."""
        return self._native.cloud

    @property
    def country(self) -> str | None:
        """The country of numbers that are written without a plus, by its two letters."""
        return self._native.country

    @property
    def base(self) -> str:
        """The address below which every path lies."""
        return self._native.base

    @property
    def throttle(self) -> tuple[GroupThrottle, ...]:
        """How fast it may send at present: for each group of operations that was sent at a pace or is paused."""
        from .generated.outcomes import GroupThrottle

        return tuple(GroupThrottle(*data) for data in self._native.throttle())

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._native.closed

    def preview(self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        """The request that `request` would send, as a dictionary. Nothing is sent."""
        import json

        return json.loads(self._native.preview(method, path, body=body, query=list((query or {}).items())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base={self.base!r}, cloud={self.cloud!r})"


_HOOKS = ("on_request", "on_response", "on_retry", "on_throttle", "on_event")
_LEVELS = {"request": 10, "response": 10, "retry": 20, "throttle": 20}
"""The levels of `logging` at which events are logged: `DEBUG` and `INFO`."""


def _observer(options: dict[str, Any]) -> tuple[Any, list[str]] | None:
    """Whoever observes a client, for the native part. Takes the hooks out of its options."""
    hooks = {name: hook for name in _HOOKS if (hook := options.pop(name)) is not None}
    loggers = _loggers()
    # Without either, nothing is imported.
    if not hooks and not loggers:
        return None
    from ._observe import observer

    return observer(hooks, loggers)


def _loggers() -> dict[str, tuple[Logger, int]]:
    """The loggers that are enabled, with their levels, by the kind of events."""
    # A program that has not imported `logging` has not configured it either.
    logging = modules.get("logging")
    if logging is None:
        return {}
    found = ((kind, logging.getLogger(f"trunkline.{kind}"), level) for kind, level in _LEVELS.items())
    return {kind: (logger, level) for kind, logger, level in found if logger.isEnabledFor(level)}


def type_name(item: type[_native.Record]) -> str:
    name = getattr(item, "_type_name", None)
    if not isinstance(name, str):
        raise TypeError("item must be a class of the graph's records")
    return name
