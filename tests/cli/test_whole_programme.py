"""A whole programme, from an empty database to a paid operator, by the very script of the documentation."""

import multiprocessing
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.quick import serve, write_command

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operate" / "command-line.md"


def script() -> str:
    """The blocks of shell of the page, one after the other."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return "set -eu\n" + "\n".join(blocks)


def _serve(address: str, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    serve(address)


@pytest.fixture
def environment(fresh_environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database, and a ``poincon`` on the path that starts at once."""
    address = str(tmp_path / "poincon.socket")
    folder = tmp_path / "bin"
    folder.mkdir()
    write_command(folder, address)
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(address, fresh_environment))
    server.start()
    while not Path(address).exists() and server.is_alive():
        time.sleep(0.05)
    yield fresh_environment | {"PATH": f"{folder}:{os.environ['PATH']}"}
    server.terminate()
    server.join()


def test_the_documented_script_runs_a_whole_programme(environment: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        ["bash", "-c", script()], cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "30 € payés." in done.stdout.replace("\u00a0", " ")
    assert "aucune en défaut" in done.stdout
    assert "Rien de ce qui est scellé n’a changé." in done.stdout
    assert {path.suffix for path in (work / "papiers").iterdir()} >= {".pdf", ".csv", ".xml"}
    shown = subprocess.run(
        ["poincon", "programme", "show", "temoin"], env=environment, capture_output=True, text=True, check=True
    )
    assert "200 imprimés, 10 remis, 3 utilisés" in shown.stdout
