"""Run every bench, one after the other, each in a process of its own: none warms the next one, or hides its failure.

    make bench                          all of them, on a durable PostgreSQL of their own
    python -m bench NAME …              the named ones, on the engine of DATABASE_URL (SQLite by default)

A bench is a module of this folder that can be run; it prints its ratios and fails when it passes a limit.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
RUNNABLE = 'if __name__ == "__main__":'


def benches() -> list[str]:
    """The names of the modules that can be run."""
    others = [path for path in sorted(FOLDER.glob("*.py")) if path.stem != "__main__"]
    return [path.stem for path in others if RUNNABLE in path.read_text()]


def main(asked: Sequence[str]) -> int:
    if unknown := set(asked) - set(benches()):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are: {', '.join(benches())}", file=sys.stderr)
        return 2
    failed = [name for name in asked or benches() if not _ends_well(name)]
    if failed:
        print(f"\nbeyond a limit, or broken: {', '.join(failed)}")
    return 1 if failed else 0


def _ends_well(name: str) -> bool:
    print(f"\n── {name} ".ljust(100, "─"), flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
