"""The home of the administrator of the service: who is on it, and what did not leave."""

from collections.abc import Callable

import pytest
from django.test import Client

from poincon.kernel.models import Message, MessageState
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.factories import make_membership, make_organisation

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def test_it_counts_who_is_on_the_service(as_proved_user: Enter) -> None:
    make_organisation(name="CCAS")
    page = as_proved_user(make_membership(Role.ADMINISTRATOR).user).get("/administration/").content.decode()
    assert "organisations" in page
    assert "Tous les courriels sont partis." in page


def test_it_tells_the_mails_that_did_not_leave(as_proved_user: Enter) -> None:
    Message.objects.create(template="essai", address="anne@exemple.fr", language="fr", state=MessageState.FAILED)
    page = as_proved_user(make_membership(Role.ADMINISTRATOR).user).get("/administration/").content.decode()
    assert "<strong>1 courriel</strong> n’est pas parti, sur 1." in page
    assert "/administration/courriels/?etat=failed" in page


def test_a_funder_has_no_business_there(as_proved_user: Enter) -> None:
    funder = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    assert as_proved_user(funder).get("/administration/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/administration/").status_code == 302
