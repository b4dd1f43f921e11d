# REQUESTS_CA_BUNDLE is the `certificateFile` of the emulator.
import os

from azure.identity import ClientSecretCredential

EMULATOR = os.environ["EMULATOR"]  # https://localhost:8443

# Every credential of the library takes these two.
OPTIONS = {"authority": EMULATOR, "disable_instance_discovery": True}


def credential(client_id, secret):
    return ClientSecretCredential("contoso.example", client_id, secret, **OPTIONS)


SCOPE = f"{EMULATOR}/.default"
