"""Microsoft Graph for phone numbers: Teams telephone numbers and Entra phone methods.

```
import trunkline

with trunkline.Client(credential) as client:
    print(client.numbers.assign("+1 206-555-0100", "ana@contoso.example"))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._credentials import Credential
from ._enumeration import OpenEnum
from ._errors import (
    AcceptedUntrackedError,
    AuthenticationError,
    BulkError,
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
from ._retry import RetryPolicy
from ._unset import UNSET, Unset
from .generated.synchronous.client import Client
from .generated.synchronous.place import List

if TYPE_CHECKING:
    from ._asynchronous.batch import AsyncBatch
    from ._asynchronous.client import AsyncClient
    from ._asynchronous.place import AsyncList
    from ._asynchronous.running import AsyncLongRunning
    from ._batch import BatchAnswers, BatchItem
    from ._credentials import DeviceCodePrompt
    from ._emulator import Emulator
    from ._outcomes import NumberOutcome, Order, OrderOutcome, PhoneOutcome, Progress
    from ._stages import Stage, Verdict
    from ._throttle import GroupThrottle
    from . import bulk
    from .generated import async_handles, graph, handles, teams_administration
    from .generated.synchronous.batch import Batch
    from .generated.synchronous.running import LongRunning

_LATER = {
    "AsyncBatch": "trunkline._asynchronous.batch",
    "AsyncClient": "trunkline._asynchronous.client",
    "AsyncList": "trunkline._asynchronous.place",
    "AsyncLongRunning": "trunkline._asynchronous.running",
    "Batch": "trunkline.generated.synchronous.batch",
    "BatchAnswers": "trunkline._batch",
    "BatchItem": "trunkline._batch",
    "DeviceCodePrompt": "trunkline._credentials",
    "Emulator": "trunkline._emulator",
    "GroupThrottle": "trunkline._throttle",
    "LongRunning": "trunkline.generated.synchronous.running",
    "NumberOutcome": "trunkline._outcomes",
    "Order": "trunkline._outcomes",
    "OrderOutcome": "trunkline._outcomes",
    "PhoneOutcome": "trunkline._outcomes",
    "Progress": "trunkline._outcomes",
    "Stage": "trunkline._stages",
    "Verdict": "trunkline._stages",
}
_MODULES = {"async_handles", "graph", "handles", "teams_administration"}
_OWN = {"bulk"}


def __getattr__(name: str) -> Any:
    """What few programs need is imported when it is first named."""
    from importlib import import_module

    if name in _LATER:
        found = getattr(import_module(_LATER[name]), name)
    elif name in _MODULES:
        found = import_module(f"trunkline.generated.{name}")
    elif name in _OWN:
        found = import_module(f"trunkline.{name}")
    else:
        raise AttributeError(f"module 'trunkline' has no attribute {name!r}")
    globals()[name] = found
    return found


__all__ = [
    "AcceptedUntrackedError",
    "Answer",
    "AsyncBatch",
    "AsyncClient",
    "AsyncList",
    "AsyncLongRunning",
    "AuthenticationError",
    "Batch",
    "BatchAnswers",
    "BatchItem",
    "BulkError",
    "CancelledError",
    "Client",
    "ConflictError",
    "Credential",
    "DeadlineError",
    "DecodeError",
    "DeviceCodePrompt",
    "Emulator",
    "GraphError",
    "GroupThrottle",
    "InvalidInputError",
    "List",
    "LongRunning",
    "Meta",
    "NoConnectionError",
    "NotFoundError",
    "NumberOutcome",
    "OpenEnum",
    "OperationFailedError",
    "Order",
    "OrderOutcome",
    "Page",
    "PermissionDeniedError",
    "PhoneOutcome",
    "Progress",
    "Record",
    "RedirectedError",
    "RejectedError",
    "RetryPolicy",
    "ServiceError",
    "Stage",
    "ThrottledError",
    "UNSET",
    "UnexpectedBodyError",
    "UnknownOutcomeError",
    "Unset",
    "UnsupportedByCloudError",
    "UntrustedLinkError",
    "Verdict",
    "WrongTenantError",
    "async_handles",
    "bulk",
    "graph",
    "handles",
    "teams_administration",
]
