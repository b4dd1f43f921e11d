"""Lists all numbers of the tenant into a CSV."""

from __future__ import annotations

import csv
import sys
from typing import TextIO

import trunkline


def write_numbers(client: trunkline.Client, file: TextIO) -> int:
    """Writes one line per number, and says how many there were."""
    writer = csv.writer(file)
    writer.writerow(["number", "city", "status"])
    count = 0
    management = client.graph.admin.teams.telephone_number_management
    for number in management.number_assignments.list(top=999):
        writer.writerow([number.telephone_number, number.city or "", number.assignment_status])
        count += 1
    return count


if __name__ == "__main__":
    with trunkline.Client(trunkline.Credential.from_environment()) as client:
        write_numbers(client, sys.stdout)
