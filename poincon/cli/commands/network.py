"""The network of a programme: qualified operators, agreed prescribers, trained people."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.files import out_option, write_files, written
from poincon.cli.references import DAY, ORGANISATION, PERCENT, PERSON, PROGRAMME, SERVICE
from poincon.cli.shape import Answer, Group, Refused, answers
from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification
from poincon.network.services import agree_prescriber, qualify, record_training, withdraw_qualification
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation, User
from poincon.programmes.models import Programme, Service
from poincon.settlement.services import attest


@click.group(cls=Group)
def operator() -> None:
    """Opérateurs : un dispositif ne paie que ceux qu’il a qualifiés."""


@operator.command(name="qualify")
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--service", "services", type=SERVICE, multiple=True, help="Seulement ce service ; se répète.")
@click.option("--from", "valid_from", type=DAY, help="À partir du.  [par défaut : le début du dispositif]")
@click.option("--until", "valid_until", type=DAY, help="Jusqu’au.")
@answers
@acts
def qualify_operator(
    *,
    by: Actor,
    organisation: Organisation,
    programme: Programme,
    services: Sequence[Service],
    valid_from: date | None,
    valid_until: date | None,
) -> Answer:
    """Qualifie ORGANISATION pour DISPOSITIF, pour tous ses services ou pour ceux qu’on nomme."""
    made = qualify(
        by=by,
        operator=organisation,
        programme=programme,
        services=services or None,
        valid_from=valid_from or programme.starts_on,
        valid_until=valid_until,
    )
    return Answer(
        {"id": made.pk}, [f"{organisation} est qualifié pour {programme} à partir du {_day(made.valid_from)}."]
    )


@operator.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--from", "from_day", type=DAY, help="À partir du.  [par défaut : aujourd’hui]")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi : l’opérateur le lira.")
@answers
@acts
def withdraw(
    *, by: Actor, organisation: Organisation, programme: Programme, from_day: date | None, reason: str
) -> Answer:
    """Retire à ORGANISATION sa qualification ; ce qu’elle a poinçonné avant reste dû."""
    found = Qualification.objects.filter(operator=organisation, programme=programme).first()
    if found is None:
        raise Refused("not_qualified", f"{organisation} n’est pas qualifié pour {programme}.", "Vérifiez les deux.")
    day = from_day or timezone.localdate()
    withdraw_qualification(by=by, qualification=found, from_day=day, reason=reason)
    return Answer({"id": found.pk}, [f"{organisation} n’est plus qualifié pour {programme} à partir du {_day(day)}."])


@operator.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--on", type=DAY, help="Datée du.  [par défaut : aujourd’hui]")
@click.option(
    "--delay", "delay_days", type=int, default=30, show_default=True, metavar="JOURS", help="Délai de paiement."
)
@click.option("--commission", "commission_bp", type=PERCENT, default="0", show_default=True, help="Part gardée, en %.")
@out_option
@answers
@acts
def attestation(
    *, by: Actor, organisation: Organisation, programme: Programme, out: Path | None, **agreed: Any
) -> Answer:
    """Écrit l’attestation qui permet à ORGANISATION, publique, d’encaisser les pass de DISPOSITIF (CGCT, R. 1617-7)."""
    pdf = attest(by=by, programme=programme, operator=organisation, **agreed)
    return written(write_files(out, "attestations", {f"attestation-{programme.code}-{organisation.pk}.pdf": pdf}))


@click.group(cls=Group)
def prescriber() -> None:
    """Prescripteurs : ceux qui remettent les chéquiers aux personnes."""


@prescriber.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--from", "valid_from", type=DAY, help="À partir du.  [par défaut : le début du dispositif]")
@click.option("--until", "valid_until", type=DAY, help="Jusqu’au ; une date passée met fin à la convention.")
@answers
@acts
def agree(
    *, by: Actor, organisation: Organisation, programme: Programme, valid_from: date | None, valid_until: date | None
) -> Answer:
    """Permet à ORGANISATION de remettre les chéquiers de DISPOSITIF."""
    first = valid_from or programme.starts_on
    made = agree_prescriber(
        by=by, prescriber=organisation, programme=programme, valid_from=first, valid_until=valid_until
    )
    return Answer({"id": made.pk}, [f"{organisation} prescrit dans {programme} à partir du {_day(first)}."])


@click.group(cls=Group)
def training() -> None:
    """Formations que certains dispositifs exigent avant de prescrire ou de poinçonner."""


@training.command()
@click.argument("person", type=PERSON)
@click.argument("programme", type=PROGRAMME)
@click.argument("kind", metavar="FORMATION", type=click.Choice(TrainingKind.values))
@click.option("--on", "done_on", type=DAY, help="Suivie le.  [par défaut : aujourd’hui]")
@answers
@acts
def record(*, by: Actor, person: User, programme: Programme, kind: str, done_on: date | None) -> Answer:
    """Enregistre que cette personne a suivi la FORMATION (prescriber ou mediator) de DISPOSITIF."""
    made = record_training(
        by=by, user=person, programme=programme, kind=TrainingKind(kind), done_on=done_on or timezone.localdate()
    )
    return Answer({"id": made.pk}, [f"{person} est formé depuis le {_day(made.done_on)}."])


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
