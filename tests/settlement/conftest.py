"""Lives played through the verbs begin with nothing kept in the process."""

from tests.lives import contexts_are_fresh

__all__ = ["contexts_are_fresh"]
