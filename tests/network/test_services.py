from collections.abc import Callable
from datetime import date

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification
from poincon.network.queries import agreed_prescriber, is_qualified, is_trained, qualified_service_codes
from poincon.network.rules import agreement_holds, qualification_holds
from poincon.network.services import agree_prescriber, qualify, record_training, withdraw_qualification
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.enums import Catalogue
from poincon.programmes.models import Programme
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_organisation,
    make_programme,
    make_qualification,
    make_scheme,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 2, 1), date(2026, 11, 30)
BEFORE, AFTER = date(2026, 1, 31), date(2026, 12, 1)


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"network.{code}")


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def operator() -> Organisation:
    return make_organisation()


@pytest.mark.parametrize(("day", "expected"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)])
def test_a_qualification_holds_between_its_days(
    programme: Programme, operator: Organisation, day: date, *, expected: bool
) -> None:
    row = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST, valid_until=LAST)
    assert is_qualified(operator=operator, programme=programme, day=day) is expected
    assert qualification_holds(row, day) is expected


def test_a_withdrawal_takes_effect_on_its_day(programme: Programme, operator: Organisation) -> None:
    row = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST)
    row = withdraw_qualification(by=SYSTEM, qualification=row, from_day=TODAY, reason="Charte non respectée")
    eve = date(2026, 3, 3)
    for day, expected in ((eve, True), (TODAY, False)):
        assert is_qualified(operator=operator, programme=programme, day=day) is expected
        assert qualification_holds(row, day) is expected
    with refused("already_withdrawn"):
        withdraw_qualification(by=SYSTEM, qualification=row, from_day=TODAY, reason="x")


def test_a_withdrawal_says_why(programme: Programme, operator: Organisation) -> None:
    with refused("reason_missing"):
        withdraw_qualification(
            by=SYSTEM, qualification=make_qualification(operator, programme), from_day=TODAY, reason=" "
        )


def test_qualifying_again_renews_and_the_journal_keeps_what_was(programme: Programme, operator: Organisation) -> None:
    first = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST)
    withdraw_qualification(by=SYSTEM, qualification=first, from_day=FIRST, reason="x")
    again = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=TODAY, now=NOW)
    assert (again.pk, again.withdrawn_on, again.decided_at) == (first.pk, None, NOW)
    entry = AuditEntry.objects.filter(action="network.qualify").latest("pk")
    assert entry.before["withdrawn_on"] == FIRST.isoformat()


def test_renewing_early_does_not_stop_the_operator_meanwhile(programme: Programme, operator: Organisation) -> None:
    qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST, valid_until=LAST)
    next_year = date(2027, 11, 30)
    row = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=AFTER, valid_until=next_year)
    assert (row.valid_from, row.valid_until) == (FIRST, next_year)
    assert is_qualified(operator=operator, programme=programme, day=TODAY)


def test_a_qualification_that_lapsed_begins_again(programme: Programme, operator: Organisation) -> None:
    qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST, valid_until=TODAY)
    row = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=LAST)
    assert row.valid_from == LAST


def test_renewing_an_agreement_early_does_not_stop_the_prescriber_meanwhile(programme: Programme) -> None:
    prescriber = make_organisation(is_prescriber=True)
    agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=FIRST, valid_until=LAST)
    row = agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=AFTER)
    assert (row.valid_from, row.valid_until) == (FIRST, None)


def test_scanners_learn_every_decision(programme: Programme, operator: Organisation) -> None:
    row = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST)
    withdraw_qualification(by=SYSTEM, qualification=row, from_day=TODAY, reason="x")
    operator.refresh_from_db()
    programme.refresh_from_db()
    assert (operator.rules_version, programme.rules_version) == (3, 3)


def test_some_services_bring_their_finer_ones(programme: Programme, operator: Organisation) -> None:
    national = make_service()
    make_service()
    finer = make_service(catalogue=Catalogue.THEME, national=national)
    make_service(catalogue=Catalogue.LOCAL, national=national, programme=make_programme())
    row = qualify(by=SYSTEM, operator=operator, programme=programme, services=[national], valid_from=FIRST)
    assert qualified_service_codes(row) == frozenset({national.code, finer.code})
    everything = qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=FIRST)
    assert qualified_service_codes(everything) is None


