"""How requests travel: a function in the network's place, proxies, and who is trusted and shown a certificate."""

from __future__ import annotations

import asyncio
import base64
import gc
import re
import socket
import socketserver
import ssl
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support import run

import trunkline
from trunkline import HttpRequest, HttpResponse

ANA = "ana@contoso.example"
PAGE = Path(__file__).parents[3] / "docs/network.md"
CERTIFICATES = Path(__file__).parents[3] / "crates/trunkline-core/tests/runtime/certificates"
USER = {"id": "1", "userPrincipalName": ANA}


def client_of(transport: Callable[[HttpRequest], Any], **options: Any) -> trunkline.Client:
    return trunkline.Client("canary-token", transport=transport, **options)


def test_a_function_answers_in_the_networks_place() -> None:
    requests: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        requests.append(request)
        return HttpResponse(body=USER, headers={"request-id": "r-1"})

    with client_of(answer) as client:
        user = client.graph.users.by_id(ANA).get(select=["id"])
        assert user.id == "1" and user.meta is not None and user.meta.request_id == "r-1"
        client.request("POST", "/groups", body={"displayName": "Desk"})
    get, post = requests
    assert (get.method, get.body, get.json()) == ("GET", b"", None)
    assert get.url.startswith("https://graph.microsoft.com/v1.0/users/ana")
    assert get.headers["authorization"] == "Bearer (hidden)"
    assert (post.method, post.json()) == ("POST", {"displayName": "Desk"})
    assert "canary" not in f"{requests} {requests[0].headers}" and "Desk" not in repr(post)


def test_every_form_of_a_body_is_read() -> None:
    for body in [b'{"id": "1"}', '{"id": "1"}', {"id": "1"}, bytearray(b'{"id": "1"}')]:
        with client_of(lambda _, body=body: HttpResponse(200, body)) as client:
            assert client.request("GET", "/me").value == {"id": "1"}
    with client_of(lambda _: HttpResponse(204)) as client:
        assert client.request("GET", "/me").value is None


def test_retries_and_limits_are_those_of_real_answers() -> None:
    responses = iter([HttpResponse(429, headers={"Retry-After": "1"}), HttpResponse(503), HttpResponse(body=USER)])
    with trunkline.Emulator() as emulator:
        seen: list[str] = []

        def answer(request: HttpRequest) -> HttpResponse:
            seen.append(request.headers.get("retry-attempt", "0"))
            return next(responses)

        with emulator.client(transport=answer, _test_time=True) as client:
            assert client.graph.users.by_id(ANA).get().id == "1"
        assert seen == ["0", "1", "2"] and not emulator.requests
    with client_of(lambda _: HttpResponse(body={"a": "x" * 100}), maximum_body=50) as client:
        with pytest.raises(trunkline.UnexpectedBodyError, match="larger than the allowed 50 bytes"):
            client.request("GET", "/me")
    error = {"error": {"code": "Request_ResourceNotFound", "message": "There is none."}}
    with client_of(lambda _: HttpResponse(404, error)) as client:
        with pytest.raises(trunkline.NotFoundError):
            client.request("GET", "/me")


class Mine(Exception):
    pass


def test_an_exception_ends_the_call_as_itself() -> None:
    count = 0

    def fail(request: HttpRequest) -> HttpResponse:
        nonlocal count
        count += 1
        raise Mine("about the test")

    with client_of(fail) as client:
        for call in [
            lambda: client.request("GET", "/me"),
            lambda: client.request("POST", "/me", body={}),
            lambda: client.phones(ANA).set("mobile", "+12065550100"),
            lambda: next(iter(client.graph.users.list())),
        ]:
            with pytest.raises(Mine, match="about the test"):
                call()
    assert count == 4, "nothing is sent again"
    with client_of(lambda _: None) as client, pytest.raises(TypeError, match="returned NoneType, not an HttpResponse"):
        client.request("GET", "/me")
    with client_of(lambda _: HttpResponse(42)) as client, pytest.raises(trunkline.InvalidInputError, match="status 42"):
        client.request("GET", "/me")
    with pytest.raises(TypeError, match="transport must be a function, not str"):
        client_of("https://x")  # type: ignore[arg-type]


def test_exceptions_of_connections_are_faults_of_the_network() -> None:
    for raised, write, read in [
        (ConnectionRefusedError("x"), trunkline.NoConnectionError, trunkline.NoConnectionError),
        (ConnectionResetError("x"), trunkline.UnknownOutcomeError, trunkline.NoConnectionError),
        (TimeoutError("x"), trunkline.UnknownOutcomeError, trunkline.DeadlineError),
    ]:

        def fail(request: HttpRequest, raised: Exception = raised) -> HttpResponse:
            raise raised

        with client_of(fail, retry=1) as client:
            with pytest.raises(write) as caught:
                client.request("POST", "/groups", body={})
            assert caught.value.__cause__ is raised
            with pytest.raises(read):
                client.request("GET", "/groups")


