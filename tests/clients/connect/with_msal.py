# REQUESTS_CA_BUNDLE is the `certificateFile` of the emulator.
import os
from typing import Any

import msal

EMULATOR = os.environ["EMULATOR"]  # https://localhost:8443


def application(client_id: str, credential: Any) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{EMULATOR}/contoso.example",
        instance_discovery=False,
    )


def public_application(client_id: str) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        client_id, authority=f"{EMULATOR}/contoso.example", instance_discovery=False
    )


SCOPES = [f"{EMULATOR}/.default"]
