"""Papers and lists of settlement, read back as their readers will."""

import csv
import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poincon.kernel.models import Seal
from poincon.kernel.refusals import Refusal
from poincon.kernel.seals import seal
from poincon.organisations.enums import LegalForm, Role
from poincon.passes.codes import written
from poincon.passes.models import Redemption
from poincon.settlement import documents, rules
from poincon.settlement.documents.statement import MOST_CORRECTIONS
from poincon.settlement.enums import PaymentBatchState, PaymentMethod
from poincon.settlement.models import PaymentBatch, Statement
from poincon.settlement.services import abandon_payments, cancel_statement, confirm_paid
from tests.factories import SYSTEM, Scheme, make_funding, make_organisation, make_scheme
from tests.passes.colours import INK, PINK, colours_of, in_its_colours
from tests.settlement.making import (
    APRIL,
    APRIL_OVER,
    IBANS,
    IN_APRIL,
    IN_MARCH,
    MARCH_OVER,
    annul,
    approved,
    close,
    make_account,
    make_operator,
    prepared,
    use_passes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    """Three funders; one operator that used 5 passes in March."""
    scheme = make_scheme(code="creuse", name="Pass de la Creuse")
    scheme.programme.fundings.update(share_bp=2000)
    for name, share in (("Fonds social européen", 6000), ("État", 2000)):
        make_funding(scheme.programme, share, funder=make_organisation(name=name, is_funder=True))
    use_passes(scheme, 5)
    return scheme


def text_of(pdf: bytes) -> str:
    """The words of a PDF in reading order, every kind of space read as one space."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return " ".join(" ".join(pages).replace("\ufffe", "").replace("\u200b", "").split())


def rows_of(lines: Iterable[str]) -> list[dict[str, str]]:
    text = "".join(lines).removeprefix("\ufeff")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def statement_text(statement: Statement) -> str:
    return text_of(documents.statement_pdf(Statement.objects.get(pk=statement.pk), moment=MARCH_OVER))


# --- the statement ----------------------------------------------------------------------------------------------------


def test_a_statement_says_who_owes_what_to_whom(scheme: Scheme) -> None:
    [statement] = close(scheme)
    text = statement_text(statement)
    for words in (
        "Relevé de mars 2026",
        "CREUSE-2026-03-0001",
        scheme.funder.name,
        scheme.operator.name,
        scheme.venue.name,
        scheme.service.label,
        "10 h",
        "50 €",
        "Arrêté".lower(),
    ):
        assert words in text
    assert "ANNULÉ" not in text


def test_a_statement_shows_the_share_of_each_funder(scheme: Scheme) -> None:
    [statement] = close(scheme)
    text = statement_text(statement)
    assert "Fonds social européen 60 % 30,00 €" in text
    assert "État 20 % 10,00 €" in text


def test_shares_are_left_out_while_they_do_not_make_the_whole(scheme: Scheme) -> None:
    scheme.programme.fundings.filter(share_bp=6000).delete()
    [statement] = close(scheme)
    assert "Part de chaque financeur" not in statement_text(statement)


def test_months_are_told_apart_only_when_they_differ(scheme: Scheme) -> None:
    [march] = close(scheme)
    assert "Par mois" not in statement_text(march)
    use_passes(scheme, 1, day=IN_MARCH)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    text = statement_text(april)
    assert "mars 2026 1 2 h 10,00 €" in text
    assert "avril 2026 3 6 h 30,00 €" in text


def test_what_is_taken_back_is_named_with_its_reason(scheme: Scheme) -> None:
    mistake = use_passes(scheme, 1)
    close(scheme)
    annul(mistake)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    text = statement_text(april)
    assert f"{written(mistake[0].booklet.number, 1)} 10/03/2026 03/04/2026 mauvais chéquier −10,00 €" in text


def test_what_was_paid_then_annulled_is_told_until_it_is_taken_back(scheme: Scheme) -> None:
    make_account(scheme.operator)
    mistake = use_passes(scheme, 1)
    [march] = close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=date(2026, 4, 2), now=MARCH_OVER)
    assert "Trop-perçu" not in statement_text(march)
    annul(mistake)
    assert "Trop-perçu : 1 pass vous a été payé puis annulé. Sa valeur, 10 €, sera reprise" in statement_text(march)
    use_passes(scheme, 3, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    assert "Trop-perçu" not in statement_text(april)


def test_what_another_operator_owes_back_is_not_told(scheme: Scheme) -> None:
    other = make_operator(scheme)
    make_account(scheme.operator)
    make_account(other.operator, IBANS[1])
    mistake = use_passes(scheme, 1, where=other)
    mine, _ = close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=date(2026, 4, 2), now=MARCH_OVER)
    annul(mistake)
    assert "Trop-perçu" not in statement_text(mine)


def test_many_corrections_are_cut_and_said_to_be(scheme: Scheme) -> None:
    mistakes = use_passes(scheme, MOST_CORRECTIONS + 2)
    close(scheme)
    annul(mistakes)
    use_passes(scheme, 50, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    text = statement_text(april)
    assert text.count("mauvais chéquier") == MOST_CORRECTIONS
    assert f"les {MOST_CORRECTIONS} premiers sur {MOST_CORRECTIONS + 2}" in text


def test_a_statement_says_where_its_payment_is(scheme: Scheme) -> None:
    [statement] = close(scheme)
    assert "Il manque vos coordonnées bancaires" in statement_text(statement)
    make_account(scheme.operator)
    assert "dont l’IBAN finit par 0189" in statement_text(statement)
    batch = approved(scheme)
    assert f"En cours de paiement : ordre n° {batch.pk}" in statement_text(statement)
    confirm_paid(by=SYSTEM, batch=batch, on=date(2026, 4, 2), now=MARCH_OVER)
    assert "Payé le jeudi 2 avril 2026" in statement_text(statement)


def test_a_cancelled_statement_is_crossed(scheme: Scheme) -> None:
    [statement] = close(scheme)
    cancel_statement(by=SYSTEM, statement=statement, reason="doublon")
    assert "Ce relevé est annulé" in statement_text(statement)
    assert documents.statement.statement_data(Statement.objects.get())["watermark"] == "ANNULÉ"


def test_hours_are_said_not_to_be_paid() -> None:
    scheme = make_scheme(unit_value=0, unit_minutes=60)
    use_passes(scheme, 3)
    [statement] = close(scheme)
    text = statement_text(statement)
    assert "Rien à payer" in text
    assert "il n’est pas payé" in text


def test_the_seal_that_follows_is_printed(scheme: Scheme) -> None:
    [statement] = close(scheme)
    sealed = seal(now=APRIL_OVER)
    text = statement_text(statement)
    assert sealed.digest in text.replace(" ", "")
    assert "Sceau n°" in text


def test_a_seal_that_stops_before_its_last_line_is_not_claimed(scheme: Scheme) -> None:
    [statement] = close(scheme)
    last = max(statement.lines.values_list("pk", flat=True))
    extent = {"settlement_statementline": {"after_id": 0, "last_id": last - 1}}
    Seal.objects.create(at=APRIL_OVER, root="a" * 64, digest="4f" * 32, facts=12, extent=extent)
    assert "Sceau" not in statement_text(statement)
    sealed = seal(now=APRIL_OVER + timedelta(days=1))
    use_passes(scheme, day=IN_APRIL)
    close(scheme, APRIL, APRIL_OVER)
    seal(now=APRIL_OVER + timedelta(days=2))
    assert sealed.digest in statement_text(statement).replace(" ", "")


def test_the_file_of_a_statement_holds_each_of_its_passes(scheme: Scheme) -> None:
    [statement] = close(scheme)
    rows = rows_of(documents.statement_csv(statement))
    assert len(rows) == 5
    redemption = Redemption.objects.select_related("booklet").get(position=3)
    assert rows[2] == {
        "relevé": "CREUSE-2026-03-0001",
        "jour": "2026-03-10",
        "chéquier": written(redemption.booklet.number),
        "pass": "3",
        "lieu": scheme.venue.name,
        "commune": "Guéret",
        "code commune": "23096",
        "service": scheme.service.label,
        "minutes": "120",
        "sens": "1",
        "valeur (€)": "10,00",
    }


def test_the_file_of_a_statement_adds_up_to_it(scheme: Scheme) -> None:
    mistake = use_passes(scheme, 2)
    close(scheme)
    annul(mistake)
    use_passes(scheme, 4, day=IN_APRIL)
    [april] = close(scheme, APRIL, APRIL_OVER)
    values = [row["valeur (€)"].replace(",", "") for row in rows_of(documents.statement_csv(april))]
    assert sum(map(int, values)) == april.total == 2000


def test_the_papers_of_many_passes_cost_no_more_questions(scheme: Scheme) -> None:
    def cost() -> int:
        [statement] = close(scheme)
        with CaptureQueriesContext(connection) as captured:
            documents.statement.statement_data(Statement.objects.get(pk=statement.pk))
        return len(captured)

    few = cost()
    for _ in range(10):
        use_passes(scheme, 6)
    assert cost() == few


# --- the settlement statement -----------------------------------------------------------------------------------------


@pytest.fixture
def batch(scheme: Scheme) -> PaymentBatch:
    """50 € and 20 € for two operators, approved."""
    use_passes(scheme, 2, where=make_operator(scheme, "Médiathèque"))
    close(scheme)
    return approved(scheme)


def test_a_settlement_statement_names_each_creditor_and_the_sum_in_words(scheme: Scheme, batch: PaymentBatch) -> None:
    text = text_of(documents.settlement_statement_pdf(batch, moment=MARCH_OVER))
    for words in (
        "État liquidatif",
        "CREUSE-2026-03-0001",
        "Médiathèque",
        "soixante-dix euros (70,00 €)",
        f"Préparé par {batch.prepared_by}",
        f"Approuvé par {batch.approved_by}",
        "Fonds social européen 60 % 42,00 €",
        "liste de 7 lignes",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PaymentBatchState.PREPARED, "PROJET"),
        (PaymentBatchState.ABANDONED, "ABANDONNÉ"),
        (PaymentBatchState.APPROVED, ""),
    ],
)
def test_what_nobody_approved_is_crossed(scheme: Scheme, state: PaymentBatchState, words: str) -> None:
    close(scheme)
    made = approved(scheme) if state == PaymentBatchState.APPROVED else prepared(scheme)
    if state == PaymentBatchState.ABANDONED:
        made = abandon_payments(by=scheme.actor(Role.FUNDER), batch=made)
    assert documents.liquidation.settlement_statement_data(made)["watermark"] == words
    assert documents.settlement_statement_pdf(made)


def test_the_list_of_prints_proves_each_pass_and_is_tied_to_the_paper(batch: PaymentBatch) -> None:
    rows = rows_of(documents.passes_list_csv(batch))
    redemption = Redemption.objects.select_related("booklet").order_by("id")[0]
    prints = {row["empreinte HMAC-SHA-256"] for row in rows}
    assert rules.pass_digest(redemption.booklet.number, redemption.position) in prints
    guessed = hashlib.sha256(f"{redemption.booklet.number}-{redemption.position}".encode()).hexdigest()
    assert guessed not in prints
    assert not any(str(redemption.booklet.number) in "".join(row.values()) for row in rows)
    digest = rules.list_digest(row["empreinte HMAC-SHA-256"] for row in rows)
    assert digest in text_of(documents.settlement_statement_pdf(batch)).replace(" ", "")


def test_the_columns_are_those_asked_in_their_order(batch: PaymentBatch) -> None:
    lines = list(documents.settlement_statement_csv(batch, ["amount_cents", "operator", "month"]))
    assert lines[0].strip().removeprefix("\ufeff") == "montant (centimes);opérateur;mois"
    assert lines[2].strip() == "2000;Médiathèque;2026-03"


def test_bank_accounts_leave_only_when_asked_for(scheme: Scheme) -> None:
    make_account(scheme.operator)
    close(scheme)
    made = approved(scheme)
    assert IBANS[0] not in "".join(documents.settlement_statement_csv(made))
    assert rows_of(documents.settlement_statement_csv(made, ["iban", "bic"])) == [{"IBAN": IBANS[0], "BIC": "AGRIFRPP"}]


def test_every_column_can_be_asked(batch: PaymentBatch) -> None:
    rows = rows_of(documents.settlement_statement_csv(batch, list(documents.COLUMNS)))
    assert len(rows) == 2
    assert len(rows[0]) == len(documents.COLUMNS)


def test_unknown_columns_are_named(batch: PaymentBatch) -> None:
    with pytest.raises(Refusal) as refused:
        documents.settlement_statement_csv(batch, ["amount", "budget"])
    assert refused.value.code == "unknown_columns"
    assert "budget" in str(refused.value)
    assert "amount_cents" in str(refused.value)


def test_an_organisation_without_siret_is_known_by_its_rna(scheme: Scheme) -> None:
    where = make_operator(scheme, "Association", siret="", siren="", rna="W232000001")
    use_passes(scheme, 2, where=where)
    close(scheme)
    assert "W232000001" in text_of(documents.settlement_statement_pdf(approved(scheme)))


# --- the attestation --------------------------------------------------------------------------------------------------


def test_the_attestation_says_delays_and_commissions(scheme: Scheme) -> None:
    library = make_organisation(name="Médiathèque d’Aubusson", legal_form=LegalForm.LOCAL_AUTHORITY)
    pdf = documents.attestation_pdf(programme=scheme.programme, operator=library, on=date(2026, 3, 1))
    text = text_of(pdf)
    for words in ("Médiathèque d’Aubusson", "R. 1617-7", "30 jours au plus", "aucune", "10 €", "1er mars 2026"):
        assert words in text


def test_the_attestation_follows_what_was_agreed(scheme: Scheme) -> None:
    pdf = documents.attestation_pdf(
        programme=scheme.programme, operator=scheme.operator, on=date(2026, 3, 1), delay_days=20, commission_bp=400
    )
    text = text_of(pdf)
    assert "20 jours au plus" in text
    assert "4 % de la valeur" in text


def test_the_method_is_said_as_people_say_it(batch: PaymentBatch) -> None:
    assert str(PaymentMethod(batch.method).label) in text_of(documents.settlement_statement_pdf(batch))


def test_the_papers_are_in_the_colours_of_their_programme(scheme: Scheme) -> None:
    in_its_colours(scheme.programme)
    [statement] = close(scheme)
    make_account(scheme.operator, IBANS[0])
    batch = prepared(scheme)
    for pdf in (
        documents.statement_pdf(Statement.objects.get(pk=statement.pk), moment=MARCH_OVER),
        documents.settlement_statement_pdf(PaymentBatch.objects.get(pk=batch.pk), moment=MARCH_OVER),
        documents.attestation_pdf(programme=scheme.programme, operator=scheme.operator, on=date(2026, 3, 1)),
    ):
        assert {INK, PINK} <= colours_of(pdf)
