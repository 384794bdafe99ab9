"""The case files of people."""

from datetime import date
from typing import Any

import click

from poincon.beneficiaries.enums import Gender, Situation
from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.services import open_case, transfer_case, update_case
from poincon.cli.acting import acts
from poincon.cli.references import CASE_FILE, COMMUNE, DAY, ORGANISATION, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme, Public


@click.group(cls=Group)
def case() -> None:
    """Dossiers de suivi : ce que le dispositif demande de savoir d’une personne, et rien de plus."""


@case.command(name="open")
@click.argument("programme", type=PROGRAMME)
@click.option("--prescriber", required=True, type=ORGANISATION, help="Qui l’accompagne.")
@click.option("--first-name", default="", metavar="PRÉNOM", help="Prénom.")
@click.option("--last-name", default="", metavar="NOM", help="Nom.")
@click.option("--birth-date", type=DAY, help="Date de naissance.")
@click.option("--birth-year", type=int, metavar="ANNÉE", help="Année de naissance.")
@click.option("--gender", type=click.Choice(Gender.values), default=Gender.NOT_STATED.value, help="Genre.")
@click.option("--situation", type=click.Choice(Situation.values), default=Situation.NOT_STATED.value, help="Situation.")
@click.option("--phone", default="", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--email", default="", metavar="COURRIEL", help="Courriel.")
@click.option("--commune", type=COMMUNE, help="Code INSEE de la commune de résidence.")
@click.option("--public", "public_code", metavar="CODE", help="À quel titre : un public du dispositif.")
@click.option("--proof", default="", metavar="TEXTE", help="Justificatif vu.")
@click.option("--proof-date", type=DAY, help="Date écrite sur le justificatif.")
@answers
@acts
def open_file(
    *,
    by: Actor,
    programme: Programme,
    prescriber: Organisation,
    birth_date: date | None,
    proof_date: date | None,
    public_code: str | None,
    **details: Any,
) -> Answer:
    """Ouvre le dossier d’une personne dans DISPOSITIF."""
    made = open_case(
        by=by,
        programme=programme,
        prescriber=prescriber,
        birth_date=birth_date,
        proof_date=proof_date,
        public=_public(programme, public_code),
        **details,
    )
    return Answer({"case": made.pk}, [f"Dossier n° {made.pk} ouvert."])


@case.command(name="update")
@click.argument("case_file", metavar="DOSSIER", type=CASE_FILE)
@click.option("--first-name", metavar="PRÉNOM", help="Prénom.")
@click.option("--last-name", metavar="NOM", help="Nom.")
@click.option("--birth-date", type=DAY, help="Date de naissance.")
@click.option("--birth-year", type=int, metavar="ANNÉE", help="Année de naissance.")
@click.option("--gender", type=click.Choice(Gender.values), help="Genre.")
@click.option("--situation", type=click.Choice(Situation.values), help="Situation.")
@click.option("--phone", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--email", metavar="COURRIEL", help="Courriel.")
@click.option("--commune", type=COMMUNE, help="Code INSEE de la commune de résidence.")
@click.option("--public", "public_code", metavar="CODE", help="À quel titre : un public du dispositif.")
@click.option("--proof", metavar="TEXTE", help="Justificatif vu.")
@click.option("--proof-date", type=DAY, help="Date écrite sur le justificatif.")
@answers
@acts
def correct_file(*, by: Actor, case_file: CaseFile, public_code: str | None, **details: Any) -> Answer:
    """Corrige DOSSIER : seulement ce qu’on tape. Un texte vide ("") efface, là où le dispositif ne le demande pas."""
    changes = {name: value for name, value in details.items() if value is not None}
    if public_code is not None:
        changes["public"] = _public(case_file.programme, public_code)
    if not changes:
        raise click.UsageError("Dites ce qui change, par exemple --phone.")
    corrected = update_case(by=by, case_file=case_file, **changes)
    return Answer({"case": corrected.pk, "changed": sorted(changes)}, [f"Dossier n° {corrected.pk} corrigé."])


@case.command(name="transfer")
@click.argument("case_file", metavar="DOSSIER", type=CASE_FILE)
@click.option("--to", required=True, type=ORGANISATION, help="Le nouveau prescripteur.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi, sans nommer la personne.")
@answers
@acts
def transfer_file(*, by: Actor, case_file: CaseFile, to: Organisation, reason: str) -> Answer:
    """Confie DOSSIER à un autre prescripteur, quand celui qui l’a ouvert n’est plus là."""
    moved = transfer_case(by=by, case_file=case_file, to=to, reason=reason)
    return Answer({"case": moved.pk, "prescriber": to.name}, [f"Dossier n° {moved.pk} confié à {to.name}."])


def _public(programme: Programme, code: str | None) -> Public | None:
    if code is None:
        return None
    found = programme.publics.filter(code=code).first()
    if found is None:
        known = ", ".join(programme.publics.values_list("code", flat=True))
        raise Refused(
            "public_unknown", f"« {code} » n’est pas un public de {programme}.", f"Choisissez parmi : {known}."
        )
    return found
