"""Sixty commands typed one after the other, without waiting sixty times for Django to start.

A server reads the house once, then forks for each command: same code, same exit codes, own process, own connection.
``python tests/cli/quick.py SOCKET COMMAND…`` is the command; ``serve(SOCKET)`` the server.
"""

import json
import os
import socket
import sys
from pathlib import Path

LONGEST = 1 << 20


def ask(address: str, arguments: list[str]) -> int:
    """Run a command in the server, with the input, outputs, folder and environment of this process."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address)
        wanted = json.dumps({"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)})  # noqa: PTH109  pathlib costs 20 ms
        socket.send_fds(client, [wanted.encode()], [0, 1, 2])
        return int(client.recv(16) or b"70")


def serve(address: str) -> None:
    """Answer commands until killed."""
    import click

    from poincon.cli.app import FAMILIES, open_house, poincon

    open_house()
    root = click.Context(poincon)
    for family in FAMILIES:
        poincon.get_command(root, family)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                code = _answer(connection)
                connection.send(str(code).encode())
                os._exit(0)
            connection.close()


def _answer(connection: socket.socket) -> int:
    message, descriptors, _, _ = socket.recv_fds(connection, LONGEST, 3)
    wanted = json.loads(message)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    return _run(wanted["arguments"])


def _run(arguments: list[str]) -> int:
    from poincon.cli.app import poincon
    from poincon.cli.french import speak_french

    speak_french()
    try:
        poincon(arguments, prog_name="poincon")
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def write_command(folder: Path, address: str) -> None:
    """Put a ``poincon`` in ``folder`` that asks the server."""
    command = folder / "poincon"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "{Path(__file__).resolve()}" "{address}" "$@"\n')
    command.chmod(0o755)


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1], sys.argv[2:]))
