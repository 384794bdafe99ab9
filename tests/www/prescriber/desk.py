"""A prescriber at her desk, today: a scheme that runs now, booklets in stock, a client signed in."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes import codes
from poincon.passes.models import Batch, Booklet, HandOver
from poincon.programmes.enums import IdentityLevel
from tests.factories import GUERET, Scheme, make_commune, make_scheme
from tests.lives import active_batch, delivered

STEPS = "/prescripteur/remettre/"


@dataclass
class Desk:
    scheme: Scheme
    batch: Batch
    user: User
    client: Client

    def booklet(self, rank: int = 1) -> Booklet:
        return self.batch.booklets.get(rank=rank)

    def number(self, rank: int = 1) -> str:
        return codes.written(self.booklet(rank).number)

    def get(self, path: str, **asked: str) -> Any:
        return self.client.get(f"/prescripteur/{path}", asked, follow=True)

    def post(self, path: str, **sent: Any) -> Any:
        return self.client.post(f"/prescripteur/{path}", sent)

    def take(self, rank: int = 1, **sent: Any) -> Any:
        """The first screen, answered."""
        return self.post("remettre/", **{"numero": self.number(rank), "quoi": "tout"} | sent)

    def name(self, **sent: Any) -> Any:
        """The second one, with what the level of identity asks."""
        level = self.scheme.programme.identity_level
        asked = {"commune": "Guéret", "genre": "feminin", "situation": "retraite"}
        if level != IdentityLevel.ANONYMOUS:
            asked |= {"prenom": "Marie", "telephone": "06 12 34 56 78"}
        if level == IdentityLevel.IDENTIFIED:
            asked |= {"nom": "Dupont", "date_naissance": "03/07/1957", "courriel": ""}
        return self.post("remettre/personne/", **asked | sent)

    def qualify(self, **sent: Any) -> Any:
        """The third one: the public, and its proof."""
        return self.post("remettre/public/", **{"public": str(self.scheme.public.pk)} | sent)


def make_desk(client: Client, *, quantity: int = 3, proof: str = "", **programme: Any) -> Desk:
    """Booklets of ten passes in the stock of a prescriber whose people live in Creuse. The days are real ones."""
    now = timezone.now()
    today = now.date()
    running = {"starts_on": today - timedelta(days=60), "ends_on": today + timedelta(days=600)}
    scheme = make_scheme(**{"identity_level": IdentityLevel.CONTACT, "referent": "Claire Moreau"} | running | programme)
    scheme.prescriber.agreements.update(valid_from=running["starts_on"])
    scheme.operator.qualifications.update(valid_from=running["starts_on"])
    scheme.venue.offers.update(starts_on=running["starts_on"])
    scheme.public.label, scheme.public.proof = "Bénéficiaires du RSA", proof
    scheme.public.save()
    for commune in (make_commune(GUERET), make_commune("23008")):
        make_searchable(commune.pk, commune.name)
    batch = active_batch(scheme, quantity=quantity, now=now)
    delivered(batch, scheme.prescriber, now=now)
    user = scheme.actor(Role.PRESCRIBER).user
    assert user is not None
    client.force_login(user)
    return Desk(scheme, batch, user, client)


def make_searchable(code: str, name: str) -> None:
    """What loading the territories does: the commune is found by its name."""
    from poincon.territories.enums import KeyLevel
    from poincon.territories.models import SearchKey
    from poincon.territories.rules import normalise_name, prefix_number

    text = normalise_name(name)
    SearchKey.objects.create(number=prefix_number(text), text=text, level=KeyLevel.NAME, commune_id=code)


def text_of(response: Any) -> str:
    """What can be read on a page, in one line."""
    html = response.content.decode()
    body = html.split("<main", 1)[-1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#x27;", "'").split())


def hand_over(desk: Desk) -> HandOver:
    response = desk.post("remettre/verifier/")
    given = HandOver.objects.latest("pk")
    assert response["Location"] == f"/prescripteur/remettre/{given.pk}/fait/"
    return given
