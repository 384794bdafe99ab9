from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import Validity
from poincon.passes.models import Booklet, Redemption, Scan
from poincon.passes.services.punch import punch
from tests.factories import (
    make_membership,
    make_offer,
    make_organisation,
    make_scheme,
    make_service,
    make_user,
    make_venue,
)
from tests.www.making import make_booklet
from tests.www.operator.conftest import Counter, Enter
from tests.www.reading import Reader, as_shown, read

pytestmark = pytest.mark.django_db


def page_of(response: Any) -> str:
    return str(response.content.decode())


def held(page: Reader) -> dict[str, list[str]]:
    """What the form of the counter holds."""
    return next(form.values() for form in page.forms if form.identifier == "poinconner")


def test_a_typed_number_is_punched_under_the_mediator_s_name(counter: Counter) -> None:
    page = page_of(counter.punch())
    assert "Accepté, reste 7" in page
    assert "Le pass 3 est poinçonné." in page
    assert page.count("pass-now") == 1
    scan = Scan.objects.get()
    assert (scan.mediator, scan.device, scan.venue) == (counter.user, None, counter.scheme.venue)


def test_the_same_form_sent_twice_punches_once(counter: Counter) -> None:
    form = counter.form()
    first = counter.client.post("/mediation/poinconner/", form)
    second = counter.client.post("/mediation/poinconner/", form)
    assert first["Location"] == second["Location"]
    assert counter.used() == 3
    assert Scan.objects.count() == 1


def test_another_number_on_a_page_found_again_is_another_punch(counter: Counter) -> None:
    other = make_booklet(counter.scheme.programme)
    form = counter.form()
    counter.client.post("/mediation/poinconner/", form)
    counter.client.post("/mediation/poinconner/", form | {"numero": codes.written(other.number)})
    assert Booklet.objects.get(pk=other.pk).used.bit_count() == 1


def test_reading_the_answer_again_changes_nothing(counter: Counter) -> None:
    where = counter.client.post("/mediation/poinconner/", counter.form())["Location"]
    for _ in range(2):
        assert "Accepté, reste 7" in page_of(counter.client.get(where))
    assert Scan.objects.count() == 1


def test_a_number_searched_in_the_header_waits_at_the_counter(counter: Counter) -> None:
    page = read(counter.client.get("/recherche/", {"q": counter.number.lower()}, follow=True))
    assert held(page)["numero"] == [counter.number.replace(" ", "")]
    assert Scan.objects.count() == 0


def test_it_waits_too_while_one_says_where_one_is(counter: Counter) -> None:
    make_offer(make_venue(counter.scheme.operator), counter.scheme.programme)
    asked = read(counter.client.get("/mediation/poinconner/", {"numero": counter.number}))
    sent = next(form.values() for form in asked.forms if "lieu" in form.buttons)
    page = read(counter.client.post("/mediation/poinconner/", sent | {"lieu": counter.place}))
    assert held(page)["numero"] == [counter.number]


def test_a_number_typed_after_the_session_ended_waits_where_one_was(counter: Counter) -> None:
    offer = make_offer(counter.scheme.venue, counter.scheme.programme, service=make_service(), price=3)
    elsewhere = f"{counter.scheme.venue.pk}:{offer.service.code}"
    counter.client.logout()
    counter.punch(ou=elsewhere, passes="2")
    counter.client.force_login(counter.user)
    waiting = held(read(counter.client.get("/mediation/poinconner/")))
    assert (waiting["numero"], waiting["ou"], waiting["passes"]) == ([counter.number], [elsewhere], ["2"])
    assert Scan.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("4829 1570", "Vous avez tapé 8 signes ; un numéro en compte douze."),
        ("4829 1570 364A-07", "Relisez groupe par groupe ce que vous avez tapé : 4829 – 1570 – 364A."),
    ],
)
def test_the_signs_that_are_missing_or_false_are_said_at_the_field(counter: Counter, typed: str, told: str) -> None:
    page = page_of(counter.punch(numero=typed))
    assert as_shown("Refusé : rien n’est poinçonné") in page
    assert as_shown(told) in page


def test_a_test_uses_nothing(counter: Counter) -> None:
    page = page_of(counter.punch(tester="oui"))
    assert "Test : ce chéquier est valable" in page
    assert "Il reste 8 pass." in page
    assert Scan.objects.count() == 0
    assert counter.used() == 2


def test_a_refusal_says_why_what_to_do_and_whom_to_call(counter: Counter) -> None:
    Booklet.objects.filter(pk=counter.booklet.pk).update(validity=Validity.BLOCKED)
    page = page_of(counter.punch())
    assert as_shown("Refusé : rien n’est poinçonné") in page
    assert "déclaré perdu, volé ou remplacé" in page
    assert "La personne peut demander à son prescripteur" in page
    assert as_shown(counter.scheme.programme.phone) in page
    assert f'value="{counter.number}"' in page
    assert Scan.objects.get().accepted is False


@pytest.mark.parametrize("number", ["4829 1570 3000", "bonjour", "4829 1570 364K - 61", "x" * 150])
def test_a_wrong_number_is_said_at_its_field_and_stays_there(counter: Counter, number: str) -> None:
    response = counter.punch(numero=number)
    page = page_of(response)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in page
    assert f'value="{number}"' in page
    assert "<title>Erreur" in page


