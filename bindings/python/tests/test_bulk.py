"""From a file to a verified end state and back again, against the emulator."""

from __future__ import annotations

import asyncio
import json
import io
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trunkline
from trunkline import bulk

FILE = """action,number,user,role,smsSignIn
move,+12065550100,gina@contoso.example,,
move,+12065550114,ben@contoso.example,,
assign,+12065550110,ana@contoso.example,,
unassign,+12065550111,,,
setPhone,+12065550199,carla@contoso.example,mobile,
removePhone,,ben@contoso.example,office,
"""
BAD = """number;user
+12065550110;ana@contoso.example
1.20656E+10;ben@contoso.example
12065550111;gina@contoso.example
"""
KILL = sys.platform != "win32"
CASES = Path(__file__).resolve().parents[3] / "crates/trunkline-bulk/tests/input/cases"


@pytest.fixture
def client(emulator: trunkline.Emulator) -> Iterator[trunkline.Client]:
    with emulator.client(_test_time=True) as client:
        yield client


@pytest.fixture
def living() -> Iterator[trunkline.Emulator]:
    """One whose operations go on by themselves, whoever follows them: an order whose answer was lost shows all the same."""
    with trunkline.Emulator(stage_duration=0.01) as emulator:
        yield emulator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(FILE)
    return path


def holders(emulator: trunkline.Emulator) -> dict[str, Any]:
    return {one["telephoneNumber"]: one.get("assignmentTargetId") for one in emulator.state["numbers"]}


def changes(emulator: trunkline.Emulator) -> list[str]:
    """The orders for numbers that the service took."""
    requests = [one for one in emulator.requests if one["method"] == "POST" and one["status"] < 300]
    return [one["path"] for one in requests if "assignNumber" in one["path"]]


def test_a_file_is_applied_verified_and_undone(
    client: trunkline.Client, emulator: trunkline.Emulator, file: Path, tmp_path: Path
) -> None:
    before = holders(emulator)
    plan = client.bulk.plan(file)
    summary = plan.summary
    assert (summary.rows, summary.change, summary.already, summary.refused) == (6, 5, 1, 0)
    losses = [loss for row in plan for loss in row.losses]
    assert summary.losses == len(losses) > 0 and losses[0].loser_name and losses[0].number not in repr(losses)
    assert [advice.code for advice in plan.advice] == ["releasedThenAssigned", "mails"]
    assert [row.row for row in plan] == [2, 3, 4, 5, 6, 7]
    assert plan[0].wanted.action == "assign" and plan[0].wanted.takes
    assert plan[-1].steps[0].action == "removePhone"
    assert [row.row for row in plan[1:3]] == [3, 4]
    plan.write(tmp_path / "plan")
    assert bulk.Plan.read(tmp_path / "plan").digest == plan.digest

    journal = tmp_path / "there.journal"
    received: list[bulk.Event] = []
    with client.bulk.apply(plan, journal, on_event=received.append) as run:
        events = list(run)
    assert received == events
    assert isinstance(events[0], bulk.Started) and events[0].rows == 6 and not events[0].resumed
    assert isinstance(events[-1], bulk.Ended)
    outcomes = {event.outcome.row: event.outcome for event in events if event.kind == "row"}
    assert set(outcomes) == {2, 3, 4, 5, 6, 7}
    assert outcomes[2].ending == "done" and outcomes[2].request_ids and outcomes[2].operations
    assert outcomes[2].before is not None and outcomes[2].before.of == "number"
    assert run.summary == events[-1].summary and run.summary is not None and run.summary.is_good
    assert holders(emulator) != before

    opened = client.bulk.journal(journal)
    assert len(opened) == 6 and opened.open == 0 and opened.summary == run.summary
    assert [row.outcome for row in opened] == [outcomes[line] for line in sorted(outcomes)]
    assert opened.plan_digest == plan.digest and len(opened.runs) == 1

    drifted = [row for row in client.bulk.verify(journal) if row.has_drifted]
    assert drifted == []
    client.numbers.unassign("+12065550110")
    (drifted_row,) = [row for row in client.bulk.verify(journal, wait=0) if row.has_drifted]
    assert drifted_row.row == 4 and drifted_row.what
    client.numbers.assign("+12065550110", "ana@contoso.example")

    back = client.bulk.undo(journal)
    assert back.summary.refused == 0
    assert client.bulk.apply(back, tmp_path / "back.journal").run().is_good
    assert holders(emulator) == before


