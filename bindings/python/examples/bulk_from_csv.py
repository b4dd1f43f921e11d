"""Applies a CSV of telephone numbers and phone methods. Run it again after a kill: it goes on where it was."""

from __future__ import annotations

import sys
from pathlib import Path

import trunkline
from trunkline import bulk


def apply_csv(client: trunkline.Client, file: Path, journal: Path) -> bulk.Summary:
    """The plan is kept next to the journal: another run with the same journal goes on with the same plan."""
    saved = journal.with_suffix(".plan")
    if saved.exists():
        plan = bulk.Plan.read(saved)
    else:
        rows = client.bulk.read(file)
        for problem in rows.problems:
            print(problem, file=sys.stderr)
        plan = client.bulk.plan(rows)
        plan.write(saved)
    print(f"{plan.summary.change} rows to change, {plan.summary.already} are already correct")

    with client.bulk.apply(plan, journal) as run:
        for event in run:
            if event.kind == "row" and event.outcome.failure is not None:
                print(f"row {event.outcome.row}: {event.outcome.failure.what}. {event.outcome.failure.next_step}")
            elif event.kind == "progress":
                print(f"{event.summary.rows} of {event.rows}, {event.rows_per_second:.0f} a second")
        assert run.summary is not None

    for row in client.bulk.verify(journal):
        if row.has_drifted:
            print(f"row {row.row} was changed since: {row.what}")
    client.bulk.report(journal, html=journal.with_suffix(".html"), masked=True)
    return run.summary


if __name__ == "__main__":
    with trunkline.Client(trunkline.Credential.from_environment(), pace="documented") as client:
        summary = apply_csv(client, Path(sys.argv[1]), Path(sys.argv[2]))
        print(summary)
        sys.exit(0 if summary.is_good else 1)
