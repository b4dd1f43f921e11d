"""A server that records what reaches it and answers by script; names as the package spells them; programs of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trunkline


class Recorder:
    """Answers each request with the next reply of its script."""

    def __init__(self, script: list[dict[str, Any]]) -> None:
        recorder = self
        self.script = list(script)
        self.seen: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                path, _, query = self.path.partition("?")
                recorder.seen.append(
                    {
                        "method": self.command,
                        "path": path,
                        "query": query,
                        "headers": {name.lower(): value for name, value in self.headers.items()},
                        "body": json.loads(body) if body else None,
                    }
                )
                reply = recorder.script.pop(0) if recorder.script else {"status": 500, "headers": {}, "body": None}
                text = b"" if reply["body"] is None else json.dumps(reply["body"]).encode()
                text = text.replace(b"{root}", recorder.root.encode())
                self.send_response(reply["status"])
                for name, value in reply["headers"].items():
                    self.send_header(name, value.replace("{root}", recorder.root))
                if reply["status"] != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def snake(wire: str) -> str:
    """A wire name as the package spells it."""
    words = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3_\2", wire)
    return words.lower()


def run(program: str, environment: dict[str, str] | None = None) -> str:
    """The output of a separate program; the package is imported. `environment`: variables besides those of the tests."""
    path = f"sys.path.insert(0, {trunkline.__file__.rsplit('/', 2)[0]!r})"
    whole = f"import sys\n{path}\nimport trunkline\n{program}"
    command = [sys.executable, "-W", "ignore", "-c", whole]
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)
    return done.stdout
