"""The vectors of the scanner's protocol, that every implementation is held to."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "docs" / "operate" / "scanner-vectors.json"


def vectors() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read
