"""Cases for type checkers. Read by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

import trunkline
from trunkline import async_handles, bulk, graph, handles
from trunkline.generated.teams_administration import (
    EffectivePolicyAssignment,
    NumberAssignment,
    NumberCapability,
    NumberType,
    TelephoneNumberLongRunningOperation,
)
from trunkline.opentelemetry import OpenTelemetry

ANA = "ana@contoso.example"


def synchronous(client: trunkline.Client) -> None:
    assert_type(client.graph.users.by_id(ANA).get(), graph.User)
    assert_type(client.graph.users.list(), trunkline.List[graph.User])
    for user in client.graph.users.list(top=5):
        assert_type(user.display_name, str | trunkline.Unset | None)
        assert_type(user.meta, trunkline.Meta | None)
    management = client.graph.admin.teams.telephone_number_management
    for page in management.number_assignments.list().pages():
        assert_type(page, trunkline.Page[NumberAssignment])
        assert_type(page[0].number_type, NumberType | trunkline.Unset | None)
        assert_type(page.continuation, str | None)
    running = management.number_assignments.assign_number("+12065550100", "id", NumberType.CALLING_PLAN)
    assert_type(running.token, str)
    assert_type(running.wait().succeeded, bool | None)
    assert_type(client.numbers.next_free(), NumberAssignment | None)
    assert_type(client.numbers.assign("+12065550100", ANA), trunkline.NumberOutcome)
    assert_type(client.phones(ANA).set("mobile", "+1 206-555-0100"), trunkline.PhoneOutcome)
    assert_type(client.phones(ANA).list(), list[graph.PhoneAuthenticationMethod])
    assert_type(client.policies(ANA).set("voice routing", "UnitedStates"), trunkline.PolicyOutcome)
    assert_type(client.policies(ANA).list(), list[EffectivePolicyAssignment])
    methods = client.graph.users.by_id(ANA).authentication.methods
    assert_type(
        methods.cast(handles.PhoneAuthenticationMethodCollection), handles.PhoneAuthenticationMethodCollection
    )
    user = client.graph.users.by_id(ANA).get()
    for number in client.numbers.list(number_type="callingPlan", held_by=user):
        assert_type(number.required.telephone_number, str)
        assert_type(number.required.number_type, NumberType)
        assert_type(number.required.id, str)
        assert_type(number.required.capabilities, list[NumberCapability])
        assert_type(client.numbers.assign(number, user, category="primary"), trunkline.NumberOutcome)
        assert_type(client.numbers.assign(number, user, category="of a later version"), trunkline.NumberOutcome)
        management.number_assignments.assign_number(number, user, number.required.number_type)
        assert_type(management.number_assignments.by_id(number).get(), NumberAssignment)
        assert_type(dict(number), dict[str, Any])
    assert_type(client.phones(user).set("of a later version", "+1 206-555-0100"), trunkline.PhoneOutcome)
    assert_type(client.graph.users.by_id(user).get().required.business_phones, list[str])
    batch = client.batch()
    user_of = batch.add(lambda graph: graph.users.by_id(ANA).get())
    users_of = batch.add(lambda graph: graph.users.list())
    order_of = batch.add(
        lambda graph: graph.admin.teams.telephone_number_management.number_assignments.assign_number(
            "+12065550100", "id", "callingPlan"
        ),
        after=user_of,
    )
    answers = batch.send()
    assert_type(answers[user_of], graph.User)
    assert_type(answers[users_of], trunkline.Page[graph.User])
    assert_type(answers[order_of], trunkline.LongRunning[TelephoneNumberLongRunningOperation])
    assert_type(answers[order_of].wait().value, TelephoneNumberLongRunningOperation)


async def asynchronous(client: trunkline.AsyncClient) -> None:
    assert_type(await client.graph.users.by_id(ANA).get(), graph.User)
    async for user in client.graph.users.list():
        assert_type(user, graph.User)
    assert_type(await client.graph.users.list().all(), list[graph.User])
    assert_type(await client.numbers.next_free(), NumberAssignment | None)
    user = await client.graph.users.by_id(ANA).get()
    assert_type(user.required.display_name, str)
    async for number in client.numbers.list():
        assert_type(await client.numbers.assign(number, user), trunkline.NumberOutcome)
    assert_type(await client.phones(user).set("mobile", "+1 206-555-0100"), trunkline.PhoneOutcome)
    methods = client.graph.users.by_id(ANA).authentication.methods
    phones = methods.cast(async_handles.AsyncPhoneAuthenticationMethodCollection)
    assert_type(await phones.list().all(), list[graph.PhoneAuthenticationMethod])
    batch = client.batch()
    user_of = batch.add(lambda graph: graph.users.by_id(ANA).get())
    assert_type((await batch.send())[user_of], graph.User)


def whole_files(client: trunkline.Client) -> None:
    plan = client.bulk.plan("rows.csv", pool=bulk.Pool(country="US"))
    assert_type(plan[0], bulk.PlannedRow)
    for event in client.bulk.apply(plan, "journal"):
        if event.kind == "row":
            assert_type(event, bulk.RowEnded)
            assert_type(event.outcome.ending, bulk.Ending)
        elif event.kind == "progress":
            assert_type(event.seconds_left, float | None)
    assert_type(client.bulk.resume("journal").run(), bulk.Summary)


async def whole_files_asynchronously(client: trunkline.AsyncClient) -> None:
    async with client.bulk.apply(await client.bulk.plan(b"number,user"), "journal") as run:
        async for event in run:
            assert_type(event, bulk.Event)
    assert_type(await client.bulk.verify("journal"), list[bulk.VerifiedRow])


def values() -> None:
    made = graph.TemporaryAccessPassAuthenticationMethod(start_date_time=datetime.now(timezone.utc))
    assert_type(made.start_date_time, datetime | trunkline.Unset | None)
    assert_type(made.lifetime_in_minutes, int | trunkline.Unset | None)
    several: Sequence[graph.PasskeyTypes] = [graph.PasskeyTypes.SYNCED]
    profile = graph.PasskeyProfile(passkey_types=several)
    assert_type(profile.passkey_types, graph.PasskeyTypes | trunkline.Unset | None)


def wrong(client: trunkline.Client, number: NumberAssignment, user: graph.User) -> None:
    """Each line is an error; a checker that finds none says so."""
    client.numbers.assign(user, number)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.phones(number)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.graph.users.by_id(number)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.required.displayed_name  # type: ignore[attr-defined]  # pyright: ignore
    client.numbers.assign("+12065550100", user.id)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def errors(client: trunkline.Client) -> float | None:
    try:
        client.request("GET", "/users")
    except trunkline.ThrottledError as error:
        return error.retry_after
    except trunkline.GraphError as error:
        assert_type(error.status, int | None)
    return None


def credentials() -> list[trunkline.Client]:
    def shown(prompt: trunkline.DeviceCodePrompt) -> None:
        assert_type(prompt.message, str)

    async def token() -> str:
        return "token"

    return [
        trunkline.Client("token", retry=3),
        trunkline.Client(token, retry=trunkline.RetryPolicy(budget=5.0)),
        trunkline.Client(trunkline.Credential.device_code("contoso.example", "app", shown)),
    ]


def observers() -> trunkline.Client:
    def retried(event: trunkline.RetryEvent) -> None:
        assert_type(event.wait, float)

    def happened(event: trunkline.CallEvent) -> None:
        if event.kind == "response":
            assert_type(event, trunkline.ResponseEvent)
            assert_type(event.status, int | None)
        elif event.kind == "row":
            assert_type(event.ending, str)

    trunkline.Client("token", on_event=OpenTelemetry())
    return trunkline.Client("token", on_retry=retried, on_event=happened)


def transports() -> list[trunkline.Client | trunkline.AsyncClient]:
    def answer(request: trunkline.HttpRequest) -> trunkline.HttpResponse:
        assert_type(request.body, bytes)
        return trunkline.HttpResponse(404, {"error": {"code": request.headers["accept"]}})

    async def answer_later(request: trunkline.HttpRequest) -> trunkline.HttpResponse:
        return answer(request)

    return [
        trunkline.Client("token", transport=answer),
        trunkline.AsyncClient("token", transport=answer_later),
        trunkline.Client("token", certificate_authorities=Path("ca.pem"), client_certificate=b"PEM"),
    ]
