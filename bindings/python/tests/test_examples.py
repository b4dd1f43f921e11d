"""The examples, carried out."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import Any

import trunkline


def example(name: str) -> Any:
    path = Path(__file__).resolve().parents[1] / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_assigning_and_onboarding(client: trunkline.Client) -> None:
    free = client.numbers.next_free()
    assert example("assign_and_wait").assign(client, free.telephone_number, "ana@contoso.example").change == "done"
    client.numbers.unassign(free.telephone_number)
    outcome = example("assign_in_city").assign_in_city(client, "Seattle", "ana@contoso.example")
    assert outcome.change == "done"
    assert example("assign_in_city").assign_in_city(client, "Nowhere", "ana@contoso.example") is None
    assert len(example("onboard_user").onboard(client, "ana@contoso.example", outcome.number, "+1 206-555-0188")) == 3


def test_twenty_thousand_numbers_into_a_csv() -> None:
    with trunkline.Emulator(numbers=20_000, page_size=999) as emulator, emulator.client() as client:
        file = io.StringIO()
        assert example("numbers_to_csv").write_numbers(client, file) == 20_000
        assert len(file.getvalue().splitlines()) == 20_001


def test_an_order_is_resumed_by_another_client(emulator: trunkline.Emulator, tmp_path: Path) -> None:
    order = tmp_path / "order.token"
    with emulator.client() as first:
        free = first.numbers.next_free()
        example("resume_order").start(first, free.telephone_number, "ana@contoso.example", order)
    with emulator.client() as second:
        assert example("resume_order").finish(second, order)


def test_short_tasks(client: trunkline.Client) -> None:
    tasks = example("tasks")
    users = ["ana@contoso.example", "dev@contoso.example"]
    assert tasks.mobiles(client, users) == {"ana@contoso.example": "+1 2065550142", "dev@contoso.example": None}
    assert tasks.set_mobile(client, "ana@contoso.example", "+1 206 555 0199").change == "updated"
    assert "ana@contoso.example" in tasks.users_in(client, "US")
    assert tasks.users_in(client, "FR") == []
    assert "assigned" in tasks.assign_or_explain(client, "+12065550101", "ana@contoso.example")
    assert "somebody holds +12065550100" in tasks.assign_or_explain(client, "+12065550100", "dev@contoso.example")
    assert tasks.assign_or_explain(client, "+12065550101", "nobody@contoso.example").startswith("notFound ")
    tasks.test_onboarding()
