"""The letter that goes with one hand-over: the passes given, who gave them, the nearest places."""

import io
from typing import Any

import pypdfium2
import pytest

from poincon.organisations.enums import Role
from poincon.passes.documents.layout import Paper
from poincon.passes.models import HandOver
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.letters import distance_said, nearest_to, orientation_letter
from tests.factories import (
    AUBUSSON,
    GUERET,
    LIMOGES,
    NOW,
    SYSTEM,
    make_actor,
    make_beneficiary,
    make_case_file,
    make_commune,
    make_offer,
    make_organisation,
    make_venue,
)
from tests.lives import Life, Live
from tests.refusing import refused

A5_WIDTH, A4_WIDTH = 420, 595


@pytest.fixture
def life(live: Live) -> Life:
    return live(handed=0, referent="Claire Moreau")


def given(life: Life, *, commune: str | None = AUBUSSON, passes: int | None = None, by: Any = SYSTEM) -> HandOver:
    scheme = life.scheme
    person = make_beneficiary(commune=make_commune(commune)) if commune else None
    case = make_case_file(scheme.programme, scheme.prescriber, person) if person else None
    return hand_over(by=by, prescriber=scheme.prescriber, number=life.number(), case_file=case, passes=passes, now=NOW)


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def letter(given: HandOver, **asked: Any) -> str:
    facts: dict[str, Any] = {"by": SYSTEM, "hand_over": given, "now": NOW} | asked
    return " ".join(pages(orientation_letter(**facts))[0].split())


def test_the_letter_names_the_booklet_the_prescriber_and_whom_to_call(life: Life) -> None:
    text = letter(given(life))
    for words in (life.number(), "Remis par : CCAS", "05 55 00 00 00", "Claire Moreau", "Vous recevez 10 pass."):
        assert words in text


def test_some_passes_are_counted(life: Life) -> None:
    assert "Vous recevez 3 pass." in letter(given(life, passes=3))


def test_the_text_of_the_programme_comes_first(life: Life) -> None:
    programme = life.scheme.programme
    programme.welcome_text = "Bienvenue à vous."
    programme.save()
    text = letter(given(life))
    assert "Bienvenue à vous. Vous recevez 10 pass." in text


def test_the_nearest_place_comes_first(life: Life) -> None:
    scheme = life.scheme
    make_offer(make_venue(scheme.operator, AUBUSSON, name="Le bus", itinerant=True), scheme.programme)
    near = nearest_to(given(life), limit=5, now=NOW)
    assert [(one.venue.name, round(one.km)) for one in near] == [("Le bus", 0), (scheme.venue.name, 33)]


def test_a_place_says_how_far_it_is(life: Life) -> None:
    text = letter(given(life))
    assert life.scheme.venue.name in text
    assert "à environ 33 km" in text


def test_a_person_without_commune_is_sent_near_the_prescriber(life: Life) -> None:
    prescriber = life.scheme.prescriber
    prescriber.commune = make_commune(GUERET)
    prescriber.save()
    assert "tout près" in letter(given(life, commune=None))


def test_nobody_s_commune_is_known(life: Life) -> None:
    assert nearest_to(given(life, commune=None), limit=5, now=NOW) == []
    assert "Appelez-nous pour trouver un lieu." in letter(HandOver.objects.get())


@pytest.mark.parametrize(("paper", "width"), [(Paper.A4, A4_WIDTH), (Paper.A5, A5_WIDTH)])
def test_the_letter_fits_one_page(life: Life, paper: Paper, width: int) -> None:
    scheme = life.scheme
    for rank in range(5):
        venue = make_venue(
            scheme.operator, GUERET, name=f"Espace public numérique du quartier {rank}", phone="05 55 00 00 01"
        )
        venue.address = "12 bis, avenue du Général-Leclerc"
        venue.save()
        make_offer(venue, scheme.programme)
    pdf = orientation_letter(by=SYSTEM, hand_over=given(life), paper=paper, now=NOW)
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert len(document) == 1
    assert round(document[0].get_width()) == width


def test_a_programme_without_referent_names_its_owner(life: Life) -> None:
    life.scheme.programme.referent = ""
    life.scheme.programme.save()
    assert "Département" in letter(given(life))


def test_a_programme_that_cannot_be_called_prints_no_letter(life: Life) -> None:
    life.scheme.programme.phone = ""
    life.scheme.programme.save()
    with refused("letter_unprintable", match="Téléphone"):
        letter(given(life))


def test_a_cancelled_hand_over_has_no_letter(life: Life) -> None:
    cancelled = cancel_hand_over(by=SYSTEM, hand_over=given(life), reason="erreur", now=NOW)
    with refused("hand_over_cancelled"):
        letter(cancelled)


def test_only_the_prescriber_prints_it(life: Life) -> None:
    done = given(life)
    assert letter(done, by=life.scheme.actor(Role.PRESCRIBER))
    other = make_organisation(is_prescriber=True)
    for stranger in (make_actor(), life.scheme.actor(Role.COORDINATOR), make_actor(Role.PRESCRIBER, other)):
        with refused("right_missing"):
            letter(done, by=stranger)


@pytest.mark.parametrize(("km", "said"), [(0, "tout près"), (1.4, "tout près"), (1.6, "à environ 2 km")])
def test_a_distance_is_said_in_words(km: float, said: str) -> None:
    assert distance_said(km) == said


def test_far_places_are_left_out(life: Life) -> None:
    life.scheme.venue.longitude, life.scheme.venue.latitude = 4.8, 45.7
    life.scheme.venue.save()
    assert nearest_to(given(life, commune=LIMOGES), limit=5, now=NOW) == []
