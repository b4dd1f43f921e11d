"""How requests are retried."""

from __future__ import annotations

from .generated.retry_policy import RetryPolicy

Retry = RetryPolicy | int
"""A policy, or the maximum number of attempts, the first included."""