def test_personal_data_is_not_in_a_repr(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    plan = client.bulk.plan(file)
    received: list[bulk.Event] = []
    client.bulk.apply(plan, tmp_path / "journal", on_event=received.append).run()
    said = f"{plan!r} {plan.rows!r} {received!r} {list(client.bulk.journal(tmp_path / 'journal'))!r}"
    assert "contoso" not in said and "2065550" not in said


def test_a_bad_file(client: trunkline.Client, emulator: trunkline.Emulator, tmp_path: Path) -> None:
    rows = client.bulk.read(io.StringIO(BAD))
    assert len(rows) == 1 and rows.seen == 3 and rows.format == "csv" and rows.errors == 2
    found = [(problem.row, problem.kind) for problem in rows.problems if problem.severity == "error"]
    assert found == [(3, "scientificNumber"), (4, "noPlus")]
    assert str(rows.problems[1]).startswith("row 3, number: ")
    emulator.clear_requests()
    with pytest.raises(trunkline.BulkError) as raised:
        client.bulk.plan(rows)
    assert raised.value.kind == "input" and raised.value.next_step and raised.value.__cause__ is None
    assert emulator.requests == []
    plan = client.bulk.plan(rows, skip_unreadable=True)
    assert [row.wanted.action for row in plan] == ["assign", "unreadable", "unreadable"] and rows.unreadable == 2
    assert plan[2].findings[0].code == "noPlus"
    assert plan.source is not None and (plan.source.rows, plan.source.unreadable, plan.source.name) == (3, 2, None)
    workbook = CASES / "x02-hidden-rows.xlsx"
    with pytest.raises(trunkline.BulkError, match="hidden"):
        client.bulk.read(workbook)
    assert len(client.bulk.read(workbook, hidden="skip")) == 1 and len(client.bulk.read(workbook, hidden="include")) == 3
    with pytest.raises(ValueError):
        client.bulk.read(workbook, hidden="maybe")  # type: ignore[arg-type]
    assert len(client.bulk.read(BAD.encode(), country="US")) == 2
    with pytest.raises(trunkline.BulkError) as raised:
        client.bulk.read(tmp_path / "nowhere.csv")
    assert raised.value.kind == "input" and isinstance(raised.value, trunkline.GraphError)
    with pytest.raises(ValueError):
        client.bulk.read(BAD.encode(), country="Ruritania")
    with pytest.raises(TypeError):
        client.bulk.read(7)  # type: ignore[arg-type]


def test_headings_are_named_and_sites_have_names(client: trunkline.Client, tmp_path: Path) -> None:
    file = io.StringIO("Site;Mail;Line\nSeattle;ana@contoso.example;+12065550110\n")
    names = tmp_path / "sites.csv"
    names.write_text("name,locationId\nSeattle,10c00000-0000-4000-8000-000000000001\n")
    rows = client.bulk.read(file, columns={"user": "mail", "number": "Line"}, locations=names)
    assert len(rows) == 1 and rows.columns == ("location", "user", "number")
    for columns, words in [({"mail": "Mail"}, "no field"), ({"user": "Mail", "number": "Mail"}, "two columns"), ({"user": "UPN"}, "Mail")]:
        file.seek(0)
        with pytest.raises(trunkline.GraphError, match=words):
            client.bulk.read(file, columns=columns)
    with pytest.raises(TypeError, match="columns must be"):
        client.bulk.read(BAD.encode(), columns={"user": 7})  # type: ignore[dict-item]
    with pytest.raises(trunkline.BulkError, match="file of locations"):
        client.bulk.read(BAD.encode(), locations=tmp_path / "nowhere.csv")


def test_problems_come_by_their_causes_and_suggestions_are_accepted(client: trunkline.Client) -> None:
    rows = client.bulk.read(io.StringIO(BAD + "12065550101;dev@contoso.example\n"))
    groups = {group.kind: group for group in rows.problem_groups}
    assert (groups["noPlus"].count, groups["noPlus"].cells, groups["noPlus"].column) == (2, ("4-5",), "number")
    assert "accept_suggestions=True" in groups["noPlus"].next_step and str(groups["noPlus"]).startswith("Write it")
    with pytest.raises(trunkline.BulkError):
        client.bulk.plan(rows)
    plan = client.bulk.plan(rows, skip_unreadable=True, accept_suggestions=True)
    assert [row.wanted.number for row in plan][2:] == ["+12065550111", "+12065550101"]
    assert plan[2].findings[-1].code == "suggestedNumber" and plan.advice[0].code == "suggestionsAccepted"


def test_numbers_are_picked(client: trunkline.Client) -> None:
    wishes = "action,number,user\nassign,,carla@contoso.example\n"
    plan = client.bulk.plan(io.StringIO(wishes), pool=bulk.Pool(prefix="+1206", number_type="callingPlan"))
    assert plan[0].wanted.picked
    empty = client.bulk.plan(io.StringIO(wishes), pool=bulk.Pool(city="Nowhere"))
    assert empty[0].verdict == "refused" and empty[0].findings[0].code == "poolEmpty"


def test_what_the_service_says_is_the_cause(emulator: trunkline.Emulator, tmp_path: Path) -> None:
    with emulator.client(credential="no token") as client, pytest.raises(trunkline.BulkError) as raised:
        client.bulk.plan(io.StringIO("number,user\n+12065550110,ana@contoso.example\n"))
    assert raised.value.kind == "service"
    assert isinstance(raised.value.__cause__, trunkline.AuthenticationError)
    with emulator.client() as client, pytest.raises(trunkline.BulkError) as raised:
        client.bulk.journal(tmp_path / "nowhere")
    assert raised.value.kind == "journal"
    client.close()
    with pytest.raises(trunkline.InvalidInputError):
        client.bulk.resume(tmp_path / "nowhere")


def test_a_run_that_is_left_is_resumed(living: trunkline.Emulator, file: Path, tmp_path: Path) -> None:
    client, emulator = living.client(), living
    plan, journal = client.bulk.plan(file), tmp_path / "journal"
    emulator.clear_requests()
    event = None
    for event in client.bulk.apply(plan, journal, in_flight=1):
        if event.kind == "sending":
            break
    del event
    # An iterator that was dropped released its journal.
    with client.bulk.resume(journal, proof=1) as run:
        first = next(iter(run))
        assert isinstance(first, bulk.Started) and first.resumed
        assert run.run().is_good
    assert client.bulk.apply(plan, journal).run().is_good
    assert len(changes(emulator)) == 5, "two moves and an assignment, none of them twice"
    with pytest.raises(trunkline.BulkError) as raised:
        client.bulk.apply(client.bulk.undo(journal), journal).run()
    assert raised.value.kind == "otherPlan"


def test_stopping(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    plan, journal = client.bulk.plan(file), tmp_path / "journal"
    run = client.bulk.apply(plan, journal, in_flight=1)
    with pytest.raises(trunkline.BulkError) as raised:
        for event in run:
            if event.kind == "row":
                run.stop()
    assert raised.value.kind == "stopped"
    assert client.bulk.journal(journal).open > 0

    class Enough(Exception):
        pass

    def watch(event: bulk.Event) -> None:
        if event.kind == "row":
            raise Enough

    with pytest.raises(Enough):
        client.bulk.resume(journal, in_flight=1, on_event=watch).run()
    with client.bulk.resume(journal) as run:
        for event in run:
            break
    assert client.bulk.resume(journal).run().is_good


def test_a_journal_is_for_one_process(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    plan, journal = client.bulk.plan(file), tmp_path / "journal"
    with client.bulk.apply(plan, journal, in_flight=1) as run:
        next(iter(run))
        with pytest.raises(trunkline.BulkError) as raised:
            client.bulk.apply(plan, journal).run()
        assert raised.value.kind == "busy"
        # Two journals would send the orders of one plan twice.
        with pytest.raises(trunkline.BulkError, match="with the journal") as raised:
            client.bulk.apply(plan, tmp_path / "other").run()
        assert raised.value.kind == "busy"
        assert not (tmp_path / "other").exists()
        assert len(client.bulk.journal(journal)) == 6
    assert client.bulk.resume(journal).run().is_good


@pytest.mark.skipif(not KILL, reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("moment", ["sending", "accepted", "row"])
def test_a_killed_process_is_resumed(living: trunkline.Emulator, tmp_path: Path, file: Path, moment: str) -> None:
    plan, journal, emulator = tmp_path / "plan", tmp_path / "journal", living
    with emulator.client() as client:
        client.bulk.plan(file).write(plan)
        emulator.clear_requests()
        child = [sys.executable, str(Path(__file__).with_name("bulk_child.py")), emulator.url, emulator.token()]
        with subprocess.Popen([*child, str(plan), str(journal)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.strip() == moment:
                    break
            process.kill()
        assert process.returncode == -signal.SIGKILL
        summary = client.bulk.resume(journal, proof=1).run()
        assert summary.is_good and summary.rows == 6
        assert len(changes(emulator)) == 5, "two moves and an assignment, none of them twice"
        assert all(row.holds for row in client.bulk.verify(journal) if row.ending == "done")
        assert len(client.bulk.journal(journal).runs) == 2


@pytest.mark.skipif(not KILL, reason="signals are sent to this process")
def test_ctrl_c_stops_gently(emulator: trunkline.Emulator, file: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with emulator.client() as client:
        plan = client.bulk.plan(file)
        emulator.fault({"method": "POST", "effect": {"kind": "delay", "milliseconds": 300}})
        main = threading.get_ident()

        def watch(event: bulk.Event) -> None:
            if event.kind == "sending":
                threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()

        with pytest.raises(KeyboardInterrupt):
            client.bulk.apply(plan, journal, in_flight=1, on_event=watch).run()
        emulator.clear_faults()
        # The lock was given back, and nothing is left in doubt.
        with client.bulk.resume(journal) as run:
            assert not any(isinstance(event, bulk.Warned) for event in run)
        assert run.summary is not None and run.summary.is_good


def test_export_finds_nothing_to_do(client: trunkline.Client, tmp_path: Path) -> None:
    for name in ("now.csv", "now.jsonl"):
        exported = client.bulk.export(tmp_path / name)
        assert exported.rows > 0
        plan = client.bulk.plan(tmp_path / name)
        assert plan.summary.already == plan.summary.rows == exported.rows
    assert client.bulk.export(tmp_path / "phones.csv", phones=True).rows > exported.rows
    with pytest.raises(trunkline.BulkError) as raised:
        client.bulk.export(tmp_path / "nowhere" / "now.csv")
    assert raised.value.kind == "disk"


def test_reports(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    client.bulk.apply(client.bulk.plan(file), journal).run()
    names = {"html": tmp_path / "r.html", "csv": tmp_path / "r.csv", "jsonl": tmp_path / "r.jsonl"}
    client.bulk.report(journal, html=names["html"], csv=names["csv"], jsonl=names["jsonl"], masked=True)
    texts = {name: path.read_text("utf-8") for name, path in names.items()}
    assert texts["html"].startswith("<!") and len(texts["jsonl"].splitlines()) == 7
    assert not any("gina@" in text or "+12065550114" in text for text in texts.values())
    client.bulk.report(journal, csv=names["csv"])
    assert "+12065550114" in names["csv"].read_text("utf-8")
    client.bulk.verify(journal)
    client.bulk.report(journal, html=names["html"], xlsx=tmp_path / "r.xlsx")
    assert "rows in place" in names["html"].read_text("utf-8")
    again = client.bulk.plan(tmp_path / "r.xlsx").summary
    assert (again.rows, again.already) == (6, 6)
    assert client.bulk.journal(journal).runs[0].runner is not None
    exported = client.bulk.export(tmp_path / "now.xlsx")
    assert client.bulk.plan(tmp_path / "now.xlsx").summary.already == exported.rows


def test_a_pace_is_kept_and_reported(emulator: trunkline.Emulator) -> None:
    with emulator.client(pace="documented", _test_time=True) as client:
        assert client.throttle == ()
        client.numbers.next_free()
        (group,) = [one for one in client.throttle if one.sent]
        assert group.limit_per_second and group.throttled == 0 and group.paused_until is None
    with emulator.client(pace=50, _test_time=True) as client:
        client.numbers.next_free()
        assert client.throttle[0].limit_per_second == 50
    for wrong in ("fast", -1.0, float("nan")):
        with pytest.raises(ValueError):
            emulator.client(pace=wrong)


def test_asyncio(emulator: trunkline.Emulator, file: Path, tmp_path: Path) -> None:
    async def work() -> None:
        async with emulator.async_client(_test_time=True) as client:
            rows = await client.bulk.read(file)
            plan = await client.bulk.plan(rows)
            journal = tmp_path / "journal"
            async with client.bulk.apply(plan, journal, in_flight=1) as run:
                async for event in run:
                    if event.kind == "row":
                        break
            assert client.bulk.journal(journal).open > 0
            endless = asyncio.create_task(client.bulk.resume(journal).run())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            endless.cancel()
            with pytest.raises(asyncio.CancelledError):
                await endless
            received: list[bulk.Event] = []
            summary = await client.bulk.resume(journal, on_event=received.append).run()
            assert summary.is_good and received[-1] == bulk.Ended(summary)
            assert [row for row in await client.bulk.verify(journal) if row.has_drifted] == []
            back = await client.bulk.undo(journal)
            assert (await client.bulk.apply(back, tmp_path / "back").run()).is_good
            assert (await client.bulk.export(tmp_path / "now.csv")).rows > 0
            await client.bulk.report(journal, html=tmp_path / "r.html")

    asyncio.run(work())


def test_numbers_that_are_taken_and_cannot_be_given(
    client: trunkline.Client, emulator: trunkline.Emulator, tmp_path: Path
) -> None:
    words = "The telephone number is blocked from assignment."
    effect = {"kind": "status", "status": 400, "code": "BadRequest", "message": words}
    emulator.fault({"method": "POST", "path": "*/assignNumber", "effect": effect})
    swap = tmp_path / "swap.csv"
    swap.write_text("".join(FILE.splitlines(keepends=True)[:3]))
    run = client.bulk.apply(client.bulk.plan(swap), tmp_path / "swap.journal", release_brake=True)
    outcomes = [event.outcome for event in run if isinstance(event, bulk.RowEnded)]
    assert [outcome.ending for outcome in outcomes] == ["failed", "failed"]
    for outcome in outcomes:
        assert outcome.failure is not None and outcome.failure.service_message == words
        assert outcome.failure.what.startswith("taken from its holder, not assigned: ")
    back = client.bulk.undo(tmp_path / "swap.journal")
    assert {row.findings[0].code for row in back} == {"takenNotGiven"}


def test_a_first_wave(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    plan, journal = client.bulk.plan(file), tmp_path / "wave.journal"
    received: list[bulk.Event] = []
    first = client.bulk.apply(plan, journal, on_event=received.append, rows="2,4", only=["move", "assign"]).run()
    # Row 2 swaps numbers with row 3, which is left out.
    narrowed = [event for event in received if isinstance(event, bulk.Narrowed)]
    assert narrowed == [bulk.Narrowed(by_rows=4, by_only=0, by_limit=0, waiting=1)]
    assert (first.done, first.open, first.left_out) == (1, 5, 5)
    assert first.is_as_asked and not first.is_good
    assert client.bulk.resume(journal, limit=2).run().left_out == 2
    assert client.bulk.resume(journal).run().is_good
    with pytest.raises(ValueError, match="rows"):
        client.bulk.apply(plan, tmp_path / "other.journal", rows="4-2")
    with pytest.raises(trunkline.BulkError, match="none of the rows 90"):
        client.bulk.apply(plan, tmp_path / "other.journal", rows="90").run()


def test_events_of_rows_that_stay_open() -> None:
    from trunkline._bulk_runs import events

    failure = {"kind": "service", "what": "x", "nextStep": "y"}
    received: list[dict[str, Any]] = [
        {"kind": "left", "row": 2, "failure": failure},
        {"kind": "braked", "row": 3, "rows": 9},
    ]
    left, braked = events(json.dumps(received))
    assert left == bulk.Left(row=2, failure=bulk.Failure(kind="service", what="x", next_step="y"))
    assert braked == bulk.Braked(row=3, rows=9)
    open_rows = bulk.Summary(rows=1, done=1, already=0, failed=0, skipped=0, pending=0, unknown=0, open=1)
    assert not open_rows.is_good


def test_the_example(client: trunkline.Client, file: Path, tmp_path: Path) -> None:
    from test_examples import example

    apply_csv = example("bulk_from_csv").apply_csv
    assert apply_csv(client, file, tmp_path / "rows.journal").is_good
    assert apply_csv(client, file, tmp_path / "rows.journal").done == 5
    assert (tmp_path / "rows.html").stat().st_size > 1000
