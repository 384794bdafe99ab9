"""What every form shares: words that name the field, errors with a way to them, nothing typed lost."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.base.forms import DayInput, HouseForm, refusals_in, typed
from poincon.www.base.typed import MOST_BYTES, SECONDS_KEPT
from poincon.www.templatetags.components import form_errors
from tests.factories import make_membership

FORM = "/style/formulaire/"
NO_MONEY = Refusal("no_money", "Il manque %(amount)s.", "Enregistrez le versement.")


def lack_money(said: str = "") -> None:
    raise Refusal("late", said) if said else NO_MONEY.filled(amount="10 €")


class PlaceForm(HouseForm):
    nom = forms.CharField(label="Nom du lieu", max_length=5)
    jour = forms.DateField(label="Jour", widget=DayInput())
    genre = forms.ChoiceField(label="Genre", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


@pytest.fixture
def administrator(db: None) -> Iterator[User]:
    # A demonstration asks for no second factor: these tests are about forms.
    with override_settings(DEMO=True):
        yield make_membership(Role.ADMINISTRATOR).user


def opened(request: HttpRequest) -> HttpRequest:
    request.session = SessionStore()
    return request


def test_a_missing_answer_names_its_field() -> None:
    form = PlaceForm({})
    assert form.errors["nom"] == ["Remplissez «\xa0Nom du lieu\xa0»."]


def test_a_choice_that_is_not_in_the_list_names_its_field() -> None:
    class Share(HouseForm):
        part = forms.ChoiceField(label="Part, en %", choices=[("1", "1 %")])
        parts = forms.MultipleChoiceField(label="Parts", choices=[("1", "1 %")])

    form = Share({"part": "zzz", "parts": ["zzz"]})
    assert form.errors["part"] == ["Choisissez «\xa0Part, en %\xa0» dans la liste."]
    assert form.errors["parts"] == ["Choisissez «\xa0Parts\xa0» dans la liste."]


def test_a_field_that_a_form_adds_to_itself_is_named_too() -> None:
    class Late(HouseForm):
        def __init__(self, data: dict[str, str]) -> None:
            super().__init__(data)
            self.fields["mois"] = forms.ChoiceField(label="Mois", choices=[("1", "janvier")])

    assert Late({}).errors["mois"] == ["Remplissez «\xa0Mois\xa0»."]


def test_a_form_with_words_of_its_own_keeps_them() -> None:
    class Own(HouseForm):
        nom = forms.CharField(error_messages={"required": "Tapez un nom."})

    assert Own({}).errors["nom"] == ["Tapez un nom."]


def test_the_summary_links_to_each_field_at_fault() -> None:
    summary = form_errors(PlaceForm({"nom": "Trop long pour cinq", "jour": "2026-01-01"}))
    assert 'href="#id_nom"' in summary
    assert 'href="#id_genre_0"' in summary
    assert "id_jour" not in summary
    assert "2 réponses sont à corriger" in summary


def test_the_summary_names_a_field_once() -> None:
    form = PlaceForm({"nom": "Lieu", "jour": "2026-01-01", "genre": "a"})
    form.add_error("nom", "Nom du lieu : « Lieu » est déjà pris.")
    assert form_errors(form).count("Nom du lieu") == 1


def test_there_is_no_summary_without_error() -> None:
    assert "notice" not in form_errors(PlaceForm({"nom": "Lieu", "jour": "2026-01-01", "genre": "a"}))
    assert "notice" not in form_errors(PlaceForm())


def test_what_is_typed_is_never_read_as_html() -> None:
    form = PlaceForm({"nom": "<b>", "jour": "<script>", "genre": "<i>"})
    drawn = f"{form_errors(form)}{form}"
    assert "<script>" not in drawn
    assert "<i>" not in drawn


def test_a_refusal_becomes_an_error_of_the_form() -> None:
    form = PlaceForm({"nom": "Lieu", "jour": "2026-01-01", "genre": "a"})
    assert form.is_valid()
    with refusals_in(form, "nom") as done:
        lack_money()
    assert not done
    assert form.errors["nom"] == ["Il manque 10 €. Enregistrez le versement."]


def test_a_refusal_that_names_a_field_is_an_error_of_that_field() -> None:
    form = PlaceForm({"nom": "Lieu", "jour": "2026-01-01", "genre": "a"})
    with refusals_in(form, "nom"):
        lack_money("Jour : il est passé.")
    assert form.errors == {"jour": ["Il est passé."]}


def test_what_is_about_no_field_is_said_once() -> None:
    form = PlaceForm({"nom": "Lieu", "jour": "2026-01-01", "genre": "a"})
    with refusals_in(form):
        lack_money()
    assert f"{form}".count("Il manque 10 €") == 1, "a page without summary"
    drawn = f"{form_errors(form)}{form}"
    assert drawn.count("Il manque 10 €") == 1
    assert "Cela n’est pas possible" in drawn
    assert "à corriger" not in drawn


def test_a_verb_that_does_its_work_says_so() -> None:
    with refusals_in(PlaceForm({})) as done:
        pass
    assert done


def test_another_error_is_ours_and_goes_through() -> None:
    with pytest.raises(ZeroDivisionError), refusals_in(PlaceForm({})):
        raise ZeroDivisionError


def test_what_was_typed_before_the_session_ended_comes_back(client: Client, administrator: User) -> None:
    answer = client.post(FORM, {"nom": "La Quincaillerie", "csrfmiddlewaretoken": "x"})
    assert answer["Location"] == f"/connexion/?next={FORM}"
    assert "ce que vous aviez tapé vous attend" in client.get(answer["Location"]).content.decode()
    client.force_login(administrator)
    page = client.get(FORM).content.decode()
    assert 'value="La Quincaillerie"' in page
    assert "Votre session avait expiré" in page
    assert "La Quincaillerie" not in client.get(FORM).content.decode()


def sent_with_an_old_token(browser: Client, referer: str) -> Any:
    browser.get(FORM)
    return browser.post(FORM, {"nom": "Lieu", "csrfmiddlewaretoken": "x" * 64}, headers={"referer": referer})


def test_a_form_left_open_while_one_signs_in_again_elsewhere_comes_back_filled(administrator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    answer = sent_with_an_old_token(browser, f"http://testserver{FORM}")
    assert answer["Location"] == FORM
    assert browser.session.get_expiry_age() > SECONDS_KEPT, "she stays signed in as long"
    assert 'value="Lieu"' in browser.get(FORM).content.decode()


@pytest.mark.parametrize("referer", ["https://ailleurs.example/style/formulaire/", "http://testserver/style/", ""])
def test_what_another_page_sends_is_not_kept(administrator: User, referer: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    assert sent_with_an_old_token(browser, referer).status_code == 403
    assert 'value="Lieu"' not in browser.get(FORM).content.decode()


def test_what_was_typed_waits_for_its_own_page(client: Client, administrator: User) -> None:
    client.post(FORM, {"nom": "La Quincaillerie"})
    client.force_login(administrator)
    client.get("/style/")
    assert "La Quincaillerie" in client.get(FORM).content.decode()


def test_what_was_typed_is_unreadable_in_the_database_and_forgotten_after_an_hour(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(FORM, {"nom": "La Quincaillerie"})
    assert "Quincaillerie" not in str(dict(client.session))
    assert client.session.get_expiry_age() <= SECONDS_KEPT
    later = time.time() + SECONDS_KEPT + 1
    monkeypatch.setattr("poincon.www.base.typed.time.time", lambda: later)
    client.force_login(administrator)
    assert "La Quincaillerie" not in client.get(FORM).content.decode()


@pytest.mark.django_db
def test_an_endless_text_is_not_kept(client: Client) -> None:
    client.post(FORM, {"nom": "x" * MOST_BYTES})
    assert "typed" not in client.session


def test_a_form_is_empty_at_first_and_full_once_sent() -> None:
    assert typed(opened(RequestFactory().get("/"))) is None
    sent = typed(opened(RequestFactory().post("/", {"nom": "Lieu"})))
    assert sent is not None
    assert sent["nom"] == "Lieu"


@pytest.mark.django_db
def test_what_was_done_carries_its_undo(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    whole = {"nom": "Lieu", "commune": "23096", "jour": "2026-01-01", "accueil": "libre", "accord": "on"}
    page = client.post(FORM, whole, follow=True)
    assert 'action="/style/annuler/"' in page.content.decode()
    assert "Annuler cette action" not in client.get(FORM).content.decode()
