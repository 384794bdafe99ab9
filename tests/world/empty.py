"""The empty database: everybody has an account and nothing has happened. Next to it, a programme just created."""

from datetime import datetime

from django.utils import timezone

from poincon.network.services import agree_prescriber, qualify
from tests.world.opening import create, open_scene, start_of
from tests.world.story import PEOPLE, SYSTEM, Place, World, hire


def build_empty(*, now: datetime | None = None) -> World:
    """Accounts at home without anything; elsewhere, the same around a programme that nobody has touched yet."""
    world = World(now or timezone.now())
    open_scene(world)
    # Addresses that need a programme are shown with this one.
    programme = world.programmes["home"] = create(world, "vide", "Pass tout neuf", "other funder", "other network")
    for person in PEOPLE:
        if person.place is not Place.BESIDE:
            hire(world, person, since=start_of(world))
    operator, prescriber = world.organisations["other operator"], world.organisations["other prescriber"]
    qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=world.today, now=world.now)
    agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=world.today)
    return world
