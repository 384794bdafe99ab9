from tests.lives import contexts_are_fresh

__all__ = ["contexts_are_fresh"]
