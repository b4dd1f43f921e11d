"""Records in place of the numbers and ids that they stand for."""

from __future__ import annotations

from typing import Any

import pytest

import trunkline
from trunkline import graph, teams_administration
from trunkline.generated import REFERENCES

ANA = "ana@contoso.example"


@pytest.fixture
def user(client: trunkline.Client) -> graph.User:
    return client.graph.users.by_id(ANA).get(select=["id", "displayName"])


def test_intents_take_records(client: trunkline.Client, user: graph.User) -> None:
    number = client.numbers.next_free()
    assert number is not None
    outcome = client.numbers.assign(number, user)
    assert outcome.change == "done" and outcome.number == number.telephone_number
    assert outcome.after.assignment_target_id == user.id
    assert [held.telephone_number for held in client.numbers.list(held_by=user, number=number)] == [outcome.number]
    verified = client.numbers.verify(outcome.after, trunkline.Wanted.assigned(user))
    assert verified == client.numbers.verify(outcome.number, trunkline.Wanted.assigned(user.required.id))
    assert client.phones(user).set("mobile", "+1 206-555-0100").user == user.id
    assert client.policies(user).list() == client.policies(ANA).list()
    assert client.numbers.unassign(outcome.after).change == "done"


def test_other_records_of_a_person(client: trunkline.Client, user: graph.User) -> None:
    configuration = teams_administration.TeamsUserConfiguration(id=user.id)
    details = graph.UserRegistrationDetails(id=user.id)
    assert client.phones(configuration).list() == client.phones(details).list() == client.phones(user).list()


def test_handles_take_records(client: trunkline.Client, user: graph.User) -> None:
    assert client.graph.users.by_id(user).path == f"/users/{user.id}"
    number = client.numbers.next_free()
    assert number is not None and number.number_type
    assignments = client.graph.admin.teams.telephone_number_management.number_assignments
    assert assignments.by_id(number).get().id == number.id
    running = assignments.assign_number(number, user, number.required.number_type)
    assert running.wait().check()
    held = client.numbers.get(number)
    assert held is not None and held.assignment_target_id == user.id


def test_asynchronous_callers(emulator: trunkline.Emulator) -> None:
    import asyncio

    async def assign() -> trunkline.NumberOutcome:
        async with emulator.async_client() as client:
            user = await client.graph.users.by_id(ANA).get()
            number = await client.numbers.next_free()
            assert number is not None
            assert client.graph.users.by_id(user).path == f"/users/{user.id}"
            assert await client.phones(user).list() is not None
            return await client.numbers.assign(number, user)

    assert asyncio.run(assign()).change == "done"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda client, user: client.numbers.assign(user, user), "number must be a string or a record of NumberAssignment, not User"),
        (
            lambda client, user: client.numbers.assign("+12065550101", graph.Organization()),
            "to must be a string or a record of User or TeamsUserConfiguration or UserRegistrationDetails, not Organization",
        ),
        (lambda client, user: client.graph.organization.by_id(user), "key must be a string or a record of Organization, not User"),
    ],
)
def test_records_of_something_else_are_refused(client: trunkline.Client, user: graph.User, call: Any, message: str) -> None:
    with pytest.raises(TypeError) as raised:
        call(client, user)
    assert str(raised.value) == message


def test_a_record_without_the_property_is_refused(client: trunkline.Client) -> None:
    for call in (
        lambda: client.phones(graph.User(display_name="Ana")),
        lambda: client.graph.users.by_id(graph.User()),
    ):
        with pytest.raises(trunkline.InvalidInputError, match="is a User without id"):
            call()


def test_every_reference_is_described() -> None:
    assert {"number", "user", "policy"} <= set(REFERENCES)
    for records in REFERENCES.values():
        for name, property in records:
            made = trunkline._native.decode(name, {property: "x"})
            assert trunkline._native.identifier("x", made, next(key for key in REFERENCES if records is REFERENCES[key])) == "x"
