"""What was agreed is suspended, lifted, ended; a group is trained."""

from collections.abc import Callable
from datetime import date

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.mediation.queries import open_venues
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.network.queries import agreed_prescriber, is_qualified
from poincon.network.rules import qualification_holds
from poincon.network.services import (
    agree_prescriber,
    end_agreement,
    lift_suspension,
    qualify,
    record_group_training,
    record_training,
    suspend_qualification,
    withdraw_qualification,
)
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from tests.factories import NOW, SYSTEM, TODAY, Scheme, make_actor, make_organisation, make_scheme, make_user
from tests.refusing import refused

pytestmark = pytest.mark.django_db

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
EVE_OF_MAY = date(2026, 4, 30)


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def qualification(scheme: Scheme) -> Qualification:
    return Qualification.objects.get(operator=scheme.operator, programme=scheme.programme)


def agreement(scheme: Scheme) -> PrescriberAgreement:
    return PrescriberAgreement.objects.get(prescriber=scheme.prescriber, programme=scheme.programme)


def qualified(scheme: Scheme, day: date) -> bool:
    return is_qualified(operator=scheme.operator, programme=scheme.programme, day=day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 31), True), (APRIL, False), (EVE_OF_MAY, False), (MAY, True)],
)
def test_a_suspension_holds_between_its_days(scheme: Scheme, day: date, *, expected: bool) -> None:
    row = qualification(scheme)
    suspend_qualification(by=SYSTEM, qualification=row, first_day=APRIL, last_day=EVE_OF_MAY, reason="Travaux")
    assert qualified(scheme, day) is expected
    assert qualification_holds(row, day, row.suspensions.all()) is expected
    assert open_venues(scheme.programme.pk, day).exists() is expected


def test_a_suspension_lasts_until_it_is_lifted(scheme: Scheme) -> None:
    row = qualification(scheme)
    suspend_qualification(by=SYSTEM, qualification=row, first_day=APRIL, reason="Contrôle")
    assert not qualified(scheme, date(2027, 1, 1))
    lift_suspension(by=SYSTEM, qualification=row, last_day=EVE_OF_MAY)
    assert (qualified(scheme, EVE_OF_MAY), qualified(scheme, MAY)) == (False, True)
    with refused("network.not_suspended"):
        lift_suspension(by=SYSTEM, qualification=row, last_day=MAY)
    assert AuditEntry.objects.get(action="network.suspend_qualification").after["reason"] == "Contrôle"


def test_suspensions_stand_apart_and_have_a_reason(scheme: Scheme) -> None:
    row = qualification(scheme)
    suspend_qualification(by=SYSTEM, qualification=row, first_day=APRIL, last_day=MAY, reason="Travaux")
    for first, last in ((MAY, None), (date(2026, 3, 1), APRIL), (date(2026, 3, 1), None)):
        with refused("network.already_suspended"):
            suspend_qualification(by=SYSTEM, qualification=row, first_day=first, last_day=last, reason="x")
    suspend_qualification(by=SYSTEM, qualification=row, first_day=JUNE, reason="Travaux")
    with refused("network.reason_missing"):
        suspend_qualification(by=SYSTEM, qualification=row, first_day=JUNE, reason=" ")
    with refused("text_too_long"):
        suspend_qualification(by=SYSTEM, qualification=row, first_day=JUNE, reason="x" * 301)
    with refused("network.dates_reversed"):
        suspend_qualification(by=SYSTEM, qualification=row, first_day=MAY, last_day=APRIL, reason="x")


def test_what_is_withdrawn_is_not_suspended_and_says_why(scheme: Scheme) -> None:
    row = withdraw_qualification(by=SYSTEM, qualification=qualification(scheme), from_day=MAY, reason="Fermeture")
    assert row.withdrawn_because == "Fermeture"
    with refused("network.already_withdrawn"):
        suspend_qualification(by=SYSTEM, qualification=row, first_day=APRIL, reason="x")
    again = qualify(by=SYSTEM, operator=scheme.operator, programme=scheme.programme, valid_from=MAY)
    assert again.withdrawn_because == ""


def test_an_agreement_ends_on_its_last_day(scheme: Scheme) -> None:
    row = end_agreement(by=SYSTEM, agreement=agreement(scheme), last_day=EVE_OF_MAY, reason="Fin de mission")
    agreed = [
        agreed_prescriber(prescriber=scheme.prescriber, programme=scheme.programme, day=day)
        for day in (EVE_OF_MAY, MAY)
    ]
    assert agreed == [True, False]
    assert row.ended_because == "Fin de mission"
    scheme.prescriber.refresh_from_db()
    assert scheme.prescriber.rules_version == 2
    with refused("network.agreement_ended"):
        end_agreement(by=SYSTEM, agreement=row, last_day=MAY, reason="x")
    with refused("network.dates_reversed"):
        end_agreement(by=SYSTEM, agreement=row, last_day=date(2025, 1, 1), reason="x")
    with refused("network.reason_missing"):
        end_agreement(by=SYSTEM, agreement=row, last_day=APRIL, reason="")
    again = agree_prescriber(by=SYSTEM, prescriber=scheme.prescriber, programme=scheme.programme, valid_from=MAY)
    assert (again.valid_until, again.ended_because) == (None, "")


def test_a_group_is_trained_once(scheme: Scheme) -> None:
    known, new = make_user(), make_user()
    about = {"programme": scheme.programme, "kind": TrainingKind.PRESCRIBER, "done_on": TODAY, "now": NOW}
    record_training(by=SYSTEM, user=known, **about)  # type: ignore[arg-type]  # the same words for both
    made = record_group_training(by=SYSTEM, users=[known, new, new], **about)  # type: ignore[arg-type]
    assert [row.user for row in made] == [new]
    assert TrainingRecord.objects.count() == 2
    with refused("network.training_in_the_future"):
        record_group_training(by=SYSTEM, users=[make_user()], **(about | {"done_on": MAY}))  # type: ignore[arg-type]


CHANGES: dict[str, Callable[[Actor, Scheme], object]] = {
    "suspend_qualification": lambda by, scheme: suspend_qualification(
        by=by, qualification=qualification(scheme), first_day=MAY, reason="x"
    ),
    "lift_suspension": lambda by, scheme: lift_suspension(
        by=by, qualification=qualification(scheme), last_day=EVE_OF_MAY
    ),
    "end_agreement": lambda by, scheme: end_agreement(
        by=by, agreement=agreement(scheme), last_day=EVE_OF_MAY, reason="x"
    ),
    "record_group_training": lambda by, scheme: record_group_training(
        by=by,
        users=[make_user()],
        programme=scheme.programme,
        kind=TrainingKind.MEDIATOR,
        done_on=TODAY,
        now=NOW,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_coordinator_decides_of_the_network(scheme: Scheme, name: str) -> None:
    if name == "lift_suspension":
        suspend_qualification(by=SYSTEM, qualification=qualification(scheme), first_day=APRIL, reason="x")
    others = (
        scheme.actor(Role.OPERATOR_MANAGER),
        scheme.actor(Role.ACCOUNTANT),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
    )
    for by in others:
        with pytest.raises(Refusal, match="droit"):
            CHANGES[name](by, scheme)
    CHANGES[name](scheme.actor(Role.COORDINATOR), scheme)
