"""Whatever changes a rule is obeyed by the very next scan, though rules are kept in the process between scans.

This guards ``rules_version``: a verb that forgets to increase it leaves the scanners with the rules of before. Each
verb of the floors below is here; one that changes nothing for a scan is named in ``CHANGES_NOTHING``.
"""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poincon.beneficiaries import services as beneficiaries
from poincon.mediation import services as mediation
from poincon.network import services as network
from poincon.network.enums import TrainingKind
from poincon.organisations import services as organisations
from poincon.organisations.devices import recognise
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, User
from poincon.passes.models import Booklet
from poincon.programmes import services as programmes
from poincon.programmes.spec import TerritorySpec
from tests.factories import (
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    make_commune,
    make_membership,
    make_offer,
    make_service,
    make_user,
    make_venue,
)
from tests.lives import TOKEN, Life, Live
from tests.passes.refused import reason

TOMORROW = TODAY + timedelta(days=1)
Change = Callable[[Life], object]


def obeyed(life: Life, change: Change, *, before: str, after: str, **scanned: Any) -> None:
    """The scan of before and the scan of after the change, by the same process; ``"None"`` is an acceptance."""
    assert reason(life, **scanned) == before
    change(life)
    assert reason(life, **scanned) == after


# --- programmes -------------------------------------------------------------------------------------------------------


def test_update_rules_ceiling(live: Live) -> None:
    obeyed(
        live(),
        lambda life: programmes.update_rules(by=SYSTEM, programme=life.scheme.programme, max_passes_per_session=1),
        before="None",
        after="session_ceiling",
    )


def test_update_rules_services(live: Live) -> None:
    obeyed(
        live(),
        lambda life: programmes.update_rules(by=SYSTEM, programme=life.scheme.programme, services=[make_service()]),
        before="None",
        after="service_outside_programme",
    )


def test_update_rules_training(live: Live) -> None:
    obeyed(
        live(),
        lambda life: programmes.update_rules(
            by=SYSTEM, programme=life.scheme.programme, mediator_training_required=True
        ),
        before="None",
        after="mediator_not_trained",
    )


def test_update_rules_direct_use(live: Live) -> None:
    life = live(handed=0)
    Booklet.objects.update(holder=life.scheme.operator)
    organisations.update_organisation(by=SYSTEM, organisation=life.scheme.operator, is_prescriber=True)
    life.scheme.operator.refresh_from_db()
    network.agree_prescriber(
        by=SYSTEM, prescriber=life.scheme.operator, programme=life.scheme.programme, valid_from=TODAY
    )
    obeyed(
        life,
        lambda life: programmes.update_rules(by=SYSTEM, programme=life.scheme.programme, direct_use=True),
        before="not_handed_over",
        after="None",
    )


def test_add_territory(live: Live) -> None:
    life = live()
    make_commune(LIMOGES)
    venue = make_venue(life.scheme.operator, LIMOGES)
    make_offer(venue, life.scheme.programme, life.scheme.service)
    spec = TerritorySpec(name="Limoges", communes=(LIMOGES,))
    obeyed(
        life,
        lambda life: programmes.add_territory(by=SYSTEM, programme=life.scheme.programme, territory=spec),
        before="venue_outside_territory",
        after="None",
        venue_id=venue.pk,
    )


def test_extend(live: Live) -> None:
    life = live()
    late = NOW + (life.batch.valid_until - TODAY) + timedelta(days=40)
    obeyed(
        life,
        lambda life: programmes.extend(
            by=SYSTEM,
            programme=life.scheme.programme,
            until=life.scheme.programme.ends_on + timedelta(days=200),
            reason="crue",
            moves_validity=True,
            now=NOW,
        ),
        before="expired",
        after="None",
        occurred_at=late,
        now=late,
    )