@pytest.mark.parametrize("is_async", [False, True])
def test_an_async_client_calls_the_function_on_its_own_loop(is_async: bool) -> None:
    threads: set[int] = set()
    under_way = 0

    def answer(request: HttpRequest) -> HttpResponse:
        threads.add(threading.get_ident())
        return HttpResponse(body=USER)

    async def main() -> None:
        two = asyncio.Event()

        async def answer_later(request: HttpRequest) -> HttpResponse:
            nonlocal under_way
            under_way += 1
            if under_way == 2:
                two.set()
            # Others are answered while one waits.
            await two.wait()
            return answer(request)

        async with trunkline.AsyncClient("t", transport=answer_later if is_async else answer) as client:
            user = client.graph.users.by_id(ANA)
            users = await asyncio.gather(*(user.get() for _ in range(50)))
            assert [user.id for user in users] == ["1"] * 50

    asyncio.run(asyncio.wait_for(main(), 30))
    assert threads == {threading.get_ident()}


def test_an_async_function_serves_a_client_that_blocks() -> None:
    async def answer(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0)
        return HttpResponse(body=USER)

    with client_of(answer) as client:
        assert client.graph.users.by_id(ANA).get().id == "1"

        async def within_a_loop() -> str | None:
            return client.graph.users.by_id(ANA).get().id

        assert asyncio.run(within_a_loop()) == "1"


def test_exceptions_pass_through_an_async_client() -> None:
    async def fail(request: HttpRequest) -> HttpResponse:
        raise Mine("about the test")

    async def main() -> None:
        async with trunkline.AsyncClient("t", transport=fail) as client:
            with pytest.raises(Mine):
                await client.request("GET", "/me")
            with pytest.raises(Mine):
                await client.phones(ANA).set("mobile", "+12065550100")

    asyncio.run(main())


def test_a_function_that_never_answers_ends_with_the_attempt() -> None:
    async def never(request: HttpRequest) -> HttpResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async def main() -> None:
        async with trunkline.AsyncClient("t", transport=never, attempt_timeout=0.05, retry=1) as client:
            with pytest.raises(trunkline.DeadlineError):
                await client.request("GET", "/me")
            task = asyncio.ensure_future(client.request("GET", "/me", timeout=60))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