def test_what_cannot_be_qualified(programme: Programme, operator: Organisation) -> None:
    foreign = make_service(catalogue=Catalogue.LOCAL, national=make_service(), programme=make_programme())
    with refused("service_not_allowed"):
        qualify(by=SYSTEM, operator=operator, programme=programme, services=[foreign], valid_from=FIRST)
    with refused("no_service"):
        qualify(by=SYSTEM, operator=operator, programme=programme, services=[], valid_from=FIRST)
    with refused("dates_reversed"):
        qualify(by=SYSTEM, operator=operator, programme=programme, valid_from=LAST, valid_until=FIRST)
    with refused("not_an_operator"):
        qualify(by=SYSTEM, operator=make_organisation(is_funder=True), programme=programme, valid_from=FIRST)
    assert not Qualification.objects.exists()


@pytest.mark.parametrize(("day", "expected"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)])
def test_an_agreement_holds_between_its_days(programme: Programme, day: date, *, expected: bool) -> None:
    prescriber = make_organisation(is_prescriber=True)
    row = agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=FIRST, valid_until=LAST)
    assert agreed_prescriber(prescriber=prescriber, programme=programme, day=day) is expected
    assert agreement_holds(row, day) is expected


def test_agreeing_again_changes_the_dates(programme: Programme) -> None:
    prescriber = make_organisation(is_prescriber=True)
    first = agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=FIRST)
    again = agree_prescriber(by=SYSTEM, prescriber=prescriber, programme=programme, valid_from=FIRST, valid_until=FIRST)
    assert again.pk == first.pk
    assert not agreed_prescriber(prescriber=prescriber, programme=programme, day=TODAY)
    programme.refresh_from_db()
    assert programme.rules_version == 3


def test_only_a_prescriber_is_agreed(programme: Programme, operator: Organisation) -> None:
    with refused("not_a_prescriber"):
        agree_prescriber(by=SYSTEM, prescriber=operator, programme=programme, valid_from=FIRST)


def test_a_training_is_recorded_once_when_it_is_done(programme: Programme) -> None:
    user = make_user()

    def record(day: date) -> None:
        record_training(by=SYSTEM, user=user, programme=programme, kind=TrainingKind.MEDIATOR, done_on=day, now=NOW)

    with refused("training_in_the_future"):
        record(date(2026, 3, 5))
    assert not is_trained(user=user, programme=programme, kind=TrainingKind.MEDIATOR)
    record(TODAY)
    assert is_trained(user=user, programme=programme, kind=TrainingKind.MEDIATOR)
    assert not is_trained(user=user, programme=programme, kind=TrainingKind.PRESCRIBER)
    assert not is_trained(user=user, programme=make_programme(), kind=TrainingKind.MEDIATOR)
    assert not is_trained(user=None, programme=programme, kind=TrainingKind.MEDIATOR)
    with refused("already_trained"):
        record(TODAY)


VERBS: list[Callable[[Actor, Scheme], object]] = [
    lambda by, scheme: qualify(by=by, operator=scheme.operator, programme=scheme.programme, valid_from=FIRST),
    lambda by, scheme: withdraw_qualification(
        by=by, qualification=scheme.operator.qualifications.get(), from_day=TODAY, reason="x"
    ),
    lambda by, scheme: agree_prescriber(
        by=by, prescriber=scheme.prescriber, programme=scheme.programme, valid_from=FIRST
    ),
    lambda by, scheme: record_training(
        by=by, user=make_user(), programme=scheme.programme, kind=TrainingKind.MEDIATOR, done_on=TODAY, now=NOW
    ),
]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FUNDER])
def test_the_coordinator_and_the_funder_run_the_network(verb: Callable[[Actor, Scheme], object], role: Role) -> None:
    scheme = make_scheme()
    assert verb(scheme.actor(role), scheme)


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_else_does(verb: Callable[[Actor, Scheme], object]) -> None:
    scheme = make_scheme()
    strangers = [
        scheme.actor(Role.OPERATOR_MANAGER),
        make_actor(Role.OBSERVER, scheme.network),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
    ]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            verb(by, scheme)
