"""What the clients share."""

from __future__ import annotations

from . import _native

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal
    from weakref import ref

    from ._credentials import AnyCredential
    from ._retry import Retry

    from ._throttle import GroupThrottle


class BaseClient:
    """What clients have for every kind of caller."""

    __slots__ = ("_native", "_intents", "_latest", "__weakref__")

    def __init__(
        self,
        credential: AnyCredential | None = None,
        *,
        cloud: str | None = None,
        tenant: str | None = None,
        country: str | None = None,
        endpoint: str | None = None,
        root: str | None = None,
        authority: str | None = None,
        allow_endpoint: bool = False,
        version: str | None = None,
        scopes: Sequence[str] | None = None,
        timeout: float | None = None,
        connect_timeout: float | None = None,
        retry: Retry | None = None,
        maximum_body: int | None = None,
        maximum_connections: int | None = None,
        http_version: Literal["automatic", "1.1", "2"] | None = None,
        throttle_scope: Literal["process", "client"] | None = None,
        pace: Literal["documented"] | float | None = None,
        proxy: bool | str = True,
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
            tenant: Id or domain. A token of another tenant is refused: with an id before anything is sent, with a domain before
                the first write, when the authority is asked once which tenant that is.
            country: Two letters: the country of numbers that are written without a plus. Without it they are refused; a
                method may be given another.
            endpoint: One address for service and authority: an emulator's.
            root: Another address of the service than the cloud's.
            authority: Another authority than the cloud's.
            allow_endpoint: Allows addresses that are neither Microsoft's nor on this computer.
            version: Another version of Graph than `v1.0`.
            scopes: Other scopes to ask tokens for.
            timeout: Seconds that one attempt may take; 100 unless set.
            connect_timeout: Seconds that making a connection may take; 10 unless set.
            retry: How requests are sent again: a `RetryPolicy`, or at most this many attempts, the first included.
            maximum_body: How large an answer may be, in bytes, decompressed; 32 MiB unless set. A larger one is an
                `UnexpectedBodyError`, and is not read to its end.
            maximum_connections: How many requests are under way at once, at most; 64 unless set. Others wait for their turn.
                Over HTTP/1.1 each needs a connection, and so a file descriptor.
            http_version: `automatic` unless set: HTTP/2 where TLS negotiates it, else HTTP/1.1.
            throttle_scope: How far a pause reaches that the service asked for: all clients of this process with the
                same root and tenant (`process`, unless set), or this one (`client`).
            pace: How fast to send, at most: so many requests a second, or what the service publishes for one application
                in one tenant (`documented`). As requests come unless set; a pause that the service asks for is always
                kept.
            proxy: Whether `HTTPS_PROXY` and its like are obeyed; or the address of a proxy to go through instead, such as
                `http://user:password@proxy.example:8080`.
            certificate_authorities: PEM of authorities to trust beside the system's.
            user_agent: A product such as `helpdesk/2.1` to put before this library's.
            unknown_enum_members: Whether to ask for members that are newer than the service's contract.

        Raises:
            InvalidInputError: An argument cannot be used.
        """
        # The loop that a call was made on last: for work that goes on beside all calls. The client is not held by it.
        self._latest: list[ref[asyncio.AbstractEventLoop]] = []
        described: tuple[Any, ...] | None = None
        if isinstance(credential, str):
            described = ("token", credential)
        elif credential is not None:
            from ._credentials import describe

            described = describe(credential, self._latest)
        policy = None
        if retry is not None:
            from ._retry import described as describe_retry

            policy = describe_retry(retry)
        self._native = _native.Client(
            cloud=cloud,
            tenant=tenant,
            country=country,
            endpoint=endpoint,
            root=root,
            authority=authority,
            allow_endpoint=allow_endpoint,
            version=version,
            scopes=None if scopes is None else list(scopes),
            credential=described,
            timeout=timeout,
            connect_timeout=connect_timeout,
            retry=policy,
            maximum_body=maximum_body,
            maximum_connections=maximum_connections,
            http_version=http_version,
            throttle_scope=throttle_scope,
            pace=pace,
            proxy=proxy,
            certificate_authorities=certificate_authorities,
            user_agent=user_agent,
            unknown_enum_members=unknown_enum_members,
            test_time=_test_time,
        )
        self._intents = _native.Intents(self._native)

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
        from ._throttle import GroupThrottle

        return tuple(GroupThrottle(*told) for told in self._native.throttle())

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


def type_name(item: type[_native.Record]) -> str:
    name = getattr(item, "_type_name", None)
    if not isinstance(name, str):
        raise TypeError("item must be a class of the graph's records")
    return name
