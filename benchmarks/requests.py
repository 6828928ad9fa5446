"""Requests to the product's own WSGI application, without a network in between."""

import io
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.utils.crypto import get_random_string

from governance.actors import Actor
from tests.factories import governance as make


class Browser:
    """Somebody signed in: `get(path)` gives a function that asks for it once and returns the body."""

    def __init__(self, who: Actor, **session: Any) -> None:
        client = make.client_of(who)
        held = client.session
        held.update(session)
        held.save()
        client.cookies["csrftoken"] = get_random_string(32)
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.application = WSGIHandler()

    def get(self, path: str) -> Callable[[], bytes]:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "HTTP_COOKIE": self.cookie,
            "HTTP_HOST": "testserver",
        }
        seen: list[Any] = []

        def start(status: str, headers: Any, error: Any = None, /) -> Callable[[bytes], object]:
            seen.append(status)
            return seen.append

        def ask() -> bytes:
            seen.clear()
            answer = self.application(environ | {"wsgi.input": io.BytesIO()}, start)
            body = b"".join(answer)
            getattr(answer, "close", lambda: None)()
            assert seen[0].startswith("200"), f"{path}: {seen[0]}"
            return body

        return ask
