from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.factories import make_membership, make_programme, make_scheme, make_user
from tests.www.making import make_booklet

Enter = Callable[[User], Client]


@pytest.mark.django_db
def test_a_funder_sees_where_its_programme_stands(as_proved_user: Enter) -> None:
    scheme = make_scheme(name="Pass de la Creuse")
    make_booklet(scheme.programme, used=(1,))
    user = scheme.actor(Role.FUNDER).user
    assert user is not None
    page = as_proved_user(user).get("/accueil/").content.decode()
    assert "commanditaire" in page
    assert "Où en sont vos dispositifs" in page
    assert "entamés" in page


@pytest.mark.django_db
def test_a_mediator_sees_the_programmes_of_its_operator_without_figures(as_user: Enter) -> None:
    scheme = make_scheme(name="Pass de la Creuse")
    user = scheme.actor(Role.MEDIATOR).user
    assert user is not None
    page = as_user(user).get("/accueil/").content.decode()
    assert "Pass de la Creuse" in page
    assert "Où en sont vos dispositifs" not in page


@pytest.mark.django_db
def test_a_stranger_to_a_programme_does_not_see_it(as_user: Enter) -> None:
    make_programme(name="Pass de la Creuse")
    page = as_user(make_user()).get("/accueil/").content.decode()
    assert "Pass de la Creuse" not in page
    assert "Vous n’avez pas encore de rôle" in page


@pytest.mark.django_db
def test_a_role_for_one_programme_names_it(as_user: Enter) -> None:
    programme = make_programme(name="Pass de la Creuse")
    observer = make_membership(Role.OBSERVER, programme.owner, programme=programme).user
    page = as_user(observer).get("/accueil/").content.decode()
    assert "– Pass de la Creuse" in page


@pytest.mark.django_db
def test_a_person_signed_in_goes_straight_home(as_user: Enter) -> None:
    response = as_user(make_user()).get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accueil/"


@pytest.mark.django_db
def test_one_more_programme_costs_one_statement_at_home(
    as_user: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_programme()
    observer = make_membership(Role.OBSERVER, first.owner).user
    client = as_user(observer)
    for _ in range(4):
        make_programme(owner=first.owner)
    # Session, person, second factor, roles, programmes, then one funnel each.
    with django_assert_max_num_queries(5 + 5):
        client.get("/accueil/")
