"""Microsoft Graph for phone numbers: Teams telephone numbers and Entra phone methods.

```
import trunkline

with trunkline.Client(credential) as client:
    print(client.numbers.assign("+1 206-555-0100", "ana@contoso.example"))
```
"""

from __future__ import annotations

from ._enumeration import OpenEnum
from ._native import Answer, Meta, Page, Record, set_repr
from ._unset import UNSET, Unset
from .generated.client import Client
from .generated.errors import (
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
from .generated.lists import List

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from typing import Any

    from ._batch import BatchAnswers, BatchItem
    from ._credentials import Credential, DeviceCodePrompt
    from ._emulator import Emulator
    from ._json import json_default
    from ._transport import HttpRequest, HttpResponse
    from . import bulk
    from .generated import async_handles, graph, handles, teams_administration
    from .generated.async_batch import AsyncBatch
    from .generated.async_client import AsyncClient
    from .generated.async_lists import AsyncList
    from .generated.async_running import AsyncLongRunning
    from .generated.batch import Batch
    from .generated.events import (
        CallEvent,
        OrderEvent,
        RequestEvent,
        ResponseEvent,
        RetryEvent,
        RowEvent,
        ThrottleEvent,
    )
    from .generated.outcomes import (
        Decision,
        GroupThrottle,
        NumberOutcome,
        Order,
        OrderOutcome,
        PhoneOutcome,
        PolicyOutcome,
        Progress,
        Stage,
        Step,
        Verdict,
        Verified,
        Wanted,
    )
    from .generated.retry_policy import RetryPolicy
    from .generated.running import LongRunning

    __version__: str

_LATER = {
    "AsyncBatch": "trunkline.generated.async_batch",
    "AsyncClient": "trunkline.generated.async_client",
    "AsyncList": "trunkline.generated.async_lists",
    "AsyncLongRunning": "trunkline.generated.async_running",
    "Batch": "trunkline.generated.batch",
    "BatchAnswers": "trunkline._batch",
    "BatchItem": "trunkline._batch",
    "CallEvent": "trunkline.generated.events",
    "Credential": "trunkline._credentials",
    "Decision": "trunkline.generated.outcomes",
    "DeviceCodePrompt": "trunkline._credentials",
    "Emulator": "trunkline._emulator",
    "GroupThrottle": "trunkline.generated.outcomes",
    "HttpRequest": "trunkline._transport",
    "HttpResponse": "trunkline._transport",
    "LongRunning": "trunkline.generated.running",
    "NumberOutcome": "trunkline.generated.outcomes",
    "Order": "trunkline.generated.outcomes",
    "OrderEvent": "trunkline.generated.events",
    "OrderOutcome": "trunkline.generated.outcomes",
    "PhoneOutcome": "trunkline.generated.outcomes",
    "PolicyOutcome": "trunkline.generated.outcomes",
    "Progress": "trunkline.generated.outcomes",
    "RequestEvent": "trunkline.generated.events",
    "ResponseEvent": "trunkline.generated.events",
    "RetryEvent": "trunkline.generated.events",
    "RetryPolicy": "trunkline.generated.retry_policy",
    "RowEvent": "trunkline.generated.events",
    "Stage": "trunkline.generated.outcomes",
    "Step": "trunkline.generated.outcomes",
    "ThrottleEvent": "trunkline.generated.events",
    "Verdict": "trunkline.generated.outcomes",
    "Verified": "trunkline.generated.outcomes",
    "Wanted": "trunkline.generated.outcomes",
    "json_default": "trunkline._json",
}
_MODULES = {"async_handles", "graph", "handles", "teams_administration"}
_OWN = {"bulk"}


def __getattr__(name: str) -> Any:
    """Imports a name that few programs need when it is first used."""
    from importlib import import_module

    if name in _LATER:
        found = getattr(import_module(_LATER[name]), name)
    elif name in _MODULES:
        found = import_module(f"trunkline.generated.{name}")
    elif name in _OWN:
        found = import_module(f"trunkline.{name}")
    elif name == "__version__":
        from importlib.metadata import version

        found = version("trunkline")
    else:
        raise AttributeError(f"module 'trunkline' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """All names, also those that are imported when they are first used."""
    return sorted({*globals(), *__all__})


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
    "CallEvent",
    "CancelledError",
    "Client",
    "ConflictError",
    "Credential",
    "DeadlineError",
    "Decision",
    "DecodeError",
    "DeviceCodePrompt",
    "Emulator",
    "GraphError",
    "GroupThrottle",
    "HttpRequest",
    "HttpResponse",
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
    "OrderEvent",
    "OrderOutcome",
    "Page",
    "PermissionDeniedError",
    "PhoneOutcome",
    "PolicyOutcome",
    "Progress",
    "Record",
    "RedirectedError",
    "RejectedError",
    "RequestEvent",
    "ResponseEvent",
    "RetryEvent",
    "RetryPolicy",
    "RowEvent",
    "ServiceError",
    "Stage",
    "Step",
    "ThrottleEvent",
    "ThrottledError",
    "UNSET",
    "UnexpectedBodyError",
    "UnknownOutcomeError",
    "Unset",
    "UnsupportedByCloudError",
    "UntrustedLinkError",
    "Verdict",
    "Verified",
    "Wanted",
    "WrongTenantError",
    "__version__",
    "async_handles",
    "bulk",
    "graph",
    "handles",
    "json_default",
    "set_repr",
    "teams_administration",
]
