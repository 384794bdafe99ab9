"""What a device is told of the rules is what the server answers to a scan, in the same words."""

from typing import Any

import pytest
from django.utils import translation

from poincon.mediation.models import ServiceOffer
from poincon.network.services import suspend_qualification
from poincon.passes.device_words import ANNUL_REFUSALS, ANSWERS, DEVICE_REFUSALS, sentences, sentences_digest
from poincon.passes.queries.device_state import device_state
from poincon.passes.refusals import SCAN_REFUSALS
from poincon.programmes.services import suspend, touch_rules
from tests.factories import LIMOGES, NOW, SYSTEM, TODAY, make_offer, make_service, make_venue
from tests.lives import Life, Live


def told(life: Life) -> dict[str, Any]:
    life.refresh_scanner()
    return device_state(life.scanner, now=NOW)


def rules(life: Life) -> dict[str, Any]:
    (programme,) = told(life)["programmes"]
    return dict(programme)


def refusal_told(life: Life, offer: ServiceOffer) -> Any:
    """What the state says of this offer."""
    (venue,) = [venue for venue in told(life)["venues"] if venue["id"] == offer.venue_id]
    (found,) = [one for one in venue["offers"] if one["service"] == offer.service.code]
    return found["refused"]


def refusal_given(life: Life, offer: ServiceOffer) -> Any:
    """What the server answers to a scan of this offer."""
    return life.scan(venue_id=offer.venue_id, service=offer.service.code)["reason"]


def outside_the_territory(life: Life) -> ServiceOffer:
    return make_offer(make_venue(life.scheme.operator, LIMOGES), life.scheme.programme, life.scheme.service)


def outside_the_programme(life: Life) -> ServiceOffer:
    programme = life.scheme.programme
    programme.all_services = False
    programme.save(update_fields=["all_services"])
    touch_rules(programme.pk)
    return life.scheme.offer


def outside_the_qualification(life: Life) -> ServiceOffer:
    qualification = life.scheme.operator.qualifications.get()
    qualification.services.set([make_service()])
    return life.scheme.offer


def as_it_should_be(life: Life) -> ServiceOffer:
    return life.scheme.offer


@pytest.mark.parametrize(
    "change", [outside_the_territory, outside_the_programme, outside_the_qualification, as_it_should_be]
)
def test_an_offer_is_told_with_the_refusal_it_would_get(live: Live, change: Any) -> None:
    life = live()
    offer = change(life)
    assert refusal_told(life, offer) == refusal_given(life, offer)


@pytest.mark.parametrize("required", [True, False])
def test_an_untrained_mediator_is_told_as_the_server_answers(live: Live, required: bool) -> None:
    life = live(mediator_training_required=required)
    assert rules(life)["mediator"] == life.scan()["reason"] == ("mediator_not_trained" if required else None)


def test_the_days_of_suspension_are_told(live: Live) -> None:
    life = live()
    suspend(
        by=SYSTEM,
        programme=life.scheme.programme,
        first_day=TODAY,
        last_day=TODAY,
        reason="pandémie",
        moves_validity=False,
        now=NOW,
    )
    assert rules(life)["suspended"] == [{"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat()}]


def test_the_days_without_qualification_are_told(live: Live) -> None:
    life = live()
    suspend_qualification(
        by=SYSTEM,
        qualification=life.scheme.operator.qualifications.get(),
        first_day=TODAY,
        reason="contrôle",
        now=NOW,
    )
    assert rules(life)["not_qualified"] == [{"first_day": TODAY.isoformat(), "last_day": None}]


def test_every_refusal_has_its_sentence_for_the_device() -> None:
    codes = [said.code for group in (ANSWERS, SCAN_REFUSALS, ANNUL_REFUSALS, DEVICE_REFUSALS) for said in group]
    assert len(codes) == len(set(codes))
    assert set(sentences()) == set(codes)


def test_a_value_to_fill_in_is_written_in_braces() -> None:
    assert sentences()["expired"]["sentence"] == "Ce pass était valable jusqu’au {day}."
    assert not [said for said in sentences().values() if "%(" in said["sentence"] + said["next_step"]]


def test_other_words_are_another_digest() -> None:
    french = sentences_digest()
    with translation.override("en"):
        assert sentences_digest() != french
