"""What makes a programme: its territories, its publics, its own services."""

from collections.abc import Sequence
from datetime import date

import click
from django.db.models import Count
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import COMMUNE, DAY, PROGRAMME, SERVICE
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.queries import venues_outside
from poincon.mediation.services import retire_service
from poincon.organisations.actors import Actor
from poincon.programmes.models import Programme, Public, Service, Territory
from poincon.programmes.services import (
    add_local_service,
    add_public,
    add_territory,
    change_communes,
    end_public,
    remove_territory,
    rename_territory,
)
from poincon.programmes.spec import TerritorySpec
from poincon.territories.models import Commune


@click.group(cls=Group)
def territory() -> None:
    """Territoires d’un dispositif : les communes où ses pass s’utilisent."""


@territory.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_territories(programme: Programme) -> Answer:
    """Liste les territoires de DISPOSITIF."""
    counted = programme.territories.annotate(total=Count("communes")).order_by(Alphabetical("name"))
    rows = [(one.name, one.total) for one in counted]
    data = [{"name": name, "communes": total} for name, total in rows]
    return Answer(data, table(("territoire", "communes"), rows))


@territory.command(name="add")
@click.argument("programme", type=PROGRAMME)
@click.argument("name", metavar="NOM")
@click.option("--departement", "departements", multiple=True, metavar="CODE", help="Ce département ; se répète.")
@click.option("--epci", "epcis", multiple=True, metavar="SIREN", help="Cette intercommunalité ; se répète.")
@click.option("--commune", "communes", multiple=True, metavar="INSEE", help="Cette commune ; se répète.")
@answers
@acts
def add_to_programme(*, by: Actor, programme: Programme, name: str, **places: Sequence[str]) -> Answer:
    """Étend DISPOSITIF au territoire NOM."""
    spec = TerritorySpec(name, **{kind: tuple(codes) for kind, codes in places.items()})
    made = add_territory(by=by, programme=programme, territory=spec)
    return Answer({"id": made.pk, "communes": made.communes.count()}, [f"{made} : {made.communes.count()} communes."])


@territory.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("name", metavar="NOM")
@click.option("--departement", "departements", multiple=True, metavar="CODE", help="Ajouter ce département.")
@click.option("--epci", "epcis", multiple=True, metavar="SIREN", help="Ajouter cette intercommunalité.")
@click.option("--commune", "communes", multiple=True, metavar="INSEE", help="Ajouter cette commune.")
@click.option("--remove", multiple=True, type=COMMUNE, help="Ôter cette commune ; se répète.")
@answers
@acts
def change(*, by: Actor, programme: Programme, name: str, remove: Sequence[Commune], **places: Sequence[str]) -> Answer:
    """Ajoute ou ôte des communes au territoire NOM de DISPOSITIF, et dit quels lieux se trouvent dehors."""
    added = (
        TerritorySpec(name, **{kind: tuple(codes) for kind, codes in places.items()}) if any(places.values()) else None
    )
    found = change_communes(by=by, territory=_territory(programme, name), add=added, remove=remove)
    outside = [f"{venue}, {venue.commune.name}" for venue in venues_outside(programme)]
    lines = [f"{found} : {found.communes.count()} communes."]
    lines += [f"Désormais hors du territoire, ses pass y sont refusés : {place}." for place in outside]
    return Answer({"communes": found.communes.count(), "venues_outside": outside}, lines)


@territory.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("name", metavar="NOM")
@click.argument("new_name", metavar="NOUVEAU")
@answers
@acts
def rename(*, by: Actor, programme: Programme, name: str, new_name: str) -> Answer:
    """Donne au territoire NOM de DISPOSITIF un NOUVEAU nom."""
    made = rename_territory(by=by, territory=_territory(programme, name), name=new_name)
    return Answer({"name": made.name}, [f"Ce territoire s’appelle « {made.name} »."])


@territory.command()
@click.argument("programme", type=PROGRAMME)
@click.argument("name", metavar="NOM")
@answers
@acts
def remove(*, by: Actor, programme: Programme, name: str) -> Answer:
    """Ôte le territoire NOM de DISPOSITIF ; ce qui s’y est fait reste."""
    remove_territory(by=by, territory=_territory(programme, name))
    outside = [f"{venue}, {venue.commune.name}" for venue in venues_outside(programme)]
    return Answer({"removed": name, "venues_outside": outside}, [f"{programme} n’a plus le territoire « {name} »."])


def _territory(programme: Programme, name: str) -> Territory:
    found = programme.territories.select_related("programme").filter(name=name).first()
    if found is None:
        raise Refused(
            "territory_unknown", f"{programme} n’a pas de territoire « {name} ».", "Voir « poincon territory list »."
        )
    return found


