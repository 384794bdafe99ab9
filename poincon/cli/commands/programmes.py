"""Programmes and the money behind them."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from poincon.cli.acting import acts
from poincon.cli.references import CENTS, DAY, ORGANISATION, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.kernel.money import euros
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes.cover import Cover, cover
from poincon.passes.queries import Funnel, funnel
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Funding, FundingReceipt, Programme
from poincon.programmes.services import correct_receipt, create_programme, extend, record_receipt, suspend
from poincon.programmes.specification import read_programme


@click.group(cls=Group)
def programme() -> None:
    """Dispositifs : leurs règles, leurs dates, leur argent."""


@programme.command()
@click.argument("file", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@answers
@acts
def create(by: Actor, file: Path) -> Answer:
    """Crée le dispositif que décrit FICHIER (TOML). Ses erreurs sont dites toutes d’un coup, et rien n’est écrit."""
    made = create_programme(by=by, spec=read_programme(file))
    return Answer({"id": made.pk, "code": made.code}, [f"Le dispositif « {made.name} » est créé, code {made.code}."])


@programme.command(name="list")
@answers
def list_programmes() -> Answer:
    """Liste les dispositifs."""
    rows = [
        (one.code, one.name, one.owner.name, one.starts_on.isoformat(), one.ends_on.isoformat())
        for one in Programme.objects.select_related("owner").order_by("code")
    ]
    names = ("code", "name", "owner", "starts_on", "ends_on")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return Answer(data, table(("code", "nom", "commanditaire", "début", "fin"), rows))


@programme.command()
@click.argument("programme", type=PROGRAMME)
@answers
def show(programme: Programme) -> Answer:
    """Montre où en est DISPOSITIF : dates, couverture, chéquiers et pass à chaque étape."""
    money, stages = cover(programme), funnel(programme.pk)
    return Answer(_about(programme, money, stages), _lines(programme, money, stages))


def _about(programme: Programme, money: Cover, stages: Funnel) -> dict[str, Any]:
    return {
        "code": programme.code,
        "name": programme.name,
        "owner": programme.owner.name,
        "lead_network": programme.lead_network.name if programme.lead_network else None,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "unit_value": programme.unit_value,
        "unit_minutes": programme.unit_minutes,
        "cover": {
            "received": money.received,
            "active_unused": money.active_unused,
            "redeemed": money.redeemed,
            "ratio_bp": money.ratio_bp,
        },
        "funnel": vars(stages),
    }


def _lines(programme: Programme, money: Cover, stages: Funnel) -> list[str]:
    ratio = "rien n’est engagé" if money.ratio_bp is None else f"{money.ratio_bp // 100} %"
    return [
        f"{programme.name} ({programme.code})",
        f"Du {programme.starts_on:%d/%m/%Y} au {programme.ends_on:%d/%m/%Y}, {programme.owner}.",
        f"Reçu {euros(money.received)}, engagé {euros(money.engaged)}, couverture : {ratio}.",
        *table(
            ("étape", "chéquiers"),
            [
                ("commandés", stages.ordered),
                ("imprimés", stages.printed),
                ("livrés", stages.delivered),
                ("remis", stages.handed),
                ("entamés", stages.started),
                ("terminés", stages.used_up),
            ],
        ),
        f"Pass : {stages.passes_printed} imprimés, {stages.passes_handed} remis, {stages.passes_used} utilisés.",
    ]


@programme.command(name="extend")
@click.argument("programme", type=PROGRAMME)
@click.option("--until", required=True, type=DAY, help="Nouvelle fin.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@click.option("--passes/--no-passes", "moves_validity", default=True, show_default=True, help="Les pass aussi.")
@answers
@acts
def extend_programme(*, by: Actor, programme: Programme, until: date, reason: str, moves_validity: bool) -> Answer:
    """Prolonge DISPOSITIF, et les pass déjà commandés dont le lot n’est pas expiré : un lot expiré le reste."""
    extend(by=by, programme=programme, until=until, reason=reason, moves_validity=moves_validity)
    return Answer({"ends_on": until}, [f"{programme.name} dure jusqu’au {until:%d/%m/%Y}."])


@programme.command(name="suspend")
@click.argument("programme", type=PROGRAMME)
@click.option("--from", "first_day", required=True, type=DAY, help="Premier jour.")
@click.option("--to", "last_day", required=True, type=DAY, help="Dernier jour.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@click.option("--give-back/--no-give-back", "moves_validity", default=True, show_default=True, help="Rendre ces jours.")
@answers
@acts
def suspend_programme(
    *, by: Actor, programme: Programme, first_day: date, last_day: date, reason: str, moves_validity: bool
) -> Answer:
    """Suspend DISPOSITIF : aucun pass n’est accepté ces jours-là."""
    suspend(
        by=by,
        programme=programme,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        moves_validity=moves_validity,
    )
    return Answer(
        {"first_day": first_day, "last_day": last_day},
        [f"{programme.name} est suspendu du {first_day:%d/%m/%Y} au {last_day:%d/%m/%Y}."],
    )


@click.group(cls=Group)
def receipt() -> None:
    """L’argent du dispositif : sans lui, aucun lot ne s’active."""


@receipt.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("amount", type=CENTS)
@click.option("--kind", required=True, type=click.Choice(ReceiptKind.values), help="Versement, ou engagement.")
@click.option("--on", "received_on", required=True, type=DAY, help="Reçu le.")
@click.option("--reference", required=True, metavar="RÉFÉRENCE", help="Numéro du virement, du titre, de l’engagement.")
@click.option("--funder", type=ORGANISATION, help="Financeur du dispositif.")
@click.option("--realises", metavar="RÉFÉRENCE", help="L’engagement que ce versement honore.")
@answers
@acts
def add(
    *,
    by: Actor,
    programme: Programme,
    amount: int,
    kind: str,
    received_on: date,
    reference: str,
    funder: Organisation | None,
    realises: str | None,
) -> Answer:
    """Enregistre EUROS reçus, ou engagés, pour DISPOSITIF."""
    made = record_receipt(
        by=by,
        programme=programme,
        kind=ReceiptKind(kind),
        amount=amount,
        received_on=received_on,
        reference=reference,
        funding=_funding(programme, funder),
        realises=_receipt(programme, realises) if realises else None,
    )
    money = cover(programme)
    return Answer(
        {"id": made.pk, "amount": made.amount, "received": money.received},
        [f"{euros(amount)} enregistrés. En tout : {euros(money.received)}, dont {euros(money.engaged)} engagés."],
    )


def _funding(programme: Programme, funder: Organisation | None) -> Funding | None:
    if funder is None:
        return None
    found = programme.fundings.filter(funder=funder).first()
    if found is None:
        raise Refused("not_a_funder", f"« {funder.name} » ne finance pas {programme.name}.", "Ôtez --funder.")
    return found


@receipt.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("reference", metavar="RÉFÉRENCE")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def correct(*, by: Actor, programme: Programme, reference: str, reason: str) -> Answer:
    """Annule le versement de cette RÉFÉRENCE par un versement opposé, qui le nomme."""
    found = _receipt(programme, reference)
    made = correct_receipt(by=by, receipt=found, reason=reason)
    return Answer({"id": made.pk, "amount": made.amount}, [f"{euros(found.amount)} sont repris."])


def _receipt(programme: Programme, reference: str) -> FundingReceipt:
    found = FundingReceipt.objects.filter(programme=programme, reference=reference, corrects=None).first()
    if found is None:
        raise Refused(
            "receipt_unknown", f"Ni versement ni engagement ne porte la référence « {reference} ».", "Relisez-la."
        )
    return found
