"""The web process of `up`: waitress on a socket that its supervisor opened.

The supervisor keeps the socket, so callers only wait while a fallen web process is
replaced; nobody meets a closed port.
"""

import signal
import socket
import sys

THREADS = 8


def serve(descriptor: int) -> None:
    """Answer requests until SIGTERM, then finish those under way."""
    from django.conf import settings
    from django.urls import get_resolver
    from waitress.server import create_server

    from config.wsgi import application

    server = create_server(
        application,
        sockets=[socket.socket(fileno=descriptor)],
        threads=THREADS,
        ident=None,
        max_request_body_size=settings.REQUEST_MAX_SIZE,
        clear_untrusted_proxy_headers=not settings.TRUSTED_PROXIES,
        connection_limit=400,
        channel_timeout=60,
    )
    get_resolver().url_patterns  # noqa: B018 - loads every view now, not at the first visitor's cost
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the supervisor's to answer
    server.run()


def _leave(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
