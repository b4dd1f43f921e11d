"""msgraph-sdk, with azure-identity."""

from __future__ import annotations

import asyncio
import importlib.metadata
import io
import time
from typing import Any

import msgraph_tasks
from azure.identity import ClientSecretCredential
from connect.with_azure_identity import credential
from connect.with_msgraph_sdk import graph as connected
from harness import ALL, ANA, EMULATOR, FREE, NOBODY, PAUSE, READER, SECRET, ClientFault, Scenarios, throttle
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_http.middleware.options import HeadersInspectionHandlerOption
from msgraph.generated.admin.teams.telephone_number_management.number_assignments import (
    number_assignments_request_builder as numbers_builder,
)
from msgraph.generated.admin.teams.telephone_number_management.number_assignments.microsoft_graph_teams_administration_assign_number.assign_number_post_request_body import (  # noqa: E501
    AssignNumberPostRequestBody,
)
from msgraph.generated.models.authentication_phone_type import AuthenticationPhoneType
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.phone_authentication_method import PhoneAuthenticationMethod
from msgraph.generated.models.teams_administration.number_type import NumberType
from msgraph_core import PageIterator
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

scenario = Scenarios("msgraph-sdk")
Query = numbers_builder.NumberAssignmentsRequestBuilder.NumberAssignmentsRequestBuilderGetQueryParameters
MOBILE = "3179e48a-750b-4051-897c-87b9720928f7"
ALTERNATE = "b6332ec1-7057-4abe-9331-3d72feddfe41"


def reading() -> Any:
    """A client of an application that may only read."""
    return connected(credential(READER, SECRET))


async def refused(request: Any, status: int) -> ODataError:
    try:
        await request
    except ODataError as error:
        assert error.response_status_code == status, error
        assert error.error is not None and error.error.code, error
        return error
    raise AssertionError(f"the request was answered, though {status} was due")


# Clients of httpx belong to the loop in which they were made; all scenarios run in one.
client = connected(credential(ALL, SECRET))
numbers = client.admin.teams.telephone_number_management.number_assignments
phones = client.users.by_user_id(ANA).authentication.phone_methods


@scenario("secret")
async def secret() -> None:
    own = connected(ClientSecretCredential("contoso.example", ALL, SECRET, authority=EMULATOR, disable_instance_discovery=True))
    organizations = await own.organization.get()
    assert organizations.value[0].display_name == "Contoso", organizations.value


@scenario("list")
async def listed() -> str:
    answer = await numbers.get()
    assert len(answer.value) == 20, len(answer.value)
    assert all(number.number_type for number in answer.value), answer.value
    return f"{len(answer.value)} numbers"


@scenario("filter")
async def filtered() -> str:
    query = Query(filter="numberType eq 'directRouting' and assignmentStatus eq 'unassigned'", top=50)
    answer = await numbers.get(RequestConfiguration(query_parameters=query))
    assert answer.value, "nothing was found"
    assert all(number.number_type == NumberType.DirectRouting for number in answer.value)
    return f"{len(answer.value)} numbers"


@scenario("page")
async def paged() -> str:
    first = await numbers.get(RequestConfiguration(query_parameters=Query(top=6)))
    assert len(first.value) == 6 and first.odata_next_link, first
    seen: list[str] = []

    def note(number: Any) -> bool:
        seen.append(number.telephone_number)
        return True

    await PageIterator(first, client.request_adapter).iterate(note)
    assert len(seen) == len(set(seen)) == 20, seen
    return f"{len(seen)} numbers"


@scenario("get")
async def get() -> None:
    user = await client.users.by_user_id(ANA).get()
    assert user.user_principal_name == "ana@contoso.example", user
    (first, *_) = (await numbers.get()).value
    again = await numbers.by_number_assignment_id(first.id).get()
    assert again.telephone_number == first.telephone_number, again


@scenario("alternate key")
async def alternate_key() -> None:
    user = await client.users_with_user_principal_name("ana@contoso.example").get()
    assert user.id == ANA, user.id
    assert (await client.users.by_user_id("ana@contoso.example").get()).id == ANA


@scenario("function")
async def function() -> str:
    get_policy_id = client.admin.teams.policy.microsoft_graph_teams_administration_get_policy_id_with_type_with_name
    # The order of its arguments is that of the builder, not that of the address.
    builder = get_policy_id("AllOn", "TeamsMeetingPolicy")
    sent = builder.to_get_request_information().url
    if "name=" in sent and "',name=" not in sent:
        raise ClientFault(f"sends {sent.rsplit('.', 1)[-1]}")
    (policy,) = (await builder.get()).value
    assert policy.policy_id, policy
    return policy.policy_id


