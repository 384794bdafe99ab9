"""The files of the project, as git knows them, or as they were unpacked."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "var", "build", "node_modules", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return tuple(name for name in names if not NOT_OURS.intersection(name.parts) and (ROOT / name).is_file())


def sources(*suffixes: str) -> list[Path]:
    """The files written by us with one of these endings: neither vendored nor generated."""
    return [name for name in files() if name.suffix in suffixes and not {"vendor", "migrations"} & set(name.parts)]


@cache
def text(name: Path) -> str:
    """What a file says; nothing for a picture or an archive."""
    try:
        return (ROOT / name).read_text()
    except UnicodeDecodeError:
        return ""
