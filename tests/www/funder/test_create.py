"""Creating a programme in steps: nothing typed is lost, every step can be corrected, the last one creates."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Organisation
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Programme, ProgrammeDraft
from poincon.programmes.services import load_catalogue
from poincon.www.funder.programmes_draft import copied_answers
from tests.factories import GUERET, make_commune, make_membership, make_organisation, make_programme, make_scheme
from tests.www.funder.entering import Enter, person, stranger
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
NEW = "/commanditaire/nouveau/"
IDENTITY = {
    "nom": "Pass des Combrailles",
    "code": "",
    "debut": "2027-01-01",
    "fin": "2028-12-31",
    "fuseau": "Europe/Paris",
    "reseau": "",
    "referent": "Claire Moreau",
    "telephone": "05 55 44 30 00",
    "courriel": "",
}
PASS = {"avec": "avec", "valeur": "10", "minutes": "120", "tailles": "5, 10", "validite": "12", "tolerance": "30"}
PEOPLE = {"identite": "anonymous", "preuves": "", "hors_ligne_jours": "7", "hors_ligne_pass": "500"}


@pytest.fixture
def owner() -> Organisation:
    load_catalogue()
    make_commune()
    return make_organisation(name="Département", legal_form=LegalForm.LOCAL_AUTHORITY, is_funder=True)


@pytest.fixture
def funder(owner: Organisation, as_proved_user: Enter) -> Client:
    return as_proved_user(make_membership(Role.FUNDER, owner).user)


def begin(client: Client, model: str = "vide") -> ProgrammeDraft:
    client.post(NEW, {"modele": model})
    return ProgrammeDraft.objects.latest("pk")


def send(client: Client, draft: ProgrammeDraft, step: str, data: dict[str, Any]) -> Any:
    return client.post(f"{NEW}{draft.pk}/{step}/", data)


def rows(prefix: str, *typed: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": 0}
    return sent | {f"{prefix}-{rank}-{name}": value for rank, row in enumerate(typed) for name, value in row.items()}


def all_steps(client: Client, draft: ProgrammeDraft, owner: Organisation) -> None:
    send(client, draft, "identite", IDENTITY)
    send(client, draft, "territoire", {"prendre": f"communes:{GUERET}"})
    send(client, draft, "publics", rows("publics", {"public": "Tous", "justificatif": ""}))
    share = {"financeur": owner.pk, "nature": "owner", "part": "100"}
    send(client, draft, "financements", rows("parts", share))
    send(client, draft, "pass", PASS | {"couverture": "100"})
    send(client, draft, "plafonds", {"par_seance": "2", "par_jour": "", "par_personne": ""})
    local = {"libelle": "Visio", "rattache": "maitrise-des-outils-numeriques-du-quotidien"}
    send(client, draft, "services", {"admis": "tous"} | rows("locaux", local))
    send(client, draft, "personnes", PEOPLE)


def test_a_programme_is_created_step_by_step(funder: Client, owner: Organisation) -> None:
    draft = begin(funder)
    all_steps(funder, draft, owner)
    check = funder.get(f"{NEW}{draft.pk}/verifier/").content.decode()
    assert "Un pass vaut 10\xa0€ pour l’opérateur et ouvre 2 heures." in check
    answer = funder.post(f"{NEW}{draft.pk}/verifier/", follow=True).content.decode()
    assert as_shown("« Pass des Combrailles » est créé.") in answer
    assert "<h1>Pass des Combrailles</h1>" in answer
    made = Programme.objects.get()
    assert (made.code, made.owner, made.booklet_sizes) == ("pass-des-combrailles", owner, [5, 10])
    assert made.max_passes_per_session == 2
    assert list(made.territories.get().communes.values_list("pk", flat=True)) == [GUERET]
    assert made.publics.get().code == "tous"
    assert made.fundings.get().share_bp == 10_000
    assert made.local_services.get().code == "pass-des-combrailles--visio"
    assert "Reprendre ce brouillon" not in funder.get(NEW).content.decode()


def test_the_check_names_each_funder(funder: Client, owner: Organisation) -> None:
    draft = begin(funder)
    all_steps(funder, draft, owner)
    check = funder.get(f"{NEW}{draft.pk}/verifier/").content.decode()
    assert as_shown("<li>Département : 100 %") in check


@pytest.mark.parametrize("step", ["", "identite/", "verifier/", "abandonner/"])
def test_a_second_tab_is_brought_to_the_programme_created(funder: Client, owner: Organisation, step: str) -> None:
    draft = begin(funder)
    all_steps(funder, draft, owner)
    funder.post(f"{NEW}{draft.pk}/verifier/")
    for answer in (
        funder.get(f"{NEW}{draft.pk}/{step}", follow=True),
        funder.post(f"{NEW}{draft.pk}/{step}", IDENTITY | {"nom": "Autre"}, follow=True),
    ):
        page = answer.content.decode()
        assert as_shown("déjà devenu le dispositif « Pass des Combrailles »") in page
        assert "<h1>Pass des Combrailles</h1>" in page
    assert Programme.objects.get().name == "Pass des Combrailles"


def test_what_is_wrong_is_kept_too_and_shown_again(funder: Client) -> None:
    draft = begin(funder)
    answer = send(funder, draft, "identite", IDENTITY | {"nom": "", "fin": "2020-01-01"})
    assert "La fin précède le début." in answer.content.decode()
    again = funder.get(f"{NEW}{draft.pk}/identite/").content.decode()
    assert 'value="05 55 44 30 00"' in again
    assert 'value="2020-01-01"' in again


def test_a_draft_is_taken_up_where_it_was_left(funder: Client) -> None:
    draft = begin(funder)
    assert funder.get(f"{NEW}{draft.pk}/").url.endswith("/identite/")  # type: ignore[attr-defined]  # a redirection
    send(funder, draft, "identite", IDENTITY)
    assert funder.get(f"{NEW}{draft.pk}/").url.endswith("/territoire/")  # type: ignore[attr-defined]
    assert as_shown("« Pass des Combrailles »") in funder.get("/commanditaire/").content.decode()


def test_the_check_says_which_steps_are_to_complete(funder: Client) -> None:
    draft = begin(funder)
    check = funder.get(f"{NEW}{draft.pk}/verifier/").content.decode()
    assert f'href="{NEW}{draft.pk}/identite/"' in check
    assert "Créer ce dispositif" not in check
    funder.post(f"{NEW}{draft.pk}/verifier/")
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("step", "data", "said"),
    [
        ("identite", IDENTITY | {"telephone": "05"}, "Téléphone du dispositif :"),
        ("pass", PASS | {"couverture": "100", "valeur": "0", "minutes": "0"}, "Un pass vaut un montant"),
        ("plafonds", {"par_seance": "9", "par_jour": "2", "par_personne": ""}, "Il ne peut être inférieur"),
        ("personnes", PEOPLE | {"identite": "contact", "usage_direct": "on"}, "ce geste ne dit pas à qui"),
    ],
)
def test_what_only_the_whole_can_say_is_said_at_the_end(
    funder: Client, owner: Organisation, step: str, data: dict[str, Any], said: str
) -> None:
    draft = begin(funder)
    all_steps(funder, draft, owner)
    send(funder, draft, step, data)
    check = " ".join(funder.post(f"{NEW}{draft.pk}/verifier/").content.decode().split())
    assert said.lower() in check.lower()
    assert f'href="{NEW}{draft.pk}/{step}/"' in check
    assert not Programme.objects.exists()


def test_a_code_that_is_taken_is_said(funder: Client, owner: Organisation) -> None:
    for _ in range(2):
        draft = begin(funder)
        all_steps(funder, draft, owner)
        answer = funder.post(f"{NEW}{draft.pk}/verifier/")
    assert "un dispositif porte déjà ce code" in answer.content.decode()
    assert Programme.objects.count() == 1


def test_a_model_fills_every_step(funder: Client, owner: Organisation) -> None:
    draft = begin(funder, "modele-creuse")
    publics = funder.get(f"{NEW}{draft.pk}/publics/").content.decode()
    assert "Bénéficiaires du RSA" in publics
    fundings = funder.get(f"{NEW}{draft.pk}/financements/").content.decode()
    assert f'<option value="{owner.pk}" selected>' in fundings
    assert 'value="60"' in fundings
    send(funder, draft, "identite", IDENTITY)
    check = funder.get(f"{NEW}{draft.pk}/verifier/").content.decode()
    assert f'href="{NEW}{draft.pk}/financements/"' in check


def test_a_programme_without_pass_asks_nothing_of_passes(funder: Client, owner: Organisation) -> None:
    draft = begin(funder, "modele-sans-pass")
    send(funder, draft, "identite", IDENTITY)
    assert send(funder, draft, "pass", {"avec": "sans"}).status_code == 302
    funder.post(f"{NEW}{draft.pk}/verifier/")
    assert not Programme.objects.get().uses_passes


def test_a_programme_without_pass_says_nothing_of_them(funder: Client, owner: Organisation) -> None:
    """Neither a ceiling to fill in, nor booklets, nor a batch to order."""
    draft = begin(funder, "modele-sans-pass")
    send(funder, draft, "identite", IDENTITY)
    send(funder, draft, "pass", {"avec": "sans"})
    limits = funder.get(f"{NEW}{draft.pk}/plafonds/").content.decode()
    assert "il n’y a rien à limiter" in limits
    assert "Pass au plus" not in limits
    made = funder.post(f"{NEW}{draft.pk}/verifier/", follow=True).content.decode()
    for untrue in ("argent reçu", "remet des chéquiers", "poinçonne sans", "un pass sert partout", "sont payés"):
        assert untrue not in made
    order = funder.get("/commanditaire/lots/commander/", follow=True)
    assert order.redirect_chain[-1][0] == "/commanditaire/lots/"
    assert "il n’y a rien à commander" in as_shown(order.content.decode())


def test_a_right_to_time_says_nothing_of_money(funder: Client, owner: Organisation) -> None:
    draft = begin(funder, "modele-dix-heures")
    send(funder, draft, "identite", IDENTITY)
    made = as_shown(funder.post(f"{NEW}{draft.pk}/verifier/", follow=True).content.decode())
    assert Programme.objects.get().unit_value == 0
    assert "Commandez maintenant un premier lot." in made
    assert "argent inscrit" not in made


def test_an_earlier_programme_is_copied(as_proved_user: Enter) -> None:
    load_catalogue()
    scheme = make_scheme(identity_level=IdentityLevel.CONTACT, max_passes_per_day=4, welcome_text="Bonjour")
    client = as_proved_user(person(scheme, Role.FUNDER))
    draft = begin(client, f"copie-{scheme.programme.code}")
    send(client, draft, "identite", IDENTITY)
    client.post(f"{NEW}{draft.pk}/verifier/")
    copy = Programme.objects.get(code="pass-des-combrailles")
    assert (copy.identity_level, copy.max_passes_per_day, copy.welcome_text) == (IdentityLevel.CONTACT, 4, "Bonjour")
    assert copy.fundings.get().share_bp == 10_000


def test_a_copy_of_a_year_is_a_year() -> None:
    programme = make_programme(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    dates = copied_answers(programme, date(2026, 11, 22))["identite"]["fields"]
    assert (dates["debut"], dates["fin"]) == ("2027-01-01", "2027-12-31")


def test_places_are_searched_taken_and_left(funder: Client) -> None:
    draft = begin(funder)
    found = send(funder, draft, "territoire", {"chercher": "1", "q": "département 23"}).content.decode()
    assert 'value="departements:23"' in found
    send(funder, draft, "territoire", {"prendre": f"communes:{GUERET}"})
    named = send(funder, draft, "territoire", {"nom-0": "Le centre", "prendre": "departements:23", "dans": "0"})
    assert 'value="Le centre"' in named.content.decode()
    draft.refresh_from_db()
    [one] = draft.answers["territoire"]["rows"]
    assert (one["communes"], one["departements"]) == ([GUERET], ["23"])
    send(funder, draft, "territoire", {"nom-0": "Le centre", "laisser": f"0:communes:{GUERET}"})
    send(funder, draft, "territoire", {"nom-0": "Le centre", "laisser": "0:departements:23"})
    draft.refresh_from_db()
    assert draft.answers["territoire"]["rows"] == []


@pytest.mark.parametrize("odd", ["departements", "communes:\x00", "lune:1", "0:0:0", "9:communes:23096"])
def test_odd_places_change_nothing(funder: Client, odd: str) -> None:
    draft = begin(funder)
    for button in ("prendre", "laisser"):
        assert send(funder, draft, "territoire", {button: odd, "dans": "7"}).status_code == 200
    draft.refresh_from_db()
    assert draft.answers["territoire"]["rows"] == []


def test_a_draft_is_given_up_after_a_question(funder: Client) -> None:
    draft = begin(funder)
    assert "Abandonner le brouillon" in funder.get(f"{NEW}{draft.pk}/abandonner/").content.decode()
    funder.post(f"{NEW}{draft.pk}/abandonner/")
    assert not ProgrammeDraft.objects.exists()


@pytest.mark.parametrize("step", ["nulle-part", "apparence"])
def test_a_step_that_is_not_one_is_not_found(funder: Client, step: str) -> None:
    assert funder.get(f"{NEW}{begin(funder).pk}/{step}/").status_code == 404


def test_a_draft_given_up_in_another_tab_is_not_found(funder: Client) -> None:
    draft = begin(funder)
    funder.post(f"{NEW}{draft.pk}/abandonner/")
    assert send(funder, draft, "identite", IDENTITY).status_code == 404


def test_a_colleague_finishes_it(funder: Client, owner: Organisation, as_proved_user: Enter) -> None:
    draft = begin(funder)
    colleague = as_proved_user(make_membership(Role.FUNDER, owner).user)
    assert colleague.get(f"{NEW}{draft.pk}/identite/").status_code == 200


def test_an_observer_of_the_same_organisation_does_not(funder: Client, owner: Organisation, as_user: Enter) -> None:
    draft = begin(funder)
    client = as_user(make_membership(Role.OBSERVER, owner).user)
    assert [client.get(path).status_code for path in (NEW, f"{NEW}{draft.pk}/identite/")] == [403, 403]


def test_another_funder_does_not_find_it(funder: Client, as_proved_user: Enter) -> None:
    draft = begin(funder)
    client = as_proved_user(stranger())
    for page in ("", "identite/", "verifier/", "abandonner/"):
        assert client.get(f"{NEW}{draft.pk}/{page}").status_code == 404


def test_a_funder_of_one_programme_only_does_not_create(as_proved_user: Enter) -> None:
    scheme = make_scheme()
    user = make_membership(Role.FUNDER, scheme.funder, programme=scheme.programme).user
    client = as_proved_user(user)
    assert client.get(NEW).status_code == 403
    assert "Créer un autre dispositif" not in client.get("/commanditaire/").content.decode()
