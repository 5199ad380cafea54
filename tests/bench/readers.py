"""Readers over HTTP who do nothing but ask: on kept connections, packed, as browsers do.

The client is small on purpose, since it shares the machine's cores with the server that it measures.
"""

import gzip
import re
import selectors
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes  # as sent
    seconds: float  # from the question to its last byte

    @property
    def text(self) -> str:
        """The page."""
        return (gzip.decompress(self.body) if b"gzip" in self.head else self.body).decode()


class Reader:
    """One connection that is kept."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self.host = f"{where.hostname}:{where.port}"
        self._socket = socket.create_connection((where.hostname or "", where.port or 80), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._begun = 0.0
        self._got = bytearray()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def get(self, path: str) -> Answer:
        """Ask, and wait for the answer."""
        self.ask(path)
        while (answer := self.take()) is None:
            pass
        return answer

    def ask(self, path: str) -> None:
        """Send a question."""
        self._got.clear()
        self._begun = perf_counter()
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: gzip\r\n\r\n".encode())

    def take(self) -> Answer | None:
        """What has come, if that is all."""
        piece = self._socket.recv(_CHUNK)
        if not piece:
            raise ConnectionResetError(f"The server hung up after {len(self._got)} bytes.")
        self._got += piece
        behind = self._got.find(b"\r\n\r\n")
        if behind < 0:
            return None
        head = bytes(self._got[:behind])
        length = _LENGTH.search(head)
        if length is None:
            raise ValueError(f"No length is given: {head!r}")
        if len(self._got) < behind + 4 + int(length[1]):
            return None
        seconds = perf_counter() - self._begun
        return Answer(int(head[9:12]), head, bytes(self._got[behind + 4 :]), seconds)


def ask_at_once(address: str, paths: Iterable[str], *, connections: int) -> Sequence[Answer]:
    """Ask for all of them over so many connections, each of which has one question under way."""
    left, answers = deque(paths), list[Answer]()
    readers = [Reader(address) for _ in range(min(connections, len(left)))]
    with selectors.DefaultSelector() as selector:
        for reader in readers:
            selector.register(reader, selectors.EVENT_READ)
            reader.ask(left.popleft())
        under_way = len(readers)
        while under_way:
            for key, _ in selector.select():
                reader: Reader = key.fileobj  # type: ignore[assignment,no-redef]
                if (answer := reader.take()) is None:
                    continue
                answers.append(Answer(answer.status, answer.head, b"", answer.seconds))
                if left:
                    reader.ask(left.popleft())
                else:
                    under_way -= 1
    for reader in readers:
        reader.__exit__(None, None, None)
    return answers
