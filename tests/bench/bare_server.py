"""The limit of what is served: the production server before a Flask application of one page that holds nothing.

python -m tests.bench.bare_server PORT
"""

import sys

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from archive.server import THREADS


def _load() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "")
    return app


def _main(port: str) -> None:
    server = Server(
        "tests.bench.bare_server",
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=_load, wrap_loader=False)


if __name__ == "__main__":
    _main(sys.argv[1])
