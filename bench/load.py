"""A load generator that costs little: keep-alive connections, one thread each, bytes prepared beforehand."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What one or more runs gave: how long each answer took, in milliseconds, and how long they lasted, in seconds."""

    latencies: tuple[float, ...] = ()
    seconds: float = 0.0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.latencies + other.latencies, self.seconds + other.seconds)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        return sorted(self.latencies)[int(len(self.latencies) * 0.99)]


def request_bytes(path: str, body: bytes, *, token: str = "") -> bytes:
    """A POST as it goes on the wire."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{bearer}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def exchange(connection: socket.socket, request: bytes) -> bytes:
    """Send one request, return the body of its answer. Raises RuntimeError unless it is 200."""
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(received.decode(errors="replace"))
    length = int(
        next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")).split(b":")[1]
    )
    while len(body) < length:
        body += connection.recv(65536)
    return body


def run(port: int, queues: Sequence[Iterator[bytes]], *, seconds: float) -> Load:
    """Play what is left of each queue on a connection of its own, at most ``seconds`` long."""
    latencies: list[list[float]] = [[] for _ in queues]
    deadline = time.perf_counter() + seconds

    def play(queue: Iterator[bytes], kept: list[float]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (start := time.perf_counter()) < deadline and (request := next(queue, None)) is not None:
                exchange(connection, request)
                kept.append(time.perf_counter() - start)

    threads = [threading.Thread(target=play, args=pair) for pair in zip(queues, latencies, strict=True)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    return Load(tuple(latency * 1000 for kept in latencies for latency in kept), elapsed)
