"""Two databases to look at the site with: a full one, where a programme went from money to paid statement, and an empty
one, where there are only accounts. Played through the verbs, in a few seconds, around the present day.

A screen that shows something new adds it to a chapter of ``full.py``; tests/site_map.py says where addresses find it.
"""

from tests.world.empty import build_empty
from tests.world.full import build_full
from tests.world.story import Person, Place, World

__all__ = ["Person", "Place", "World", "build_empty", "build_full"]
