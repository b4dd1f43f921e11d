# SSL_CERT_FILE is the `certificateFile` of the emulator; the credential needs REQUESTS_CA_BUNDLE in addition.
import os
from typing import Any
from urllib.parse import urlsplit

from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient

EMULATOR = os.environ["EMULATOR"]  # https://localhost:8443


def graph(credential: Any) -> GraphServiceClient:
    provider = AzureIdentityAuthenticationProvider(
        credential,
        scopes=[f"{EMULATOR}/.default"],
        allowed_hosts=[urlsplit(EMULATOR).hostname or ""],
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{EMULATOR}/v1.0"
    return GraphServiceClient(request_adapter=adapter)
