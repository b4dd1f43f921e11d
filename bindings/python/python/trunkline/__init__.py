"""Microsoft Graph for phone numbers: Teams telephone numbers and Entra phone methods.

```
import trunkline

with trunkline.Client(credential) as client:
    print(client.numbers.assign("+1 206-555-0100", "ana@contoso.example"))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._client import AsyncClient, Client
from ._credentials import Credential
from ._enumeration import OpenEnum
from ._errors import (
    AcceptedUntrackedError,
    AuthenticationError,
    CancelledError,
    ConflictError,
    DeadlineError,
    DecodeError,
    GraphError,
    InvalidInputError,
    NoConnectionError,
    NotFoundError,
    OperationFailedError,
    PermissionDeniedError,
    RedirectedError,
    RejectedError,
    ServiceError,
    ThrottledError,
    UnexpectedBodyError,
    UnknownOutcomeError,
    UnsupportedByCloudError,
    UntrustedLinkError,
    WrongTenantError,
)
from ._native import Answer, Meta, Page, Record
from ._place import AsyncList, List
from ._unset import UNSET, Unset

if TYPE_CHECKING:
    from ._emulator import Emulator
    from ._intents import NumberOutcome, PhoneOutcome
    from ._running import AsyncLongRunning, LongRunning, Stage, Verdict
    from .generated import graph, teams_administration

_LATER = {
    "Emulator": "trunkline._emulator",
    "AsyncLongRunning": "trunkline._running",
    "LongRunning": "trunkline._running",
    "Stage": "trunkline._running",
    "Verdict": "trunkline._running",
    "NumberOutcome": "trunkline._intents",
    "PhoneOutcome": "trunkline._intents",
}
_MODULES = {"graph", "teams_administration"}


def __getattr__(name: str) -> Any:
    """What few programs need is imported when it is first named."""
    from importlib import import_module

    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    if name in _MODULES:
        return import_module(f"trunkline.generated.{name}")
    raise AttributeError(f"module 'trunkline' has no attribute {name!r}")


__all__ = [
    "AcceptedUntrackedError",
    "Answer",
    "AsyncClient",
    "AsyncList",
    "AsyncLongRunning",
    "AuthenticationError",
    "CancelledError",
    "Client",
    "ConflictError",
    "Credential",
    "DeadlineError",
    "DecodeError",
    "Emulator",
    "GraphError",
    "InvalidInputError",
    "List",
    "LongRunning",
    "Meta",
    "NoConnectionError",
    "NotFoundError",
    "NumberOutcome",
    "OpenEnum",
    "OperationFailedError",
    "Page",
    "PermissionDeniedError",
    "PhoneOutcome",
    "Record",
    "RedirectedError",
    "RejectedError",
    "ServiceError",
    "Stage",
    "ThrottledError",
    "UnexpectedBodyError",
    "UnknownOutcomeError",
    "UnsupportedByCloudError",
    "UNSET",
    "Unset",
    "UntrustedLinkError",
    "Verdict",
    "WrongTenantError",
    "graph",
    "teams_administration",
]
