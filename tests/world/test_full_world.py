"""What the full database shows: something everywhere."""

import pytest
from django.apps import apps

from tests.world.many import TEAM, multiply, not_multiplied
from tests.world.standing import Standing

pytestmark = pytest.mark.django_db


def test_nothing_is_empty_in_the_full_database(full: Standing) -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("poincon.")]
    empty = [model.__name__ for model in ours if not model._default_manager.exists()]
    assert empty == [], "let tests/world/full.py make one, or every page about it is tested empty"


def test_every_table_is_multiplied_or_stays_small(full: Standing) -> None:
    multiply(full.world, 2 * TEAM)
    assert not_multiplied(TEAM) == [], "add them to tests/world/many.py, copied or among those that stay small"
