"""A whole file of telephone numbers and phone methods: what `client.bulk` takes and gives.

```
with trunkline.Client(credential) as client:
    plan = client.bulk.plan("numbers.csv")
    with client.bulk.apply(plan, "numbers.journal") as run:
        for event in run:
            print(event)
```
"""

from __future__ import annotations

from ._bulk import AnyPath, Plan, Rows, Source
from ._bulk_runs import Journal, Watcher
from ._records import DataRecord as BulkRecord
from .generated.async_bulk import AsyncApply, AsyncBulk
from .generated.bulk import Apply, Bulk
from .generated.bulk_records import (
    Accepted,
    Braked,
    Ended,
    Ending,
    Event,
    Exported,
    Failure,
    Finding,
    HeldNumber,
    JournalRow,
    JournalRun,
    Left,
    LeftOut,
    Loss,
    Narrowed,
    Person,
    PlannedRow,
    PlanSummary,
    Problem,
    ProblemGroup,
    RowEnded,
    RowOutcome,
    RunProgress,
    Sending,
    SourceFile,
    Started,
    State,
    Step,
    Summary,
    Tick,
    Unfamiliar,
    UnreadableNumber,
    VerifiedRow,
    Wanted,
    Warned,
)
from .generated.pool import Pool

__all__ = [
    "Accepted",
    "AnyPath",
    "Apply",
    "AsyncApply",
    "AsyncBulk",
    "Braked",
    "Bulk",
    "BulkRecord",
    "Ended",
    "Ending",
    "Event",
    "Exported",
    "Failure",
    "Finding",
    "Journal",
    "JournalRow",
    "JournalRun",
    "HeldNumber",
    "Left",
    "LeftOut",
    "Loss",
    "Narrowed",
    "Person",
    "Plan",
    "PlanSummary",
    "PlannedRow",
    "Pool",
    "Problem",
    "ProblemGroup",
    "RowEnded",
    "RowOutcome",
    "Rows",
    "RunProgress",
    "Sending",
    "Source",
    "SourceFile",
    "Started",
    "State",
    "Step",
    "Summary",
    "Tick",
    "Unfamiliar",
    "UnreadableNumber",
    "VerifiedRow",
    "Wanted",
    "Warned",
    "Watcher",
]
