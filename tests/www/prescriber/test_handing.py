"""Handing over, screen by screen: what is asked, what is refused, what is never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.enums import BlockReason
from poincon.passes.models import HandOver
from poincon.passes.services.block import block
from poincon.programmes.enums import IdentityLevel
from poincon.www.prescriber.draft import KEY
from tests.factories import LIMOGES, SYSTEM, make_commune, make_membership, make_organisation
from tests.www.prescriber.desk import Desk, hand_over, make_desk, make_searchable, text_of

pytestmark = pytest.mark.django_db

Make = Callable[..., Desk]
PERSON, PUBLIC, CHECK = (
    "/prescripteur/remettre/personne/",
    "/prescripteur/remettre/public/",
    "/prescripteur/remettre/verifier/",
)
NIR = "2 57 07 23 096 012"


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client)


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_four_answers_hand_over(desk: Desk) -> None:
    assert desk.take()["Location"] == PERSON
    assert desk.name()["Location"] == PUBLIC
    assert desk.qualify()["Location"] == CHECK
    check = text_of(desk.get("remettre/verifier/"))
    for words in (desk.number(), "10 pass", "Marie", "06 12 34 56 78", "Guéret", "Bénéficiaires du RSA"):
        assert words in check
    given = hand_over(desk)
    assert given.case_file is not None
    assert (given.booklet, given.case_file.beneficiary.first_name) == (desk.booklet(), "Marie")
    assert given.by_label == str(desk.user)
    assert KEY not in desk.client.session


@pytest.mark.parametrize("level", IdentityLevel)
def test_each_level_asks_what_it_needs_and_no_more(client: Client, level: IdentityLevel) -> None:
    desk = make_desk(client, identity_level=level)
    desk.take()
    fields = set(desk.get("remettre/personne/").context["form"].fields)
    everybody = {"commune", "genre", "situation"}
    assert (
        fields
        == everybody
        | {
            IdentityLevel.ANONYMOUS: {"annee_naissance"},
            IdentityLevel.CONTACT: {"prenom", "telephone", "annee_naissance"},
            IdentityLevel.IDENTIFIED: {"prenom", "nom", "date_naissance", "telephone", "courriel"},
        }[level]
    )
    assert desk.name()["Location"] == PUBLIC
    desk.qualify()
    assert hand_over(desk).case_file is not None


def test_every_list_may_stay_unsaid(desk: Desk) -> None:
    desk.take()
    desk.name(genre="non_communique", situation="non_communique")
    desk.qualify()
    person = hand_over(desk).case_file
    assert person is not None
    assert (person.situation, person.beneficiary.gender) == ("non_communique", "non_communique")


def test_a_programme_without_publics_asks_one_screen_less(desk: Desk) -> None:
    desk.scheme.public.delete()
    desk.take()
    assert desk.name()["Location"] == CHECK
    assert desk.get("remettre/public/").redirect_chain == [(CHECK, 302)]
    assert hand_over(desk)


# --- 1. the booklet ---------------------------------------------------------------------------------------------------


def test_the_number_is_typed_as_it_comes(desk: Desk) -> None:
    typed = desk.number().replace(" ", "").lower()
    assert desk.take(numero=f"  {typed[:5]}-{typed[5:]} ")["Location"] == PERSON


def test_a_wrong_character_is_said_group_by_group(desk: Desk) -> None:
    number = desk.number()
    wrong = ("1" if number[0] != "1" else "2") + number[1:]
    page = text_of(desk.take(numero=wrong))
    assert "Un des signes est faux" in page
    assert " – ".join(wrong.split()) in page


@pytest.mark.parametrize(("typed", "said"), [("12 34", "Vous avez tapé 4 signes"), ("7", "Vous avez tapé 1 signe ;")])
def test_a_number_too_short_says_by_how_much(desk: Desk, typed: str, said: str) -> None:
    page = text_of(desk.take(numero=typed))
    assert said in page
    assert f'value="{typed}"' in desk.take(numero=typed).content.decode()


def test_a_booklet_of_nobody_is_refused_at_its_field(desk: Desk) -> None:
    unknown = next(number for number in range(10**10, 10**10 + 99) if codes.is_issuable(number))
    assert desk.take(numero=codes.written(unknown)).context["form"].errors["numero"]


def test_a_blocked_booklet_is_refused_before_anything_is_asked(desk: Desk) -> None:
    block(by=SYSTEM, number=desk.number(), reason=BlockReason.LOST)
    assert "n’est pas dans le stock" in text_of(desk.take())


def test_some_passes_only(desk: Desk) -> None:
    assert desk.take(quoi="quelques", nombre="3")["Location"] == PERSON
    desk.name()
    desk.qualify()
    assert "3 pass" in text_of(desk.get("remettre/verifier/"))
    assert hand_over(desk).passes == 0b111


@pytest.mark.parametrize("count", ["", "0", "61", "deux"])
def test_how_many_is_a_number(desk: Desk, count: str) -> None:
    assert desk.take(quoi="quelques", nombre=count).context["form"].errors["nombre"]


def test_more_passes_than_there_are_is_said_at_the_field(desk: Desk) -> None:
    assert "n’a plus que 10 pass" in desk.take(quoi="quelques", nombre="11").context["form"].errors["nombre"][0]


def test_the_next_booklet_of_the_pile_is_one_press_away(desk: Desk) -> None:
    page = desk.get("remettre/")
    assert page.context["next"] == desk.number(1)
    # The field is empty, and comes first: the button pressed has the last word.
    assert desk.post("remettre/", numero=["", desk.number(1)], quoi="tout")["Location"] == PERSON


def test_a_booklet_already_begun_is_not_offered_first(desk: Desk) -> None:
    desk.take(quoi="quelques", nombre="3")
    desk.name()
    desk.qualify()
    hand_over(desk)
    assert desk.get("remettre/").context["next"] == desk.number(2)


# --- 2. the person ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["prenom", "telephone", "commune", "annee_naissance"])
def test_a_social_security_number_is_refused_wherever_it_is_typed(desk: Desk, field: str) -> None:
    desk.take()
    response = desk.name(**{field: NIR})
    assert "sécurité sociale" in response.context["form"].errors[field][0]
    assert not CaseFile.objects.exists()


def test_a_social_security_number_is_not_searched_either(desk: Desk) -> None:
    desk.take()
    response = desk.get("remettre/personne/", q=NIR)
    assert "sécurité sociale" in text_of(response)
    assert NIR not in response.content.decode()


def test_what_is_missing_is_said_at_its_field(desk: Desk) -> None:
    desk.take()
    response = desk.name(prenom="", telephone="")
    assert response.context["form"].errors["prenom"] == ["Remplissez «\N{NO-BREAK SPACE}Prénom\N{NO-BREAK SPACE}»."]
    assert 'value="Guéret"' in response.content.decode()


def test_a_commune_outside_the_territory_is_refused(desk: Desk) -> None:
    make_searchable(make_commune(LIMOGES).pk, "Limoges")
    desk.take()
    assert "hors du territoire" in desk.name(commune="Limoges").context["form"].errors["commune"][0]


def test_among_namesakes_those_of_the_programme_are_proposed(desk: Desk) -> None:
    for code, name in (("23201", "Saint-Laurent"), ("23202", "Saint-Fiel"), ("87201", "Saint-Denis")):
        make_searchable(make_commune(code).pk, name)
    desk.take()
    told = desk.name(commune="Saint").context["form"].errors["commune"][0]
    assert [code in told for code in ("23201", "23202", "87201")] == [True, True, False]


def test_somebody_known_is_found_by_name_and_chosen(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    case = hand_over(desk).case_file
    assert case is not None
    desk.take(2)
    assert "Il lui reste 10 pass." in text_of(desk.get("remettre/personne/", q="marie"))
    assert desk.post("remettre/personne/", dossier=str(case.pk))["Location"] == CHECK
    assert "Il reste 10 pass à cette personne" in text_of(desk.get("remettre/verifier/"))
    assert hand_over(desk).case_file == case
    assert Beneficiary.objects.count() == 1


def test_somebody_known_is_recognised_when_typed_again(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    hand_over(desk)
    desk.take(2)
    page = desk.name(prenom="MARIE")
    assert "Vous connaissez déjà cette personne" in text_of(page)


def test_the_person_of_another_prescriber_is_not_shown(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    case = hand_over(desk).case_file
    assert case is not None
    CaseFile.objects.filter(pk=case.pk).update(prescriber=make_organisation(is_prescriber=True))
    desk.take(2)
    assert "Personne ne répond" in text_of(desk.get("remettre/personne/", q="marie"))
    assert desk.post("remettre/personne/", dossier=str(case.pk)).status_code == 404
    assert f"le n° {case.pk}" in text_of(desk.name())


def test_one_may_come_from_the_page_of_the_person(desk: Desk) -> None:
    desk.take()
    desk.name()
    desk.qualify()
    case = hand_over(desk).case_file
    assert case is not None
    assert "Pour Marie" in text_of(desk.get("remettre/", dossier=str(case.pk)))
    assert desk.take(2)["Location"] == CHECK


def test_an_anonymous_programme_searches_nobody(client: Client) -> None:
    desk = make_desk(client, identity_level=IdentityLevel.ANONYMOUS)
    desk.take()
    assert "Vous l’accompagnez déjà" not in text_of(desk.get("remettre/personne/"))


# --- 3. the public ----------------------------------------------------------------------------------------------------


def test_the_proof_is_seen_and_dated(client: Client) -> None:
    desk = make_desk(client, proof="Attestation de la CAF")
    desk.take()
    desk.name()
    assert "Justificatif : Attestation de la CAF" in text_of(desk.get("remettre/public/"))
    errors = desk.qualify().context["form"].errors
    assert set(errors) == {"vu", "date_justificatif"}
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    assert set(desk.qualify(vu="on", date_justificatif=tomorrow).context["form"].errors) == {"date_justificatif"}
    yesterday = (timezone.now() - timedelta(days=2)).date()
    assert desk.qualify(vu="on", date_justificatif=yesterday.isoformat())["Location"] == CHECK
    case = hand_over(desk).case_file
    assert case is not None
    assert (case.proof, case.proof_date) == ("Attestation de la CAF", yesterday)


def test_a_public_not_open_yet_is_not_offered(desk: Desk) -> None:
    later = make_public_opening(desk, timezone.now().date() + timedelta(days=30))
    desk.take()
    desk.name()
    assert later not in text_of(desk.get("remettre/public/"))


def make_public_opening(desk: Desk, day: Any) -> str:
    desk.scheme.programme.publics.create(code="seniors", label="Seniors de plus de 60 ans", open_from=day)
    return "Seniors de plus de 60 ans"


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_mediator_hands_nothing_over(desk: Desk) -> None:
    user = desk.scheme.actor(Role.MEDIATOR).user
    assert user is not None
    desk.client.force_login(user)
    assert desk.get("remettre/").status_code == 403


def test_another_prescriber_does_not_give_this_booklet(desk: Desk) -> None:
    other = make_organisation(is_prescriber=True, name="Mission locale")
    desk.client.force_login(make_membership(Role.PRESCRIBER, other).user)
    assert desk.take().context["form"].errors["numero"]
    assert not HandOver.objects.exists()
