"""JSON of what the package returns."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from . import _forms, _native
from ._records import DataRecord
from ._unset import UNSET
from .generated.errors import GraphError


def json_default(value: object) -> Any:
    """Makes JSON of what `json` has no form for: `json.dumps(records, default=trunkline.json_default)`.

    Records become what `to_dict` returns, outcomes and rows their fields, errors their `to_dict`, pages lists, moments, days
    and durations ISO 8601, bytes base64url, and `UNSET` null.

    Raises:
        TypeError: It is none of these.
    """
    if isinstance(value, (_native.Record, GraphError)):
        return value.to_dict()
    if isinstance(value, DataRecord):
        return {name: getattr(value, name) for name in vars(type(value))["__dataclass_fields__"]}
    if isinstance(value, _native.Page):
        return list(cast("_native.Page[object]", value))
    if isinstance(value, _native.Answer):
        return cast("_native.Answer[object]", value).value
    if value is UNSET:
        return None
    forms = (datetime.date, datetime.time, datetime.timedelta, bytes, Decimal, UUID)
    if isinstance(value, forms):
        return _forms.text(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
