"""curl of the system: what a shell script does."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from harness import (
    ALL,
    ANA,
    EMULATOR,
    FREE,
    NOBODY,
    NUMBERS,
    PAUSE,
    READER,
    SECRET,
    TENANT,
    Scenarios,
    certificate_assertion,
    federated_assertion,
    throttle,
    verify,
)

scenario = Scenarios("curl")
LOGIN = f"{EMULATOR}/contoso.example/oauth2/v2.0"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PHONES = f"/users/{ANA}/authentication/phoneMethods"
MOBILE = f"{PHONES}/3179e48a-750b-4051-897c-87b9720928f7"
ALTERNATE = f"{PHONES}/b6332ec1-7057-4abe-9331-3d72feddfe41"


def curl(*arguments: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of an answer."""
    command = ["curl", "--silent", "--show-error", "--include", "--globoff", *arguments]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # With --retry the refused answer comes first.
    text = text.replace("\r\n", "\n")
    text = text[max(text.rfind("HTTP/1.1 "), text.rfind("HTTP/2 ")) :]
    head, _, text = text.partition("\n\n")
    first, *lines = head.splitlines()
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, json.loads(text) if text.strip() else None


def sign_in(path: str = "token", **fields: str) -> tuple[int, Any]:
    data = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
    status, _, body = curl(*data, f"{LOGIN}/{path}")
    return status, body


def application(client_id: str = ALL, **proof: str) -> str:
    scope = f"{EMULATOR}/.default"
    status, body = sign_in(grant_type="client_credentials", client_id=client_id, scope=scope, **proof)
    assert status == 200, body
    return body["access_token"]


def graph(path: str, *arguments: str, token: str | None = None) -> tuple[int, dict[str, str], Any]:
    token = token or application(client_secret=SECRET)
    url = path if path.startswith("https://") else f"{EMULATOR}/v1.0{path}"
    return curl("--header", f"Authorization: Bearer {token}", *arguments, url)


def get(path: str) -> Any:
    status, _, body = graph(path.replace(" ", "%20"))
    assert status == 200, (status, body)
    return body


def send(method: str, path: str, body: Any, **options: Any) -> tuple[int, dict[str, str], Any]:
    return graph(path, "--request", method, "--json", json.dumps(body), **options)


@scenario("secret")
def secret() -> None:
    assert verify(application(client_secret=SECRET))["appid"] == ALL
    documented = Path(__file__).parent.parent / "connect" / "with_curl.sh"
    shown = subprocess.run(["sh", "-eu", str(documented)], capture_output=True, text=True, check=True).stdout
    assert json.loads(shown)["displayName"] == "Ana Almeida", shown


@scenario("certificate")
def certificate() -> None:
    for audience in (f"{LOGIN}/token", f"{EMULATOR}/{TENANT}/v2.0"):
        assertion = certificate_assertion(ALL, audience)
        verify(application(client_assertion_type=ASSERTION, client_assertion=assertion))


@scenario("federated assertion")
def federated() -> None:
    verify(application(client_assertion_type=ASSERTION, client_assertion=federated_assertion()))


def device() -> Any:
    scope = f"{EMULATOR}/User.Read.All openid offline_access"
    status, code = sign_in("devicecode", client_id=ALL, scope=scope)
    assert status == 200, code
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": ALL}
    status, body = sign_in(**grant, device_code=code["device_code"])
    assert status == 400 and body["error"] == "authorization_pending", body
    status, body = sign_in(**grant, device_code=code["device_code"])
    assert status == 200, body
    return body


@scenario("device code")
def device_code() -> str:
    body = device()
    assert verify(body["access_token"])["scp"] == "User.Read.All"
    assert verify(body["id_token"], ALL)["preferred_username"] == "ana@contoso.example"
    return body["scope"]


@scenario("refresh")
def refresh() -> None:
    token = device()["refresh_token"]
    status, body = sign_in(grant_type="refresh_token", client_id=ALL, refresh_token=token)
    assert status == 200 and body["refresh_token"], body
    verify(body["access_token"])


@scenario("refused sign-in")
def refused() -> str:
    fields = {"client_id": ALL, "scope": f"{EMULATOR}/.default", "client_secret": "not the secret"}
    status, body = sign_in(grant_type="client_credentials", **fields)
    assert status == 401 and body["error"] == "invalid_client", body
    return body["error_description"].splitlines()[0]


