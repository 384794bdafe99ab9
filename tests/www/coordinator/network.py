"""What the tests of these pages share: who opens them, and what an answer says."""

import html
import re
from typing import Any

from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.models import Batch
from tests.world.standing import Standing
from tests.world.story import Person, Place

#: Runs the network; same organisation, for another programme; another network.
COORDINATOR = Person(Role.COORDINATOR)
BESIDE = Person(Role.COORDINATOR, Place.BESIDE)
STRANGER = Person(Role.COORDINATOR, Place.ELSEWHERE)


def coordinator(full: Standing) -> Client:
    return full.client(COORDINATOR)


def batch_of(full: Standing) -> Batch:
    """The first batch, active: ranks 27 to 34 and 37 to 39 are in the pile of the network."""
    return full.world.programme.batches.earliest("pk")


def said(response: Any) -> str:
    """The text of a page, without its tags and its line ends."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def pk_of(full: Standing, key: str) -> int:
    return full.world.organisations[key].pk
