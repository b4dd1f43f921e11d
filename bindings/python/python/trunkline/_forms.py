"""Values that JSON has no type for, such as dates and bytes, and their text in JSON."""

from __future__ import annotations

import base64
import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable


def date_time(text: str) -> datetime.datetime:
    """Parses a date and time. Without an offset it is UTC. Digits below a microsecond are dropped; the record keeps the text."""
    moment = datetime.datetime.fromisoformat(_plain(text))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.timezone.utc)


def date(text: str) -> datetime.date:
    """Parses a date."""
    return datetime.date.fromisoformat(text)


def time(text: str) -> datetime.time:
    """Parses a time of day."""
    return datetime.time.fromisoformat(_plain(text))


def binary(text: str) -> bytes:
    """Decodes bytes, in either alphabet of base64, with or without padding."""
    text = text.rstrip("=").replace("+", "-").replace("/", "_")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def text(value: Any) -> str:
    """Returns the text of a value in JSON."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone could be any moment")
        try:
            moment = value.astimezone(datetime.timezone.utc)
        except OverflowError:
            raise ValueError("the datetime is outside of the years that can be written") from None
        return moment.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, bytes):
        return base64.urlsafe_b64encode(value).decode("ascii")
    if isinstance(value, (list, tuple, set, frozenset)):
        members: Iterable[str] = cast("Iterable[str]", value)
        return ",".join(sorted(members) if isinstance(value, (set, frozenset)) else members)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def loads(text: str) -> Any:
    """Parses JSON. An integer with more digits than Python parses becomes a `Decimal` with all of them."""
    return json.loads(text, parse_int=_integer)


def _integer(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)


def _plain(text: str) -> str:
    """Rewrites ISO 8601 for older versions of Python: an offset in digits, and six digits of a second."""
    if text[-1:] in ("Z", "z"):
        text = text[:-1] + "+00:00"
    before, point, after = text.partition(".")
    if not point:
        return text
    digits = len(after) - len(after.lstrip("0123456789"))
    return f"{before}.{after[:digits][:6]:0<6}{after[digits:]}"


def _duration(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    value = abs(value)
    seconds = f"{value.seconds}.{value.microseconds:06}".rstrip("0").rstrip(".") if value.microseconds else value.seconds
    return f"{sign}P{value.days}DT{seconds}S"
