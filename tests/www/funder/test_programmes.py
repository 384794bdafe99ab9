"""The rules of a programme: read in plain French, changed section by section."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from poincon.mediation.models import ServiceOffer
from poincon.organisations.enums import Role
from poincon.programmes.models import ProgrammeChange
from poincon.programmes.services import load_catalogue
from poincon.programmes.specification import read_programme
from tests.factories import AUBUSSON, GUERET, Scheme, make_commune, make_organisation, make_programme, make_scheme
from tests.lives import active_batch
from tests.www.funder.entering import Enter, person
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
PAGE = "/commanditaire/dispositif/"
PASS = {"valeur": "12", "minutes": "90", "tailles": "5, 10", "validite": "6", "tolerance": "15", "couverture": "80"}
TOOLS = "maitrise-des-outils-numeriques-du-quotidien"


@pytest.fixture
def scheme() -> Scheme:
    load_catalogue()
    return make_scheme()


@pytest.fixture
def funder(scheme: Scheme, as_proved_user: Enter) -> Client:
    return as_proved_user(person(scheme, Role.FUNDER))


def page(client: Client, path: str = "") -> str:
    return " ".join(client.get(PAGE + path).content.decode().split())


def test_the_rules_are_read_as_sentences(funder: Client) -> None:
    said = page(funder)
    assert "Un pass vaut 10 € pour l’opérateur et ouvre 2 heures." in said
    assert "Les chéquiers comptent 5 ou 10 pass." in said
    assert "Pas de plafond par personne et par jour." in said
    assert "On ne demande pas le nom des personnes" in said


def test_the_file_makes_the_same_programme(funder: Client, scheme: Scheme) -> None:
    answer = funder.get(PAGE + "fichier/")
    assert f'filename="{scheme.programme.code}.toml"' in answer.headers["Content-Disposition"]
    assert read_programme(answer.content).unit_value == 1000


def test_a_section_is_changed(funder: Client, scheme: Scheme) -> None:
    before = scheme.programme.rules_version
    assert funder.post(PAGE + "regles/pass/", PASS).status_code == 302
    scheme.programme.refresh_from_db()
    assert (scheme.programme.unit_value, scheme.programme.required_cover_bp) == (1200, 8000)
    assert scheme.programme.rules_version > before
    assert "Règles modifiées" in page(funder)


@pytest.mark.parametrize(
    ("section", "sent", "said"),
    [
        ("pass", PASS | {"valeur": "0", "minutes": "0"}, "Un pass vaut un montant, une durée"),
        ("pass", PASS | {"tailles": "dix"}, "Écrivez des nombres séparés par des virgules"),
        ("pass", PASS | {"tailles": "61"}, "Un chéquier compte de 1 à 60 pass."),
        ("plafonds", {"par_seance": "5", "par_jour": "2", "par_personne": ""}, "Il ne peut être inférieur à"),
        ("personnes", {"identite": "tout", "preuves": ""}, "dans la liste"),
        ("personnes", {"identite": "anonymous", "preuves": "2026-01-02"}, "Les preuves se gardent au moins"),
        ("terrain", {"hors_ligne_jours": "91", "hors_ligne_pass": "10"}, "inférieure ou égale à 90"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(funder: Client, section: str, sent: dict[str, Any], said: str) -> None:
    answer = funder.post(f"{PAGE}regles/{section}/", sent).content.decode()
    assert said in answer
    assert 'aria-invalid="true"' in answer


def test_direct_use_asks_for_people_without_name(funder: Client) -> None:
    funder.post(PAGE + "regles/personnes/", {"identite": "contact", "preuves": ""})
    sent = {"usage_direct": "on", "hors_ligne_jours": "7", "hors_ligne_pass": "10"}
    assert "Ce geste ne dit pas à qui le pass est remis" in funder.post(PAGE + "regles/terrain/", sent).content.decode()


@pytest.mark.parametrize("section", ["nulle-part", "identite"])
def test_a_section_that_is_not_one_is_not_found(funder: Client, section: str) -> None:
    assert funder.get(f"{PAGE}regles/{section}/").status_code == 404


def test_the_lead_network_is_chosen_among_coordinators(funder: Client, scheme: Scheme) -> None:
    other = make_organisation(name="Hub voisin", is_coordinator=True)
    assert funder.post(PAGE + "reseau/", {"reseau": other.pk}).status_code == 302
    scheme.programme.refresh_from_db()
    assert scheme.programme.lead_network == other
    assert "dans la liste" in funder.post(PAGE + "reseau/", {"reseau": scheme.operator.pk}).content.decode()


def test_a_start_moves_while_it_has_not_come(as_proved_user: Enter) -> None:
    today = timezone.localdate()
    first, last = today + timedelta(days=10), today + timedelta(days=400)
    scheme = make_scheme(starts_on=first, ends_on=last)
    client = as_proved_user(person(scheme, Role.FUNDER))
    assert "Déplacer le début" in page(client)
    client.post(PAGE + "debut/", {"debut": first + timedelta(days=5)})
    scheme.programme.refresh_from_db()
    assert scheme.programme.starts_on == first + timedelta(days=5)
    assert "choisissez un jour à venir" in client.post(PAGE + "debut/", {"debut": "2020-01-01"}).content.decode()


# --- dates -----------------------------------------------------------------------------------------------------------

SUSPENSION = {"du": "2026-05-01", "au": "2026-05-10", "motif": "Travaux", "pass_aussi": "on"}


def test_what_a_suspension_does_is_told_then_confirmed(funder: Client, scheme: Scheme) -> None:
    batch = active_batch(scheme)
    told = funder.post(PAGE + "suspendre/", SUSPENSION).content.decode()
    assert as_shown(f"Lot {batch.number} : valable jusqu’au") in told
    assert not ProgrammeChange.objects.exists()
    assert funder.post(PAGE + "suspendre/", SUSPENSION | {"confirmer": "1"}).status_code == 302
    assert ProgrammeChange.objects.get().last_day == date(2026, 5, 10)
    assert "Travaux" in page(funder)


def test_a_suspension_that_gives_nothing_back_says_so(funder: Client, scheme: Scheme) -> None:
    active_batch(scheme)
    told = funder.post(PAGE + "suspendre/", SUSPENSION | {"pass_aussi": ""}).content.decode()
    assert "rien ne change" in told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"au": "2026-04-01"}, "La suspension finit avant de commencer."),
        ({"motif": ""}, "Remplissez"),
        ({"du": "2020-01-01", "confirmer": "1"}, "la suspension doit tenir entre le"),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(funder: Client, wrong: dict[str, str], said: str) -> None:
    assert said in funder.post(PAGE + "suspendre/", SUSPENSION | wrong).content.decode()
    assert not ProgrammeChange.objects.exists()


def test_a_programme_is_extended_after_its_effects_are_told(funder: Client, scheme: Scheme) -> None:
    until = scheme.programme.ends_on + timedelta(days=90)
    sent = {"jusqu_au": until.isoformat(), "motif": "Retard", "pass_aussi": "on"}
    assert "Aucun lot n’est en cours" in funder.post(PAGE + "prolonger/", sent).content.decode()
    funder.post(PAGE + "prolonger/", sent | {"confirmer": "1"})
    scheme.programme.refresh_from_db()
    assert scheme.programme.ends_on == until
    sent["jusqu_au"] = "2026-06-01"
    assert "donnez une date plus lointaine" in funder.post(PAGE + "prolonger/", sent).content.decode()


# --- publics, territories, services ----------------------------------------------------------------------------------

PUBLIC = {"public": "Seniors isolés", "justificatif": "", "national": "seniors", "depuis": "", "jusqu": ""}


def test_a_public_is_added_then_ended(funder: Client, scheme: Scheme) -> None:
    assert funder.post(PAGE + "publics/ajouter/", PUBLIC).status_code == 302
    public = scheme.programme.publics.get(code="seniors-isoles")
    address = f"{PAGE}publics/{public.pk}/"
    funder.post(address, PUBLIC | {"jusqu": "2026-03-31", "justificatif": "Carte d’identité"})
    public.refresh_from_db()
    assert (public.open_until, public.proof) == (date(2026, 3, 31), "Carte d’identité")
    wrong = funder.post(address, PUBLIC | {"depuis": "2026-05-01", "jusqu": "2026-04-01"}).content.decode()
    assert "finirait d’être accueilli avant de commencer" in wrong


def test_two_publics_of_one_name_get_two_codes(funder: Client, scheme: Scheme) -> None:
    for _ in range(2):
        funder.post(PAGE + "publics/ajouter/", PUBLIC)
    assert set(scheme.programme.publics.values_list("code", flat=True)) >= {"seniors-isoles", "seniors-isoles-2"}


def test_a_territory_is_found_by_name_and_added(funder: Client, scheme: Scheme) -> None:
    make_commune("23002")
    assert "Aucun" not in page(funder, "territoires/ajouter/?q=23")
    assert "Rien ne s’appelle « zzz »" in page(funder, "territoires/ajouter/?q=zzz")
    funder.post(PAGE + "territoires/ajouter/", {"nom": "Le nord", "ajouter": "communes:23002"})
    assert list(scheme.programme.territories.get(name="Le nord").communes.values_list("pk", flat=True)) == ["23002"]
    nothing = funder.post(PAGE + "territoires/ajouter/", {"nom": "", "ajouter": "communes:99999"}).content.decode()
    assert "Choisissez un lieu de la liste" in nothing


def test_communes_leave_once_their_places_are_told(funder: Client, scheme: Scheme) -> None:
    territory = scheme.programme.territories.get()
    address = f"{PAGE}territoires/{territory.pk}/"
    told = funder.post(address, {"retirer": "voir", "communes": [GUERET]}).content.decode()
    assert scheme.venue.name in told
    assert territory.communes.count() == 2
    funder.post(address, {"retirer": "oui", "communes": [GUERET]})
    assert list(territory.communes.values_list("pk", flat=True)) == [AUBUSSON]
    last = funder.post(address, {"retirer": "oui", "communes": [AUBUSSON]}).content.decode()
    assert "n’en aurait plus aucune" in last
    funder.post(address, {"ajouter": f"communes:{GUERET}"})
    funder.post(address, {"nom": "Tout le pays"})
    territory.refresh_from_db()
    assert (territory.name, territory.communes.count()) == ("Tout le pays", 2)


def test_the_last_territory_stays(funder: Client, scheme: Scheme) -> None:
    territory = scheme.programme.territories.get()
    assert "est le dernier territoire" in funder.post(f"{PAGE}territoires/{territory.pk}/retirer/").content.decode()


def test_services_are_listed_or_all_admitted(funder: Client, scheme: Scheme) -> None:
    assert "Cochez au moins un service" in funder.post(PAGE + "services/", {"admis": "certains"}).content.decode()
    funder.post(PAGE + "services/", {"admis": "certains", "services": [TOOLS]})
    scheme.programme.refresh_from_db()
    assert not scheme.programme.all_services
    assert list(scheme.programme.services.values_list("code", flat=True)) == [TOOLS]
    funder.post(PAGE + "services/", {"admis": "tous"})
    scheme.programme.refresh_from_db()
    assert scheme.programme.all_services


def test_a_local_service_is_added_then_retired_with_its_offers(funder: Client, scheme: Scheme) -> None:
    funder.post(PAGE + "services/ajouter/", {"libelle": "Visio en famille", "rattache": TOOLS})
    service = scheme.programme.local_services.get()
    assert service.code == f"{scheme.programme.code}--visio-en-famille"
    day = timezone.localdate()
    ServiceOffer.objects.create(
        venue=scheme.venue, programme=scheme.programme, service=service, price=1, starts_on=day - timedelta(days=3)
    )
    answer = funder.post(f"{PAGE}services/{service.pk}/retirer/", {"jour": day.isoformat()}, follow=True)
    assert "1 offre finit ce jour-là." in answer.content.decode()
    assert funder.get(f"{PAGE}services/{service.pk}/retirer/").status_code == 404


# --- three people -----------------------------------------------------------------------------------------------------

CHANGES = (
    "regles/pass/",
    "reseau/",
    "debut/",
    "prolonger/",
    "suspendre/",
    "publics/ajouter/",
    "territoires/ajouter/",
    "services/",
    "services/ajouter/",
)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.COORDINATOR], ids=["observer", "coordinator"])
def test_others_read_and_do_not_change(scheme: Scheme, as_user: Enter, role: Role) -> None:
    client = as_user(person(scheme, role))
    assert "Modifier" not in page(client)
    assert [client.get(PAGE + change).status_code for change in CHANGES] == [403] * len(CHANGES)


def test_a_mediator_does_not_open_it(scheme: Scheme, as_user: Enter) -> None:
    assert as_user(person(scheme, Role.MEDIATOR)).get(PAGE).status_code == 403


def test_what_belongs_to_another_programme_is_not_there(scheme: Scheme, as_proved_user: Enter) -> None:
    client = as_proved_user(person(make_scheme(), Role.FUNDER))
    public, territory = scheme.public, scheme.programme.territories.get()
    for path in (f"publics/{public.pk}/", f"territoires/{territory.pk}/", f"territoires/{territory.pk}/retirer/"):
        assert client.get(PAGE + path).status_code == 404


def test_a_programme_without_pass_says_so(as_proved_user: Enter) -> None:
    scheme = make_scheme()
    free = make_programme(owner=scheme.funder, uses_passes=False, code="libre", name="A")
    client = as_proved_user(person(scheme, Role.FUNDER))
    client.get(f"/commanditaire/voir/{free.code}/regles/")
    assert "n’a pas de pass" in page(client)
    assert client.get(PAGE + "regles/pass/").status_code == 404
