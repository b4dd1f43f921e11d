"""A transport for tests: a function that answers requests in the network's place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from ._loops import finished

if TYPE_CHECKING:
    from weakref import ref

    from . import _native


class HttpRequest(NamedTuple):
    """A request as it would be sent. Its `repr` shows neither headers nor body."""

    method: str
    """The method, such as `GET`."""
    url: str
    """The whole address."""
    headers: Mapping[str, str]
    """The headers, by their names in small letters. The value of a token is hidden."""
    body: bytes
    """The body; empty without one."""

    def json(self) -> Any:
        """The body, read as JSON; `None` without one."""
        return json.loads(self.body) if self.body else None

    def __repr__(self) -> str:
        return f"HttpRequest(method={self.method!r}, url={self.url!r})"


class HttpResponse(NamedTuple):
    """A response for an `HttpRequest`."""

    status: int = 200
    """The status."""
    body: Any = None
    """Bytes, text, or anything that JSON has; `None` for no body."""
    headers: Mapping[str, str] | None = None
    """The headers. With a body of JSON, `Content-Type` says so unless it is here."""

    def __repr__(self) -> str:
        return f"HttpResponse(status={self.status!r})"


TransportFunction: TypeAlias = Callable[[HttpRequest], "HttpResponse | Awaitable[HttpResponse]"]
"""Values of `transport=`: a function, plain or `async`, that answers a request."""

_tasks: set[asyncio.Task[None]] = set()
"""A loop holds its tasks weakly."""


def describe_transport(function: TransportFunction) -> Callable[..., None]:
    """The argument of the native part."""
    if not callable(function):  # pyright: ignore[reportUnnecessaryComparison]
        raise TypeError(f"transport must be a function, not {type(function).__name__}")

    def begin(
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: bytes,
        loops: Sequence[ref[asyncio.AbstractEventLoop]],
        reply: _native.TransportReply,
    ) -> None:
        request = HttpRequest(method, url, dict(headers), body)
        known = (event_loop() for event_loop in loops)
        running = next((found for found in known if found is not None and found.is_running()), None)
        if running is None:
            arguments = (function, request, reply)
            Thread(target=_answer_a_thread, args=arguments, name="trunkline-transport", daemon=True).start()
        else:
            running.call_soon_threadsafe(_start, running, function, request, reply)

    return begin


def _answer_a_thread(function: TransportFunction, request: HttpRequest, reply: _native.TransportReply) -> None:
    try:
        answer = function(request)
        reply.response(*_parts(finished(answer, ()) if isinstance(answer, Awaitable) else answer))
    except BaseException as raised:
        reply.raised(raised)


def _start(
    event_loop: asyncio.AbstractEventLoop, function: TransportFunction, request: HttpRequest, reply: _native.TransportReply
) -> None:
    """Calls the function on the loop of the call, as the program's other code runs there."""
    task = event_loop.create_task(_answer(function, request, reply))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _answer(function: TransportFunction, request: HttpRequest, reply: _native.TransportReply) -> None:
    try:
        answer = function(request)
        reply.response(*_parts(await answer if isinstance(answer, Awaitable) else answer))
    except BaseException as raised:
        reply.raised(raised)


def _parts(answer: object) -> tuple[int, list[tuple[str, str]], bytes]:
    if not isinstance(answer, HttpResponse):
        raise TypeError(f"the transport returned {type(answer).__name__}, not an HttpResponse")
    status, body, headers = answer
    pairs = list((headers or {}).items())
    if isinstance(body, (bytes, bytearray, memoryview)):
        return status, pairs, bytes(cast("bytes", body))
    if body is None or isinstance(body, str):
        return status, pairs, (body or "").encode()
    if not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "application/json"))
    return status, pairs, json.dumps(body).encode()
