"""The production server: granian and its workers, one process group in one terminal."""

import ctypes
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from time import sleep
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from archive.app import create_app
from archive.errors import ArchiveError
from archive.settings import Settings
from archive.store.migrate import upgrade
from archive.store.opening import open_engine
from archive.web.warming import warm
from archive.worker_process import WorkerProcess, beneath

THREADS = 8  # requests at a time in each worker; its pool of database connections holds 15
_LAST_REQUESTS = 10  # seconds that requests under way get when the server is told to stop
_ALLOCATIONS = 10_000  # of objects, before Python looks for circles among the newest; a page of 300 posts makes as many
_PR_SET_PDEATHSIG = 1  # prctl(2)
_LOGGING: dict[str, Any] = {  # to stderr: stdout is for data
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


class AddressError(ArchiveError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(
            f"Footnote cannot listen on {host}, port {port}: {reason}. "
            "Another address is set with FOOTNOTE_HOST and FOOTNOTE_PORT."
        )


def serve(settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Bring the database to its newest schema, then answer requests until SIGTERM or SIGINT.

    :param ready: called with the address, once it answers.
    :raises AddressError: if something else listens there.
    :raises SystemExit: with 1, if the workers keep failing.
    """
    host, port = _free_address(settings.host, settings.port)
    _migrate(settings.database_url)
    server = Server(
        "archive.server",  # only a name: the loader below makes the application
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_LAST_REQUESTS,
        log_level=LogLevels.error,  # below that it advises on the number of threads
        log_dictconfig=_LOGGING,
    )
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    threading.Thread(target=_wait_until_it_answers, args=(host, port, partial(ready, address)), daemon=True).start()
    under_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    with beneath(settings) as worker:
        server.on_startup(partial(_end_together, server.signal_handler_interrupt, worker, under_nohup=under_nohup))
        server.serve(target_loader=partial(_load, settings, os.getpid()), wrap_loader=False)


def _end_together(end_server: Callable[..., None], worker: WorkerProcess | None, *, under_nohup: bool) -> None:
    """Let the import worker hear of the end when the server does, so that their last seconds are the same."""

    def end(number: int, frame: object) -> None:
        if worker is not None:
            worker.end()
        end_server(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN if under_nohup else end)  # granian would start its workers anew


def _load(settings: Settings, parent: int) -> Flask:
    """The application, in a worker."""
    for_all = {signal.SIGINT, signal.SIGHUP}  # Ctrl-C and a closed terminal reach all; the parent tells us in its turn
    signal.pthread_sigmask(signal.SIG_BLOCK, for_all)
    if sys.platform == "linux":  # whatever becomes of the parent, nobody is left behind
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # else the parent's handler, which came along, swallows it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before
            sys.exit(1)
    app = create_app(settings)
    warm(app)
    gc.collect()
    gc.freeze()  # what stays for ever need not be looked through again while a page of thousands of posts is made
    gc.set_threshold(_ALLOCATIONS, 20, 50)
    return app


def _migrate(database_url: str) -> None:
    engine = open_engine(database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def _free_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and the port, where 0 has become one that is free.

    Workers share a port by SO_REUSEPORT, so a second server would silently share it too: hence a look beforehand.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just ended is no hindrance
            probe.bind(place)
            numeric, free = probe.getsockname()[:2]
            return numeric, free
    except OSError as error:
        raise AddressError(host, port, error.strerror or str(error)) from error


def _wait_until_it_answers(host: str, port: int, ready: Callable[[], None]) -> None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not bound
    while True:
        try:
            socket.create_connection((reachable, port), timeout=1).close()
        except OSError:
            sleep(0.05)  # seconds
        else:
            ready()
            return