def test_an_empty_number_records_no_scan(counter: Counter) -> None:
    page = page_of(counter.punch(numero=" "))
    assert "Tapez le numéro du chéquier." in page
    assert Scan.objects.count() == 0


@pytest.mark.parametrize(("chosen", "used"), [("", 3), ("1", 1)])
def test_a_service_of_several_passes_asks_how_many(counter: Counter, chosen: str, used: int) -> None:
    stage = make_service(label="Stage")
    make_offer(counter.scheme.venue, counter.scheme.programme, stage, price=3)
    key = f"{counter.scheme.venue.pk}:{stage.code}"
    assert "3 pass, le prix du service" in page_of(counter.client.post("/mediation/poinconner/", {"lieu": key}))
    counter.punch(ou=key, passes=chosen)
    assert counter.used() == 2 + used


def test_the_only_place_needs_no_choice(counter: Counter) -> None:
    page = page_of(counter.client.get("/mediation/poinconner/"))
    assert counter.scheme.service.label in page
    assert "Tous les lieux" not in page


def test_among_several_places_one_chooses_first_then_it_is_kept(counter: Counter) -> None:
    away = make_venue(counter.scheme.operator, name="Le bus")
    make_offer(away, counter.scheme.programme, counter.scheme.service)
    assert "Où êtes-vous" in page_of(counter.client.get("/mediation/poinconner/"))
    key = f"{away.pk}:{counter.scheme.service.code}"
    counter.client.post("/mediation/poinconner/", {"lieu": key})
    page = page_of(counter.client.get("/mediation/poinconner/"))
    assert f'name="ou" value="{key}"' in page


def test_changing_place_keeps_what_was_typed_and_punches_nothing(counter: Counter) -> None:
    away = make_venue(counter.scheme.operator, name="Le bus")
    make_offer(away, counter.scheme.programme, counter.scheme.service)
    page = page_of(counter.punch(lieu=f"{away.pk}:{counter.scheme.service.code}"))
    assert f'value="{counter.number}"' in page
    assert Scan.objects.count() == 0


def test_the_last_place_is_found_again_on_another_browser(counter: Counter) -> None:
    away = make_venue(counter.scheme.operator, name="Le bus")
    make_offer(away, counter.scheme.programme, counter.scheme.service)
    key = f"{away.pk}:{counter.scheme.service.code}"
    counter.punch(ou=key)
    elsewhere = Client()
    elsewhere.force_login(counter.user)
    assert f'name="ou" value="{key}"' in page_of(elsewhere.get("/mediation/poinconner/"))


def test_without_any_service_one_is_told_what_to_do(counter: Counter, enter: Enter) -> None:
    counter.scheme.offer.delete()
    assert "La personne qui gère votre structure" in page_of(counter.client.get("/mediation/poinconner/"))
    assert "Préparer vos lieux" in page_of(enter(Role.OPERATOR_MANAGER).get("/mediation/poinconner/"))


def test_a_punch_is_undone_from_its_answer(counter: Counter) -> None:
    where = counter.client.post("/mediation/poinconner/", counter.form())["Location"]
    assert "Annuler ce poinçon" in page_of(counter.client.get(where))
    page = page_of(counter.client.post(f"{where}annuler/", {"retour": "accueil"}, follow=True))
    assert "Le poinçon est annulé" in page
    assert counter.used() == 2
    assert "Poinçon annulé" in page_of(counter.client.get(where))


def test_undoing_late_is_refused_in_words(counter: Counter) -> None:
    uuid = uuid4()
    punch(
        by=Actor(user=counter.user, source="test"),
        operator=counter.scheme.operator,
        uuid=uuid,
        presented=counter.number,
        venue_id=counter.scheme.venue.pk,
        service=counter.scheme.service.code,
        now=timezone.now() - timedelta(minutes=20),
    )
    page = page_of(counter.client.post(f"/mediation/poinconner/{uuid}/annuler/", follow=True))
    assert "dans les 15 minutes" in page
    assert counter.used() == 3


# --- three people -----------------------------------------------------------------------------------------------------


def test_a_prescriber_does_not_reach_the_counter(enter: Enter) -> None:
    assert enter(Role.PRESCRIBER).get("/mediation/poinconner/").status_code == 403


def test_the_punch_of_another_structure_is_not_found(counter: Counter) -> None:
    where = counter.client.post("/mediation/poinconner/", counter.form())["Location"]
    stranger = Client()
    outside = make_organisation()
    user = make_user()
    make_membership(Role.MEDIATOR, outside, user=user)
    stranger.force_login(user)
    assert stranger.get(where).status_code == 404
    assert stranger.post(f"{where}annuler/").status_code == 404
    assert counter.used() == 3


def test_a_role_for_another_programme_neither_punches_nor_reads(counter: Counter) -> None:
    where = counter.client.post("/mediation/poinconner/", counter.form())["Location"]
    beside = make_scheme().programme
    user = make_user()
    make_membership(Role.MEDIATOR, counter.scheme.operator, user=user, programme=beside)
    client = Client()
    client.force_login(user)
    assert client.get(where).status_code == 404
    client.post("/mediation/poinconner/", counter.form())
    assert Redemption.objects.count() == 1


def test_a_page_cannot_name_the_place_of_another_structure(counter: Counter) -> None:
    there = make_scheme()
    counter.punch(ou=f"{there.venue.pk}:{there.service.code}")
    assert Scan.objects.filter(venue=there.venue).count() == 0
