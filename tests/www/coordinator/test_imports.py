"""A network from a table: shown whole, refused whole, confirmed whole."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from poincon.kernel.models import Job, JobState
from poincon.kernel.tables import worksheet_file
from poincon.mediation.models import Venue
from poincon.organisations.models import Invitation, Organisation
from poincon.www.coordinator.views import imports
from tests.factories import siret
from tests.world.standing import Standing
from tests.www.coordinator.network import COORDINATOR, coordinator, said

pytestmark = pytest.mark.django_db
URL = "/coordination/importer/"
HEADINGS = [
    "Organisation",
    "SIRET",
    "Lieu",
    "Commune",
    "Code postal",
    "Nom et prénom",
    "Courriel de la personne",
    "Rôle",
]
GOOD = [
    *("Médiathèque de Guéret", siret(), "Espace numérique", "Guéret", "23000"),
    *("Ana Lys", "ana@essai.example", "responsable"),
]


@pytest.fixture
def client(full: Standing) -> Client:
    return coordinator(full)


def csv(*rows: list[str], headings: list[str] = HEADINGS) -> SimpleUploadedFile:
    lines = [";".join(row) for row in (headings, *rows)]
    return SimpleUploadedFile("reseau.csv", "\n".join(lines).encode())


def test_a_table_is_shown_before_anything_is_written(client: Client) -> None:
    page = client.post(URL, {"fichier": csv(GOOD)}, follow=True)
    text = said(page)
    assert "Le tableau a une ligne, sans erreur. Rien n’est encore enregistré." in text
    for expected in ("Médiathèque de Guéret", "Espace numérique", "ana@essai.example"):
        assert expected in text
    assert not Organisation.objects.filter(name="Médiathèque de Guéret").exists()


def test_once_confirmed_it_comes_in_and_waits_for_a_decision(client: Client, full: Standing) -> None:
    client.post(URL, {"fichier": csv(GOOD)})
    page = client.post(f"{URL}verifier/", follow=True)
    assert "1 organisation enregistrée, 1 lieu ouvert, 1 personne invitée." in said(page)
    made = Organisation.objects.get(name="Médiathèque de Guéret")
    assert made.registered_for == full.world.programme
    assert Venue.objects.filter(operator=made).count() == 1
    assert Invitation.objects.filter(email="ana@essai.example").exists()
    assert client.get(f"{URL}verifier/").status_code == 302, "a table comes in once"


def test_each_wrong_row_is_named_and_nothing_can_be_confirmed(client: Client) -> None:
    wrong = ["Club", "12", "Salle", "Nulle-Part", "99999", "Léo", "leo@essai", "chef"]
    page = client.post(URL, {"fichier": csv(GOOD, wrong)}, follow=True)
    text = said(page)
    assert "Rien n’est enregistré." in text
    assert "3 SIRET" in text
    assert "3 Rôle « chef »" in text
    assert "Importer et envoyer les invitations" not in text
    client.post(f"{URL}verifier/")
    assert not Organisation.objects.filter(name="Médiathèque de Guéret").exists()


def test_a_spreadsheet_is_read_too(client: Client) -> None:
    with worksheet_file(HEADINGS, [GOOD]) as made:
        file = SimpleUploadedFile("reseau.xlsx", made.read())
    assert "Médiathèque de Guéret" in said(client.post(URL, {"fichier": file}, follow=True))


def test_a_heading_that_is_not_read_is_shown(client: Client) -> None:
    file = csv([*GOOD, "x"], headings=[*HEADINGS, "Organization"])
    assert "Ces colonnes ne sont pas lues : Organization" in said(client.post(URL, {"fichier": file}, follow=True))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "vide"), (b"Organisation\n", "Ce tableau est vide"), (b"\x00\x01\x02", "n’est pas un tableau")],
)
def test_what_is_no_table_is_refused_at_the_field(client: Client, content: bytes, sentence: str) -> None:
    response = client.post(URL, {"fichier": SimpleUploadedFile("photo.csv", content)})
    assert response.status_code == 200
    assert sentence in said(response)


def test_no_file_is_refused(client: Client) -> None:
    assert "Remplissez « Votre tableau »" in said(client.post(URL, {}))


def test_a_table_is_given_up(client: Client) -> None:
    client.post(URL, {"fichier": csv(GOOD)})
    assert "Le tableau est oublié" in said(client.post(f"{URL}abandonner/", follow=True))
    assert client.get(f"{URL}verifier/").status_code == 302


def test_a_long_table_is_brought_in_by_a_worker(
    client: Client, full: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 1)
    second = ["Ludothèque", siret(), "Salle de jeux", "Aubusson", "23200", "", "", ""]
    text = said(client.post(URL, {"fichier": csv(GOOD, second)}, follow=True))
    assert "tâche de fond" in text
    client.post(f"{URL}verifier/")
    job = Job.objects.get(kind="import_network")
    assert (job.state, job.asked_by) == (JobState.DONE, full.world.users[COORDINATOR])
    assert "2 organisations enregistrées" in job.result["sentence"]


def test_a_long_table_with_a_fault_leaves_its_rows_to_correct(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE", 1)
    elsewhere = ["Club", siret(), "Salle", "Nulle-Part", "", "", "", ""]
    client.post(URL, {"fichier": csv(GOOD, elsewhere)})
    page = said(client.post(f"{URL}verifier/", follow=True))
    assert "Rien n’a été enregistré : 1 erreur est à corriger" in page
    assert "Nulle-Part" in page
    assert not Organisation.objects.filter(name="Médiathèque de Guéret").exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_to_fill_in_has_every_heading(client: Client, kind: str) -> None:
    response = client.get(f"{URL}modele/?format={kind}")
    content = b"".join(response) if kind == "csv" else response.content
    assert b"Organisation" in content if kind == "csv" else content.startswith(b"PK")
