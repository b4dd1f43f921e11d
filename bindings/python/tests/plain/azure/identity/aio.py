"""A look-alike of `azure.identity.aio`: its credentials hold a session that belongs to the loop on which it was made."""

from __future__ import annotations

import asyncio
import time
from typing import Any, NamedTuple


class AccessToken(NamedTuple):
    token: str
    expires_on: int


class ClientSecretCredential:
    """Asks a function for its tokens, where the real one asks the authority."""

    def __init__(self, tenant_id: str, client_id: str, client_secret: str, *, issue: Any) -> None:
        self._issue = issue
        self._session: asyncio.Queue[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.asked = 0

    async def __aenter__(self) -> ClientSecretCredential:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self._session = None

    async def get_token(
        self, *scopes: str, claims: str | None = None, tenant_id: str | None = None, enable_cae: bool = False, **_: Any
    ) -> AccessToken:
        assert scopes, "the real one wants a scope"
        self.asked += 1
        event_loop = asyncio.get_running_loop()
        if self._session is None:
            self._session, self._loop = asyncio.Queue(), event_loop
        # Behaves like an open connection of aiohttp.
        if self._loop is not event_loop:
            raise RuntimeError("Task got Future attached to a different loop")
        event_loop.call_later(0, self._session.put_nowait, self._issue())
        return AccessToken(await self._session.get(), int(time.time()) + 3600)
