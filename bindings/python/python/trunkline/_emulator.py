"""The service, in this process and in memory: for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    from ._asynchronous.client import AsyncClient
    from .generated.synchronous.client import Client


class Emulator:
    """Microsoft Graph for phone numbers, in memory, on a port of this computer.

    ```
    with trunkline.Emulator() as emulator, emulator.client() as client:
        client.phones("ana@contoso.example").set("mobile", "+1 206-555-0100")
    ```
    """

    def __init__(
        self,
        *,
        port: int = 0,
        manual_clock: bool = False,
        seed: Any = None,
        seeds: Sequence[Any] = (),
        stage_duration: float | None = None,
        advance_per_poll: bool | None = None,
        activation_delay: float | None = None,
        immediate_checks: bool | None = None,
        strict: bool | None = None,
        realistic: bool | None = None,
        page_size: int | None = None,
        next_links: bool | None = None,
        permission_checks: bool | None = None,
        require_token: bool | None = None,
        requests_per_second: int | None = None,
        numbers: int | None = None,
        allow_hosts: Sequence[str] = (),
    ) -> None:
        """Starts it.

        Args:
            port: 0 takes a free one.
            manual_clock: Its time moves only by `advance`.
            seed: Parts of the state that replace those of the default one.
            seeds: Several of them.
            stage_duration: Seconds that an operation stays in each stage; 0.25 unless set.
            advance_per_poll: Operations move by being polled instead.
            activation_delay: Seconds that a number stays pending after its operation.
            immediate_checks: Refuse at once what would otherwise make an operation fail.
            strict: Refuse what the documentation does not offer; the default.
            realistic: Reproduce the reported oddities.
            page_size: Of lists that state none.
            next_links: Give links in the lists of Teams.
            permission_checks: Whether permissions and roles are examined; the default.
            require_token: Whether a request without a token is refused; the default.
            requests_per_second: A limit on requests.
            numbers: This many free numbers instead of the default ones.
            allow_hosts: Names that it answers to as well, in `Host` and in the `Origin` of web pages. Names of this
                computer are always answered to, all others are refused.
        """
        given = [*seeds, *([] if seed is None else [seed])]
        self._native = _native.Emulator(
            port=port,
            manual_clock=manual_clock,
            seeds=[json.dumps(one) for one in given],
            stage_duration=stage_duration,
            advance_per_poll=advance_per_poll,
            activation_delay=activation_delay,
            immediate_checks=immediate_checks,
            strict=strict,
            realistic=realistic,
            page_size=page_size,
            next_links=next_links,
            permission_checks=permission_checks,
            require_token=require_token,
            requests_per_second=requests_per_second,
            numbers=numbers,
            allow_hosts=[allow_hosts] if isinstance(allow_hosts, str) else list(allow_hosts),
        )

    @property
    def url(self) -> str:
        """Where it is: `endpoint=` of a client."""
        return self._native.url()

    def token(self, user: str | None = None, **wishes: Any) -> str:
        """A token with every permission: of an application, or of a user. `wishes`: `permissions`, `directoryRoles`, …"""
        if user is not None:
            wishes["user"] = user
        return self._native.token(json.dumps(wishes) if wishes else None)

    def client(self, **options: Any) -> Client:
        """A `Client` of it. `options`: those of the client."""
        from .generated.synchronous.client import Client

        return Client(options.pop("credential", None) or self.token(), endpoint=self.url, proxy=False, **options)

    def async_client(self, **options: Any) -> AsyncClient:
        """An `AsyncClient` of it. `options`: those of the client."""
        from ._asynchronous.client import AsyncClient

        return AsyncClient(options.pop("credential", None) or self.token(), endpoint=self.url, proxy=False, **options)

    def advance(self, seconds: float) -> None:
        """Moves its clock forward."""
        self._native.advance(seconds)

    @property
    def state(self) -> Any:
        """The whole state, in the shape of a seed."""
        return json.loads(self._native.state())

    def seed(self, seed: Any) -> None:
        """Replaces the parts of the state that a seed names."""
        self._native.seed(json.dumps(seed))

    def reset(self) -> None:
        """Back to the state at the start."""
        self._native.reset()

    def fault(self, fault: dict[str, Any]) -> None:
        """Puts a fault in force, for instance `{"effect": {"kind": "status", "status": 503}, "times": 1}`."""
        self._native.fault(json.dumps(fault))

    def clear_faults(self) -> None:
        """Takes all faults out of force."""
        self._native.clear_faults()

    @property
    def requests(self) -> Any:
        """The requests so far. Tokens and secrets are not in it."""
        return json.loads(self._native.requests())

    def clear_requests(self) -> None:
        """Forgets the requests so far."""
        self._native.clear_requests()

    def close(self) -> None:
        """Stops it."""
        self._native.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
