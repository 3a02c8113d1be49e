"""A service on this machine, which answers as a test wants it to."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_NO_ANSWER = 0


@dataclass
class Service:
    """What a service was asked, and what it answers."""

    url: str = ""
    answer: Callable[[str], int] = lambda _: 200
    """Returns the status for a body; :meth:`hang` in it never answers."""
    bodies: list[str] = field(default_factory=list[str])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    paths: list[str] = field(default_factory=list[str])
    over: threading.Event = field(default_factory=threading.Event)

    def hang(self, _body: str = "") -> int:
        """Wait until the test is over."""
        self.over.wait(60)
        return _NO_ANSWER


@contextmanager
def running() -> Generator[Service]:
    """Run a service for as long as a test needs it."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            service.bodies.append(body)
            service.headers.append(dict(self.headers.items()))
            service.paths.append(self.path)
            status = service.answer(body)
            if status != _NO_ANSWER:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 named by the standard library
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/internal/payment/payment-webhooks"
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
