"""What a network shows of what waits: organisations to decide about, rights that end, nobody to write to."""

from datetime import timedelta

import pytest

from poincon.kernel.refusals import Refusal
from poincon.network.queries import (
    ending_agreements,
    ending_qualifications,
    invitations_in,
    organisations_of,
    undecided,
    unrepresented,
)
from poincon.network.services import end_agreement, welcome_organisations
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.services import create_organisation, invite, may_update, revoke_invitation
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_agreement,
    make_membership,
    make_organisation,
    make_programme,
    make_qualification,
    make_scheme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def test_an_organisation_registered_for_a_programme_waits_there_until_it_is_decided_about(scheme: Scheme) -> None:
    coordinator = scheme.actor(Role.COORDINATOR)
    made = create_organisation(
        by=coordinator,
        programme=scheme.programme,
        name="MJC",
        legal_form=LegalForm.ASSOCIATION,
        rna="W231234567",
        is_prescriber=True,
        is_operator=True,
    )
    assert made in organisations_of(scheme.programme)
    assert list(undecided(scheme.programme)) == [made]
    rights = welcome_organisations(
        by=coordinator, programme=scheme.programme, organisations=[made], valid_from=TODAY, now=NOW
    )
    assert len(rights) == 2
    assert list(undecided(scheme.programme)) == []
    assert (
        welcome_organisations(by=coordinator, programme=scheme.programme, organisations=[made], valid_from=TODAY) == []
    )


def test_a_stranger_welcomes_nobody(scheme: Scheme) -> None:
    newcomer = make_organisation(is_prescriber=True)
    with pytest.raises(Refusal) as refused:
        welcome_organisations(
            by=make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
            programme=scheme.programme,
            organisations=[newcomer],
            valid_from=TODAY,
        )
    assert refused.value.code == "right_missing"
    assert not newcomer.agreements.exists()


def test_rights_that_end_soon_are_found_those_ended_on_purpose_are_not(scheme: Scheme) -> None:
    soon, last = TODAY + timedelta(days=10), TODAY + timedelta(days=60)
    ending = make_agreement(make_organisation(is_prescriber=True), scheme.programme, valid_until=soon)
    stopped = make_agreement(make_organisation(is_prescriber=True), scheme.programme, valid_until=None)
    end_agreement(by=SYSTEM, agreement=stopped, last_day=soon, reason="Ferme")
    paid = make_qualification(make_organisation(is_operator=True), scheme.programme, valid_until=last)
    make_qualification(make_organisation(is_operator=True), scheme.programme, valid_until=last + timedelta(days=1))
    make_qualification(make_organisation(is_operator=True), make_programme(), valid_until=soon)
    assert list(ending_agreements(scheme.programme, TODAY, last)) == [ending]
    assert list(ending_qualifications(scheme.programme, TODAY, last)) == [paid]


def test_where_nobody_is_and_nobody_is_invited(scheme: Scheme) -> None:
    alone = make_organisation(is_prescriber=True, name="Seule")
    make_agreement(alone, scheme.programme)
    assert alone in unrepresented(scheme.programme, TODAY)
    asked = invite(
        by=SYSTEM, email="une@essai.example", role=Role.PRESCRIBER, organisation=alone, programme=scheme.programme
    )
    assert alone not in unrepresented(scheme.programme, TODAY)
    assert asked in invitations_in(scheme.programme)
    assert asked not in invitations_in(make_programme())
    revoke_invitation(by=SYSTEM, invitation=asked)
    assert alone in unrepresented(scheme.programme, TODAY)
    make_membership(Role.PRESCRIBER, alone)
    assert alone not in unrepresented(scheme.programme, TODAY)


def test_who_may_correct_an_organisation(scheme: Scheme) -> None:
    coordinator, theirs = scheme.actor(Role.COORDINATOR), make_organisation(is_operator=True)
    assert may_update(coordinator, theirs, scheme.programme)
    assert not may_update(coordinator, theirs, None)
    make_membership(Role.OPERATOR_MANAGER, theirs)
    assert not may_update(coordinator, theirs, scheme.programme)
    assert not may_update(coordinator, make_organisation(is_funder=True), scheme.programme)
