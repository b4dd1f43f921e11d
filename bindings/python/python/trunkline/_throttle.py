"""How fast a client may send."""

from __future__ import annotations

from typing import NamedTuple


class GroupThrottle(NamedTuple):
    """How fast a group of operations may be sent at present."""

    group: str | None
    """The service's group of operations; `None`: those that belong to none."""
    per_second: float | None
    """The present limit of requests a second, in the unit of the tightest limit; `None`: as much as there is."""
    limit_per_second: float | None
    """The limit of requests a second when the service does not throttle."""
    paused_until: str | None
    """Until when the service asked to wait, ISO 8601."""
    waiting: int
    """Requests that wait for their turn."""
    sent: int
    """Requests that were sent at a pace."""
    throttled: int
    """How many of them were answered 429."""
