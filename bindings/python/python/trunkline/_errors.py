"""Errors: one exception class for each kind of failure, all of them derived from `GraphError`."""

from __future__ import annotations

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from typing import Any


class GraphError(Exception):
    """Everything that talks to the service fails with this or a class below it.

    `str()` is one line for people, with telephone numbers and names masked. Decide by the class, `kind` and `code`,
    never by a text. No token is ever inside.
    """

    kind: str = "graph"
    """The kind of failure, for instance `not_found`; the same in every language."""
    message: str = ""
    """The message."""
    status: int | None = None
    """The HTTP status, when there was an answer."""
    code: str | None = None
    """The service's own code, the innermost one it gave."""
    codes: tuple[str, ...] = ()
    """All codes of the answer, outermost first."""
    service_message: str | None = None
    """The message of the service. May hold personal data."""
    request_id: str | None = None
    """The id under which Microsoft's support finds the request."""
    client_request_id: str | None = None
    """The id that this library gave the request."""
    next_step: str = ""
    """The next step."""
    operation: str | None = None
    """The operation, for instance `phoneMethods.update`."""
    method: str | None = None
    """The HTTP method."""
    target: str | None = None
    """The path, masked."""
    body: str | None = None
    """The start of the answer's body. May hold personal data."""
    headers: dict[str, str]
    """The headers of the answer, names in lower case."""
    path: str | None = None
    """Where in the body it could not be read, as a JSON path."""
    claims: str | None = None
    """The claims with which to ask for another token, as JSON: those that the service asks for, or those for a recent
    multifactor sign-in (`ngcmfa`) where the lack of one may be the reason."""
    resume_token: str | None = None
    """Takes a long-running operation up again: see `Client.resume`."""
    attempts: int = 0
    """How often the request was sent."""
    may_have_reached_service: bool = False
    """Whether the service may have done something of it."""
    retry_advice: str = "never"
    """`never`, `later`, `after` (see `retry_after`), `until` (see `retry_at`) or `after_read_back`."""
    retry_after: float | None = None
    """Seconds that the service asked to wait."""
    retry_at: str | None = None
    """The moment until which the service refuses, ISO 8601."""

    def __init__(self, text: str = "", **fields: Any) -> None:
        super().__init__(text)
        self.headers = {}
        for name, value in fields.items():
            setattr(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.args, self.__dict__)


def _remake(cls: type[GraphError], arguments: tuple[str, ...], fields: dict[str, Any]) -> GraphError:
    return cls(*arguments, **fields)


class InvalidInputError(GraphError, ValueError):
    """An argument, a header, a path or the use of the client is wrong. Nothing was sent."""

    kind = "invalid_input"


class UnsupportedByCloudError(GraphError):
    """The client's cloud does not offer the operation. Nothing was sent."""

    kind = "unsupported_by_cloud"


class AuthenticationError(GraphError):
    """There is no usable token, or the service did not accept it."""

    kind = "authentication"


class WrongTenantError(GraphError):
    """The token is for another tenant than the client's. Nothing was sent."""

    kind = "wrong_tenant"


class PermissionDeniedError(GraphError):
    """The token lacks a permission, or the user a role."""

    kind = "permission_denied"


class NotFoundError(GraphError):
    """There is no such thing, or the caller may not know of it."""

    kind = "not_found"


class ConflictError(GraphError):
    """The state of the thing does not allow it, or somebody else was faster."""

    kind = "conflict"


class ThrottledError(GraphError):
    """The service asked to wait for longer than the caller wants to. The request was not executed."""

    kind = "throttled"


class ServiceError(GraphError):
    """The service failed."""

    kind = "service"


class RejectedError(GraphError):
    """The service refused the request for another reason."""

    kind = "rejected"


class DeadlineError(GraphError, TimeoutError):
    """The deadline passed."""

    kind = "timeout"


class NoConnectionError(GraphError, ConnectionError):
    """No connection, or it was lost."""

    kind = "connection"


class UntrustedLinkError(GraphError):
    """The service named an address that is not its own. Nothing was sent there."""

    kind = "untrusted_link"


class RedirectedError(GraphError):
    """The service redirected. Redirects are not followed."""

    kind = "redirected"


class DecodeError(GraphError):
    """The answer is JSON, but not of the expected shape: see `path`."""

    kind = "decode"


class UnexpectedBodyError(GraphError):
    """The answer is no JSON, too large, or cut off."""

    kind = "unexpected_body"


class OperationFailedError(GraphError):
    """A long-running operation ended without success."""

    kind = "operation_failed"


class AcceptedUntrackedError(GraphError):
    """The service accepted a long-running operation, but did not say how to follow it."""

    kind = "accepted_untracked"


class UnknownOutcomeError(GraphError):
    """A write may or may not have happened: see `next_step` for what to read."""

    kind = "unknown_outcome"


class CancelledError(GraphError):
    """The caller stopped it."""

    kind = "cancelled"


class BulkError(GraphError):
    """Bulk work could not be begun or had to stop. Nothing was sent after it arose; the journal has what was sent before.

    `kind` is one of `input` (the file), `plan`, `otherTenant`, `journal`, `otherPlan`, `busy` (another process works on
    the journal), `disk`, `clock`, `service` (the error of the service is the cause), `option` and `stopped`.
    """

    kind = "bulk"

    @classmethod
    def _new(cls, kind: str, message: str, next_step: str) -> BulkError:
        return cls(f"{message}. {next_step}", kind=kind, message=message, next_step=next_step)


BY_KIND: dict[str, type[GraphError]] = {
    cls.kind: cls
    for cls in (
        InvalidInputError,
        UnsupportedByCloudError,
        AuthenticationError,
        WrongTenantError,
        PermissionDeniedError,
        NotFoundError,
        ConflictError,
        ThrottledError,
        ServiceError,
        RejectedError,
        DeadlineError,
        NoConnectionError,
        UntrustedLinkError,
        RedirectedError,
        DecodeError,
        UnexpectedBodyError,
        OperationFailedError,
        AcceptedUntrackedError,
        UnknownOutcomeError,
        CancelledError,
    )
}
"""The class of each kind."""


def _make(kind: str, text: str, fields: dict[str, Any]) -> GraphError:
    """Called by the native part."""
    fields["codes"] = tuple(fields["codes"])
    fields["headers"] = dict(fields["headers"] or ())
    cls = BY_KIND.get(kind, GraphError)
    if cls is GraphError:
        fields["kind"] = kind
    return cls(text, **fields)


def _make_bulk(kind: str, text: str, message: str, next_step: str) -> BulkError:
    """Called by the native part."""
    return BulkError(text, kind=kind, message=message, next_step=next_step)
