"""Write what the tests really check of accessibility: the public statement says that, and nothing more.

python -m scripts.accessibility

Read from the tests themselves, so that the statement changes when they do; a test compares.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
FACTS = ROOT / "poincon" / "www" / "public" / "data" / "accessibility.json"
LIBRARIES = ROOT / "tests" / "browser" / "vendor" / "manifest.json"


def facts() -> dict[str, Any]:
    """What is tested, by what, in what conditions; counted, not typed."""
    from tests.browser.accessibility import LEVELS
    from tests.browser.conftest import SCHEMES
    from tests.browser.looking import DESK, NARROW, PHONE, ZOOMED
    from tests.site_map import pages

    (axe,) = [one for one in json.loads(LIBRARIES.read_text(encoding="utf-8")) if one["name"] == "axe-core"]
    return {
        "axe_version": axe["version"],
        "axe_levels": LEVELS,
        "axe_rules": _rules(LEVELS),
        "addresses": len(pages()),
        "widths": [PHONE[0], DESK[0]],
        "narrowest": NARROW[0],
        "zoom_percent": round(100 * DESK[0] / ZOOMED[0]),
        "schemes": list(SCHEMES),
    }


def _rules(levels: list[str]) -> int:
    """How many rules of axe-core carry one of these levels, read in its source."""
    source = (LIBRARIES.parent / "axe.min.js").read_text(encoding="utf-8")
    tags = re.findall(r'\{id:"[\w-]+"(?:(?!\{id:").){0,800}?tags:\[([^\]]*)\]', source)
    return sum(bool(set(re.findall(r'"([^"]+)"', one)) & set(levels)) for one in tags)


def written() -> str:
    """The file as it must stand in the repository."""
    return json.dumps(facts(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    FACTS.write_text(written(), encoding="utf-8")
    print(f"{FACTS} written")
