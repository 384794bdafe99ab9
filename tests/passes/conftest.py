"""The fixtures of tests.lives, for every test of the passes."""

from tests.lives import TOKEN, Life, active_batch, contexts_are_fresh, delivered, live

__all__ = ["TOKEN", "Life", "active_batch", "contexts_are_fresh", "delivered", "live"]
