"""Applies a plan in a process that is killed."""

from __future__ import annotations

import sys

import trunkline

endpoint, token, plan, journal = sys.argv[1:]
with trunkline.Client(token, endpoint=endpoint, proxy=False) as client:
    for event in client.bulk.apply(plan, journal, in_flight=2):
        print(event.kind, flush=True)