@scenario("list")
def listed() -> str:
    numbers = get(NUMBERS)["value"]
    assert len(numbers) == 20, len(numbers)
    return f"{len(numbers)} numbers"


@scenario("filter")
def filtered() -> str:
    wanted = "numberType eq 'directRouting' and assignmentStatus eq 'unassigned'"
    status, _, body = graph(NUMBERS, "--get", "--data-urlencode", f"$filter={wanted}")
    assert status == 200 and body["value"], body
    assert all(number["numberType"] == "directRouting" for number in body["value"])
    return f"{len(body['value'])} numbers"


@scenario("page")
def paged() -> str:
    seen, link = [], f"{NUMBERS}?$top=6"
    while link:
        page = get(link)
        seen += [number["telephoneNumber"] for number in page["value"]]
        link = page.get("@odata.nextLink")
    assert len(seen) == len(set(seen)) == 20, seen
    return f"{len(seen)} numbers"


@scenario("get")
def read() -> None:
    assert get(f"/users/{ANA}")["userPrincipalName"] == "ana@contoso.example"
    first = get(NUMBERS)["value"][0]
    assert get(f"{NUMBERS}/{first['id']}")["telephoneNumber"] == first["telephoneNumber"]


@scenario("alternate key")
def alternate_key() -> None:
    assert get("/users(userPrincipalName='ana@contoso.example')")["id"] == ANA
    assert get("/users(userPrincipalName='ana%40contoso.example')")["id"] == ANA
    assert get("/users/ana@contoso.example")["id"] == ANA


@scenario("function")
def function() -> str:
    (found,) = get("/admin/teams/policy/getPolicyId(type='TeamsMeetingPolicy',name='AllOn')")["value"]
    return found["policyId"]


@scenario("create")
def create() -> None:
    status, _, body = send("POST", PHONES, {"phoneNumber": "+1 2065550161", "phoneType": "alternateMobile"})
    assert status == 201 and body["phoneNumber"] == "+1 2065550161", body


@scenario("update")
def update() -> None:
    status, _, body = send("PATCH", MOBILE, {"phoneNumber": "+1 2065550162", "phoneType": "mobile"})
    assert status in (200, 204), body
    assert get(MOBILE)["phoneNumber"] == "+1 2065550162"


@scenario("delete")
def delete() -> None:
    create()
    assert graph(ALTERNATE, "--request", "DELETE")[0] == 204
    assert graph(ALTERNATE)[0] == 404


@scenario("order")
def order() -> str:
    wanted = {"telephoneNumber": FREE, "assignmentTargetId": ANA, "numberType": "directRouting"}
    status, headers, _ = send("POST", f"{NUMBERS}/assignNumber", wanted)
    assert status == 202, status
    seen: list[str] = []
    deadline = time.monotonic() + 30
    while not seen or seen[-1] not in ("succeeded", "failed"):
        state = get(headers["location"])["status"]
        seen += [state] if not seen or seen[-1] != state else []
        assert time.monotonic() < deadline, seen
    assert seen[-1] == "succeeded", seen
    return " ".join(seen)


@scenario("batch")
def batch() -> None:
    requests = [{"id": str(at), "method": "GET", "url": f"/users/{id}"} for at, id in enumerate((ANA, NOBODY))]
    status, _, body = send("POST", "/$batch", {"requests": requests})
    assert status == 200, body
    items = {item["id"]: item["status"] for item in body["responses"]}
    assert items == {"0": 200, "1": 404}, items


@scenario("404")
def not_found() -> str:
    status, _, body = graph(f"/users/{NOBODY}")
    assert status == 404, body
    return body["error"]["code"]


@scenario("403")
def forbidden() -> str:
    reader = application(READER, client_secret=SECRET)
    body = {"phoneNumber": "+1 2065550162", "phoneType": "mobile"}
    status, _, body = send("PATCH", MOBILE, body, token=reader)
    assert status == 403, body
    return body["error"]["code"]


@scenario("throttled")
def throttled() -> str:
    throttle("numberAssignments")
    started = time.monotonic()
    status, _, body = graph(NUMBERS, "--retry", "1")
    took = time.monotonic() - started
    assert status == 200 and len(body["value"]) == 20 and took >= PAUSE, (status, took)
    return f"came back after {took:.1f} s"


scenario.run()
