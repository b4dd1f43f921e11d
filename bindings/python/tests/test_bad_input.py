"""Bad input: each a typed error as Python has them, never an abort or a hang."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import trunkline

ANA = "ana@contoso.example"
TWO_GIGABYTES = 2 << 30
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers every connection's first request with whatever a function sends, and closes it. Answers
    say so: who keeps such a connection for another request finds it lost, or not, by chance."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def announces(connection: socket.socket) -> None:
    connection.sendall(HEAD + f'Content-Length: {TWO_GIGABYTES}\r\n\r\n{{"value": ['.encode())
    connection.recv(1)


def keeps_sending(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    for _ in range(TWO_GIGABYTES >> 16):
        connection.sendall(chunk)


@pytest.mark.parametrize("answer", [announces, keeps_sending])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_two_gigabytes_are_refused_before_they_are_held(
    answer: Callable[[socket.socket], None], asynchronous: bool
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with server(answer) as root:
        if asynchronous:

            async def main() -> None:
                async with trunkline.AsyncClient("token", endpoint=root, proxy=False, retry=1) as client:
                    await client.graph.users.list().all()

            with pytest.raises(trunkline.UnexpectedBodyError, match="large"):
                asyncio.run(main())
        else:
            with trunkline.Client("token", endpoint=root, proxy=False, retry=1) as client:
                with pytest.raises(trunkline.UnexpectedBodyError, match="large"):
                    client.graph.users.list().all()
    # Kilobytes. The cap is 32 MiB; a buffer may be twice what is in it.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 160 * 1024


def test_the_cap_can_be_set() -> None:
    def answer(connection: socket.socket) -> None:
        body = b'{"value": "' + b"x" * 5000 + b'"}'
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    with server(answer) as root:
        small = trunkline.Client("token", endpoint=root, proxy=False, retry=1, maximum_body=4096)
        with pytest.raises(trunkline.UnexpectedBodyError):
            small.request("GET", "/users")
        large = trunkline.Client("token", endpoint=root, proxy=False, retry=1, maximum_body=8192)
        assert len(large.request("GET", "/users").value["value"]) == 5000


@pytest.mark.parametrize("body", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000])
def test_deep_json_is_a_decode_error(body: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    with server(answer) as root, trunkline.Client("token", endpoint=root, proxy=False, retry=1) as client:
        for call in (
            lambda: client.request("GET", "/users"),
            lambda: client.graph.users.by_id(ANA).get(),
            lambda: client.graph.users.list().all(),
        ):
            with pytest.raises((trunkline.DecodeError, trunkline.UnexpectedBodyError)):
                call()


def test_deep_json_is_not_sent(client: trunkline.Client) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TypeError, match="deeper"):
        client.request("POST", "/users", body=deep)
    circle: dict[str, Any] = {}
    circle["self"] = circle
    with pytest.raises(TypeError, match="deeper"):
        client.request("POST", "/users", body=circle)


def test_nothing_of_the_wrong_type_is_sent(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    emulator.clear_requests()
    graph: Any = client.graph
    numbers: Any = client.numbers
    unknown: Any = client
    wrong: list[Callable[[], Any]] = [
        lambda: graph.users.by_id(None),
        lambda: graph.users.by_id(7).get(),
        lambda: graph.users.by_id(ANA).get(select=7),
        lambda: graph.users.by_id(ANA).get(headers=["x"]),
        lambda: graph.users.by_id(ANA).get(headers={"x": 7}),
        lambda: graph.users.by_id(ANA).get(timeout="soon"),
        lambda: graph.users.list(filter=7).all(),
        lambda: numbers.assign(None, ANA),
        lambda: numbers.assign("+12065550100", None),
        lambda: numbers.get(12065550100),
        lambda: numbers.assign("+12065550100", ANA, known="x"),
        lambda: numbers.assign("+12065550100", ANA, timeout="soon"),
        lambda: unknown.phones(None).list(),
        lambda: unknown.phones(ANA).set("mobile", None),
        lambda: unknown.phones(ANA).set(None, "+1 206-555-0100"),
        lambda: unknown.request(None, "/users"),
        lambda: unknown.request("GET", None),
        lambda: unknown.request("POST", "/users", body=object()),
        lambda: unknown.request("POST", "/users", body={1: 2}),
        lambda: unknown.follow(None),
        lambda: unknown.resume_list("x", str),
        lambda: trunkline.Client(tenant=7),  # type: ignore[arg-type]
        lambda: trunkline.Client(retry="often"),  # type: ignore[arg-type]
        lambda: trunkline.Client(retry=True and 1.5),  # type: ignore[arg-type]
        lambda: trunkline.Credential.client_secret("contoso.example", "app", None),  # type: ignore[arg-type]
        lambda: trunkline.Credential.device_code("contoso.example", "app", "print"),  # type: ignore[arg-type]
    ]
    for index, call in enumerate(wrong):
        with pytest.raises(TypeError):
            call()
            pytest.fail(f"number {index} was accepted")
    for seconds in (-1.0, float("nan"), float("inf"), 1e300):
        with pytest.raises(ValueError):
            client.graph.users.by_id(ANA).get(timeout=seconds)
    with pytest.raises(ValueError):
        trunkline.Client(retry=0)
    with pytest.raises(ValueError):
        client.graph.users.by_id("\ud800").get()
    with pytest.raises(trunkline.InvalidInputError):
        client.graph.users.by_id(ANA).get(headers={"x": "a\r\nb"})
    assert emulator.requests == []


def test_credentials_that_give_rubbish(emulator: trunkline.Emulator) -> None:
    def giving(**fields: Any) -> Any:
        return lambda: type("Token", (), fields)()

    async def fails() -> str:
        raise LookupError("canary")

    for credential in (
        giving(token=7, expires_on=1),
        giving(token="x", expires_on="soon"),
        giving(token="x", expires_on=float("nan")),
        giving(token="x", expires_on=-1e300),
        giving(token="with a\nnewline", expires_on=4_000_000_000),
        lambda: "",
        fails,
        lambda: asyncio.sleep(0),
    ):
        with emulator.client(credential=credential) as client:
            with pytest.raises((trunkline.AuthenticationError, trunkline.InvalidInputError)) as raised:
                client.graph.users.by_id(ANA).get()
            assert "canary" not in str(raised.value)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_a_credential_that_ends_the_program_ends_the_call(emulator: trunkline.Emulator, raised: Any) -> None:
    def credential() -> str:
        raise raised

    with emulator.client(credential=credential) as client:
        for call in (
            client.graph.users.by_id(ANA).get,
            client.graph.users.list().all,
            lambda: client.request("GET", "/users"),
            lambda: client.numbers.get("+12065550101"),
            client.numbers.list().all,
            lambda: client.phones(ANA).set("mobile", "+1 206-555-0100"),
            lambda: client.bulk.plan(b"number,user\n+12065550110,ana@contoso.example\n"),
        ):
            with pytest.raises(raised):
                call()
        batch = client.batch()
        batch.add(lambda graph: graph.users.by_id(ANA).get())
        with pytest.raises(raised):
            batch.send()
        assert emulator.requests == []


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_watcher_that_ends_the_program_ends_the_change(emulator: trunkline.Emulator, raised: Any) -> None:
    def watch(progress: trunkline.Progress) -> None:
        if progress.kind == "sending":
            raise raised

    with emulator.client() as client:
        free = client.numbers.next_free()
        for change in (
            lambda: client.numbers.assign(free.telephone_number, ANA, on_progress=watch),
            lambda: client.phones(ANA).set("office", "+1 206-555-0199", on_progress=watch),
        ):
            with pytest.raises(raised):
                change()
    assert {request["method"] for request in emulator.requests} == {"GET"}


def test_a_client_that_blocks_cannot_wait_for_a_watcher(emulator: trunkline.Emulator) -> None:
    async def watch(progress: trunkline.Progress) -> None:
        pass

    with emulator.client() as client, pytest.raises(trunkline.CancelledError) as stopped:
        client.numbers.assign(client.numbers.next_free().telephone_number, ANA, on_progress=watch)
    assert "AsyncClient" in str(stopped.value.__cause__)


def test_a_closed_asynchronous_client_says_so(emulator: trunkline.Emulator) -> None:
    async def main() -> None:
        client = emulator.async_client()
        users = client.graph.users.list()
        await client.close()
        await client.close()
        for call in (
            lambda: client.graph.users.by_id(ANA).get(),
            lambda: client.numbers.get("+12065550100"),
            lambda: client.phones(ANA).list(),
            lambda: users.all(),
        ):
            with pytest.raises(trunkline.InvalidInputError, match="closed"):
                await call()
        with pytest.raises(trunkline.InvalidInputError, match="closed"):
            client.follow("x")

    asyncio.run(main())


def test_a_call_of_a_foreign_loop_is_an_error(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()
    holder: list[Any] = []

    async def begin() -> None:
        holder.append(asyncio.ensure_future(client.graph.users.by_id(ANA).get()))

    async def await_it() -> None:
        await asyncio.wait_for(holder[0], 5)

    own = asyncio.new_event_loop()
    own.run_until_complete(begin())
    foreign = asyncio.new_event_loop()
    with pytest.raises((RuntimeError, ValueError)):
        foreign.run_until_complete(await_it())
    assert own.run_until_complete(holder[0]).id
    own.close()
    foreign.close()


def test_loops_on_several_threads_share_a_client(emulator: trunkline.Emulator) -> None:
    client = emulator.async_client()
    found: list[str] = []

    async def main() -> None:
        users = await asyncio.gather(*(client.graph.users.by_id(ANA).get() for _ in range(20)))
        found.extend(user.id for user in users)

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 80 and len(set(found)) == 1


def test_a_loop_may_close_while_a_call_is_under_way() -> None:
    with server(lambda connection: time.sleep(1)) as root:
        client = trunkline.AsyncClient("token", endpoint=root, proxy=False, retry=1)

        async def main() -> None:
            asyncio.ensure_future(client.graph.users.by_id(ANA).get())
            await asyncio.sleep(0.05)

        asyncio.run(main())
        asyncio.run(main())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_never_hangs() -> None:
    program = """
import asyncio, os, sys, trunkline
with trunkline.Emulator() as emulator:
    client, other = emulator.client(), emulator.async_client()
    url, token = emulator.url, emulator.token()
    client.graph.users.by_id("ana@contoso.example").get()
    asyncio.run(other.graph.users.by_id("ana@contoso.example").get())
    pages = client.graph.users.list(top=1).pages()
    next(pages)
    child = os.fork()
    if child == 0:
        refused = 0
        for call in (
            lambda: client.graph.users.by_id("ana@contoso.example").get(),
            lambda: client.numbers.get("+12065550100"),
            lambda: client.batch(),
            lambda: next(pages),
            lambda: asyncio.run(other.graph.users.by_id("ana@contoso.example").get()),
        ):
            try:
                call()
            except trunkline.InvalidInputError as error:
                refused += "fork" in str(error)
        with trunkline.Client(token, endpoint=url, proxy=False) as own:
            own.graph.users.by_id("ana@contoso.example").get()

        async def main():
            async with trunkline.AsyncClient(token, endpoint=url, proxy=False) as own:
                return (await own.graph.users.by_id("ana@contoso.example").get()).id

        asyncio.run(main())
        os._exit(refused)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(trunkline.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.stdout == "5\n", done.stderr
