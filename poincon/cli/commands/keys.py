"""The keys that sign printed codes."""

import click

from poincon.cli.acting import acts
from poincon.cli.shape import Answer, Group, answers, table
from poincon.organisations.actors import Actor
from poincon.passes import keys as signing
from poincon.passes.models import SigningKey


@click.group(cls=Group)
def keys() -> None:
    """Clés qui signent les codes imprimés sur les pass."""


@keys.command()
@answers
@acts
def rotate(by: Actor) -> Answer:
    """Fait une nouvelle clé pour les lots à venir ; ce qui est déjà imprimé reste valable."""
    made = signing.rotate(by=by)
    return Answer({"key": made.identifier}, [f"La clé {made.identifier} signera les prochains lots."])


@keys.command()
@click.argument("identifier", metavar="CLÉ")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def revoke(*, by: Actor, identifier: str, reason: str) -> Answer:
    """Révoque CLÉ, volée : tout code qu’elle a signé est refusé dès maintenant."""
    signing.revoke(by=by, identifier=identifier, reason=reason)
    return Answer({"key": identifier}, [f"La clé {identifier} est révoquée."])


@keys.command(name="list")
@answers
def list_keys() -> Answer:
    """Liste les clés."""
    rows = [(one.identifier, f"{one.created_at:%d/%m/%Y}", _state(one)) for one in SigningKey.objects.order_by("pk")]
    data = [dict(zip(("key", "created_on", "state"), row, strict=True)) for row in rows]
    return Answer(data, table(("clé", "créée le", "état"), rows))


def _state(key: SigningKey) -> str:
    if key.revoked_at is not None:
        return "révoquée"
    return "signe les nouveaux lots" if key.retired_at is None else "retirée"
