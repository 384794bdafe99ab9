"""Programmes: created from a file or a model, shown, written back, changed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.db import transaction

from poincon.cli.acting import acts
from poincon.cli.references import DAY, ORGANISATION, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.kernel.money import euros
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes.cover import Cover, cover
from poincon.passes.queries import Funnel, funnel
from poincon.programmes.described import copied, described, reference
from poincon.programmes.edits import read_edits
from poincon.programmes.enums import FunderKind
from poincon.programmes.models import Programme
from poincon.programmes.services import (
    create_programme,
    extend,
    move_start,
    set_lead_network,
    suspend,
    update_rules,
    update_theme,
)
from poincon.programmes.specification import read_programme
from poincon.programmes.templates import programme_template, programme_templates
from poincon.programmes.writing import programme_file


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


@programme.command(name="set")
@click.argument("programme", type=PROGRAMME)
@click.argument("edits", metavar="[CLÉ=VALEUR]…", nargs=-1)
@click.option("--unset", multiple=True, metavar="CLÉ", help="Vider cette règle : plus de plafond, plus de courriel.")
@answers
@acts
def set_rules(*, by: Actor, programme: Programme, edits: Sequence[str], unset: Sequence[str]) -> Answer:
    """Change des règles de DISPOSITIF, nommées comme dans son fichier : rules.max_passes_per_day=2."""
    rules, look = read_edits(edits, unset=unset)
    with transaction.atomic():
        if look:
            update_theme(by=by, programme=programme, **look)
        if rules:
            update_rules(by=by, programme=programme, **rules)
    changed = sorted([*rules, *look])
    return Answer({"changed": changed}, [f"{len(changed)} règle(s) de {programme.code} changée(s)."])


@programme.command()
@click.argument("programme", type=PROGRAMME)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER", help="Où l’écrire.")
@click.option("--code", metavar="CODE", help="Le copier sous ce code, pour un nouveau dispositif.")
@click.option("--name", metavar="NOM", help="Nom de la copie.")
@click.option("--from", "starts_on", type=DAY, help="Premier jour de la copie.")
@click.option("--until", "ends_on", type=DAY, help="Dernier jour de la copie.")
@answers
def export(
    *,
    programme: Programme,
    out: Path | None,
    code: str | None,
    name: str | None,
    starts_on: date | None,
    ends_on: date | None,
) -> Answer:
    """Écrit DISPOSITIF comme le fichier qui le crée : « programme create » le relit, ici ou ailleurs."""
    spec = described(programme)
    if code is not None:
        spec = copied(
            spec,
            code=code,
            name=name or spec.name,
            starts_on=starts_on or spec.starts_on,
            ends_on=ends_on or spec.ends_on,
        )
    return _file(programme_file(spec), out)


def _file(text: str, out: Path | None) -> Answer:
    if out is None:
        return Answer({"file": text}, text.splitlines())
    out.write_text(text, encoding="utf-8")
    return Answer({"path": str(out)}, [f"Écrit dans {out}."])


@programme.command()
@answers
def templates() -> Answer:
    """Liste les modèles dont un dispositif peut partir."""
    found = [{"key": one.key, "title": str(one.title), "summary": str(one.summary)} for one in programme_templates()]
    return Answer(found, table(("modèle", "dispositif"), [(one["key"], one["title"]) for one in found]))


@programme.command()
@click.argument("key", metavar="MODÈLE", type=click.Choice([one.key for one in programme_templates()]))
@click.option("--code", required=True, metavar="CODE", help="Code du dispositif.")
@click.option("--name", required=True, metavar="NOM", help="Son nom.")
@click.option("--owner", required=True, type=ORGANISATION, help="Son commanditaire.")
@click.option("--lead", "lead_network", type=ORGANISATION, help="Sa tête de réseau.")
@click.option("--from", "starts_on", required=True, type=DAY, help="Premier jour.")
@click.option("--until", "ends_on", type=DAY, help="Dernier jour.  [par défaut : la durée du modèle]")
@click.option(
    "--funder",
    "funders",
    nargs=2,
    type=(click.Choice(FunderKind.values), ORGANISATION),
    multiple=True,
    metavar="NATURE ORGANISATION",
    help="Un cofinanceur du modèle (esf, state…) ; se répète.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER", help="Où l’écrire.")
@answers
def template(
    *,
    key: str,
    code: str,
    name: str,
    owner: Organisation,
    lead_network: Organisation | None,
    starts_on: date,
    ends_on: date | None,
    funders: Sequence[tuple[str, Organisation]],
    out: Path | None,
) -> Answer:
    """Écrit le fichier d’un dispositif qui part de MODÈLE ; complétez-le (territoires…), puis « programme create »."""
    chosen = programme_template(key)
    if chosen is None:
        raise Refused(
            "template_unknown", f"Aucun modèle ne s’appelle « {key} ».", "Voir « poincon programme templates »."
        )
    spec = chosen.filled(
        code=code,
        name=name,
        owner=reference(owner),
        lead_network=reference(lead_network) if lead_network else "",
        starts_on=starts_on,
        ends_on=ends_on,
        funders={FunderKind(kind): reference(funder) for kind, funder in funders},
    )
    return _file(programme_file(spec), out)


@programme.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("organisation", type=ORGANISATION, required=False)
@answers
@acts
def lead(*, by: Actor, programme: Programme, organisation: Organisation | None) -> Answer:
    """Confie le réseau de DISPOSITIF à ORGANISATION ; sans elle, il n’a plus de tête de réseau."""
    set_lead_network(by=by, programme=programme, lead_network=organisation)
    who = organisation.name if organisation else "personne"
    return Answer({"lead_network": organisation.name if organisation else None}, [f"Tête de réseau : {who}."])


@programme.command(name="start")
@click.argument("programme", type=PROGRAMME)
@click.argument("starts_on", type=DAY)
@answers
@acts
def start_another_day(*, by: Actor, programme: Programme, starts_on: date) -> Answer:
    """Fait commencer DISPOSITIF à cette DATE, tant qu’il n’a pas commencé."""
    move_start(by=by, programme=programme, starts_on=starts_on)
    return Answer({"starts_on": starts_on}, [f"{programme} commence le {starts_on:%d/%m/%Y}."])