def test_suspend(live: Live) -> None:
    obeyed(
        live(),
        lambda life: programmes.suspend(
            by=SYSTEM,
            programme=life.scheme.programme,
            first_day=TODAY,
            last_day=TODAY,
            reason="neige",
            moves_validity=False,
            now=NOW,
        ),
        before="None",
        after="programme_suspended",
    )


# --- network ----------------------------------------------------------------------------------------------------------


def test_qualify(live: Live) -> None:
    life = live()
    life.scheme.operator.qualifications.all().delete()
    obeyed(
        life,
        lambda life: network.qualify(
            by=SYSTEM, operator=life.scheme.operator, programme=life.scheme.programme, valid_from=TODAY, now=NOW
        ),
        before="operator_not_qualified",
        after="None",
    )


def test_withdraw_qualification(live: Live) -> None:
    obeyed(
        live(),
        lambda life: network.withdraw_qualification(
            by=SYSTEM, qualification=life.scheme.operator.qualifications.get(), from_day=TODAY, reason="départ"
        ),
        before="None",
        after="operator_not_qualified",
    )


def test_agree_prescriber(live: Live) -> None:
    life = live(handed=0, direct_use=True)
    Booklet.objects.update(holder=life.scheme.operator)
    organisations.update_organisation(by=SYSTEM, organisation=life.scheme.operator, is_prescriber=True)
    life.scheme.operator.refresh_from_db()
    obeyed(
        life,
        lambda life: network.agree_prescriber(
            by=SYSTEM, prescriber=life.scheme.operator, programme=life.scheme.programme, valid_from=TODAY
        ),
        before="not_handed_over",
        after="None",
    )


def test_record_training(live: Live) -> None:
    obeyed(
        live(mediator_training_required=True),
        lambda life: network.record_training(
            by=SYSTEM,
            user=User.objects.get(pk=life.scanner.user_id),
            programme=life.scheme.programme,
            kind=TrainingKind.MEDIATOR,
            done_on=TODAY,
            now=NOW,
        ),
        before="mediator_not_trained",
        after="None",
    )


# --- mediation --------------------------------------------------------------------------------------------------------


def test_open_venue_and_offer_service(live: Live) -> None:
    life = live()
    assert reason(life) == "None"
    venue = mediation.open_venue(by=SYSTEM, operator=life.scheme.operator, name="Bus", commune=make_commune())
    assert reason(life, venue_id=venue.pk) == "service_not_offered"
    mediation.offer_service(
        by=SYSTEM, venue=venue, programme=life.scheme.programme, service=life.scheme.service, now=NOW
    )
    assert reason(life, venue_id=venue.pk) == "None"


def test_update_venue(live: Live) -> None:
    obeyed(
        live(),
        lambda life: mediation.update_venue(by=SYSTEM, venue=life.scheme.venue, commune=make_commune(LIMOGES)),
        before="None",
        after="venue_outside_territory",
    )


def test_close_venue(live: Live) -> None:
    obeyed(
        live(),
        lambda life: mediation.close_venue(by=SYSTEM, venue=life.scheme.venue, on=TODAY),
        before="None",
        after="venue_closed",
    )


def test_reopen_venue(live: Live) -> None:
    life = live()
    venue = mediation.close_venue(by=SYSTEM, venue=life.scheme.venue, on=TODAY)
    life.scheme.offer.refresh_from_db()
    life.scheme.offer.ended_on = None
    life.scheme.offer.save(update_fields=["ended_on"])
    obeyed(
        life,
        lambda _: mediation.reopen_venue(by=SYSTEM, venue=venue),
        before="venue_closed",
        after="None",
    )


