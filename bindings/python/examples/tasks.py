"""Short tasks, each a function: phones of many users, users with a filter, an error handled, a test of your own code."""

from __future__ import annotations

import trunkline


def set_mobile(client: trunkline.Client, user: str, number: str) -> trunkline.PhoneOutcome:
    outcome = client.phones(user).set("mobile", number)
    print(outcome)
    return outcome


def mobiles(client: trunkline.Client, users: list[str]) -> dict[str, str | None]:
    found = {user: client.phones(user).get("mobile") for user in users}
    return {user: phone.required.phone_number if phone else None for user, phone in found.items()}


def users_in(client: trunkline.Client, country: str) -> list[str]:
    wanted = f"usageLocation eq '{country}' and accountEnabled eq true"
    users = client.graph.users.list(filter=wanted, select=["userPrincipalName"], top=999)
    return [str(user.user_principal_name) for user in users]


def assign_or_explain(client: trunkline.Client, number: str, user: str) -> str:
    try:
        return str(client.numbers.assign(number, user))
    except trunkline.ConflictError as error:
        return f"somebody holds {number}: {error.next_step}"
    except trunkline.GraphError as error:
        return f"{error.kind} {error.code}: {error.next_step} (request {error.request_id})"


def test_onboarding() -> None:
    with trunkline.Emulator() as emulator, emulator.client() as client:
        emulator.fault({"effect": {"kind": "status", "status": 503}, "times": 1})
        set_mobile(client, "ana@contoso.example", "+1 206 555 0199")
        assert emulator.requests[0]["status"] == 503
        assert mobiles(client, ["ana@contoso.example"]) == {"ana@contoso.example": "+1 2065550199"}
