"""Starts an order and keeps its token in a file, so that another run can wait for its end."""

from __future__ import annotations

import sys
from pathlib import Path

import trunkline


def start(client: trunkline.Client, number: str, user: str, file: Path) -> None:
    """Sends the order and keeps its token."""
    found = client.numbers.get(number)
    if found is None:
        raise SystemExit("the tenant has no such number")
    holder = client.graph.users.by_id(user).get(select=["id"])
    orders = client.graph.admin.teams.telephone_number_management.number_assignments
    running = orders.assign_number(found, holder, found.required.number_type)
    file.write_text(running.token)


def finish(client: trunkline.Client, file: Path) -> bool:
    """Takes the order up again, and says whether it succeeded."""
    end = client.follow(file.read_text()).wait(timeout=600)
    print(end.status)
    return bool(end.succeeded)


if __name__ == "__main__":
    order = Path("order.token")
    with trunkline.Client(trunkline.Credential.from_environment()) as client:
        if order.exists():
            finish(client, order)
        else:
            start(client, sys.argv[1], sys.argv[2], order)
