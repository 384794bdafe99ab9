"""Mails that failed are seen by the administrator, and sent again."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from poincon.kernel.models import Message, MessageState
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.organisations.notices import INVITATION, invitation_subject
from poincon.organisations.services import invite
from tests.factories import SYSTEM, make_membership, make_organisation

pytestmark = pytest.mark.django_db
PAGE = "/administration/courriels/"


@pytest.fixture
def failed() -> Message:
    ccas = make_organisation(is_prescriber=True)
    offered = invite(by=SYSTEM, email="claire@ccas.example", role=Role.PRESCRIBER, organisation=ccas)
    Message.objects.filter(template=INVITATION.code, subject_id=invitation_subject(offered)).update(
        state=MessageState.FAILED, error="ConnectionRefusedError: no server"
    )
    mail.outbox.clear()
    return Message.objects.get()


@pytest.fixture
def administrator(as_proved_user: Callable[[User], Client]) -> Client:
    return as_proved_user(make_membership(Role.ADMINISTRATOR).user)


def test_a_failure_is_seen_and_the_mail_sent_again(administrator: Client, failed: Message) -> None:
    page = administrator.get(PAGE, {"etat": "failed"}).content.decode()
    assert "claire@ccas.example" in page
    assert "ConnectionRefusedError" in page
    administrator.post(f"{PAGE}{failed.pk}/renvoyer/")
    failed.refresh_from_db()
    assert (failed.state, len(mail.outbox)) == (MessageState.SENT, 1)


def test_what_left_does_not_leave_twice(administrator: Client, failed: Message) -> None:
    administrator.post(f"{PAGE}{failed.pk}/renvoyer/")
    answer = administrator.post(f"{PAGE}{failed.pk}/renvoyer/", follow=True)
    assert "déjà parti" in answer.content.decode()
    assert len(mail.outbox) == 1


def test_a_code_is_never_sent_again(administrator: Client) -> None:
    code = Message.objects.create(template="account.login_code", address="ana@ccas.example", language="fr")
    Message.objects.update(state=MessageState.FAILED)
    assert "Renvoyer" not in administrator.get(PAGE).content.decode()
    administrator.post(f"{PAGE}{code.pk}/renvoyer/")
    assert mail.outbox == []


def test_others_see_nothing(as_proved_user: Callable[[User], Client], failed: Message) -> None:
    funder = as_proved_user(make_membership(Role.FUNDER, make_organisation(is_funder=True)).user)
    assert funder.get(PAGE).status_code == 403
    assert funder.post(f"{PAGE}{failed.pk}/renvoyer/").status_code == 403
