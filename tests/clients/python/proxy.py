"""A proxy on this computer that leads every name to the emulator: for a program whose addresses are fixed.

The emulator has to run with `--allow-host` for each of the names, so that its certificate is good for them."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            target.sendall(part)
    except OSError:
        pass
    # The other direction may have more to say, but an end has to arrive as one.
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client: socket.socket, emulator: tuple[str, int]) -> None:
    with client, client.makefile("rb") as lines:
        first = lines.readline()
        while lines.readline().strip():
            pass
        if not first.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(emulator) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=copy, args=(server, client), daemon=True)
            back.start()
            copy(client, server)
            back.join()


def start(emulator: str) -> str:
    """Starts the proxy and returns its address."""
    address = urlsplit(emulator)
    assert address.hostname and address.port
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            client, _ = listener.accept()
            target = (str(address.hostname), int(address.port or 0))
            threading.Thread(target=serve, args=(client, target), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
