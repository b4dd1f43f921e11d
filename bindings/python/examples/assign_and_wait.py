"""Assigns a number to a user and waits until it works."""

from __future__ import annotations

import sys

import trunkline


def assign(client: trunkline.Client, number: str, user: str) -> trunkline.NumberOutcome:
    """Assigns it, and tells how far it has come."""
    outcome = client.numbers.assign(number, user, on_progress=lambda progress: print(f"  {progress.kind}"))
    print(outcome)
    return outcome


if __name__ == "__main__":
    with trunkline.Client(trunkline.Credential.from_environment()) as client:
        assign(client, sys.argv[1], sys.argv[2])
