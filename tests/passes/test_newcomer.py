"""A booklet for a person nobody knows yet; a request sent twice hands over once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.beneficiaries.services import CaseChanges
from poincon.organisations.enums import Role
from poincon.passes.enums import BlockReason
from poincon.passes.models import HandOver
from poincon.passes.services.block import block
from poincon.passes.services.hand_over import examine_hand_over, hand_over
from poincon.passes.services.newcomer import hand_over_to_newcomer
from poincon.programmes.enums import IdentityLevel
from tests.factories import GUERET, NOW, SYSTEM, make_actor, make_commune, make_organisation
from tests.lives import Life, Live
from tests.refusing import refused

REQUEST = UUID(int=7)


@pytest.fixture
def life(live: Live) -> Life:
    """Booklets in the stock of a prescriber whose programme asks a first name and a telephone."""
    return live(handed=0, identity_level=IdentityLevel.CONTACT)


def give(life: Life, rank: int = 1, **asked: Any) -> HandOver:
    person: CaseChanges = {
        "first_name": "Marie",
        "phone": "06 12 34 56 78",
        "commune": make_commune(GUERET),
        "public": life.scheme.public,
    }
    facts: dict[str, Any] = {
        "by": SYSTEM,
        "prescriber": life.scheme.prescriber,
        "number": life.number(rank),
        "person": person,
        "now": NOW,
    }
    return hand_over_to_newcomer(**(facts | asked))


def test_the_file_is_opened_and_the_booklet_given(life: Life) -> None:
    given = give(life)
    case = CaseFile.objects.get()
    assert given.case_file == case
    assert (case.beneficiary.first_name, case.public, case.prescriber) == (
        "Marie",
        life.scheme.public,
        life.scheme.prescriber,
    )


def test_a_booklet_refused_leaves_no_file_behind(life: Life) -> None:
    block(by=SYSTEM, number=life.number(), reason=BlockReason.ERROR, now=NOW)
    with refused("booklet_not_usable"):
        give(life)
    assert not CaseFile.objects.exists()
    assert not Beneficiary.objects.exists()


def test_a_person_refused_keeps_the_booklet_in_stock(life: Life) -> None:
    with refused("beneficiaries.missing", match="Prénom"):
        give(life, person={"phone": "06 12 34 56 78", "commune": make_commune(GUERET), "public": life.scheme.public})
    assert life.booklet().handed == 0


def test_a_request_sent_twice_hands_over_once(life: Life) -> None:
    first = give(life, passes=3, request_id=REQUEST)
    assert give(life, passes=3, request_id=REQUEST) == first
    assert life.booklet().handed == 0b111
    assert CaseFile.objects.count() == 1


def test_a_known_person_is_given_once_too(life: Life) -> None:
    case = give(life).case_file
    facts: dict[str, Any] = {"by": SYSTEM, "prescriber": life.scheme.prescriber, "case_file": case, "now": NOW}
    first = hand_over(number=life.number(2), passes=2, request_id=REQUEST, **facts)
    assert hand_over(number=life.number(2), passes=2, request_id=REQUEST, **facts) == first
    assert life.booklet(2).handed == 0b11


def test_somebody_else_does_not_give(life: Life) -> None:
    other = make_organisation(is_prescriber=True)
    for stranger in (make_actor(), make_actor(Role.COORDINATOR, life.scheme.network)):
        with refused("right_missing"):
            give(life, by=stranger)
    with refused("right_missing"):
        give(life, by=make_actor(Role.PRESCRIBER, other))


def test_examining_tells_what_would_be_given(life: Life) -> None:
    give(life, passes=3)
    ready = examine_hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), now=NOW)
    assert (ready.count, ready.passes) == (7, 0b1111111000)
    assert ready.valid_until == life.batch.valid_until


def test_examining_refuses_as_handing_over_does(life: Life) -> None:
    def examine(**asked: Any) -> None:
        facts: dict[str, Any] = {
            "by": SYSTEM,
            "prescriber": life.scheme.prescriber,
            "number": life.number(),
            "now": NOW,
        }
        examine_hand_over(**(facts | asked))

    with refused("too_few_passes"):
        examine(passes=11)
    with refused("booklet_out_of_date"):
        examine(now=NOW + timedelta(days=4000))
    with refused("prescriber_without_agreement"):
        examine(prescriber=make_organisation(is_prescriber=True))
    with refused("right_missing"):
        examine(by=make_actor())
    assert not HandOver.objects.exists()
