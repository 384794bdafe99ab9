"""A load generator that costs little: keep-alive connections, one thread each, bytes prepared beforehand."""

import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run gave: answers a second and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    answers: int


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


def run(port: int, queues: Sequence[Sequence[bytes]], *, seconds: float) -> Load:
    """Play each queue on a connection of its own, at most ``seconds`` long."""
    latencies: list[list[float]] = [[] for _ in queues]
    deadline = time.perf_counter() + seconds

    def play(queue: Sequence[bytes], kept: list[float]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in queue:
                start = time.perf_counter()
                if start > deadline:
                    return
                exchange(connection, request)
                kept.append(time.perf_counter() - start)

    threads = [threading.Thread(target=play, args=pair) for pair in zip(queues, latencies, strict=True)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    every = sorted(latency * 1000 for kept in latencies for latency in kept)
    return Load(len(every) / elapsed, statistics.median(every), every[int(len(every) * 0.99)], len(every))
