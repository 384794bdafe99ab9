"""Plays a whole story into an empty database."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext_lazy as _

from poincon.demo.activity import Activity
from poincon.demo.incidents import Incidents
from poincon.demo.opening import open_scene
from poincon.demo.papers import write_papers
from poincon.demo.paying import Paying
from poincon.demo.scenario import Story
from poincon.demo.staging import Staging
from poincon.demo.timeline import Timeline
from poincon.demo.world import World
from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes import keys
from poincon.programmes.services import load_catalogue

Progress = Callable[[int, int], None]

NOT_EMPTY = Refusal(
    "demo.database_not_empty",
    _("Cette base contient déjà des organisations : la démonstration ne se joue que dans une base vide."),
    _("Laissez DATABASE_URL de côté : la démonstration se fait une base à elle."),
)


def play(scenario: str, *, now: datetime, out: Path, progress: Progress) -> World:
    """Play ``scenario`` up to the night before ``now``, in a database that holds only territories.

    The same day and the same file give the same story. ``out`` receives the papers. Raises Refusal
    ``demo.database_not_empty``, and StoryError when the file asks for what a rule refuses.
    """
    if Organisation.objects.exists():
        raise NOT_EMPTY.filled()
    story = Story(scenario, now=now)
    rng = Random(story.told.seed)  # noqa: S311  the same story each time is what is wanted; nothing here is a secret
    world = World(story, out, rng, private_key=Ed25519PrivateKey.from_private_bytes(rng.randbytes(32)))
    timeline = Timeline()
    _open(world, timeline)
    for told in story.told.programmes:
        staging = Staging(world, timeline, told)
        for part in (staging, Activity(world, timeline, staging), Incidents(world, timeline, staging)):
            part.plan()
        Paying(world, timeline, staging).plan()
    last_night = datetime.combine(story.calendar.today, time(), story.calendar.zone)
    timeline.play(until=last_night, progress=progress)
    write_papers(world)
    return world


def _open(world: World, timeline: Timeline) -> None:
    first = min(told.created_on for told in world.story.told.programmes)
    at = world.story.calendar.at(first, 8)
    load_catalogue()
    keys.rotate(by=world.system, now=at, private=world.private_key)
    timeline.plan(at, lambda moment: open_scene(world, moment))
