"""The clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any
from weakref import ref

from . import _native
from ._credentials import AnyCredential, describe
from ._place import AsyncList, List

if TYPE_CHECKING:
    import asyncio

    from ._intents import AsyncNumbers, AsyncPhones, Numbers, Phones
    from ._running import AsyncLongRunning, LongRunning
    from .generated.async_handles import AsyncGraph
    from .generated.handles import Graph


class _Base:
    __slots__ = ("_native", "_intents", "_loop", "__weakref__")

    def __init__(
        self,
        credential: AnyCredential | None = None,
        *,
        cloud: str | None = None,
        tenant: str | None = None,
        endpoint: str | None = None,
        root: str | None = None,
        authority: str | None = None,
        allow_endpoint: bool = False,
        version: str | None = None,
        scopes: Sequence[str] | None = None,
        timeout: float | None = None,
        connect_timeout: float | None = None,
        retry: int | None = None,
        proxy: bool = True,
        certificate_authorities: bytes | None = None,
        user_agent: str | None = None,
        unknown_enum_members: bool = True,
        _test_time: bool = False,
    ) -> None:
        """Opens no connection and reads no file.

        Args:
            credential: Who signs in: a `Credential`, a token, anything with `get_token(*scopes)` as azure-identity has
                it (sync or async), or a function that gives tokens. Without one, requests carry no token.
            cloud: `global` unless set, `us-gov-l4`, `us-gov-l5` or `china`.
            tenant: Id or domain. With an id, a token of another tenant is refused before anything is sent.
            endpoint: One address for service and authority: an emulator's.
            root: Another address of the service than the cloud's.
            authority: Another authority than the cloud's.
            allow_endpoint: Allows addresses that are neither Microsoft's nor on this computer.
            version: Another version of Graph than `v1.0`.
            scopes: Other scopes to ask tokens for.
            timeout: Seconds that one attempt may take; 100 unless set.
            connect_timeout: Seconds that making a connection may take; 10 unless set.
            retry: At most this many attempts, the first included.
            proxy: Whether `HTTPS_PROXY` and its like are obeyed.
            certificate_authorities: PEM of authorities to trust beside the system's.
            user_agent: A product such as `helpdesk/2.1` to put before this library's.
            unknown_enum_members: Whether to ask for members that are newer than the service's contract.

        Raises:
            InvalidInputError: An argument cannot be used.
        """
        self._loop: ref[asyncio.AbstractEventLoop] | None = None
        self._native = _native.Client(
            cloud=cloud,
            tenant=tenant,
            endpoint=endpoint,
            root=root,
            authority=authority,
            allow_endpoint=allow_endpoint,
            version=version,
            scopes=None if scopes is None else list(scopes),
            credential=describe(credential, self._running_loop),
            timeout=timeout,
            connect_timeout=connect_timeout,
            retry=retry,
            proxy=proxy,
            certificate_authorities=certificate_authorities,
            user_agent=user_agent,
            unknown_enum_members=unknown_enum_members,
            test_time=_test_time,
        )
        self._intents = _native.Intents(self._native)

    def _running_loop(self) -> asyncio.AbstractEventLoop | None:
        return None if self._loop is None else self._loop()

    @property
    def cloud(self) -> str:
        """The name of the cloud."""
        return self._native.cloud

    @property
    def base(self) -> str:
        """The address below which every path lies."""
        return self._native.base

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._native.closed

    def preview(self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        """What `request` would send, as a dictionary. Nothing is sent."""
        import json

        return json.loads(self._native.preview(method, path, body=body, query=list((query or {}).items())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base={self.base!r}, cloud={self.cloud!r})"


class Client(_Base):
    """Microsoft Graph for phone numbers, for one tenant. Calls block; the GIL is released while they wait.

    Threads may share it. A process that was forked needs a client of its own.
    """

    __slots__ = ()

    @property
    def graph(self) -> Graph:
        """Every operation, at the path where Graph documents it."""
        from .generated.handles import Graph

        return Graph(self, "")

    @property
    def numbers(self) -> Numbers:
        """The tenant's telephone numbers, by what an administrator means: find, assign, unassign, move."""
        from ._intents import Numbers

        return Numbers(self)

    def phones(self, user: str) -> Phones:
        """The phone methods of a user, given by principal name or object id."""
        from ._intents import Phones

        return Phones(self, user)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> _native.Answer[Any]:
        """Sends what no method offers. `path` is below the version and encoded; the value is JSON."""
        answer: _native.Answer[Any] = self._native.request(
            None,
            method,
            path,
            "=",
            body=body,
            query=list((query or {}).items()),
            headers=list((headers or {}).items()),
            timeout=timeout,
        )
        return answer

    def resume(self, token: str) -> LongRunning[Any]:
        """Takes up a long-running operation from its `token`, of this process or another, of any language.

        Raises:
            InvalidInputError: The text is no such token.
            UntrustedLinkError: It is of another service.
        """
        from ._running import LongRunning

        return LongRunning(self._native.resume(token))

    def resume_list(self, continuation: str, item: type[_native.Record]) -> List[Any]:
        """Goes on with a list from a page's `continuation`. `item`: the class of its records."""
        return List(self._native, continuation, _type_name(item), [], None, None)

    def close(self) -> None:
        """No call works after this."""
        self._native.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Base):
    """Microsoft Graph for phone numbers, for one tenant, for asyncio.

    Works on any loop, also on several one after the other. A call stops when its task is cancelled.
    """

    __slots__ = ()

    def _connected(self) -> _native.Bridge:
        from . import _bridge

        self._loop = ref(_bridge.running_loop())
        return _bridge.current()

    @property
    def graph(self) -> AsyncGraph:
        """Every operation, at the path where Graph documents it."""
        from .generated.async_handles import AsyncGraph

        return AsyncGraph(self, "")

    @property
    def numbers(self) -> AsyncNumbers:
        """The tenant's telephone numbers, by what an administrator means: find, assign, unassign, move."""
        from ._intents import AsyncNumbers

        return AsyncNumbers(self)

    def phones(self, user: str) -> AsyncPhones:
        """The phone methods of a user, given by principal name or object id."""
        from ._intents import AsyncPhones

        return AsyncPhones(self, user)

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> _native.Answer[Any]:
        """Sends what no method offers. `path` is below the version and encoded; the value is JSON."""
        answer: _native.Answer[Any] = await self._native.request(
            self._connected(),
            method,
            path,
            "=",
            body=body,
            query=list((query or {}).items()),
            headers=list((headers or {}).items()),
            timeout=timeout,
        )
        return answer

    def resume(self, token: str) -> AsyncLongRunning[Any]:
        """Takes up a long-running operation from its `token`, of this process or another, of any language.

        Raises:
            InvalidInputError: The text is no such token.
            UntrustedLinkError: It is of another service.
        """
        from ._running import AsyncLongRunning

        return AsyncLongRunning(self._native.resume(token))

    def resume_list(self, continuation: str, item: type[_native.Record]) -> AsyncList[Any]:
        """Goes on with a list from a page's `continuation`. `item`: the class of its records."""
        return AsyncList(self._native, continuation, _type_name(item), [], None, None)

    async def close(self) -> None:
        """No call works after this."""
        self._native.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _type_name(item: type[_native.Record]) -> str:
    name = getattr(item, "_type_name", None)
    if not isinstance(name, str):
        raise TypeError("item must be a class of the graph's records")
    return name
