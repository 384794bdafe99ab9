"""The fixtures of tests.lives, for every test of the passes."""

from tests.lives import TOKEN, Life, active_batch, contexts_are_fresh, delivered, live, make_life

__all__ = ["TOKEN", "Life", "active_batch", "contexts_are_fresh", "delivered", "live", "make_life"]
