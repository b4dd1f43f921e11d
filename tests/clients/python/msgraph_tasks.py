"""The tasks of the page about moving from msgraph-sdk, as its users write them."""

from __future__ import annotations

import asyncio
import csv
from typing import Any, TextIO

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_http.middleware.options import HeadersInspectionHandlerOption
from msgraph import GraphServiceClient
from msgraph.generated.admin.teams.telephone_number_management.number_assignments.microsoft_graph_teams_administration_assign_number.assign_number_post_request_body import (  # noqa: E501
    AssignNumberPostRequestBody,
)
from msgraph.generated.admin.teams.telephone_number_management.number_assignments.number_assignments_request_builder import (
    NumberAssignmentsRequestBuilder,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

MOBILE = "3179e48a-750b-4051-897c-87b9720928f7"


async def assign(client: GraphServiceClient, number: str, user: str) -> Any:
    management = client.admin.teams.telephone_number_management
    holder = await client.users.by_user_id(user).get()
    query = NumberAssignmentsRequestBuilder.NumberAssignmentsRequestBuilderGetQueryParameters(
        filter=f"telephoneNumber eq '{number}'"
    )
    found = await management.number_assignments.get(RequestConfiguration(query_parameters=query))
    body = AssignNumberPostRequestBody(
        telephone_number=number,
        assignment_target_id=holder.id,
        number_type=found.value[0].number_type,
    )
    inspected = HeadersInspectionHandlerOption(inspect_response_headers=True)
    order = management.number_assignments.microsoft_graph_teams_administration_assign_number
    await order.post(body, RequestConfiguration(options=[inspected]))
    (location,) = inspected.response_headers.get("location")
    operation = management.operations.by_telephone_number_long_running_operation_id("").with_url(location)
    while (state := await operation.get()).status.value not in ("succeeded", "failed"):
        await asyncio.sleep(2)
    return state.status.value


async def write_numbers(client: GraphServiceClient, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(["number", "city", "status"])
    count = 0
    numbers = client.admin.teams.telephone_number_management.number_assignments
    page = await numbers.get()
    while page is not None:
        for number in page.value:
            writer.writerow([number.telephone_number, number.city or "", number.assignment_status.value])
            count += 1
        link = page.odata_next_link
        page = await numbers.with_url(link).get() if link else None
    return count


async def mobiles(client: GraphServiceClient, users: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for user in users:
        methods = client.users.by_user_id(user).authentication.phone_methods
        try:
            found[user] = (await methods.by_phone_authentication_method_id(MOBILE).get()).phone_number
        except ODataError as error:
            if error.response_status_code != 404:
                raise
            found[user] = None
    return found


async def users_in(client: GraphServiceClient, country: str) -> list[str]:
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        filter=f"usageLocation eq '{country}' and accountEnabled eq true", select=["userPrincipalName"], top=999
    )
    names = []
    page = await client.users.get(RequestConfiguration(query_parameters=query))
    while page is not None:
        names += [user.user_principal_name for user in page.value]
        page = await client.users.with_url(page.odata_next_link).get() if page.odata_next_link else None
    return names


async def assign_or_explain(client: GraphServiceClient, number: str, user: str) -> str:
    try:
        return await assign(client, number, user)
    except ODataError as error:
        if error.response_status_code == 409:
            return f"somebody holds {number}"
        request = error.error.inner_error.request_id if error.error and error.error.inner_error else "unknown"
        return f"{error.response_status_code} {error.error.code}: {error.error.message} (request {request})"
