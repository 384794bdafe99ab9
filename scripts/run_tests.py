"""Run the checks, then the whole suite on each engine, and end with one line that counts.

    python -m scripts.run_tests [ARGUMENT OF PYTEST …]

Both engines at once, each with as many processes as there are cores: what waits for a browser or a disk leaves its turn
to the others. What PostgreSQL has to say is said after SQLite, whole; a group that fails does not hide the next one.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

CORES = str(os.cpu_count() or 1)
# Short tracebacks: whoever reads them may be shown a part of the output only. And a file stays with one worker: what a
# module loads once is not loaded once a worker.
OPTIONS = ["-q", "--tb=short", "-n", CORES, "--dist", "loadfile", "--no-loadscope-reorder"]
PYTEST = [sys.executable, "-m", "pytest", *OPTIONS]
ENGINES = {
    "SQLite": [],
    "PostgreSQL": [sys.executable, "-m", "scripts.with_postgresql"],
}


@dataclass(frozen=True)
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @classmethod
    def read(cls, report: Path) -> Self:
        """What a JUnit report of pytest counts; a group that died before writing one counts as a failure."""
        if not report.exists():
            return cls(failed=1)
        suites = list(ET.parse(report).getroot().iter("testsuite"))
        tests, failures, errors, skipped = (
            sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
        )
        failed = failures + errors
        return cls(tests - failed - skipped, failed, skipped)

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


#: What each group chooses for itself: its database, and the folder of its documents.
CHOSEN = frozenset({"DATABASE_URL", "POINCON_VAR"})


def run(command: Sequence[str], output: IO[bytes] | None = None) -> bool:
    """Whether a command ended well; it speaks for itself meanwhile, there or on our own output."""
    environment = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    done = subprocess.run(command, env=environment, check=False, stdout=output, stderr=subprocess.STDOUT)
    return done.returncode == 0


def run_suite(engine: str, arguments: Sequence[str], output: IO[bytes] | None = None) -> Count:
    """The whole suite on one engine."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        ended_well = run([*ENGINES[engine], *PYTEST, f"--junit-xml={report}", *arguments], output)
        count = Count.read(report)
    # Pytest may fail without a failed test (nothing collected, a crash): that is a failure too.
    return count if ended_well or count.failed else count + Count(failed=1)


def run_suites(arguments: Sequence[str]) -> Count:
    """The whole suite on both engines at once."""
    shown, kept = ENGINES
    with tempfile.TemporaryFile() as output, ThreadPoolExecutor() as beside:
        other = beside.submit(run_suite, kept, arguments, output)
        announce(f"pytest on {shown}, with {kept} beside it")
        count = run_suite(shown, arguments)
        announce(f"pytest on {kept}")
        count += other.result()
        output.seek(0)
        sys.stdout.write(output.read().decode(errors="replace"))
    return count


def main(arguments: Sequence[str]) -> int:
    began = time.monotonic()
    announce("make check")
    checked = run(["make", "--no-print-directory", "--keep-going", "--output-sync", f"--jobs={CORES}", "check"])
    total = run_suites(arguments)
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    announce(f"{minutes} min {seconds:02d} s")
    if not checked:
        total += Count(failed=1)
        print("make check failed")
    print(total)
    return 1 if total.failed else 0


def announce(title: str) -> None:
    print(f"\n── {title} ".ljust(100, "─"), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
