# REQUESTS_CA_BUNDLE is the `certificateFile` of the emulator.
import os
from typing import Any

from azure.identity import ClientSecretCredential

EMULATOR = os.environ["EMULATOR"]  # https://localhost:8443

# Every credential of the library takes these two.
OPTIONS: dict[str, Any] = {"authority": EMULATOR, "disable_instance_discovery": True}


def credential(client_id: str, secret: str) -> ClientSecretCredential:
    return ClientSecretCredential("contoso.example", client_id, secret, **OPTIONS)


SCOPE = f"{EMULATOR}/.default"
