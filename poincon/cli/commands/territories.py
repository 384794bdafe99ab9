"""Communes, EPCI, départements and régions."""

import click

from poincon.cli.shape import Answer, Group, answers, progress_bar, table
from poincon.territories.queries import search_communes
from poincon.territories.services import load_territories


@click.group(cls=Group)
def territories() -> None:
    """Communes, EPCI, départements et régions de France."""


@territories.command()
@answers
def load() -> Answer:
    """Amène la base à l’édition nationale livrée avec Poinçon. Recommencer ne change rien."""
    with progress_bar("Territoires") as progress:
        summary = load_territories(progress=progress)
    parts = {"communes": summary.communes, "epcis": summary.epcis, "departements": summary.departements}
    data = {"edition": summary.edition} | {
        name: {"created": part.created, "updated": part.updated, "retired": part.retired, "unchanged": part.unchanged}
        for name, part in parts.items()
    }
    communes = summary.communes
    return Answer(
        data,
        [
            f"Édition {summary.edition} chargée.",
            f"Communes créées : {communes.created}, modifiées : {communes.updated}, supprimées : {communes.retired}.",
        ],
    )


@territories.command()
@click.argument("text", metavar="TEXTE")
@click.option("--departement", metavar="CODE", help="Seulement dans ce département.")
@answers
def find(text: str, departement: str | None) -> Answer:
    """Cherche une commune par nom, code postal ou code INSEE."""
    found = search_communes(text, departement=departement)
    rows = [(place.code, place.name, place.departement_name, " ".join(place.postal_codes)) for place in found]
    data = [dict(zip(("code", "name", "departement", "postal_codes"), row, strict=True)) for row in rows]
    return Answer(data, table(("INSEE", "commune", "département", "codes postaux"), rows))
