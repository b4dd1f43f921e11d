"""msal for Python."""

from __future__ import annotations

from connect.with_msal import SCOPES, application, public_application
from harness import ALL, EMULATOR, FOLDER, SECRET, Scenarios, federated_assertion, verify

scenario = Scenarios("msal")
DELEGATED = [f"{EMULATOR}/User.Read.All"]


def token_of(result: dict) -> str:
    assert "access_token" in result, result
    return result["access_token"]


@scenario("secret")
def secret() -> None:
    app = application(ALL, SECRET)
    first = app.acquire_token_for_client(SCOPES)
    assert verify(token_of(first))["appid"] == ALL
    again = app.acquire_token_for_client(SCOPES)
    assert again["token_source"] == "cache", again["token_source"]


@scenario("certificate")
def certificate() -> None:
    credential = {
        "private_key": (FOLDER / "key.pem").read_text(),
        "public_certificate": (FOLDER / "certificate.pem").read_text(),
    }
    verify(token_of(application(ALL, credential).acquire_token_for_client(SCOPES)))


@scenario("federated assertion")
def federated() -> None:
    credential = {"client_assertion": federated_assertion}
    verify(token_of(application(ALL, credential).acquire_token_for_client(SCOPES)))


@scenario("device code")
def device_code() -> str:
    app = public_application(ALL)
    flow = app.initiate_device_flow(DELEGATED)
    assert "user_code" in flow, flow
    result = app.acquire_token_by_device_flow(flow)
    claims = verify(token_of(result))
    assert claims["scp"] == "User.Read.All", claims
    assert result["id_token_claims"]["preferred_username"] == "ana@contoso.example", result
    (account,) = app.get_accounts()
    assert account["username"] == "ana@contoso.example", account
    return result["scope"]


@scenario("refresh")
def refresh() -> None:
    app = public_application(ALL)
    first = app.acquire_token_by_device_flow(app.initiate_device_flow(DELEGATED))
    (account,) = app.get_accounts()
    silent = app.acquire_token_silent(DELEGATED, account)
    assert silent["token_source"] == "cache", silent
    renewed = app.acquire_token_silent(DELEGATED, account, force_refresh=True)
    assert renewed["token_source"] == "identity_provider", renewed
    assert verify(token_of(renewed))["uti"] != verify(token_of(first))["uti"]


@scenario("refused sign-in")
def refused() -> str:
    result = application(ALL, "not the secret").acquire_token_for_client(SCOPES)
    assert result["error"] == "invalid_client" and result["error_codes"] == [7000215], result
    return result["error_description"].splitlines()[0]


scenario.run()
