"""The contact sheet starts by itself, and its small sheets hold every picture."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from scripts.contact_sheet import ON_A_SHEET, Picture, write_sheets
from tests.architecture.repository import ROOT
from tests.serving import Stop


def test_it_starts_without_any_setting() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "POINCON_"))}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.contact_sheet", "--help"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_each_person_has_her_sheets(tmp_path: Path) -> None:
    pages = [taken(tmp_path, rank, "prescriber, own") for rank in range(ON_A_SHEET + 1)]
    write_sheets(tmp_path, [*pages, taken(tmp_path, 99, "visitor")])
    sheets = sorted(path.name for path in tmp_path.glob("sheet-*"))
    assert sheets == ["sheet-prescriber-own-1.png", "sheet-prescriber-own-2.png", "sheet-visitor-1.png"]


def taken(folder: Path, rank: int, person: str) -> Picture:
    Image.new("RGB", (1366, 4000)).save(folder / f"{rank}.png")
    return Picture(Stop("r", f"page-{rank}", person, f"/{rank}/", ""), "full", "desk, light", f"{rank}.png")
