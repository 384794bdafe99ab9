"""Which stories can be played. Without Django: the command line asks it before anything is ready."""

from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
FIRST = "creuse"


def scenario_names() -> list[str]:
    """The stories that can be played, the usual one first."""
    names = sorted(path.parent.name for path in SCENARIOS.glob("*/scenario.toml"))
    return sorted(names, key=lambda name: name != FIRST)
