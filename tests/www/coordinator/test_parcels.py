"""Parcels followed, received, recalled; stocks exported; booklets destroyed."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, Destruction, Transfer
from tests.world.standing import Standing
from tests.world.story import Person
from tests.www.coordinator.network import BESIDE, STRANGER, batch_of, coordinator, pk_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(full: Standing) -> Client:
    return coordinator(full)


@pytest.fixture
def coming_back(full: Standing) -> Transfer:
    return Transfer.objects.get(receiver=pk_of(full, "network"), received_at=None, programme=full.world.programme)


@pytest.fixture
def on_its_way(full: Standing) -> Transfer:
    return Transfer.objects.get(receiver=pk_of(full, "alone"))


def test_the_list_is_filtered_by_what_waits(client: Client) -> None:
    text = said(client.get("/coordination/colis/?etat=retard"))
    assert "Maison France services" in text
    assert "1 colis" in text


def test_the_list_leaves_as_a_file(client: Client) -> None:
    response = client.get("/coordination/colis/?format=csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert "Bordereau;À;État" in text
    assert "Colis ouvert à l’arrivée" in text


def test_what_comes_back_is_counted_and_enters_the_pile(client: Client, coming_back: Transfer) -> None:
    url = f"/coordination/colis/{coming_back.pk}/"
    assert "Recevoir ce colis" in said(client.get(url))
    assert "1 chéquier est entré" in said(client.post(url, {"compte": "1"}, follow=True))
    coming_back.refresh_from_db()
    assert coming_back.booklets_received == 1


def test_a_wrong_count_is_refused_and_kept(client: Client, coming_back: Transfer) -> None:
    response = client.post(f"/coordination/colis/{coming_back.pk}/", {"compte": "3"})
    assert "Recomptez" in said(response)
    assert 'value="3"' in response.content.decode()


def test_a_parcel_for_somebody_else_is_not_received_here(client: Client, on_its_way: Transfer) -> None:
    page = client.post(f"/coordination/colis/{on_its_way.pk}/", {"compte": "2"}, follow=True)
    assert "n’est pas à recevoir ici" in said(page)
    on_its_way.refresh_from_db()
    assert on_its_way.received_at is None


def test_a_recall_asks_why(client: Client, on_its_way: Transfer) -> None:
    url = f"/coordination/colis/{on_its_way.pk}/rappeler/"
    assert "Remplissez « Motif »" in said(client.post(url, {"motif": ""}))
    page = said(client.post(url, {"motif": "Mauvaise adresse"}, follow=True))
    assert "de nouveau dans votre stock" in page
    assert "Mauvaise adresse" in page


def test_the_story_of_a_parcel_is_told(client: Client, full: Standing) -> None:
    parcel = Transfer.objects.exclude(discrepancy="").earliest("pk")
    text = said(client.get(f"/coordination/colis/{parcel.pk}/"))
    assert "Écart constaté : 1 chéquier manquant" in text
    assert "15 chéquiers reçus" in text
    assert "Par Samia Benali" in text


@pytest.fixture
def short(full: Standing) -> Transfer:
    """Sixteen booklets sent to the prescriber, the last of which did not arrive."""
    return Transfer.objects.exclude(discrepancy="").earliest("pk")


def closed(client: Client, short: Transfer, how: str = "lost", told: str = "La Poste ne le retrouve pas.") -> str:
    url = f"/coordination/colis/{short.pk}/ecart/"
    return said(client.post(url, {"issue": how, "phrase": told}, follow=True))


def test_a_discrepancy_waits_at_home_until_it_is_closed(client: Client, short: Transfer) -> None:
    assert "Écarts à la réception" in said(client.get("/coordination/"))
    page = closed(client, short)
    assert "L’écart est clos" in page
    assert "La Poste ne le retrouve pas." in page
    assert "Rouvrir l’écart" in page
    assert "Écarts à la réception" not in said(client.get("/coordination/"))
    assert "Rien ne correspond" in said(client.get("/coordination/colis/?etat=ecart"))
    assert "reçu, écart clos" in said(client.get("/coordination/colis/?etat=clos"))


def test_the_funder_s_home_counts_only_what_waits(full: Standing, client: Client, short: Transfer) -> None:
    home = full.client(Person(Role.FUNDER))
    words = "n’est pas arrivé comme son bordereau le dit"
    assert words in said(home.get("/commanditaire/"))
    closed(client, short)
    assert words not in said(home.get("/commanditaire/"))
    assert "Écart d’un colis clos" in said(home.get("/commanditaire/journal/"))


def test_a_discrepancy_closed_by_mistake_waits_again(client: Client, short: Transfer) -> None:
    closed(client, short)
    page = said(client.post(f"/coordination/colis/{short.pk}/ecart/rouvrir/", follow=True))
    assert "L’écart est rouvert" in page
    assert "Clore l’écart" in page
    again = said(client.post(f"/coordination/colis/{short.pk}/ecart/rouvrir/", follow=True))
    assert "L’écart de ce bordereau n’est pas clos" in again


def test_closing_first_offers_what_is_useful(client: Client, short: Transfer) -> None:
    page = said(client.get(f"/coordination/colis/{short.pk}/ecart/"))
    assert "1 chéquier manque encore" in page
    assert "Demander à CCAS de Guéret de faire rentrer" in page
    assert "Envoyer un second colis" in page
    assert "Ceux qui manquent encore sont perdus" in page
    assert "sont retrouvés, et rentrés en stock" not in page


def test_an_end_is_a_choice_and_a_sentence(client: Client, short: Transfer) -> None:
    assert "Remplissez « Ce qui s’est passé »" in closed(client, short, told="")
    assert "Erreur" in closed(client, short, how="found")
    short.refresh_from_db()
    assert short.resolved_at is None


def test_what_is_closed_already_is_told(client: Client, short: Transfer, on_its_way: Transfer) -> None:
    closed(client, short)
    assert "Cet écart est déjà clos." in closed(client, short)
    assert "Ce bordereau n’a pas d’écart." in closed(client, on_its_way)


def test_what_had_stayed_here_enters_the_pile_out_of_use(client: Client, full: Standing, short: Transfer) -> None:
    url = f"/coordination/colis/{short.pk}/retrouves/"
    lost = Booklet.objects.get(batch=batch_of(full), rank=16)
    assert "une opposition ne se lève pas" in said(client.get(url))
    assert "Dites lequel est retrouvé." in said(client.post(url, {"retrouves": []}))
    page = said(client.post(url, {"retrouves": [str(lost.number)]}, follow=True))
    assert "1 chéquier est rentré dans votre stock, hors d’usage." in page
    assert "Chéquiers retrouvés depuis" in page
    lost.refresh_from_db()
    assert (lost.custody, lost.holder_id) == (Custody.STOCK, pk_of(full, "network"))
    assert "Les chéquiers manquants sont retrouvés" in said(client.get(f"/coordination/colis/{short.pk}/ecart/"))
    assert "1 retrouvé depuis" in said(client.get("/coordination/"))
    assert "n’est à faire rentrer chez vous" in said(client.get(url, follow=True))


def test_strangers_find_no_parcel(full: Standing, on_its_way: Transfer) -> None:
    for person in (BESIDE, STRANGER):
        client = full.client(person)
        for page in ("", "bordereau.pdf", "rappeler/", "ecart/", "retrouves/"):
            assert client.get(f"/coordination/colis/{on_its_way.pk}/{page}").status_code == 404
        for page in ("annuler/", "ecart/rouvrir/"):
            assert client.post(f"/coordination/colis/{on_its_way.pk}/{page}").status_code == 404


# --- stock ------------------------------------------------------------------------------------------------------------


def test_who_has_how_many_leaves_as_a_file_with_every_column(client: Client) -> None:
    response = client.get("/coordination/stock/?format=csv&tri=detenteur")
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]  # it streams
    assert "Dont entamés" in lines[0]
    assert any(line.startswith("CCAS de Guéret;Guéret;5;5") for line in lines)
    assert any("dort" in line for line in lines)


def test_another_network_does_not_see_these_stocks(full: Standing) -> None:
    text = said(full.client(STRANGER).get("/coordination/stock/"))
    assert "CCAS de Guéret" not in text


def test_one_may_see_only_those_that_sleep(client: Client) -> None:
    text = said(client.get("/coordination/stock/?dort=on"))
    assert "Mission locale d’Aubusson" in text
    assert "CCAS de Guéret" not in text


# --- destructions -----------------------------------------------------------------------------------------------------

RECORD = {"lieu": "Guéret", "procede": "Broyage", "temoin": "Paul Témoin", "motif": "Fin du dispositif"}


def test_a_destruction_is_read_again_then_written(client: Client, full: Standing) -> None:
    data = RECORD | {"plages": "lot 1 : 30 à 31"}
    text = said(client.post("/coordination/destructions/detruire/", data))
    assert "Détruire 2 chéquiers pour toujours ?" in text
    assert "Paul Témoin" in text
    assert Booklet.objects.get(batch=batch_of(full), rank=30).custody == Custody.STOCK
    client.post("/coordination/destructions/detruire/", data | {"confirme": "oui"})
    assert Booklet.objects.get(batch=batch_of(full), rank=30).custody == Custody.DESTROYED
    made = Destruction.objects.latest("pk")
    assert client.get(f"/coordination/destructions/{made.pk}/proces-verbal.pdf").content.startswith(b"%PDF")


def test_those_out_of_use_are_destroyed_together(client: Client, full: Standing) -> None:
    Booklet.objects.filter(batch=batch_of(full), rank__in=[30, 32]).update(validity=Validity.BLOCKED)
    text = said(client.post("/coordination/destructions/detruire/", RECORD | {"quoi": "arretes"}))
    assert "Détruire 2 chéquiers" in text


def test_nobody_is_her_own_witness(client: Client, full: Standing) -> None:
    author = client.get("/coordination/").context["user"].full_name
    data = RECORD | {"plages": "lot 1 n° 30", "temoin": f" {author.upper()} "}
    for sent in (data, data | {"confirme": "oui"}):
        assert "ne peut pas être aussi son propre témoin" in said(
            client.post("/coordination/destructions/detruire/", sent)
        )
    assert Booklet.objects.get(batch=batch_of(full), rank=30).custody == Custody.STOCK


@pytest.mark.parametrize("field", list(RECORD))
def test_a_record_without_this_is_refused(client: Client, field: str) -> None:
    response = client.post("/coordination/destructions/detruire/", RECORD | {"plages": "lot 1 n° 30", field: ""})
    assert "Erreur" in said(response)
    assert "Remplissez" in said(response)


def test_what_is_not_in_the_pile_is_not_destroyed(client: Client) -> None:
    response = client.post("/coordination/destructions/detruire/", RECORD | {"plages": "lot 1 : 1 à 2"})
    assert "ne sont pas en stock" in said(response)


def test_strangers_read_no_record(full: Standing) -> None:
    made = Destruction.objects.filter(programme=full.world.programme).earliest("pk")
    for person in (BESIDE, STRANGER):
        assert full.client(person).get(f"/coordination/destructions/{made.pk}/proces-verbal.pdf").status_code == 404
