"""The commands of booklets, batches and case files, typed as their user would."""

import json
from pathlib import Path

import pypdfium2
import pytest

from poincon.beneficiaries.models import CaseFile
from poincon.passes import codes, keys
from poincon.passes.enums import Custody
from poincon.passes.models import Batch, Destruction, Transfer
from poincon.passes.services.order import order_batch
from tests.cli.conftest import Typed
from tests.factories import SYSTEM, Scheme, make_beneficiary, make_case_file, make_scheme
from tests.lives import active_batch, delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(code="creuse")


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    return active_batch(scheme, quantity=6)


def pages(path: Path) -> str:
    document = pypdfium2.PdfDocument(path.read_bytes())
    found = " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    document.close()
    return " ".join(found.split())


def sent(typed: Typed, scheme: Scheme) -> Transfer:
    done = typed("booklets", "send", "--from", scheme.network.name, "--to", scheme.prescriber.name, "creuse/1:1-3")
    assert done.exit_code == 0, done.stderr
    return Transfer.objects.get()


@pytest.mark.usefixtures("batch")
def test_a_slip_is_written_where_it_is_asked(typed: Typed, scheme: Scheme, tmp_path: Path) -> None:
    transfer = sent(typed, scheme)
    done = typed("booklets", "slip", str(transfer.pk), "--out", str(tmp_path))
    path = tmp_path / f"bordereau-{transfer.pk}.pdf"
    assert done.stdout.strip() == str(path)
    assert f"Numéro {transfer.pk}" in pages(path)


def test_a_parcel_is_recalled(typed: Typed, scheme: Scheme, batch: Batch) -> None:
    transfer = sent(typed, scheme)
    done = typed("booklets", "recall", str(transfer.pk), "--reason", "mauvaise adresse")
    assert f"Chéquiers revenus chez {scheme.network.name} : 3" in done.stdout
    assert not batch.booklets.exclude(custody=Custody.STOCK).exists()
    again = typed("booklets", "receive", str(transfer.pk))
    assert again.exit_code == 1
    assert "a été rappelé le" in again.stderr


def test_what_was_missing_is_found_then_the_discrepancy_closed(typed: Typed, scheme: Scheme, batch: Batch) -> None:
    transfer = sent(typed, scheme)
    number = codes.written(batch.booklets.get(rank=3).number)
    typed("booklets", "receive", str(transfer.pk), "--missing", number)
    closing = ("booklets", "resolve", str(transfer.pk), "--how", "found", "--note", "Sous l’emballage.")
    refused = typed(*closing)
    assert refused.exit_code == 1
    assert "1 chéquier manque encore" in refused.stderr
    found = typed("booklets", "found", str(transfer.pk), number, "--at", scheme.prescriber.name)
    assert "Rentrés en stock, hors d’usage : 1. Encore manquants : 0." in found.stdout
    assert f"Écart du bordereau n° {transfer.pk} clos" in typed(*closing).stdout
    assert "rouvert" in typed("booklets", "reopen", str(transfer.pk)).stdout
    transfer.refresh_from_db()
    assert transfer.resolved_at is None


def test_a_destruction_is_typed_then_its_record_written(
    typed: Typed, scheme: Scheme, batch: Batch, tmp_path: Path
) -> None:
    said = ("--place", "Guéret", "--method", "broyage", "--witness", "Anne Martin", "--reason", "abîmés")
    done = typed("booklets", "destroy", "--holder", scheme.network.name, *said, "creuse/1:2-3")
    destruction = Destruction.objects.get()
    assert f"poincon booklets record {destruction.pk}" in done.stdout
    typed("booklets", "record", str(destruction.pk), "--out", str(tmp_path))
    text = pages(tmp_path / f"proces-verbal-{destruction.pk}.pdf")
    for words in ("Guéret", "broyage", "Témoin : Anne Martin", codes.written(batch.booklets.get(rank=2).number)):
        assert words in text


def test_a_destruction_without_its_place_is_not_understood(typed: Typed, scheme: Scheme, batch: Batch) -> None:
    said = ("--method", "broyage", "--witness", "Anne", "--reason", "abîmés")
    assert typed("booklets", "destroy", "--holder", scheme.network.name, *said, "creuse/1:2-3").exit_code == 2
    blank = typed("booklets", "destroy", "--holder", scheme.network.name, *said, "--place", "", "creuse/1:2-3")
    assert (blank.exit_code, "Lieu" in blank.stderr) == (1, True)
    assert not Destruction.objects.exists()


def test_an_unknown_paper_is_not_understood(typed: Typed) -> None:
    assert typed("booklets", "slip", "99").exit_code == 2
    assert "aucun procès-verbal" in typed("booklets", "record", "99").stderr


def test_a_hand_over_is_cancelled_by_the_number_it_was_given(typed: Typed, scheme: Scheme, batch: Batch) -> None:
    delivered(batch, scheme.prescriber)
    number = codes.written(batch.booklets.get(rank=1).number)
    given = typed("booklets", "hand-over", number, "--prescriber", scheme.prescriber.name, "--case", case(scheme))
    identifier = given.stdout.split("n° ")[1].split()[0]
    done = typed("booklets", "cancel-hand-over", identifier, "--reason", "mauvaise personne")
    assert "10 pass de nouveau à remettre" in done.stdout
    assert batch.booklets.get(rank=1).handed == 0
    again = typed("booklets", "cancel-hand-over", identifier, "--reason", "encore", "--json")
    assert json.loads(again.stderr)["refused"] == "hand_over_already_cancelled"


def case(scheme: Scheme) -> str:
    person = make_beneficiary(commune=scheme.venue.commune, birth_year=1958)
    proved = {"public": scheme.public, "proof": "notification du 2 mars"}
    return str(make_case_file(scheme.programme, scheme.prescriber, person, **proved).pk)


def test_a_batch_ordered_is_cancelled_and_shown_so(typed: Typed, scheme: Scheme) -> None:
    keys.rotate(by=SYSTEM)
    order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=10)
    assert typed("batch", "cancel", "creuse/1", "--reason", "mauvaise taille").stdout == "Le lot creuse/1 est annulé.\n"
    assert "annulé" in typed("batch", "show", "creuse/1").stdout
    assert typed("batch", "approve", "creuse/1").exit_code == 1


@pytest.mark.usefixtures("batch")
def test_a_printed_batch_is_not_cancelled(typed: Typed) -> None:
    done = typed("batch", "cancel", "creuse/1", "--reason", "erreur", "--json")
    assert json.loads(done.stderr)["refused"] == "batch_printed"


def test_only_what_is_typed_changes_in_a_case_file(typed: Typed, scheme: Scheme) -> None:
    number = case(scheme)
    before = CaseFile.objects.select_related("beneficiary").get().beneficiary
    done = typed("case", "update", number, "--gender", "feminin", "--json")
    assert json.loads(done.stdout) == {"case": int(number), "changed": ["gender"]}
    after = CaseFile.objects.select_related("beneficiary").get().beneficiary
    assert (after.gender, after.birth_year, after.commune) == ("feminin", before.birth_year, before.commune)


def test_a_correction_of_nothing_is_not_understood(typed: Typed, scheme: Scheme) -> None:
    done = typed("case", "update", case(scheme))
    assert done.exit_code == 2
    assert "Dites ce qui change" in done.stderr


def test_a_public_that_is_not_of_the_programme_is_refused(typed: Typed, scheme: Scheme) -> None:
    done = typed("case", "update", case(scheme), "--public", "inconnu", "--json")
    assert json.loads(done.stderr)["refused"] == "public_unknown"