@scenario("create")
async def create() -> None:
    phone = PhoneAuthenticationMethod(phone_number="+1 2065550161", phone_type=AuthenticationPhoneType.AlternateMobile)
    created = await phones.post(phone)
    assert created.id == ALTERNATE and created.phone_number == "+1 2065550161", created


@scenario("update")
async def update() -> None:
    phone = PhoneAuthenticationMethod(phone_number="+1 2065550162", phone_type=AuthenticationPhoneType.Mobile)
    await phones.by_phone_authentication_method_id(MOBILE).patch(phone)
    changed = await phones.by_phone_authentication_method_id(MOBILE).get()
    assert changed.phone_number == "+1 2065550162", changed


@scenario("delete")
async def delete() -> None:
    await create()
    await phones.by_phone_authentication_method_id(ALTERNATE).delete()
    await refused(phones.by_phone_authentication_method_id(ALTERNATE).get(), 404)


@scenario("order")
async def order() -> str:
    wanted = AssignNumberPostRequestBody(
        telephone_number=FREE, assignment_target_id=ANA, number_type=NumberType.DirectRouting
    )
    inspected = HeadersInspectionHandlerOption(inspect_response_headers=True)
    await numbers.microsoft_graph_teams_administration_assign_number.post(
        wanted, RequestConfiguration(options=[inspected])
    )
    (location,) = inspected.response_headers.get("location")
    status = []
    for _ in range(100):
        operation = await at(location)
        if not status or status[-1] != operation.status.value:
            status.append(operation.status.value)
        if operation.status.value in ("succeeded", "failed"):
            break
        await asyncio.sleep(0.02)
    assert status[-1] == "succeeded", status
    return " ".join(status)


async def at(location: str) -> Any:
    """The operation at an address that the service gave."""
    operations = client.admin.teams.telephone_number_management.operations
    return await operations.by_telephone_number_long_running_operation_id("").with_url(location).get()


@scenario("batch")
async def batch() -> None:
    users = client.users
    for strip in (True, False):
        content = BatchRequestContent()
        for name, id in (("first", ANA), ("second", NOBODY)):
            item = BatchRequestItem(users.by_user_id(id).to_get_request_information(), id=name)
            if strip:
                item.url = item.url.removeprefix(f"{EMULATOR}/v1.0")
            content.add_request(name, item)
        answer = await client.batch.post(content)
        status = {name: answer.get_response_by_id(name).status for name in ("first", "second")}
        if strip:
            assert status == {"first": 200, "second": 404}, status
    if status != {"first": 200, "second": 404}:
        sent = next(iter(content.requests.values())).url
        raise ClientFault(f"sends {sent.replace(EMULATOR, '{root}')} and gets {status}")


@scenario("batch as installed")
def batch_as_installed() -> None:
    """The imports of the classes for batches have to come along when the library is installed."""
    declared = importlib.metadata.requires("msgraph-core") or []
    if not any(requirement.lower().startswith("deprecated") for requirement in declared):
        raise ClientFault("msgraph-core imports `deprecated` and does not require it")


@scenario("404")
async def not_found() -> str:
    error = await refused(client.users.by_user_id(NOBODY).get(), 404)
    return error.error.code


@scenario("403")
async def forbidden() -> str:
    phone = PhoneAuthenticationMethod(phone_number="+1 2065550162", phone_type=AuthenticationPhoneType.Mobile)
    reader = reading().users.by_user_id(ANA).authentication.phone_methods
    error = await refused(reader.by_phone_authentication_method_id(MOBILE).patch(phone), 403)
    return error.error.code


@scenario("throttled")
async def throttled() -> str:
    throttle("numberAssignments")
    started = time.monotonic()
    answer = await numbers.get()
    took = time.monotonic() - started
    assert len(answer.value) == 20 and took >= PAUSE, took
    return f"came back after {took:.1f} s"


@scenario("tasks")
async def tasks() -> str:
    """The code of the page about moving to Trunkline."""
    people = ["ana@contoso.example", "dev@contoso.example"]
    assert await msgraph_tasks.assign(client, FREE, people[0]) == "succeeded"
    file = io.StringIO()
    assert await msgraph_tasks.write_numbers(client, file) == 20
    assert f"{FREE},,userAssigned" in file.getvalue() or f"{FREE},Seattle,userAssigned" in file.getvalue(), file.getvalue()
    assert await msgraph_tasks.mobiles(client, people) == {people[0]: "+1 2065550142", people[1]: None}
    assert people[0] in await msgraph_tasks.users_in(client, "US")
    unknown = await msgraph_tasks.assign_or_explain(client, FREE, "nobody@contoso.example")
    assert unknown.startswith("404 "), unknown
    return "5 tasks"


scenario.run()
