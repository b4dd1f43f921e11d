# REQUESTS_CA_BUNDLE is the `certificateFile` of the emulator.
import os

import msal

EMULATOR = os.environ["EMULATOR"]  # https://localhost:8443


def application(client_id, credential):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{EMULATOR}/contoso.example",
        instance_discovery=False,
    )


def public_application(client_id):
    return msal.PublicClientApplication(
        client_id, authority=f"{EMULATOR}/contoso.example", instance_discovery=False
    )


SCOPES = [f"{EMULATOR}/.default"]
