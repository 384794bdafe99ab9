"""What waits for the coordinator of the full database: decisions, requests, rights that end, mails without answer."""

from datetime import timedelta
from typing import Any

from poincon.network.services import agree_prescriber
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.services import create_organisation, invite
from poincon.passes.ranges import BookletRange
from poincon.passes.services.ask import ask_for_booklets
from poincon.passes.services.move import send
from poincon.territories.models import Commune
from tests.factories import AUBUSSON, siret
from tests.world.story import World


def wait_for_decisions(world: World) -> None:
    by, programme = world.actor(Role.COORDINATOR), world.programme
    common: dict[str, Any] = {
        "legal_form": LegalForm.ASSOCIATION,
        "commune": Commune.objects.get(pk=AUBUSSON),
        "programme": programme,
    }
    newcomer = create_organisation(
        by=by, name="MJC d’Aubusson", siret=siret(), is_prescriber=True, is_operator=True, **common
    )
    world.organisations["newcomer"] = newcomer
    invite(
        by=by,
        email="mjc@essai.example",
        role=Role.PRESCRIBER,
        organisation=newcomer,
        programme=programme,
        full_name="Odile Attente",
        now=world.now - timedelta(days=9),
    )
    alone = create_organisation(
        by=by, name="Maison France services", siret=siret(), is_prescriber=True, email="msap@essai.example", **common
    )
    world.organisations["alone"] = alone
    agree_prescriber(
        by=by,
        prescriber=alone,
        programme=programme,
        valid_from=world.first_of_month(2),
        valid_until=world.today + timedelta(days=30),
    )
    batch = programme.batches.earliest("pk")
    send(
        by=by,
        sender=batch.stock_holder,
        receiver=alone,
        ranges=[BookletRange(batch.pk, 35, 36)],
        now=world.now - timedelta(days=20),
    )
    ask_for_booklets(
        by=world.actor(Role.PRESCRIBER),
        programme=programme,
        prescriber=world.organisations["prescriber"],
        booklets=12,
        note="Une permanence ouvre en avril",
        now=world.now,
    )
