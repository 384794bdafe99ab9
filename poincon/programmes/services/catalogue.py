"""The published services, brought into the database."""

from django.db import transaction
from django.db.models import F

from poincon.programmes.catalogue import ListedService, listed_services
from poincon.programmes.enums import Catalogue
from poincon.programmes.models import Programme, Service


@transaction.atomic
def load_catalogue() -> int:
    """Bring the 9 national services and the finer themes to the edition shipped with Poinçon; says how many there are.

    Re-runnable: labels and links are corrected, nothing is removed, because offers and redemptions point to them.
    Scanners learn it when something changed.
    """
    rows = listed_services()
    before = _known()
    _bring([row for row in rows if row.catalogue is Catalogue.NATIONAL], {})
    nationals = dict(Service.objects.filter(catalogue=Catalogue.NATIONAL).values_list("code", "pk"))
    _bring([row for row in rows if row.catalogue is not Catalogue.NATIONAL], nationals)
    if _known() != before:
        # Every programme: a finer service belongs to those that list the national one it is a part of.
        Programme.objects.update(rules_version=F("rules_version") + 1)
    return len(rows)


def _known() -> set[tuple[str, str, int | None]]:
    published = Service.objects.filter(programme=None).order_by()
    return set(published.values_list("code", "label", "national_id"))


def _bring(rows: list[ListedService], nationals: dict[str, int]) -> None:
    Service.objects.bulk_create(
        [
            Service(code=row.code, label=row.label, catalogue=row.catalogue, national_id=nationals.get(row.national))
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "catalogue", "national"],
    )


def ensure_catalogue() -> None:
    """Load the catalogue if a service of it is missing: the first programme of an instance needs no other command."""
    codes = [row.code for row in listed_services()]
    if Service.objects.filter(code__in=codes).count() < len(codes):
        load_catalogue()