@click.group(cls=Group)
def public() -> None:
    """Publics d’un dispositif : à qui ses chéquiers se remettent."""


@public.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_publics(programme: Programme) -> Answer:
    """Liste les publics de DISPOSITIF."""
    names = ("code", "label", "proof", "open_from", "open_until")
    rows = [tuple(getattr(one, name) for name in names) for one in programme.publics.order_by("pk")]
    data = [dict(zip(names, row, strict=True)) for row in rows]
    written = [tuple(cell or "" for cell in row) for row in rows]
    return Answer(data, table(("code", "public", "justificatif", "du", "au"), written))


@public.command(name="add")
@click.argument("programme", type=PROGRAMME)
@click.argument("code", metavar="CODE")
@click.argument("label", metavar="LIBELLÉ")
@click.option("--national", "national_code", default="", metavar="CODE", help="Public data·inclusion correspondant.")
@click.option("--proof", default="", metavar="TEXTE", help="Justificatif demandé.")
@click.option("--from", "open_from", type=DAY, help="Accueilli à partir du.")
@click.option("--until", "open_until", type=DAY, help="Accueilli jusqu’au.")
@answers
@acts
def welcome(
    *,
    by: Actor,
    programme: Programme,
    code: str,
    label: str,
    national_code: str,
    proof: str,
    open_from: date | None,
    open_until: date | None,
) -> Answer:
    """Ouvre DISPOSITIF à un public de plus."""
    made = add_public(
        by=by,
        programme=programme,
        code=code,
        label=label,
        national_code=national_code,
        proof=proof,
        open_from=open_from,
        open_until=open_until,
    )
    return Answer({"id": made.pk, "code": made.code}, [f"{programme} accueille « {made} »."])


@public.command(name="end")
@click.argument("programme", type=PROGRAMME)
@click.argument("code", metavar="CODE")
@click.option("--on", "last_day", type=DAY, help="Dernier jour.  [par défaut : aujourd’hui]")
@answers
@acts
def stop_welcoming(*, by: Actor, programme: Programme, code: str, last_day: date | None) -> Answer:
    """N’accueille plus ce public après un dernier jour ; les dossiers déjà ouverts restent."""
    found = Public.objects.select_related("programme").filter(programme=programme, code=code).first()
    if found is None:
        raise Refused("public_unknown", f"{programme} n’a pas de public « {code} ».", "Voir « poincon public list ».")
    ended = end_public(by=by, public=found, last_day=last_day or timezone.localdate())
    return Answer(
        {"open_until": ended.open_until}, [f"« {ended} » est accueilli jusqu’au {ended.open_until:%d/%m/%Y}."]
    )


@click.group(cls=Group)
def service() -> None:
    """Services propres à un dispositif, en plus des services nationaux."""


@service.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_services(programme: Programme) -> Answer:
    """Liste les services propres à DISPOSITIF."""
    rows = [(one.code, one.label, one.retired_on) for one in programme.local_services.order_by("code")]
    data = [dict(zip(("code", "label", "retired_on"), row, strict=True)) for row in rows]
    return Answer(data, table(("code", "service", "retiré le"), [(row[0], row[1], row[2] or "") for row in rows]))


@service.command(name="add")
@click.argument("programme", type=PROGRAMME)
@click.argument("code", metavar="CODE")
@click.argument("label", metavar="LIBELLÉ")
@click.option("--national", required=True, metavar="CODE", help="Le service national dont il est une partie.")
@answers
@acts
def add_service(*, by: Actor, programme: Programme, code: str, label: str, national: str) -> Answer:
    """Ajoute à DISPOSITIF un service qui lui est propre."""
    made = add_local_service(by=by, programme=programme, code=code, label=label, national=national)
    return Answer({"id": made.pk, "code": made.code}, [f"{programme} propose « {made} »."])


@service.command()
@click.argument("service", type=SERVICE)
@click.option("--on", "day", type=DAY, help="Retiré le.  [par défaut : aujourd’hui]")
@answers
@acts
def retire(*, by: Actor, service: Service, day: date | None) -> Answer:
    """Retire SERVICE du dispositif auquel il est propre, avec les offres des lieux ; ce qui est poinçonné reste dû."""
    row, ended = retire_service(by=by, service=service, on=day or timezone.localdate())
    return Answer(
        {"retired_on": row.retired_on, "offers_ended": ended},
        [f"« {row} » est retiré le {row.retired_on:%d/%m/%Y}, et {ended} offre(s) avec lui."],
    )
