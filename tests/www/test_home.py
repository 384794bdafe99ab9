from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.organisations.services import end_role
from poincon.www.base.navigation import AUDIENCES
from tests.factories import SYSTEM, make_membership, make_programme, make_scheme, make_user
from tests.www.making import make_booklet

Enter = Callable[[User], Client]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.django_db
def test_each_role_arrives_at_its_own_home(role: Role, as_proved_user: Enter) -> None:
    user = make_scheme().actor(role).user
    assert user is not None
    response = as_proved_user(user).get("/accueil/", follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == reverse(AUDIENCES[role].home)


@pytest.mark.django_db
def test_a_funder_sees_where_its_programme_stands(as_proved_user: Enter) -> None:
    scheme = make_scheme(name="Pass de la Creuse")
    make_booklet(scheme.programme, used=(1,))
    user = scheme.actor(Role.FUNDER).user
    assert user is not None
    page = as_proved_user(user).get("/accueil/", follow=True).content.decode()
    assert "commanditaire" in page
    assert "Pass de la Creuse" in page
    assert "entamés" in page


@pytest.mark.django_db
def test_a_mediator_sees_the_programmes_of_its_operator_without_figures(as_user: Enter) -> None:
    scheme = make_scheme(name="Pass de la Creuse")
    user = scheme.actor(Role.MEDIATOR).user
    assert user is not None
    page = as_user(user).get("/accueil/", follow=True).content.decode()
    assert "Pass de la Creuse" in page
    assert "entamés" not in page


@pytest.mark.django_db
def test_a_person_without_role_is_told_whom_to_ask(as_user: Enter) -> None:
    make_programme(name="Pass de la Creuse")
    page = as_user(make_user()).get("/accueil/").content.decode()
    assert "Pass de la Creuse" not in page
    assert "Vous n’avez pas encore de rôle" in page


@pytest.mark.django_db
def test_a_person_whose_last_role_ended_is_told_so(as_user: Enter) -> None:
    scheme = make_scheme()
    membership = make_membership(Role.PRESCRIBER, scheme.prescriber)
    end_role(by=SYSTEM, membership=membership)
    page = as_user(membership.user).get("/accueil/").content.decode()
    assert "Vous n’avez plus de rôle" in page
    assert f"Votre rôle de prescripteur ({scheme.prescriber.name}) a pris fin le" in page
    assert "pas encore" not in page


@pytest.mark.django_db
def test_the_home_of_another_role_is_closed(as_user: Enter) -> None:
    user = make_scheme().actor(Role.MEDIATOR).user
    assert user is not None
    response = as_user(user).get("/prescripteur/")
    assert response.status_code == 403
    assert "un autre rôle que les vôtres" in response.content.decode()


@pytest.mark.django_db
def test_a_role_for_one_programme_names_it(as_user: Enter) -> None:
    programme = make_programme(name="Pass de la Creuse")
    observer = make_membership(Role.OBSERVER, programme.owner, programme=programme).user
    page = as_user(observer).get("/accueil/", follow=True).content.decode()
    assert "Pass de la Creuse" in page


@pytest.mark.django_db
def test_a_person_signed_in_goes_straight_home(as_user: Enter) -> None:
    response = as_user(make_user()).get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accueil/"
