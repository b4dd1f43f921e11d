"""Numbers as people write them: every call reads them as the crate does, or refuses them. Main numbers stay with their holder."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import trunkline

TABLE = Path(__file__).parents[3] / "tests" / "numbers" / "table.jsonl"
ANA = "a0000000-0000-4000-8000-000000000001"
BASE = "+12065550113"


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def requested(emulator: trunkline.Emulator) -> list[str]:
    """The numbers that were looked up."""
    found = (re.search(r"telephoneNumber eq '([^']+)'", request["query"]) for request in emulator.requests)
    return [match[1] for match in found if match is not None]


def test_every_text_is_looked_up_as_the_number_that_the_crate_reads(emulator: trunkline.Emulator) -> None:
    expected = [row["number"] for row in rows() if row["number"] is not None]
    with emulator.client(_test_time=True) as client:
        for row in rows():
            if row["number"] is None:
                with pytest.raises(trunkline.InvalidInputError):
                    client.numbers.get(row["text"], country=row["country"])
            else:
                client.numbers.get(row["text"], country=row["country"])
    assert requested(emulator) == expected


def test_a_client_for_asyncio_with_a_country_reads_the_same(emulator: trunkline.Emulator) -> None:
    some = rows()[::5]

    async def run() -> None:
        for country in {row["country"] for row in some}:
            async with emulator.async_client(_test_time=True, country=country) as client:
                for row in (row for row in some if row["country"] == country):
                    emulator.clear_requests()
                    if row["number"] is None:
                        with pytest.raises(trunkline.InvalidInputError):
                            await client.numbers.get(row["text"])
                    else:
                        await client.numbers.get(row["text"])
                        assert requested(emulator) == [row["number"]], row

    asyncio.run(run())


def test_every_text_of_a_phone_method_is_sent_as_the_same_number(emulator: trunkline.Emulator) -> None:
    with emulator.client(_test_time=True) as client:
        for row in rows()[::6]:
            emulator.clear_requests()
            if row["number"] is None:
                with pytest.raises(trunkline.InvalidInputError):
                    client.phones(ANA).set("office", row["text"], country=row["country"])
                assert emulator.requests == []
            else:
                after = client.phones(ANA).set("office", row["text"], country=row["country"]).after
                assert after is not None and after.phone_number is not None
                assert after.phone_number.replace(" ", "").replace("x", ";ext=") == row["number"], row


def test_every_text_of_a_file_is_read_or_refused_alike(emulator: trunkline.Emulator) -> None:
    by_country: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows():
        by_country[row["country"]].append(row)
    with emulator.client(_test_time=True) as client:
        for country, some in by_country.items():
            lines = "".join(
                json.dumps({"action": "setPhone", "number": row["text"], "user": f"u{at}@contoso.example", "role": "office"})
                + "\n"
                for at, row in enumerate(some)
            )
            read = client.bulk.read(lines.encode(), country=country)
            refused = {problem.row for problem in read.problems if problem.severity == "error"}
            assert refused == {at for at, row in enumerate(some, 1) if row["number"] is None}, country


def test_every_call_that_takes_a_number_refuses_one_without_a_plus(emulator: trunkline.Emulator) -> None:
    with emulator.client(_test_time=True) as client:
        numbers = client.numbers
        wanted = trunkline.Wanted.unassigned()
        for text in ("(206) 555-1010", "12065551010", "+44 (0)7700 900125", "+44 07700 900125"):
            for call in (
                lambda: numbers.get(text),
                lambda: numbers.list(number=text).all(),
                lambda: numbers.assign(text, ANA),
                lambda: numbers.move(text, ANA),
                lambda: numbers.unassign(text),
                lambda: numbers.set_location(text, None),
                lambda: numbers.verify(text, wanted),
                lambda: client.phones(ANA).set("mobile", text),
            ):
                with pytest.raises(trunkline.InvalidInputError):
                    call()
        with pytest.raises(trunkline.InvalidInputError, match='country="US"'):
            numbers.unassign("(206) 555-1010")
        assert emulator.requests == []


def test_a_country_is_taken_by_every_call(emulator: trunkline.Emulator) -> None:
    with emulator.client(_test_time=True) as client:
        assert client.country is None
        numbers = client.numbers
        text, number = "(206) 555-0110", "+12065550110"
        assert numbers.assign(text, ANA, country="US").number == number
        assert numbers.move(text, "dev@contoso.example", country="US").number == number
        assert not numbers.verify(text, trunkline.Wanted.unassigned(), country="US").holds
        assert [one.telephone_number for one in numbers.list(number=number)] == [number]
        assert numbers.set_location(text, None, country="US").number == number
        assert numbers.unassign(text, country="US").number == number
        with pytest.raises(trunkline.InvalidInputError, match="two letters"):
            numbers.get(number, country="XX")
    with pytest.raises(trunkline.InvalidInputError, match="two letters"):
        trunkline.Client("a token", country="USA")
    with emulator.client(_test_time=True, country="gb") as client:
        assert client.country == "GB"
        rows = client.bulk.read(b"action,number\nunassign,020 7946 0000\n")
        assert not any(problem.severity == "error" for problem in rows.problems)


def test_a_main_number_is_taken_only_when_it_is_meant() -> None:
    seed = {
        "numbers": [
            {
                "telephoneNumber": BASE,
                "numberType": "directRouting",
                "assignmentTargetId": "a0000000-0000-4000-8000-000000000008",
                "assignmentCategory": "primary",
                "assignmentStatus": "voiceApplicationAssigned",
            },
            {"telephoneNumber": f"{BASE};ext=42", "numberType": "directRouting"},
        ]
    }
    with trunkline.Emulator(seed=seed, advance_per_poll=True) as emulator, emulator.client(_test_time=True) as client:
        meant = r"\+12065550113x42.*base=True"
        with pytest.raises(trunkline.ConflictError, match=meant):
            client.numbers.unassign(BASE)
        with pytest.raises(trunkline.ConflictError, match=meant):
            client.numbers.move(BASE, ANA)
        rows = b"action,number\nunassign,+12065550113\n"
        (row,) = client.bulk.plan(rows).rows
        assert row.verdict == "refused" and "base=True" in row.findings[0].next_step
        (row,) = client.bulk.plan(rows, base=True).rows
        assert row.verdict == "change"
        assert client.numbers.move(BASE, ANA, base=True).change == "done"
        assert client.numbers.unassign(BASE, base=True).change == "done"
