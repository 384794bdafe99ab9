"""As test_rules_are_fresh.py, for what changes along the way: communes, local services, suspensions, people."""

from datetime import timedelta

from poincon.mediation import services as mediation
from poincon.network import services as network
from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification
from poincon.organisations import services as organisations
from poincon.organisations.devices import recognise
from poincon.organisations.enums import Role
from poincon.organisations.invitations import invitation_token
from poincon.organisations.models import Membership, User
from poincon.passes.models import Booklet
from poincon.programmes import services as programmes
from tests.factories import (
    AUBUSSON,
    GUERET,
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    make_commune,
    make_membership,
    make_offer,
    make_service,
    make_territory,
)
from tests.lives import TOKEN, Life, Live
from tests.passes.refused import reason
from tests.passes.test_rules_are_fresh import obeyed


def qualification(life: Life) -> Qualification:
    return Qualification.objects.get(operator=life.scheme.operator, programme=life.scheme.programme)


def test_change_communes(live: Live) -> None:
    obeyed(
        live(),
        lambda life: programmes.change_communes(
            by=SYSTEM, territory=life.scheme.programme.territories.get(), remove=[make_commune(GUERET)]
        ),
        before="None",
        after="venue_outside_territory",
    )


def test_remove_territory(live: Live) -> None:
    life = live()
    territory = life.scheme.programme.territories.get()
    make_territory(life.scheme.programme, [AUBUSSON, LIMOGES])
    obeyed(
        life,
        lambda _: programmes.remove_territory(by=SYSTEM, territory=territory),
        before="None",
        after="venue_outside_territory",
    )


def test_retire_service(live: Live) -> None:
    life = live()
    local = make_service(catalogue="local", programme=life.scheme.programme, national=life.scheme.service)
    make_offer(life.scheme.venue, life.scheme.programme, local)
    obeyed(
        life,
        lambda _: mediation.retire_service(by=SYSTEM, service=local, on=TODAY, now=NOW),
        before="None",
        after="service_not_offered",
        service=local.code,
    )


def test_suspend_qualification(live: Live) -> None:
    life, tomorrow = live(), NOW + timedelta(days=1)
    row = qualification(life)
    obeyed(
        life,
        lambda _: network.suspend_qualification(
            by=SYSTEM, qualification=row, first_day=tomorrow.date(), reason="Contrôle"
        ),
        before="None",
        after="operator_not_qualified",
        now=tomorrow,
        occurred_at=tomorrow,
    )
    # Done before, known late: it stays due.
    assert reason(life, now=tomorrow) == "None"


def test_lift_suspension(live: Live) -> None:
    life, tomorrow = live(), NOW + timedelta(days=1)
    row = qualification(life)
    network.suspend_qualification(by=SYSTEM, qualification=row, first_day=TODAY, reason="Contrôle")
    obeyed(
        life,
        lambda _: network.lift_suspension(by=SYSTEM, qualification=row, last_day=TODAY),
        before="operator_not_qualified",
        after="None",
        now=tomorrow,
        occurred_at=tomorrow,
    )
    assert reason(life, now=tomorrow) == "operator_not_qualified"


def test_end_agreement(live: Live) -> None:
    life = live(handed=0)
    operator, programme = life.scheme.operator, life.scheme.programme
    Booklet.objects.update(holder=operator)
    organisations.update_organisation(by=SYSTEM, organisation=operator, is_prescriber=True)
    operator.refresh_from_db()
    first, yesterday = TODAY - timedelta(days=30), TODAY - timedelta(days=1)
    agreement = network.agree_prescriber(by=SYSTEM, prescriber=operator, programme=programme, valid_from=first)
    programmes.update_rules(by=SYSTEM, programme=programme, direct_use=True)
    assert reason(life, life.number(1)) == "None"
    network.end_agreement(by=SYSTEM, agreement=agreement, last_day=yesterday, reason="Fin")
    assert reason(life, life.number(2)) == "not_handed_over"


def test_welcome_organisations(live: Live) -> None:
    life = live()
    life.scheme.operator.qualifications.all().delete()
    obeyed(
        life,
        lambda life: network.welcome_organisations(
            by=SYSTEM,
            programme=life.scheme.programme,
            organisations=[life.scheme.operator],
            valid_from=TODAY,
            now=NOW,
        ),
        before="operator_not_qualified",
        after="None",
    )


def test_record_group_training(live: Live) -> None:
    life = live()
    programmes.update_rules(by=SYSTEM, programme=life.scheme.programme, mediator_training_required=True)
    person = User.objects.get(pk=life.scanner.user_id)
    obeyed(
        life,
        lambda _: network.record_group_training(
            by=SYSTEM,
            users=[person],
            programme=life.scheme.programme,
            kind=TrainingKind.MEDIATOR,
            done_on=TODAY,
            now=NOW,
        ),
        before="mediator_not_trained",
        after="None",
    )


def test_change_role(live: Live) -> None:
    life = live()
    organisations.update_organisation(by=SYSTEM, organisation=life.scheme.operator, is_prescriber=True)
    life.scheme.operator.refresh_from_db()
    leaver = make_membership(Role.MEDIATOR, life.scheme.operator)
    obeyed(
        life,
        lambda _: organisations.change_role(by=SYSTEM, membership=leaver, role=Role.PRESCRIBER, now=NOW),
        before="None",
        after="mediator_unknown",
        mediator_id=leaver.user_id,
    )


def test_close_account(live: Live) -> None:
    life = live()
    person = Membership.objects.get(user_id=life.scanner.user_id).user
    assert recognise(TOKEN) is not None
    organisations.close_account(by=SYSTEM, user=person, reason="Départ", now=NOW)
    assert recognise(TOKEN) is None


def test_accept_invitation(live: Live) -> None:
    life = live()
    newcomer = User.objects.create_user("nouvelle@exemple.fr", full_name="Nouvelle")
    invitation = organisations.invite(
        by=SYSTEM, email=newcomer.email, role=Role.MEDIATOR, organisation=life.scheme.operator, now=NOW
    )
    obeyed(
        life,
        lambda _: organisations.accept_invitation(token=invitation_token(invitation), now=NOW),
        before="mediator_unknown",
        after="None",
        mediator_id=newcomer.pk,
    )
