"""azure-identity for Python."""

from __future__ import annotations

import asyncio

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, ClientAssertionCredential, DeviceCodeCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential
from connect.with_azure_identity import OPTIONS, SCOPE, credential
from harness import ALL, EMULATOR, FOLDER, SECRET, Scenarios, federated_assertion, verify

scenario = Scenarios("azure-identity")
TENANT_NAME = "contoso.example"
DELEGATED = f"{EMULATOR}/User.Read.All"


@scenario("secret")
def secret() -> None:
    known = credential(ALL, SECRET)
    first = known.get_token(SCOPE).token
    assert verify(first)["appid"] == ALL
    assert known.get_token(SCOPE).token == first, "the second token does not come from the cache"


@scenario("certificate")
def certificate() -> None:
    known = CertificateCredential(TENANT_NAME, ALL, str(FOLDER / "client.pem"), **OPTIONS)
    verify(known.get_token(SCOPE).token)
    sent_along = CertificateCredential(
        TENANT_NAME, ALL, str(FOLDER / "client.pem"), send_certificate_chain=True, **OPTIONS
    )
    verify(sent_along.get_token(SCOPE).token)


@scenario("federated assertion")
def federated() -> None:
    known = ClientAssertionCredential(TENANT_NAME, ALL, federated_assertion, **OPTIONS)
    verify(known.get_token(SCOPE).token)


def device() -> DeviceCodeCredential:
    return DeviceCodeCredential(ALL, tenant_id=TENANT_NAME, prompt_callback=lambda *_: None, **OPTIONS)


@scenario("device code")
def device_code() -> str:
    record = device().authenticate(scopes=[DELEGATED])
    assert record.username == "ana@contoso.example", record.username
    return f"{record.username} of {record.tenant_id}"


@scenario("refresh")
def refresh() -> None:
    known = device()
    known.authenticate(scopes=[DELEGATED])
    first = known.get_token(DELEGATED).token
    # Another scope is in no cached token: the refresh token has to bring it.
    other = known.get_token(f"{EMULATOR}/TeamsTelephoneNumber.Read.All").token
    assert verify(first)["scp"] == "User.Read.All"
    assert verify(other)["scp"] == "TeamsTelephoneNumber.Read.All"


@scenario("refused sign-in")
def refused() -> str:
    try:
        credential(ALL, "not the secret").get_token(SCOPE)
    except ClientAuthenticationError as error:
        assert "AADSTS7000215" in error.message, error.message
        return error.message.splitlines()[0]
    raise AssertionError("the wrong secret was taken")


@scenario("asynchronous")
async def asynchronous() -> None:
    async with AsyncClientSecretCredential(TENANT_NAME, ALL, SECRET, **OPTIONS) as known:
        verify((await asyncio.wait_for(known.get_token(SCOPE), 30)).token)


scenario.run()
