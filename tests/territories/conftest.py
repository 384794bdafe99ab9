from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from poincon.territories.models import Commune, CommuneAlias, Departement, Epci, PostalCode, Region, SearchKey
from poincon.territories.services import LoadSummary, load_territories


def unheard(_done: int, _total: int) -> None:
    """A progress that nobody watches."""


@pytest.fixture(scope="module")
def france(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadSummary]:
    """The whole edition, loaded once for a module and taken out after it: other tests make their own communes."""
    with django_db_blocker.unblock():
        summary = load_territories(progress=unheard)
    yield summary
    with django_db_blocker.unblock():
        for model in (SearchKey, PostalCode, CommuneAlias, Commune, Epci, Departement, Region):
            model._default_manager.all()._raw_delete("default")
