"""Shared by all Python scripts: scenarios, their results as lines of JSON, and the emulator's control endpoints."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import ssl
import sys
import time
import traceback
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Callable

import jwt
from fixtures import ALL, AUDIENCE, ISSUER, READER, SECRET, SUBJECT  # noqa: F401

EMULATOR = os.environ["EMULATOR"]
FOLDER = Path(os.environ["FIXTURES"])
TENANT = "11111111-1111-1111-1111-111111111111"
ANA = "a0000000-0000-4000-8000-000000000001"
NUMBERS = "/admin/teams/telephoneNumberManagement/numberAssignments"
FREE = "+12065550110"
NOBODY = "a0000000-0000-4000-8000-000000000099"
# Seconds that a throttled client is asked to wait.
PAUSE = 1

_context = ssl.create_default_context(cafile=os.environ["EMULATOR_CA"])


class NotApplicable(Exception):
    """The client has no such thing."""


class ClientFault(Exception):
    """The client does it wrong by itself; the text says how."""


def control(method: str, path: str, body: Any = None) -> Any:
    """Asks a control endpoint of the emulator."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{EMULATOR}/__emulator/{path}", data, method=method)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_context)
    )
    with opener.open(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def fault(path: str, effect: dict[str, Any], **options: Any) -> None:
    """Lets the emulator fail once."""
    control("POST", "faults", {"path": path, "times": 1, "effect": effect, **options})


def throttle(path: str) -> None:
    """Lets the emulator refuse one request because of too many."""
    fault(path, {"kind": "status", "status": 429, "retryAfter": str(PAUSE)}, method="GET")


def public_get(path: str) -> Any:
    """Reads a public document of the authority."""
    with urllib.request.urlopen(f"{EMULATOR}/{path}", context=_context) as answer:
        return json.loads(answer.read())


def verify(token: str, audience: str = EMULATOR) -> dict[str, Any]:
    """Examines a token as a service would: the key that the authority publishes, issuer, audience and time."""
    described = public_get("contoso.example/v2.0/.well-known/openid-configuration")
    keys = jwt.PyJWKClient(described["jwks_uri"], ssl_context=_context)
    claims: dict[str, Any] = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience=audience,
        issuer=described["issuer"],
        options={"require": ["exp", "iat", "aud", "iss"]},
    )
    assert claims["tid"] == TENANT, claims
    return claims


def federated_assertion() -> str:
    """A token of another authority that the application trusts."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 600}
    return jwt.encode(claims, (FOLDER / "other-authority.pem").read_text(), algorithm="RS256")


def certificate_assertion(client_id: str, audience: str) -> str:
    """A token that the application signs with the key of its certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    signed = x509.load_pem_x509_certificate((FOLDER / "certificate.pem").read_bytes())
    thumbprint = jwt.utils.base64url_encode(signed.fingerprint(hashes.SHA256())).decode()
    now = int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": str(uuid.uuid4()), "nbf": now, "exp": now + 600}
    return jwt.encode(claims, (FOLDER / "key.pem").read_text(), "RS256", {"x5t#S256": thumbprint})


class Scenarios:
    """The scenarios of one client, in the order in which they are written."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.listed: list[tuple[str, Callable[[], Any]]] = []

    def __call__(self, name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
        def add(function: Callable[[], Any]) -> Callable[[], Any]:
            self.listed.append((name, function))
            return function

        return add

    def run(self) -> None:
        """Runs all of them, each on a fresh emulator, and prints a line for each."""
        only = sys.argv[1:]
        with asyncio.Runner() as runner:
            for name, function in self.listed:
                if only and name not in only:
                    continue
                control("POST", "reset")
                control("DELETE", "faults")
                started = time.monotonic()
                result, detail = self._result(runner, function)
                line = {"client": self.client, "scenario": name, "result": result, "detail": detail}
                line["seconds"] = round(time.monotonic() - started, 2)
                print(json.dumps(line), flush=True)

    def _result(self, runner: asyncio.Runner, function: Callable[[], Any]) -> tuple[str, str]:
        try:
            if inspect.iscoroutinefunction(function):
                detail = runner.run(function())
            else:
                detail = function()
            return "passed", str(detail or "")
        except NotApplicable as reason:
            return "notApplicable", str(reason)
        except ClientFault as reason:
            return "clientFault", str(reason)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            traceback.print_exc()
            return "failed", f"{type(error).__name__}: {error}"
