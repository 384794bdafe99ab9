"""The money behind programmes, and who pays which share of it."""

from collections.abc import Sequence
from datetime import date

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import CENTS, DAY, ORGANISATION, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.kernel.money import euros
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes.cover import cover
from poincon.programmes.described import reference
from poincon.programmes.enums import FunderKind, ReceiptKind
from poincon.programmes.models import Funding, FundingReceipt, Programme
from poincon.programmes.queries import fundings_on
from poincon.programmes.services import change_fundings, correct_receipt, record_receipt
from poincon.programmes.spec import FundingSpec


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
    found = programme.fundings.filter(funder=funder, valid_until=None).first()
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


@click.group(cls=Group)
def funding() -> None:
    """Qui finance quelle part du dispositif."""


@funding.command(name="list")
@click.argument("programme", type=PROGRAMME)
@click.option("--on", "day", type=DAY, help="Ce jour-là.  [par défaut : aujourd’hui]")
@answers
def list_fundings(programme: Programme, day: date | None) -> Answer:
    """Dit qui finance quelle part de DISPOSITIF."""
    rows = [
        (one.funder.name, one.kind, one.share_bp, one.valid_from, one.valid_until)
        for one in fundings_on(programme.pk, day or timezone.localdate())
    ]
    names = ("funder", "kind", "share_bp", "valid_from", "valid_until")
    written = [(row[0], f"{row[2] / 100:g} %", row[3] or "", row[4] or "") for row in rows]
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return Answer(data, table(("financeur", "part", "à partir du", "jusqu’au"), written))


@funding.command(name="change")
@click.argument("programme", type=PROGRAMME)
@click.option(
    "--share",
    "shares",
    nargs=3,
    type=(ORGANISATION, click.Choice(FunderKind.values), CENTS),
    multiple=True,
    required=True,
    metavar="ORGANISATION NATURE POURCENT",
    help="Un financeur, sa nature (owner, state, esf, local_authority, other), sa part en %. Se répète ; 100 en tout.",
)
@click.option("--from", "from_day", type=DAY, help="Premier jour d’un mois.  [par défaut : le plus tôt possible]")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi : l’avenant, la délibération.")
@answers
@acts
def change_shares(
    *,
    by: Actor,
    programme: Programme,
    shares: Sequence[tuple[Organisation, str, int]],
    from_day: date | None,
    reason: str,
) -> Answer:
    """Change la répartition de DISPOSITIF entre ses financeurs à partir d’un mois ; les mois passés restent."""
    specs = [
        FundingSpec(funder=reference(funder), kind=FunderKind(kind), share_bp=share) for funder, kind, share in shares
    ]
    made = change_fundings(by=by, programme=programme, fundings=specs, from_day=from_day, reason=reason)
    first = max((one.valid_from for one in made if one.valid_from), default=programme.starts_on)
    data = {"from": first, "shares": {one.funder.name: one.share_bp for one in made}}
    return Answer(data, [f"Nouvelle répartition de {programme} à partir du {first:%d/%m/%Y}."])
