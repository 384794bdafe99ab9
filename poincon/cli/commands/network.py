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
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.queries import agreements_of, qualifications_of, trainings_of
from poincon.network.services import (
    agree_prescriber,
    end_agreement,
    lift_suspension,
    qualify,
    record_training,
    suspend_qualification,
    withdraw_qualification,
)
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


@operator.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_operators(programme: Programme) -> Answer:
    """Liste les opérateurs de DISPOSITIF, et si leur qualification est en vigueur aujourd’hui."""
    names = ("operator", "in_force", "from", "until", "withdrawn_on")
    rows = [
        (one.operator.name, one.in_force, one.valid_from, one.valid_until, one.withdrawn_on)
        for one in qualifications_of(programme, timezone.localdate())
    ]
    written_rows = [(row[0], "oui" if row[1] else "non", row[2], row[3] or "", row[4] or "") for row in rows]
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return Answer(data, table(("opérateur", "en vigueur", "du", "au", "retirée le"), written_rows))


@operator.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--from", "first_day", type=DAY, help="Premier jour.  [par défaut : aujourd’hui]")
@click.option("--until", "last_day", type=DAY, help="Dernier jour.  [par défaut : jusqu’à ce qu’on la lève]")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi : l’opérateur le lira.")
@answers
@acts
def suspend(
    *,
    by: Actor,
    organisation: Organisation,
    programme: Programme,
    first_day: date | None,
    last_day: date | None,
    reason: str,
) -> Answer:
    """Suspend la qualification de ORGANISATION : aucun pass de ces jours-là ne lui est payé."""
    made = suspend_qualification(
        by=by,
        qualification=_qualification(organisation, programme),
        first_day=first_day or timezone.localdate(),
        last_day=last_day,
        reason=reason,
    )
    until = f"au {_day(made.last_day)}" if made.last_day else "jusqu’à ce qu’on la lève"
    return Answer({"id": made.pk}, [f"{organisation} est suspendu du {_day(made.first_day)} {until}."])


@operator.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--on", "last_day", type=DAY, help="Dernier jour suspendu.  [par défaut : aujourd’hui]")
@answers
@acts
def resume(*, by: Actor, organisation: Organisation, programme: Programme, last_day: date | None) -> Answer:
    """Lève la suspension de ORGANISATION, après un dernier jour."""
    day = last_day or timezone.localdate()
    made = lift_suspension(by=by, qualification=_qualification(organisation, programme), last_day=day)
    return Answer({"id": made.pk}, [f"{organisation} est de nouveau qualifié après le {_day(day)}."])


def _qualification(organisation: Organisation, programme: Programme) -> Qualification:
    found = Qualification.objects.filter(operator=organisation, programme=programme).first()
    if found is None:
        raise Refused("not_qualified", f"{organisation} n’est pas qualifié pour {programme}.", "Vérifiez les deux.")
    return found


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
    found = _qualification(organisation, programme)
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


@prescriber.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_prescribers(programme: Programme) -> Answer:
    """Liste les prescripteurs de DISPOSITIF, et si leur convention est en vigueur aujourd’hui."""
    found = [
        {
            "prescriber": one.prescriber.name,
            "in_force": one.in_force,
            "from": one.valid_from,
            "until": one.valid_until,
        }
        for one in agreements_of(programme, timezone.localdate())
    ]
    rows = [(one["prescriber"], "oui" if one["in_force"] else "non", one["from"], one["until"] or "") for one in found]
    return Answer(found, table(("prescripteur", "en vigueur", "du", "au"), rows))


@prescriber.command(name="end")
@click.argument("organisation", type=ORGANISATION)
@click.argument("programme", type=PROGRAMME)
@click.option("--on", "last_day", type=DAY, help="Dernier jour.  [par défaut : aujourd’hui]")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi : le prescripteur le lira.")
@answers
@acts
def stop_prescribing(
    *, by: Actor, organisation: Organisation, programme: Programme, last_day: date | None, reason: str
) -> Answer:
    """Met fin à la convention de ORGANISATION ; ce qu’elle a remis reste valable."""
    found = PrescriberAgreement.objects.filter(prescriber=organisation, programme=programme).first()
    if found is None:
        raise Refused("not_agreed", f"{organisation} ne prescrit pas dans {programme}.", "Vérifiez les deux.")
    day = last_day or timezone.localdate()
    end_agreement(by=by, agreement=found, last_day=day, reason=reason)
    return Answer({"valid_until": day}, [f"{organisation} prescrit dans {programme} jusqu’au {_day(day)}."])


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


@training.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_trainings(programme: Programme) -> Answer:
    """Liste les formations suivies pour DISPOSITIF."""
    rows = [(one.user.email, one.kind, one.done_on) for one in trainings_of(programme)]
    data = [dict(zip(("person", "kind", "done_on"), row, strict=True)) for row in rows]
    return Answer(data, table(("personne", "formation", "suivie le"), rows))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
