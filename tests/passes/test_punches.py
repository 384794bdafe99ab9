from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.passes.models import Annulment, Scan
from poincon.passes.queries.activity import Period
from poincon.passes.queries.punches import (
    last_punch,
    may_undo,
    person_of,
    punches_between,
    punches_of,
    undoable_now,
    value_of,
)
from poincon.passes.services.hand_over import hand_over
from poincon.passes.services.punch import punch, undo_punch
from poincon.passes.verdicts import Verdict
from tests.factories import (
    NOW,
    SYSTEM,
    TODAY,
    make_beneficiary,
    make_case_file,
    make_membership,
    make_scheme,
    make_user,
)
from tests.lives import Life, Live
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(live: Live) -> Life:
    return live()


@pytest.fixture
def mediator(life: Life) -> Actor:
    return life.scheme.actor(Role.MEDIATOR)


def punched(life: Life, by: Actor, *, rank: int = 1, minutes: int = 0) -> Verdict:
    return punch(
        by=by,
        operator=life.scheme.operator,
        uuid=uuid4(),
        presented=life.number(rank),
        venue_id=life.scheme.venue.pk,
        service=life.scheme.service.code,
        now=NOW + timedelta(minutes=minutes),
    )


def scans(life: Life) -> QuerySet[Scan]:
    return punches_of(life.scheme.operator.pk)


def test_a_person_signed_in_punches_in_her_own_name(life: Life, mediator: Actor) -> None:
    verdict = punched(life, mediator)
    assert (verdict.accepted, verdict.left, verdict.positions) == (True, 9, (1,))
    scan = Scan.objects.get()
    assert (scan.mediator, scan.device) == (mediator.user, None)


def test_a_refusal_is_read_back_with_its_sentences(life: Life, mediator: Actor) -> None:
    verdict = punched(life, mediator, rank=2)
    assert (verdict.accepted, verdict.reason, verdict.size) == (False, "not_handed_over", 10)
    assert verdict.next_step


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.FUNDER, Role.ADMINISTRATOR])
def test_who_does_not_punch_there_is_refused(life: Life, role: Role) -> None:
    with refused("right_missing"):
        punched(life, life.scheme.actor(role))
    assert Scan.objects.count() == 0


def test_a_mediator_of_another_structure_is_refused(life: Life) -> None:
    with refused("right_missing"):
        punched(life, make_scheme().actor(Role.MEDIATOR))


def test_a_role_for_another_programme_is_refused_by_the_rules(life: Life) -> None:
    user = make_user()
    make_membership(Role.MEDIATOR, life.scheme.operator, user=user, programme=make_scheme().programme)
    assert punched(life, Actor(user=user, source="test")).reason == "mediator_unknown"


def test_an_undone_punch_is_worth_nothing(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    assert [value_of(scan) for scan in scans(life)] == [1000]
    undo_punch(by=mediator, operator=life.scheme.operator, uuid=Scan.objects.get().uuid, reason="erreur", now=NOW)
    assert [value_of(scan) for scan in scans(life)] == [0]
    assert Annulment.objects.get().by_label == mediator.label


def test_undoing_asks_to_punch_there(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    uuid = Scan.objects.get().uuid
    with refused("right_missing"):
        undo_punch(by=life.scheme.actor(Role.COORDINATOR), operator=life.scheme.operator, uuid=uuid, reason="erreur")


def test_one_may_undo_for_a_quarter_of_an_hour(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    scan = scans(life).get()
    after = {minutes: NOW + timedelta(minutes=minutes) for minutes in (15, 16)}
    assert (may_undo(scan, after[15]), may_undo(scan, after[16])) == (True, False)
    assert undoable_now(life.scheme.operator.pk, after[15]) == {scan.uuid}
    assert undoable_now(life.scheme.operator.pk, after[16]) == set()


def test_a_person_is_a_first_name_and_an_initial(life: Life, mediator: Actor) -> None:
    known = make_beneficiary(first_name="Zélie", last_name="Vaucanson")
    case = make_case_file(life.scheme.programme, life.scheme.prescriber, known)
    hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(2), case_file=case, now=NOW)
    punched(life, mediator, rank=2)
    punched(life, mediator, rank=3)
    assert {person_of(scan) for scan in scans(life)} == {"Zélie V.", ""}


def test_an_anonymous_person_has_no_name(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    assert person_of(scans(life).get()) == ""


def test_the_day_is_cut_by_the_moment_it_happened(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    punched(life, mediator, minutes=60)
    assert punches_between(scans(life), NOW, NOW + timedelta(minutes=60)).count() == 1
    assert punches_between(scans(life), NOW, NOW + timedelta(minutes=61)).count() == 2


def test_the_last_place_is_that_of_the_last_accepted_punch(life: Life, mediator: Actor) -> None:
    operator, user = life.scheme.operator.pk, mediator.user_id or 0
    assert last_punch(operator, user) is None
    punched(life, mediator)
    punched(life, mediator, rank=2)
    last = last_punch(operator, user)
    assert last is not None
    assert last.accepted


def test_a_programme_named_hides_the_others(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    here = punches_of(life.scheme.operator.pk, programme_id=life.scheme.programme.pk)
    elsewhere = punches_of(life.scheme.operator.pk, programme_id=make_scheme().programme.pk)
    assert (here.count(), elsewhere.count()) == (1, 0)


def test_a_list_costs_the_same_whatever_its_length(
    life: Life, mediator: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for minutes in range(3):
        punched(life, mediator, minutes=minutes)
    with django_assert_num_queries(3):
        assert [(person_of(scan), value_of(scan)) for scan in scans(life)]


def period(life: Life) -> Period:
    return Period(life.scheme.operator.pk, [life.scheme.programme.pk], TODAY.replace(day=1), TODAY)


def test_a_month_adds_up_what_was_not_annulled(life: Life, mediator: Actor) -> None:
    for minutes in range(3):
        punched(life, mediator, minutes=minutes * 200)
    undone = Scan.objects.order_by("id").first()
    assert undone is not None
    undo_punch(by=mediator, operator=life.scheme.operator, uuid=undone.uuid, reason="erreur", now=NOW)
    done = period(life).by_programme()[life.scheme.programme.pk]
    assert (done.passes, done.value, done.minutes, done.booklets) == (2, 2000, 240, 1)


def test_a_month_is_cut_by_day_place_and_person(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    assert list(period(life).by_day()) == [TODAY]
    assert period(life).by_venue_and_service()[0].labels == (life.scheme.venue.name, life.scheme.service.label)
    assert period(life).by_mediator()[0].labels == (str(mediator.user),)


def test_another_structure_does_not_count(life: Life, mediator: Actor) -> None:
    punched(life, mediator)
    other = Period(make_scheme().operator.pk, [life.scheme.programme.pk], TODAY, TODAY)
    assert other.by_programme() == {}