def test_a_verb_that_forgot_to_say_so_would_not_be_obeyed(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what all these tests would see if the version did not grow."""
    monkeypatch.setattr("poincon.mediation.services.places.touch_rules", lambda _: None)
    obeyed(
        live(),
        lambda life: mediation.close_venue(by=SYSTEM, venue=life.scheme.venue, on=TODAY),
        before="None",
        after="None",
    )


def test_a_venue_that_closes_tomorrow_is_open_today(live: Live) -> None:
    obeyed(
        live(),
        lambda life: mediation.close_venue(by=SYSTEM, venue=life.scheme.venue, on=TOMORROW),
        before="None",
        after="None",
    )


def test_end_offer(live: Live) -> None:
    obeyed(
        live(),
        lambda life: mediation.end_offer(by=SYSTEM, offer=life.scheme.offer, on=TODAY),
        before="None",
        after="service_not_offered",
    )


# --- organisations ----------------------------------------------------------------------------------------------------


def test_grant_role(live: Live) -> None:
    newcomer = make_user()
    obeyed(
        live(),
        lambda life: organisations.grant_role(
            by=SYSTEM, user=newcomer, role=Role.MEDIATOR, organisation=life.scheme.operator, now=NOW
        ),
        before="mediator_unknown",
        after="None",
        mediator_id=newcomer.pk,
    )


def test_end_role(live: Live) -> None:
    life = live()
    leaver = make_membership(Role.MEDIATOR, life.scheme.operator)
    obeyed(
        life,
        lambda _: organisations.end_role(by=SYSTEM, membership=leaver, now=NOW),
        before="None",
        after="mediator_unknown",
        mediator_id=leaver.user_id,
    )


def test_the_device_of_somebody_who_left_is_not_recognised(live: Live) -> None:
    life = live()
    membership = Membership.objects.get(user_id=life.scanner.user_id)
    assert recognise(TOKEN) is not None
    organisations.end_role(by=SYSTEM, membership=membership, now=NOW)
    assert recognise(TOKEN) is None


# --- none is forgotten ------------------------------------------------------------------------------------------------

CHANGES_NOTHING = {
    "programmes": {
        "add_local_service",  # nobody offers it yet
        "add_public",  # whom it is for is asked at hand-over
        "change_fundings",
        "correct_receipt",
        "create_from_draft",  # as create_programme
        "create_programme",  # nothing of it is known yet
        "drop_draft",
        "end_public",
        "keep_draft",
        "load_catalogue",  # adds services that nobody offers yet
        "move_start",
        "record_receipt",
        "rename_territory",
        "retire_local_service",  # the offers end: mediation.retire_service
        "set_lead_network",
        "start_draft",
        "touch_rules",
        "update_public",
        "update_theme",
    },
    "network": set(),
    "mediation": {"import_network", "preview_network"},  # new places have no offer yet
    "organisations": {
        "add_site",
        "choose_language",
        "create_organisation",
        "create_user",
        "end_device",  # recognised anew at each request
        "enrol_device",
        "iban_of",
        "may_update",  # a question
        "invitation_of",
        "invite",  # nothing is given before the link is used
        "invite_person",
        "note_contact",
        "reopen_account",  # roles stay ended
        "revoke_device",  # recognised anew at each request
        "revoke_invitation",
        "send_invitation_again",
        "send_mail_again",
        "set_bank_account",
        "touch_rules",
        "update_organisation",
        "update_person",
    },
    "beneficiaries": {"open_case", "transfer_case", "update_case", "wait_for_turn"},
}


@pytest.mark.parametrize("floor", [programmes, network, mediation, organisations, beneficiaries])
def test_no_verb_is_forgotten(floor: object) -> None:
    """A new verb either has its test above (or in test_changes_are_fresh.py), or is said to change nothing."""
    name = str(floor.__name__).split(".")[1]  # type: ignore[attr-defined]
    verbs = {
        verb
        for verb, function in inspect.getmembers(floor, inspect.isfunction)
        if not verb.startswith("_") and function.__module__.startswith(f"poincon.{name}.services")
    }
    along_the_way = (Path(__file__).parent / "test_changes_are_fresh.py").read_text(encoding="utf-8")
    tests = " ".join([*globals(), *re.findall(r"^def (test_\w+)", along_the_way, re.MULTILINE)])
    assert {verb for verb in verbs - CHANGES_NOTHING[name] if verb not in tests} == set()
