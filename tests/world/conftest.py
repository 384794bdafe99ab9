from tests.lives import contexts_are_fresh
from tests.world.standing import full

__all__ = ["contexts_are_fresh", "full"]
