"""Whose token it is, and how recent the sign-in is."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import pytest

import trunkline
from trunkline.generated.graph import PhoneAuthenticationMethod

ANA = "ana@contoso.example"


class Issued(NamedTuple):
    """A token as azure-identity gives it."""

    token: str
    expires_on: int


def test_the_token_of_another_domains_tenant_writes_nothing(emulator: trunkline.Emulator) -> None:
    emulator.clear_requests()
    with emulator.client(tenant="fabrikam.onmicrosoft.com") as client:
        with pytest.raises(trunkline.WrongTenantError, match=r"fabrikam\.onmicrosoft\.com"):
            client.phones(ANA).set("mobile", "+1 2065550143")
    assert all(request["method"] == "GET" for request in emulator.requests)
    with emulator.client(tenant="contoso.onmicrosoft.com") as client:
        client.phones(ANA).set("mobile", "+1 2065550143")


def test_a_sign_in_that_is_too_old_says_which_claims_to_ask_for(emulator: trunkline.Emulator) -> None:
    emulator.fault({"method": "PATCH", "path": "*/phoneMethods/*", "effect": {"kind": "staleSignIn"}})
    token = emulator.token("gina@contoso.example")
    asked: list[str | None] = []

    class Signed:
        def get_token(self, *scopes: str, claims: str | None = None, **_: Any) -> Issued:
            asked.append(claims)
            return Issued(token, int(time.time()) + 3600)

    mobile = "3179e48a-750b-4051-897c-87b9720928f7"
    changed = PhoneAuthenticationMethod(phone_number="+1 2065550144", phone_type="mobile")
    with emulator.client(credential=Signed()) as client:
        with pytest.raises(trunkline.PermissionDeniedError, match="older than ten minutes") as raised:
            client.graph.users.by_id(ANA).authentication.phone_methods.by_id(mobile).update(changed)
        assert "ngcmfa" in (raised.value.claims or "")
        assert asked == [None], "a credential is asked again only where the service asks"
        emulator.clear_faults()
        emulator.fault({"method": "PATCH", "path": "*/phoneMethods/*", "effect": {"kind": "staleSignIn", "challenge": True}})
        with pytest.raises(trunkline.AuthenticationError, match="ten minutes"):
            client.graph.users.by_id(ANA).authentication.phone_methods.by_id(mobile).update(changed)
        assert len(asked) == 2 and "ngcmfa" in (asked[1] or "")
