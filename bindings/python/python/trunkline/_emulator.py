"""The service, in this process and in memory: for tests."""

from __future__ import annotations

import json
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import _native
from .generated.emulator_options import EmulatorOptions

if TYPE_CHECKING:
    from .generated.async_client import AsyncClient
    from .generated.client import Client


class Emulator(EmulatorOptions):
    """Microsoft Graph for phone numbers, in memory, on a port of this computer.

    ```
    with trunkline.Emulator() as emulator, emulator.client() as client:
        client.phones("ana@contoso.example").set("mobile", "+1 206-555-0100")
    ```
    """

    def _open(self, options: dict[str, Any]) -> None:
        self._native = _native.Emulator(options)

    def _call(self, method: str, argument: Any = None) -> Any:
        return json.loads(self._native.call(method, json.dumps(argument)))

    @property
    def url(self) -> str:
        """Where it is: `endpoint=` of a client."""
        return self._native.url

    @property
    def certificate_file(self) -> str | None:
        """The certificate that clients have to trust, in PEM, when it serves HTTPS: `REQUESTS_CA_BUNDLE` of other libraries."""
        file: str | None = self._call("certificateFile")
        return file

    def token(self, user: str | None = None, **wishes: Any) -> str:
        """A token with every permission: of an application, or of a user. `wishes`: `permissions`, `directoryRoles`, …"""
        if user is not None:
            wishes["user"] = user
        return str(self._call("token", wishes or None))

    def client(self, **options: Any) -> Client:
        """A `Client` of it. `options`: those of the client."""
        from .generated.client import Client

        return Client(options.pop("credential", None) or self._call("lastingToken"), endpoint=self._call("plainUrl"), proxy=False, **options)

    def async_client(self, **options: Any) -> AsyncClient:
        """An `AsyncClient` of it. `options`: those of the client."""
        from .generated.async_client import AsyncClient

        return AsyncClient(options.pop("credential", None) or self._call("lastingToken"), endpoint=self._call("plainUrl"), proxy=False, **options)

    def advance(self, seconds: float) -> None:
        """Moves its clock forward."""
        self._call("advance", seconds)

    @property
    def state(self) -> Any:
        """The whole state, in the shape of a seed."""
        return self._call("state")

    def seed(self, seed: Any) -> None:
        """Replaces the parts of the state that a seed names."""
        self._call("seed", seed)

    def add_user(self, principal_name: str, **properties: Any) -> Any:
        """Adds a user who is licensed for telephony, unless `licenseDetails` says otherwise; returns the user."""
        added = self._call("add", {"users": [{"userPrincipalName": principal_name, **properties}]})
        return added["users"][0]

    def add_number(self, number: str, **properties: Any) -> Any:
        """Adds a free number of a calling plan, or as the `properties` say; returns the number."""
        added = self._call("add", {"numbers": [{"telephoneNumber": number, **properties}]})
        return added["numbers"][0]

    def set_service_plan(self, user: str, service_plan: str = "MCOEV", enabled: bool = True) -> None:
        """Switches a service plan of a user on or off. Without `MCOEV` nobody can be assigned a number."""
        self._call("setServicePlan", [user, service_plan, enabled])

    def reset(self) -> None:
        """Back to the state at the start."""
        self._call("reset")

    def fault(self, fault: dict[str, Any]) -> None:
        """Puts a fault in force, for instance `{"effect": {"kind": "status", "status": 503}, "times": 1}`."""
        self._call("fault", fault)

    def clear_faults(self) -> None:
        """Takes all faults out of force."""
        self._call("clearFaults")

    @property
    def requests(self) -> Any:
        """The requests so far. Tokens and secrets are not in it."""
        return self._call("requests")

    @property
    def mails(self) -> Any:
        """The mails that Teams has sent to people whose number changed, where the seed's `telephoneNumberConfiguration` wants them."""
        return self._call("mails")

    def clear_requests(self) -> None:
        """Forgets the requests so far."""
        self._call("clearRequests")

    def close(self) -> None:
        """Stops it."""
        self._native.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
