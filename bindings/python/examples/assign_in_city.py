"""Finds a free number in a city and assigns it."""

from __future__ import annotations

import sys

import trunkline


def assign_in_city(client: trunkline.Client, city: str, user: str) -> trunkline.NumberOutcome | None:
    """Assigns the first free number of a city; `None` when there is none."""
    free = client.numbers.next_free(city=city)
    if free is None:
        print(f"no number of {city} is free")
        return None
    outcome = client.numbers.assign(free, user)
    print(outcome)
    return outcome


if __name__ == "__main__":
    with trunkline.Client(trunkline.Credential.from_environment()) as client:
        assign_in_city(client, sys.argv[1], sys.argv[2])
