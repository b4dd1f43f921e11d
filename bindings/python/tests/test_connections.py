"""How many requests are under way at once, and by which way they go."""

from __future__ import annotations

import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support import run

import trunkline

ANA = "ana@contoso.example"


class Counting:
    """A server that counts how many requests are under way at once: each is answered when `width` of them are, or a moment later."""

    def __init__(self, width: int) -> None:
        counting = self
        self.most = 0
        self.under_way = 0
        self.changed = threading.Condition()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with counting.changed:
                    counting.under_way += 1
                    counting.most = max(counting.most, counting.under_way)
                    counting.changed.notify_all()
                    counting.changed.wait_for(lambda: counting.under_way >= width, timeout=0.05)
                    counting.under_way -= 1
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> Counting:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_no_more_requests_are_under_way_than_may_be() -> None:
    async def many(url: str) -> None:
        async with trunkline.AsyncClient("token", endpoint=url, proxy=False, maximum_connections=3) as client:
            await asyncio.gather(*(client.graph.users.by_id(ANA).get() for _ in range(24)))

    with Counting(width=4) as counting:
        asyncio.run(many(counting.url))
    assert counting.most == 3


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are limited on Unix")
def test_five_thousand_calls_at_once_need_no_more_descriptors_than_a_process_has(emulator: trunkline.Emulator) -> None:
    program = f"""
import asyncio, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
async def many():
    async with trunkline.AsyncClient({emulator.token()!r}, endpoint={emulator.url!r}, proxy=False) as client:
        user = client.graph.users.by_id({ANA!r})
        answers = await asyncio.gather(*(user.get(select=["id"]) for _ in range(5000)), return_exceptions=True)
        failures = [answer for answer in answers if isinstance(answer, BaseException)]
        print(len(answers), len(failures), failures[:1])
asyncio.run(many())
"""
    assert run(program) == "5000 0 []\n"


def test_the_address_of_a_proxy_is_used() -> None:
    with pytest.raises(trunkline.InvalidInputError, match="proxy"):
        trunkline.Client("token", proxy="ftp://proxy.example")
    with pytest.raises(TypeError):
        trunkline.Client("token", proxy=3)  # type: ignore[arg-type]
    # Nobody listens there: the request goes to the proxy, and to nowhere else.
    with trunkline.Client("token", proxy="http://127.0.0.1:1", retry=1) as client:
        with pytest.raises(trunkline.NoConnectionError, match=r"\(proxy is set\)"):
            client.graph.users.by_id(ANA).get()
