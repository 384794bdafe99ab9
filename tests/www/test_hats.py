"""The hat worn: which role, where, for which programme; how it is changed, and what it never gives."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, User
from poincon.www.base.hats import programmes_of
from tests.factories import (
    TODAY,
    make_agreement,
    make_membership,
    make_organisation,
    make_programme,
    make_qualification,
    make_scheme,
    make_user,
)

Enter = Callable[[User], Client]
CHANGE = "/accueil/casquette/"


@pytest.fixture
def volunteer() -> User:
    """Prescriber of a CCAS, mediator of a third place."""
    user = make_user(full_name="Anne Faure")
    scheme = make_scheme()
    make_membership(Role.PRESCRIBER, scheme.prescriber, user=user)
    make_membership(Role.MEDIATOR, scheme.operator, user=user)
    return user


def membership_of(user: User, role: Role) -> Membership:
    return user.memberships.get(role=role)


@pytest.mark.django_db
def test_the_first_role_given_is_worn_first(volunteer: User, as_user: Enter) -> None:
    assert as_user(volunteer).get("/accueil/")["Location"] == "/prescripteur/"


@pytest.mark.django_db
def test_one_click_changes_hats_and_the_session_keeps_it(volunteer: User, as_user: Enter) -> None:
    client = as_user(volunteer)
    mediator = membership_of(volunteer, Role.MEDIATOR)
    assert f'name="casquette" value="{mediator.pk}"' in client.get("/prescripteur/").content.decode()
    client.post(CHANGE, {"casquette": mediator.pk})
    assert client.get("/accueil/")["Location"] == "/mediation/"
    assert client.get("/accueil/")["Location"] == "/mediation/"


@pytest.mark.django_db
def test_opening_a_page_of_another_of_one_s_roles_puts_its_hat_on(volunteer: User, as_user: Enter) -> None:
    client = as_user(volunteer)
    client.get("/mediation/")
    assert client.get("/accueil/")["Location"] == "/mediation/"


@pytest.mark.parametrize("given", ["", "zéro", "-1", "9" * 30])
@pytest.mark.django_db
def test_a_hat_that_is_nobody_s_changes_nothing(given: str, volunteer: User, as_user: Enter) -> None:
    client = as_user(volunteer)
    assert client.post(CHANGE, {"casquette": given, "dispositif": given}).status_code == 302
    assert client.get("/accueil/")["Location"] == "/prescripteur/"


@pytest.mark.django_db
def test_the_hat_of_somebody_else_changes_nothing(volunteer: User, as_user: Enter) -> None:
    other = make_membership(Role.OBSERVER, make_organisation())
    client = as_user(volunteer)
    client.post(CHANGE, {"casquette": other.pk})
    assert client.get("/accueil/")["Location"] == "/prescripteur/"


@pytest.mark.django_db
def test_a_role_that_ended_is_not_worn_any_more(volunteer: User, as_user: Enter) -> None:
    client = as_user(volunteer)
    client.get("/prescripteur/")
    volunteer.memberships.filter(role=Role.PRESCRIBER).update(ended_at="2026-01-01T00:00Z")
    assert client.get("/accueil/")["Location"] == "/mediation/"
    assert client.get("/prescripteur/").status_code == 403


@pytest.mark.django_db
def test_the_programme_looked_at_is_changed_in_the_menu(as_user: Enter) -> None:
    scheme = make_scheme(name="Premier dispositif", starts_on=date(2026, 2, 1))
    second = make_programme(name="Second dispositif", owner=scheme.funder, lead_network=scheme.network)
    user = scheme.actor(Role.COORDINATOR).user
    assert user is not None
    client = as_user(user)
    assert f'name="dispositif" value="{second.pk}"' in client.get("/coordination/").content.decode()
    client.post(CHANGE, {"dispositif": second.pk})
    page = client.get("/coordination/").content.decode()
    assert f'name="dispositif" value="{scheme.programme.pk}"' in page


@pytest.mark.django_db
def test_a_programme_of_others_cannot_be_looked_at(as_user: Enter) -> None:
    scheme = make_scheme(name="Le nôtre")
    make_programme(name="Le leur", pk=scheme.programme.pk + 1000)
    user = scheme.actor(Role.COORDINATOR).user
    assert user is not None
    client = as_user(user)
    client.post(CHANGE, {"dispositif": scheme.programme.pk + 1000})
    assert "Le leur" not in client.get("/coordination/").content.decode()


@pytest.mark.django_db
def test_each_role_concerns_the_programmes_it_serves() -> None:
    scheme = make_scheme()
    ours, elsewhere = scheme.programme, make_programme()
    make_agreement(scheme.prescriber, elsewhere)
    make_qualification(scheme.operator, elsewhere)

    def concerned(role: Role) -> set[int]:
        membership = scheme.actor(role).memberships[0]
        return {programme.pk for programme in programmes_of(membership, today=TODAY)}

    assert concerned(Role.FUNDER) == concerned(Role.COORDINATOR) == concerned(Role.ACCOUNTANT) == {ours.pk}
    assert concerned(Role.PRESCRIBER) == concerned(Role.MEDIATOR) == {ours.pk, elsewhere.pk}
    assert concerned(Role.ADMINISTRATOR) == set()


@pytest.mark.django_db
def test_a_funder_does_not_look_at_what_it_only_leads() -> None:
    """Money and rules belong to the owner: only its coordinators and observers run a network led for another."""
    network = make_organisation(is_funder=True, is_coordinator=True)
    led = make_programme(lead_network=network)
    assert programmes_of(make_membership(Role.FUNDER, network), today=TODAY) == ()
    assert programmes_of(make_membership(Role.OBSERVER, network), today=TODAY) == (led,)


@pytest.mark.django_db
def test_programmes_that_run_come_first() -> None:
    over = make_programme(starts_on=date(2026, 1, 2), ends_on=date(2026, 2, 1))
    running = make_programme(owner=over.owner)
    funder = make_membership(Role.FUNDER, over.owner)
    assert programmes_of(funder, today=date(2026, 3, 1)) == (running, over)


@pytest.mark.django_db
def test_the_layout_costs_the_same_with_many_hats(as_user: Enter) -> None:
    user = make_user()

    def one_more_hat_then_queries() -> int:
        make_membership(Role.PRESCRIBER, make_scheme().prescriber, user=user)
        client = as_user(user)
        client.get("/travaux/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/travaux/")
        return len(queries)

    assert len({one_more_hat_then_queries() for _ in range(3)}) == 1
