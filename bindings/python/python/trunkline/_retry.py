"""How requests are sent again."""

from __future__ import annotations

from typing import NamedTuple


# No dataclass: what they import costs a third of the time that importing the package takes.
class RetryPolicy(NamedTuple):
    """How often and for how long a request is sent again.

    Whether it may be is decided by the operation, not here: nothing is sent twice that may have happened. What the
    service asks to wait is never undercut.
    """

    attempts: int = 4
    """At most this many attempts, the first included; at least one."""
    first_wait: float = 0.5
    """Seconds: the upper bound of the first wait, when the service does not say how long; doubled with each attempt."""
    longest_wait: float = 20.0
    """Seconds: the upper bound of any wait, when the service does not say how long."""
    budget: float = 60.0
    """Seconds that the waits of one request may take together, when the caller gave no deadline. A service that asks
    for more gets its way by a `ThrottledError` that says until when."""

    @classmethod
    def never(cls) -> RetryPolicy:
        """No second attempt, whatever happens."""
        return cls(attempts=1)


Retry = RetryPolicy | int
"""A policy, or how many attempts there are at most, the first included."""


def described(retry: Retry | None) -> tuple[int, float, float, float] | None:
    """What the native part takes."""
    if retry is None:
        return None
    if isinstance(retry, int) and not isinstance(retry, bool):
        retry = RetryPolicy(attempts=retry)
    if not isinstance(retry, RetryPolicy):
        raise TypeError(f"retry must be a RetryPolicy or an int, not {type(retry).__name__}")
    if retry.attempts < 1:
        raise ValueError("there is at least one attempt")
    return (retry.attempts, retry.first_wait, retry.longest_wait, retry.budget)
