"""Where a programme holds: its territories, and the communes of each."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations.actors import Actor
from poincon.programmes import permissions
from poincon.programmes.checks import refuse, territory_problems
from poincon.programmes.models import Programme, Territory
from poincon.programmes.services.create import communes_of, territory_reference_problems, write_territory
from poincon.programmes.services.version import locked, note
from poincon.programmes.spec import TerritorySpec
from poincon.territories.models import Commune

TERRITORY_TWICE = Refusal(
    "programmes.territory_twice",
    _("Nom : ce dispositif a déjà un territoire « %(name)s »."),
    _("Donnez à celui-ci un autre nom."),
)
TERRITORY_UNNAMED = Refusal("programmes.territory_unnamed", _("Nom : il manque."), _("Nommez ce territoire."))
TERRITORY_EMPTY = Refusal(
    "programmes.territory_empty",
    _("Communes : « %(name)s » n’en aurait plus aucune."),
    _("Gardez-en une, ou retirez le territoire entier."),
)
LAST_TERRITORY = Refusal(
    "programmes.last_territory",
    _("« %(name)s » est le dernier territoire : sans lui, le dispositif n’aurait plus de limite."),
    _("Ajoutez d’abord le territoire qui le remplace."),
)
NOT_IN_TERRITORY = Refusal(
    "programmes.not_in_territory",
    _("Communes : « %(name)s » ne compte pas %(communes)s."),
    _("Relisez leurs codes INSEE."),
)


@transaction.atomic
def add_territory(*, by: Actor, programme: Programme, territory: TerritorySpec) -> Territory:
    """Spread the programme to more communes. Raises one refusal that lists every fault."""
    by.require(permissions.UPDATE_RULES, programme=programme)
    refuse([*territory_problems(territory), *territory_reference_problems(territory)])
    if programme.territories.filter(name=territory.name.strip()).exists():
        raise TERRITORY_TWICE.filled(name=territory.name.strip())
    created = write_territory(programme, territory)
    note(by, "programmes.add_territory", programme, after={"territory": created.name, **_codes(territory)})
    return created


@transaction.atomic
def change_communes(
    *, by: Actor, territory: Territory, add: TerritorySpec | None = None, remove: Iterable[Commune] = ()
) -> Territory:
    """Add communes to a territory (départements and EPCI whole, communes one by one), take others out of it.

    From the next scan on, places of a commune taken out, and of no other territory, are refused:
    ``mediation.queries.venues_of_communes`` tells which, before. Raises a refusal that lists every fault, and when no
    commune would be left.
    """
    by.require(permissions.UPDATE_RULES, programme=territory.programme)
    locked(territory.programme)
    held = set(territory.communes.order_by().values_list("pk", flat=True))
    gone = {commune.pk: commune for commune in remove}
    strangers = [commune.name for code, commune in gone.items() if code not in held]
    if strangers:
        raise NOT_IN_TERRITORY.filled(communes=", ".join(strangers), name=territory.name)
    if add is not None:
        refuse([*territory_problems(add), *territory_reference_problems(add)])
        territory.communes.add(*communes_of(add))
    territory.communes.remove(*gone.values())
    kept = set(territory.communes.order_by().values_list("pk", flat=True))
    if not kept:
        raise TERRITORY_EMPTY.filled(name=territory.name)
    after = {"territory": territory.name, "added": sorted(kept - held), "removed": sorted(held - kept)}
    note(by, "programmes.change_communes", territory.programme, after=after)
    return territory


@transaction.atomic
def rename_territory(*, by: Actor, territory: Territory, name: str) -> Territory:
    """Give a territory another name. Raises a refusal when it is taken, missing or too long."""
    by.require(permissions.UPDATE_RULES, programme=territory.programme)
    programme = locked(territory.programme)
    row = Territory.objects.get(pk=territory.pk)
    before, row.name = row.name, text_for(Territory, "name", name)
    if not row.name:
        raise TERRITORY_UNNAMED.filled()
    if programme.territories.filter(name=row.name).exclude(pk=row.pk).exists():
        raise TERRITORY_TWICE.filled(name=row.name)
    row.save(update_fields=["name"])
    note(by, "programmes.rename_territory", programme, before={"name": before}, after={"name": row.name})
    return row


@transaction.atomic
def remove_territory(*, by: Actor, territory: Territory) -> None:
    """Take a whole territory out of its programme. Raises a refusal for the last one, which is the programme's limit.

    What was done there stays: facts name communes, not territories.
    """
    by.require(permissions.UPDATE_RULES, programme=territory.programme)
    programme = locked(territory.programme)
    if not programme.territories.exclude(pk=territory.pk).exists():
        raise LAST_TERRITORY.filled(name=territory.name)
    before = {
        "territory": territory.name,
        "communes": sorted(territory.communes.order_by().values_list("pk", flat=True)),
    }
    note(by, "programmes.remove_territory", programme, before=before)
    territory.delete()


def _codes(territory: TerritorySpec) -> dict[str, list[str]]:
    return {name: list(getattr(territory, name)) for name in ("departements", "epcis", "communes")}
