"""A parcel is announced, a sleeping stock reminded: to whom, when, and never in vain."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from poincon.kernel.messages import Recipient
from poincon.kernel.models import AuditEntry, MessageState
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.mailing import recipients
from poincon.organisations.models import Organisation
from poincon.passes.enums import Custody
from poincon.passes.models import Booklet, Transfer
from poincon.passes.notices import PARCEL_SENT
from poincon.passes.services.remind import remind_holders
from tests.factories import Scheme, make_actor, make_membership, make_organisation, make_scheme
from tests.www.making import make_booklet

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(phone="05 55 00 00 00")


@pytest.fixture
def holder(scheme: Scheme) -> Organisation:
    """A CCAS with one booklet asleep, and Claire, who prescribes there."""
    booklet = make_booklet(scheme.programme)
    Booklet.objects.filter(pk=booklet.pk).update(custody=Custody.STOCK)
    assert booklet.holder is not None
    make_membership(Role.PRESCRIBER, booklet.holder)
    return booklet.holder


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_those_who_hand_over_are_reminded(scheme: Scheme, holder: Organisation) -> None:
    (message,) = remind_holders(by=scheme.actor(Role.COORDINATOR), programme=scheme.programme, holders=[holder])
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    (sent,) = mail.outbox
    assert sent.subject == "1 chéquier attend chez vous"
    assert "aucune encore" in sent.body
    assert AuditEntry.objects.get(action="passes.remind_holders").after == {"holders": [holder.pk]}


def test_nobody_is_reminded_twice_in_a_week(scheme: Scheme, holder: Organisation) -> None:
    by, now = scheme.actor(Role.COORDINATOR), timezone.now()
    remind_holders(by=by, programme=scheme.programme, holders=[holder], now=now)
    with refused("reminded_lately"):
        remind_holders(by=by, programme=scheme.programme, holders=[holder], now=now + timedelta(days=6))
    assert remind_holders(by=by, programme=scheme.programme, holders=[holder], now=now + timedelta(days=8))


def test_an_empty_stock_is_not_reminded(scheme: Scheme) -> None:
    with refused("nothing_in_stock"):
        remind_holders(
            by=scheme.actor(Role.COORDINATOR),
            programme=scheme.programme,
            holders=[make_organisation(is_prescriber=True)],
        )


def test_whoever_cannot_be_written_to_is_named(scheme: Scheme) -> None:
    booklet = make_booklet(scheme.programme)
    Booklet.objects.filter(pk=booklet.pk).update(custody=Custody.STOCK)
    assert booklet.holder is not None
    with refused("nobody_to_remind"):
        remind_holders(by=scheme.actor(Role.FUNDER), programme=scheme.programme, holders=[booklet.holder])


def test_others_remind_nobody(scheme: Scheme, holder: Organisation) -> None:
    strangers: list[Actor] = [
        scheme.actor(Role.OBSERVER),
        make_actor(Role.PRESCRIBER, holder),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
    ]
    for by in strangers:
        with refused("right_missing"):
            remind_holders(by=by, programme=scheme.programme, holders=[holder])


def test_a_parcel_received_meanwhile_is_not_announced(scheme: Scheme, holder: Organisation) -> None:
    transfer = Transfer.objects.create(
        programme=scheme.programme,
        kind="delivery",
        sender=scheme.programme.owner,
        receiver=holder,
        sent_by_label="essai",
        booklets_sent=3,
    )
    letter = PARCEL_SENT.build(str(transfer.pk), None)
    assert letter is not None
    assert letter.subject == "3 chéquiers en route vers vous"
    assert letter.action is not None
    assert letter.action[1].endswith(f"/prescripteur/colis/{transfer.pk}/")
    Transfer.objects.filter(pk=transfer.pk).update(received_at=timezone.now(), booklets_received=3)
    assert PARCEL_SENT.build(str(transfer.pk), None) is None


def test_an_organisation_without_account_is_written_to_at_its_address(scheme: Scheme) -> None:
    alone, silent = make_organisation(email="accueil@mairie.example"), make_organisation(email="")
    found = recipients([alone.pk, silent.pk], [Role.PRESCRIBER], programme_id=scheme.programme.pk)
    assert found[alone.pk] == [Recipient("accueil@mairie.example")]
    assert found[silent.pk] == []


def test_one_who_left_is_not_written_to(scheme: Scheme) -> None:
    place = make_organisation(is_prescriber=True, email="")
    gone = make_membership(Role.PRESCRIBER, place)
    gone.ended_at = timezone.now()
    gone.save()
    closed = make_membership(Role.PRESCRIBER, place)
    closed.user.is_active = False
    closed.user.save()
    make_membership(Role.MEDIATOR, place)
    assert recipients([place.pk], [Role.PRESCRIBER], programme_id=scheme.programme.pk)[place.pk] == []
