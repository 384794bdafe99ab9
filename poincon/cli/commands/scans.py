"""Punch passes from the command line, one by one or from a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TextIO
from uuid import UUID, uuid4

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import MOMENT, ORGANISATION, SERVICE, VENUE
from poincon.cli.scan_files import Defaults, answers_of, read_scans
from poincon.cli.shape import REFUSED, Answer, GroupWithDefault, Refused, answers, progress_bar
from poincon.kernel.db import chunks
from poincon.mediation.models import Venue
from poincon.organisations.actors import Actor
from poincon.organisations.devices import Scanner, recognise
from poincon.organisations.models import Organisation
from poincon.passes import permissions
from poincon.passes.rules import ScanRequest
from poincon.passes.services.annul import annul as annul_scan
from poincon.passes.services.annul import annul_own
from poincon.passes.services.redeem import redeem
from poincon.programmes.models import Service

AT_ONCE = 1_000
NOBODY = (
    "scanner_missing",
    "On ne sait pas qui poinçonne.",
    "Donnez le jeton d’un appareil (--token), ou l’opérateur et son médiateur (--operator … --as …).",
)
WRONG_TOKEN = (
    "token_unknown",
    "Ce jeton n’est celui d’aucun appareil en service.",
    "Enrôlez l’appareil de nouveau : poincon device add",
)


class ScanGroup(GroupWithDefault):
    default = "codes"


token_option = click.option(
    "--token",
    envvar="POINCON_DEVICE_TOKEN",
    show_envvar=True,
    metavar="JETON",
    help="Agir comme cet appareil.",
)
operator_option = click.option("--operator", type=ORGANISATION, help="Agir pour cet opérateur, au nom de --as.")


@click.group(cls=ScanGroup)
def scan() -> None:
    """Poinçonner des pass, annuler un poinçon.

    « poincon scan CODE… » est « poincon scan codes CODE… » ; ses options : poincon scan codes --help.
    """


@scan.command()
@click.argument("presented", metavar="CODE…", nargs=-1)
@click.option("--venue", type=VENUE, help="Lieu.")
@click.option("--service", type=SERVICE, help="Code du service.")
@click.option("--passes", type=click.IntRange(1, 60), metavar="N", help="Nombre de pass.  [par défaut : le prix]")
@click.option("--at", "occurred_at", type=MOMENT, help="Moment de la séance.  [par défaut : maintenant]")
@click.option(
    "--file", type=click.File(encoding="utf-8"), metavar="FICHIER", help="Scans, en JSON ou CSV ; - : entrée."
)
@token_option
@operator_option
@answers
@acts
def codes(
    *,
    by: Actor,
    presented: Sequence[str],
    venue: Venue | None,
    service: Service | None,
    passes: int | None,
    occurred_at: datetime | None,
    file: TextIO | None,
    token: str | None,
    operator: Organisation | None,
) -> Answer:
    """Poinçonne chaque CODE : un code scanné, ou un numéro tapé (suivi de -7 pour le pass n° 7).

    Répond 1 si un scan est refusé ; les autres sont faits. Un fichier est lu en entier avant de commencer, et relu il
    rend les mêmes réponses : chaque scan y porte un identifiant (id) ou un moment (occurred_at).
    """
    scanner = _scanner(by, token, operator)
    defaults = Defaults(venue.pk if venue else None, service.code if service else "", occurred_at)
    requests = _typed(presented, defaults, passes) + (read_scans(file.read(), defaults) if file else [])
    if not requests:
        raise click.UsageError("Il manque un code, ou --file.")
    results: list[dict[str, Any]] = []
    with progress_bar("Poinçons") as progress:
        for some in chunks(requests, AT_ONCE):
            results += answers_of(redeem(some, scanner=scanner, now=timezone.now()))
            progress(len(results), len(requests))
    refused = sum(result["outcome"] == "refused" for result in results)
    lines = [_line(request, result) for request, result in zip(requests, results, strict=True)]
    return Answer({"results": results}, lines, code=REFUSED if refused else 0)


def _typed(presented: Sequence[str], defaults: Defaults, passes: int | None) -> list[ScanRequest]:
    if not presented:
        return []
    if defaults.venue_id is None or not defaults.service:
        raise click.UsageError("Dites où et pour quel service : --venue et --service.")
    return [
        ScanRequest(
            uuid=uuid4(),
            presented=code,
            venue_id=defaults.venue_id,
            service=defaults.service,
            occurred_at=defaults.occurred_at or timezone.now(),
            passes=passes,
        )
        for code in presented
    ]


def _line(request: ScanRequest, result: dict[str, Any]) -> str:
    shown = result["booklet"]["number"] if result["booklet"] else request.presented[:40]
    mark = "✓" if result["outcome"] == "accepted" else "✗"
    return " ".join(part for part in (mark, shown, ":", result["message"], result["next_step"]) if part)


def _scanner(by: Actor, token: str | None, operator: Organisation | None) -> Scanner:
    if operator is not None and by.user is not None:
        by.require(permissions.SCAN, organisation_id=operator.pk)
        return Scanner(operator.pk, operator.rules_version, None, by.user.pk, by.label)
    if not token:
        raise Refused(*NOBODY)
    scanner = recognise(token)
    if scanner is None:
        raise Refused(*WRONG_TOKEN)
    return scanner


@scan.command()
@click.argument("identifier", metavar="IDENTIFIANT", type=click.UUID)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@token_option
@answers
@acts
def annul(*, by: Actor, identifier: UUID, reason: str, token: str | None) -> Answer:
    """Annule un poinçon : ses pass redeviennent utilisables.

    Avec le jeton de l’appareil, dans les 15 minutes ; sinon avec les droits de --as, à tout moment.
    """
    if token and by.user is None:
        made = annul_own(scanner=_scanner(by, token, None), uuid=identifier, reason=reason)
    else:
        made = annul_scan(by=by, uuid=identifier, reason=reason)
    freed = made.redemptions.count()
    return Answer({"id": str(identifier), "annulled_at": made.at, "passes": freed}, [f"{freed} pass rendus."])
