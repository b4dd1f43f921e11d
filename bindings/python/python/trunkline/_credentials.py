"""Who signs in. A credential of this module, or anything that gives tokens."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from os import PathLike
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    import asyncio
    from weakref import ref

    from . import _native


class AccessToken(Protocol):
    """An access token of azure-identity, with its expiry."""

    @property
    def token(self) -> str: ...

    @property
    def expires_on(self) -> int: ...


class TokenCredential(Protocol):
    """Anything of azure-identity, or like it."""

    def get_token(self, *scopes: str, **options: Any) -> Any: ...


class DeviceCodePrompt(NamedTuple):
    """The instructions for the user who signs in."""

    user_code: str
    """The code that the user enters. Whoever has it while it lasts can have another user sign in with it."""
    verification_address: str
    """Where the user types it in."""
    message: str
    """Both in one sentence, in English, as the authority words it."""
    expires_on: str
    """Until when, ISO 8601."""

    def __repr__(self) -> str:
        return f"DeviceCodePrompt(verification_address={self.verification_address!r}, expires_on={self.expires_on!r})"


def _on_standard_error(prompt: DeviceCodePrompt) -> None:
    print(prompt.message, file=sys.stderr, flush=True)


class Credential:
    """A built-in credential. Made by the class methods; `repr` shows its kind alone."""

    __slots__ = ("description",)

    def __init__(self, description: tuple[Any, ...]) -> None:
        self.description = description

    def __repr__(self) -> str:
        return f"Credential({self.description[0]})"

    @classmethod
    def token(cls, token: str) -> Credential:
        """A token that is at hand. It is never renewed."""
        return cls(("token", _text("token", token)))

    @classmethod
    def client_secret(cls, tenant: str, client: str, secret: str) -> Credential:
        """An application with a secret.

        Args:
            tenant: Id or domain.
            client: The application's id.
            secret: The secret's value, not its id.
        """
        return cls(("secret", _text("tenant", tenant), _text("client", client), _text("secret", secret)))

    @classmethod
    def client_certificate(
        cls, tenant: str, client: str, *, pem: str | None = None, path: str | PathLike[str] | None = None
    ) -> Credential:
        """An application with a certificate and its unencrypted RSA key, as PEM text or the file that holds it."""
        if (pem is None) == (path is None):
            raise TypeError("give either pem or path")
        if pem is None:
            with open(path or "", encoding="ascii") as file:
                pem = file.read()
        return cls(("certificate", _text("tenant", tenant), _text("client", client), _text("pem", pem)))

    @classmethod
    def managed_identity(cls, client: str | None = None) -> Credential:
        """An Azure resource: its own identity, or the user-assigned one with this client id."""
        return cls(("managed_identity", client))

    @classmethod
    def workload_identity(cls) -> Credential:
        """A Kubernetes service account with the workload identity webhook."""
        return cls(("workload_identity",))

    @classmethod
    def developer_tools(cls) -> Credential:
        """Whoever signed in with `az login` or `azd auth login`."""
        return cls(("developer_tools",))

    @classmethod
    def device_code(
        cls, tenant: str, client: str, prompt: Callable[[DeviceCodePrompt], object] | None = None
    ) -> Credential:
        """A user who signs in with a browser, anywhere, by a short code.

        Args:
            tenant: Id or domain.
            client: The application's id.
            prompt: Shows the user what to do, and returns; without it, the message goes to standard error. It is called on
                a thread of its own, and may be `async`. What it raises ends the sign-in.
        """
        if prompt is not None and not callable(prompt):  # pyright: ignore[reportUnnecessaryComparison]
            raise TypeError(f"prompt must be a function, not {type(prompt).__name__}")
        show = prompt or _on_standard_error

        def begin(
            user_code: str,
            verification_address: str,
            message: str,
            expires_on: str,
            loops: Sequence[ref[asyncio.AbstractEventLoop]],
            reply: _native.Reply,
        ) -> None:
            prompted = DeviceCodePrompt(user_code, verification_address, message, expires_on)

            def run() -> None:
                _finished(show(prompted), loops)
                reply.done()

            _on_a_thread(run, reply)

        return cls(("device_code", _text("tenant", tenant), _text("client", client), begin))

    @classmethod
    def from_environment(cls) -> Credential:
        """The application that the environment describes.

        `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` must be set, and exactly one of `AZURE_CLIENT_SECRET`,
        `AZURE_CLIENT_CERTIFICATE_PATH` (a PEM file) and `AZURE_FEDERATED_TOKEN_FILE`. It is read when the client is
        made.

        Raises:
            InvalidInputError: Variables are missing, or too many; raised when the client is made.
        """
        return cls(("environment",))


TokenFunction: TypeAlias = Callable[[], "str | AccessToken | Awaitable[str | AccessToken]"]
"""A function, plain or `async`, that gives a token: its text, or an object with `token` and `expires_on`."""

AnyCredential: TypeAlias = "Credential | str | TokenCredential | TokenFunction"
"""Values of `credential=`: a `Credential`, a token, an object with `get_token`, or a function."""


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    return value


def describe(credential: Credential | TokenCredential | TokenFunction) -> tuple[Any, ...]:
    """The argument of the native part."""
    if isinstance(credential, Credential):
        return credential.description
    get_token = getattr(credential, "get_token", None)
    if get_token is None and not callable(credential):
        raise TypeError(
            "credential must be a Credential, a token, an object with get_token(*scopes), or a function that gives "
            f"tokens, not {type(credential).__name__}"
        )

    def fetch(
        scopes: list[str], claims: str | None, tenant: str | None, loops: Sequence[ref[asyncio.AbstractEventLoop]]
    ) -> tuple[str, float | None]:
        if get_token is None:
            answer: object = cast("Callable[[], object]", credential)()
        else:
            options: dict[str, Any] = {}
            if claims is not None:
                options["claims"] = claims
            if tenant is not None:
                options["tenant_id"] = tenant
            answer = cast("object", get_token(*scopes, **options))
        answer = _finished(answer, loops)
        if isinstance(answer, str):
            return answer, None
        token: object = getattr(answer, "token", None)
        if not isinstance(token, str):
            raise TypeError(f"the credential gave {type(answer).__name__}, not a token")
        expires_on: Any = getattr(answer, "expires_on", None)
        return token, None if expires_on is None else float(expires_on)

    def ask(
        scopes: list[str],
        claims: str | None,
        tenant: str | None,
        fresh: bool,
        loops: Sequence[ref[asyncio.AbstractEventLoop]],
        reply: _native.Reply,
    ) -> None:
        _on_a_thread(lambda: reply.token(*fetch(scopes, claims, tenant, loops)), reply)

    return ("source", ask)


def _finished(answer: object, loops: Sequence[ref[asyncio.AbstractEventLoop]]) -> object:
    """An answer, waited for if it is awaited, on the first of these loops that runs or on the package's own."""
    if not isinstance(answer, Awaitable):
        return answer
    from ._loops import finished

    return finished(cast("Awaitable[object]", answer), loops)


def _on_a_thread(function: Callable[[], None], reply: _native.Reply) -> None:
    """Runs a function on a thread of its own, which the end of the program does not wait for."""

    def run() -> None:
        try:
            function()
        except BaseException as raised:
            reply.raised(raised)

    Thread(target=run, name="trunkline-credential", daemon=True).start()