def test_many_threads_share_a_transport_that_calls_the_client_again() -> None:
    clients: list[trunkline.Client] = []

    def answer(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/me"):
            return HttpResponse(body=clients[0].request("GET", "/inner").value)
        return HttpResponse(body={"thread": True})

    with client_of(answer) as client:
        clients.append(client)
        values: list[Any] = []
        threads = [threading.Thread(target=lambda: values.append(client.request("GET", "/me").value)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert values == [{"thread": True}] * 20


def test_a_function_goes_with_its_client() -> None:
    class Answering:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse(body=USER)

    answering = Answering()
    gone = weakref.ref(answering)
    client = client_of(answering)
    client.request("GET", "/me")
    client.close()
    del client, answering
    # The thread of the last request lets go of it at its end.
    for thread in threading.enumerate():
        if thread.name == "trunkline-transport":
            thread.join(10)
    gc.collect()
    assert gone() is None


def test_the_program_ends_while_a_function_runs() -> None:
    program = """
import threading
begun = threading.Event()
def never(request):
    begun.set()
    threading.Event().wait()
client = trunkline.Client("t", transport=never)
threading.Thread(target=lambda: client.request("GET", "/me"), daemon=True).start()
begun.wait()
print("end")
"""
    assert run(program) == "end\n"


class Tunnels(socketserver.ThreadingTCPServer):
    """A proxy that makes tunnels to one port of this computer, for whoever knows the password."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        tunnels = self
        self.heads: list[str] = []
        expected = "proxy-authorization: basic " + base64.b64encode(b"us er:canary:p@ss").decode().lower()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = ""
                while (line := self.rfile.readline().decode().lower()) not in ("\r\n", ""):
                    head += line
                tunnels.heads.append(head)
                if expected not in head:
                    self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    return
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                with socket.create_connection(("127.0.0.1", port)) as other:
                    copied = threading.Thread(target=copy, args=(other, self.connection), daemon=True)
                    copied.start()
                    copy(self.connection, other)
                    copied.join()

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@contextmanager
def service(asks: bool = False) -> Iterator[tuple[int, list[bool]]]:
    """A service over TLS, and for each connection whether it got the certificate that it `asks` for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(CERTIFICATES / "client_authority.pem")
    shown: list[bool] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                with context.wrap_socket(self.connection, server_side=True) as stream:
                    shown.append(bool(stream.getpeercert()))
                    stream.recv(65536)
                    stream.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{"id":"1"}')
            except OSError:
                pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1], shown
        server.shutdown()


def test_a_proxy_gets_its_password_and_nothing_shows_it() -> None:
    authority = CERTIFICATES / "authority.pem"
    with service() as (port, _), Tunnels(port) as tunnels:
        options: dict[str, Any] = {"endpoint": f"https://localhost:{port}", "certificate_authorities": authority, "retry": 1}
        address = f"127.0.0.1:{tunnels.server_address[1]}"
        with trunkline.Client("canary-token", proxy=f"http://us%20er:canary%3Ap%40ss@{address}", **options) as client:
            assert client.request("GET", "/me").value == {"id": "1"}
            assert "canary" not in repr(client)
        assert tunnels.heads[0].startswith(f"connect localhost:{port} ") and "canary-token" not in tunnels.heads[0]
        for credentials in ["user:canary@", ""]:
            with trunkline.Client("t", proxy=f"http://{credentials}{address}", **options) as client:
                with pytest.raises(trunkline.NoConnectionError, match="requires a user name and a password") as caught:
                    client.request("POST", "/me", body={})
                assert "user:password@" in (caught.value.next_step or "")
                assert "canary" not in f"{caught.value!r} {caught.value} {vars(caught.value)}"
        tunnels.shutdown()
    for wrong in ["ftp://user:canary@host", "http://user:canary@host:port"]:
        with pytest.raises(trunkline.InvalidInputError, match="^proxy ") as refused:
            trunkline.Client("t", proxy=wrong)
        assert "canary" not in f"{refused.value!r} {refused.value}"


@pytest.mark.parametrize("form", ["path", "text", "bytes", "name"])
def test_a_service_is_shown_the_certificate_that_it_asks_for(form: str) -> None:
    def pem(name: str) -> Any:
        path = CERTIFICATES / name
        return {"path": path, "text": path.read_text(), "bytes": path.read_bytes(), "name": str(path)}[form]

    with service(asks=True) as (port, shown):
        options: dict[str, Any] = {"endpoint": f"https://localhost:{port}", "proxy": False, "retry": 1}
        options["certificate_authorities"] = pem("authority.pem")
        with trunkline.Client("t", client_certificate=pem("client.pem"), **options) as client:
            assert client.request("GET", "/me").value == {"id": "1"}
        assert shown == [True]
        with trunkline.Client("t", **options) as client, pytest.raises(trunkline.NoConnectionError):
            client.request("GET", "/me")


def test_what_is_wrong_with_a_certificate_is_said() -> None:
    for option, value, words in [
        ("client_certificate", CERTIFICATES / "encrypted.pem", "encrypted.pem, which holds a key with a password"),
        ("client_certificate", CERTIFICATES / "authority.pem", "authority.pem, which holds no key"),
        ("client_certificate", b"canary", "client_certificate is not PEM"),
        ("certificate_authorities", "nowhere.pem", "certificate_authorities names nowhere.pem, which cannot be read"),
        ("certificate_authorities", CERTIFICATES / "server.key", "server.key, which holds no certificate"),
    ]:
        with pytest.raises(trunkline.InvalidInputError) as caught:
            trunkline.Client("t", **{option: value})  # type: ignore[arg-type]
        assert words in str(caught.value) and "canary" not in str(caught.value)
    with pytest.raises(TypeError):
        trunkline.Client("t", client_certificate=3)  # type: ignore[arg-type]


def test_the_variables_of_pythons_http_libraries_name_authorities() -> None:
    authority, nowhere = str(CERTIFICATES / "authority.pem"), str(CERTIFICATES / "nowhere.pem")
    with service() as (port, _):
        program = f"""
with trunkline.Client("t", endpoint="https://localhost:{port}", retry=1) as client:
    try:
        print(client.request("GET", "/me").value)
    except trunkline.NoConnectionError as error:
        print("REQUESTS_CA_BUNDLE" in str(error), "not trusted" in str(error))
"""
        for variables, expected in [
            ({}, "False True"),
            ({"REQUESTS_CA_BUNDLE": authority}, "{'id': '1'}"),
            ({"CURL_CA_BUNDLE": authority}, "{'id': '1'}"),
            ({"REQUESTS_CA_BUNDLE": authority, "CURL_CA_BUNDLE": nowhere}, "{'id': '1'}"),
            ({"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": authority}, "{'id': '1'}"),
            ({"REQUESTS_CA_BUNDLE": nowhere, "CURL_CA_BUNDLE": authority}, "True True"),
            ({"SSL_CERT_FILE": authority}, "{'id': '1'}"),
        ]:
            unset = {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""}
            assert run(program, environment={**unset, **variables}) == f"{expected}\n", variables


def test_the_code_of_the_page_about_the_network_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 4
    monkeypatch.chdir(tmp_path)
    chain, mark, key = (CERTIFICATES / "client.pem").read_text().partition("-----BEGIN PRIVATE KEY")
    for name, text in [
        ("company-ca.pem", (CERTIFICATES / "authority.pem").read_text()),
        ("gateway.pem", chain),
        ("gateway.key", mark + key),
    ]:
        Path(name).write_text(text)
    names: dict[str, Any] = {"credential": "a token"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()
