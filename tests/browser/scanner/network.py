"""A network that a test cuts: a relay between the browser and the server, on an address of its own.

Cut here, neither the page nor its worker reaches anything, in whatever process of the browser they run.
"""

import contextlib
import socket
import threading
from urllib.parse import urlsplit

CHUNK = 65536


class Relay:
    """Passes bytes both ways between ``url`` and the server behind it, until it is cut."""

    def __init__(self, server_url: str) -> None:
        behind = urlsplit(server_url)
        self._behind = (behind.hostname or "", behind.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._port = self._door.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.is_cut = False
        threading.Thread(target=self._welcome, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        """Every connection breaks, and those to come."""
        self.is_cut = True
        with self._lock:
            broken, self._open = self._open, set()
        for one in broken:
            _break(one)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self._closed = True
        self.cut()
        self._door.close()

    def _welcome(self) -> None:
        while not self._closed:
            try:
                came, _ = self._door.accept()
            except OSError:
                return
            if self.is_cut:
                _break(came)
                continue
            threading.Thread(target=self._join, args=(came,), daemon=True).start()

    def _join(self, came: socket.socket) -> None:
        with contextlib.suppress(OSError):
            went = socket.create_connection(self._behind)
            with self._lock:
                self._open |= {came, went}
            threading.Thread(target=_pour, args=(went, came), daemon=True).start()
            _pour(came, went)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    _break(source)
    _break(target)


def _break(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()
