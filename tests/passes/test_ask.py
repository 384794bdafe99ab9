"""A prescriber asks for booklets: who may, who is told, how often."""

from datetime import timedelta
from typing import Any

import pytest

from poincon.kernel.messages import NOTICES
from poincon.kernel.models import AuditEntry, Message
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.passes.services.ask import MOST_ASKED, ask_for_booklets
from tests.factories import (
    NOW,
    SYSTEM,
    Scheme,
    make_actor,
    make_agreement,
    make_membership,
    make_organisation,
    make_scheme,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    """A scheme whose network and funder each have somebody."""
    scheme = make_scheme(phone="05 55 00 00 00")
    make_membership(Role.COORDINATOR, scheme.network)
    make_membership(Role.FUNDER, scheme.funder)
    return scheme


def ask(scheme: Scheme, **asked: Any) -> AuditEntry:
    facts: dict[str, Any] = {
        "by": SYSTEM,
        "programme": scheme.programme,
        "prescriber": scheme.prescriber,
        "booklets": 20,
        "now": NOW,
    }
    return ask_for_booklets(**(facts | asked))


def told() -> list[str]:
    return list(Message.objects.values_list("user__memberships__role", flat=True))


def test_the_network_is_told(scheme: Scheme) -> None:
    ask(scheme, note="Nouvelle permanence")
    assert told() == [Role.COORDINATOR]
    message = Message.objects.get()
    letter = NOTICES[message.template].build(message.subject_id, message.user_id)
    assert letter is not None
    assert letter.subject == "CCAS demande 20 chéquiers"
    assert "« Nouvelle permanence »" in letter.paragraphs


def test_the_journal_keeps_it(scheme: Scheme) -> None:
    entry = ask(scheme)
    assert (entry.action, entry.programme_id, entry.after["booklets"]) == (
        "passes.ask_booklets",
        scheme.programme.pk,
        20,
    )


def test_without_a_network_the_funder_is_told(scheme: Scheme) -> None:
    scheme.programme.lead_network = None
    scheme.programme.save()
    ask(scheme)
    assert told() == [Role.FUNDER]


def test_once_a_day(scheme: Scheme) -> None:
    ask(scheme)
    with refused("booklets_asked_lately", match="05 55 00 00 00"):
        ask(scheme, now=NOW + timedelta(hours=20))
    assert ask(scheme, now=NOW + timedelta(days=2))


def test_another_prescriber_may_ask_the_same_day(scheme: Scheme) -> None:
    ask(scheme)
    other = make_organisation(is_prescriber=True)
    make_agreement(other, scheme.programme)
    assert ask(scheme, prescriber=other)


@pytest.mark.parametrize("booklets", [0, -1, MOST_ASKED + 1])
def test_a_number_out_of_bounds_is_refused(scheme: Scheme, booklets: int) -> None:
    with refused("booklets_asked_out_of_bounds"):
        ask(scheme, booklets=booklets)


def test_a_note_has_a_length(scheme: Scheme) -> None:
    with refused("text_too_long", match="Précision"):
        ask(scheme, note="n" * 301)


def test_without_agreement_nothing_is_asked(scheme: Scheme) -> None:
    with refused("prescriber_without_agreement"):
        ask(scheme, prescriber=make_organisation(is_prescriber=True))


def test_nobody_to_tell_is_said() -> None:
    scheme = make_scheme(phone="05 55 00 00 00")
    with refused("nobody_to_ask", match="05 55 00 00 00"):
        ask(scheme)
    assert not AuditEntry.objects.filter(action="passes.ask_booklets").exists()


def test_only_a_prescriber_asks_for_its_own(scheme: Scheme) -> None:
    assert ask(scheme, by=scheme.actor(Role.PRESCRIBER))
    later = NOW + timedelta(days=3)
    stranger: list[Actor] = [
        scheme.actor(Role.MEDIATOR),
        make_actor(),
        make_actor(Role.PRESCRIBER, make_organisation(is_prescriber=True)),
    ]
    for actor in stranger:
        with refused("right_missing"):
            ask(scheme, by=actor, now=later)
